"""Hops, their listeners, and whom they believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from truehop.model.addresses import AddressSet, Network
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.terms import Header, Role, Serves, Tls, TrustUse, Untrusted, Wire


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """One entry of a trust list.

    ``network`` is None for what is no address; ``problem`` says why that program cannot read the
    entry (or reads it otherwise, then ``is_reinterpreted``); ``is_everyone`` marks words and flags
    that trust whoever connects.
    """

    text: str
    at: Location
    network: Network | None = None
    problem: str = ""
    is_reinterpreted: bool = False
    is_everyone: bool = False
    #: Networks a keyword stands for (``private_ranges`` and its like).
    means: tuple[Network, ...] = ()
    #: The entry is the product's own default, not written by the user.
    is_default: bool = False
    #: The program reads it at some starts and not at others.
    is_unsteady: bool = False

    @property
    def networks(self) -> tuple[Network, ...]:
        """Every network this entry trusts."""
        return (self.network,) if self.network else self.means


@dataclass(frozen=True, slots=True)
class TrustList:
    """Whom a listener believes.

    ``is_complete`` is no where a part of the list comes from something not in the input. ``at`` is
    the setting's key or, where it is missing, its nearest key. ``maps_ipv4`` says that the
    program takes ``::ffff:0:0/96`` for all of IPv4.
    """

    name: str
    use: TrustUse
    at: Location
    entries: tuple[TrustEntry, ...] = ()
    is_present: bool = True
    is_complete: Tri = Tri.YES
    maps_ipv4: bool = False
    basis: Basis = Basis.STATED
    hop: Hop | None = None
    #: The feature the list guards is switched on (a default list of a feature that is off is inert).
    is_active: Tri = Tri.YES

    @property
    def addresses(self) -> AddressSet:
        """The union of what the entries trust (mapped IPv4 counted where the program does)."""
        return self._union(self.entries)

    @property
    def steady_addresses(self) -> AddressSet:
        """The part of them that every start of the program trusts."""
        return self._union(entry for entry in self.entries if not entry.is_unsteady)

    def _union(self, entries: Iterable[TrustEntry]) -> AddressSet:
        found = AddressSet.of([network for entry in entries for network in entry.networks])
        return found.with_mapped() if self.maps_ipv4 else found

    @property
    def trusts_everyone(self) -> bool:
        """Whether a word, a flag or the union covers all of IPv4 or all of IPv6."""
        if any(entry.is_everyone for entry in self.entries):
            return True
        union = self.addresses
        return union.covers_family(4) or union.covers_family(6)

    @property
    def is_empty(self) -> bool:
        """Whether it certainly trusts nobody."""
        if self.is_complete is not Tri.YES:
            return False
        return not any(entry.networks or entry.is_everyone for entry in self.entries)


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """How one listener treats one kind of header."""

    mode: Fact[Header]
    trusts: TrustList | None = None
    untrusted: Untrusted = Untrusted.BELIEVED
    #: What a sender without header gets where the mode is optional or required:
    #: ``refused``, ``stalls`` (then works, after ``stall_seconds``) or ``works``.
    absent: str = "works"
    stall_seconds: int | None = None
    #: Header versions it understands.
    versions: tuple[Wire, ...] = (Wire.V1, Wire.V2)
    #: Where the switch stands (or should stand).
    at: Location | None = None
    #: Headers without an address that it turns away: ``UNKNOWN`` (v1), ``LOCAL`` (v2).
    refused_forms: tuple[str, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether it certainly never reads the header."""
        return self.mode.is_known and self.mode.value is Header.NEVER

    @property
    def is_on(self) -> bool:
        """Whether it certainly reads the header."""
        return self.mode.is_known and self.mode.value is not Header.NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """A program that connections pass: a workload, a balancer, or something outside."""

    name: str  # "Deployment mail/mta", "front of Service traefik/traefik"
    role: Role
    profile: str = ""
    ref: ObjectRef | None = None
    at: Location | None = None
    version: Fact[str] | None = None
    #: No: the program ends at start because of a setting; the fact says which.
    starts: Fact[Tri] = field(default_factory=lambda: Fact(Tri.YES, basis=Basis.ASSUMED))
    #: Addresses its packets carry, where known.
    addresses: Fact[AddressSet | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN))
    on_host_network: bool = False

    def __str__(self) -> str:
        """The name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Admission:
    """Who the NetworkPolicies let reach a listener; every answer says where it comes from.

    ``namespace`` and ``pods`` leave the declared senders' own pods out. ``at`` of each fact is the
    ``from`` (or the policy's name, or the workload left unprotected).
    """

    namespace: Fact[Tri]
    pods: Fact[Tri]
    internet: Fact[Tri]
    nodes: Fact[Tri]
    #: Whether any policy selects the pod for ingress; unknown where the world is open.
    is_selected: Fact[Tri]
    #: Kinds that decide and are not evaluated (CiliumNetworkPolicy, …), by name.
    undecided_by: tuple[str, ...] = ()
    #: Whether anybody outside the cluster is admitted, a known network or host too.
    outside: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One port of a hop, with what it believes."""

    hop: Hop
    port: int
    serves: Fact[Serves]
    proxy: HeaderPolicy
    tls: Fact[Tls]
    at: Location
    name: str = ""  # entry point or port name
    forwarded: HeaderPolicy | None = None  # for HTTP
    #: STARTTLS is demanded before login or mail.
    demands_tls: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))
    offers_auth: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))
    #: Passwords are accepted in clear; the fact stands at the setting that says so.
    cleartext_auth: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))
    #: Lists that give more than an address: relaying, login without TLS.
    own_networks: tuple[TrustList, ...] = ()
    #: Address families of the program (``inet_protocols``); None where unknown.
    families: Fact[tuple[int, ...] | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN))
    admission: Admission | None = None
    #: The listener belongs to a service of a mail stack although its protocol is unknown.
    basis: Basis = Basis.STATED
    #: An entry point that redirects to HTTPS.
    redirects: Tri = Tri.NO

    def __str__(self) -> str:
        """``Deployment mail/mta :25``."""
        return f"{self.hop.name} :{self.port}"
