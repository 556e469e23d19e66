"""Links between hops, the doors they start at, and whole routes."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.listeners import Hop, Listener
from truehop.model.terms import DoorKind, Rewrite, Role, RouterTls, Wire


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """From a sender to a listener.

    ``sender`` None is the outside. ``sends`` is what the sender itself puts on the wire;
    ``source`` what the listener sees as the packet's source; ``at`` the sender's setting (or its
    nearest key). ``is_client`` marks an in-cluster client (webmail to IMAP), not a proxy.
    """

    sender: Hop | None
    to: Listener
    sends: Fact[Wire]
    source: Fact[Rewrite]
    at: Location | None = None
    via: ObjectRef | None = None  # the Service passed
    router: Router | None = None
    is_client: bool = False
    #: The public name that a client inside the cluster goes by; empty where it uses a Service's.
    public_name: str = ""
    #: What the sender does with a forwarded header it received: replaces, appends.
    entry: Listener | None = None  # the sender's listener it came in by
    families: Fact[tuple[int, ...] | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN))
    #: A program version known to send a wrong address; says which and why.
    corrupts: Fact[str] | None = None
    #: The header is held back until the client speaks (NLB); the fact stands at the setting.
    withholds: Fact[Tri] = field(default_factory=lambda: Fact(Tri.NO, basis=Basis.ASSUMED))
    #: Sent version text that nobody understands (``version: 3``).
    bad_version: str = ""
    #: Whether policies let this link through; no = blocked, with the policy's place.
    admitted: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))
    #: The sender opens TLS to the listener itself.
    dials_tls: bool = False
    #: Nothing gets through here, and why (a routing rule that is skipped, an API that is gone).
    broken: Fact[str] | None = None
    #: The sender waits for the client's first bytes, and why: no server that greets first gets a word in.
    awaits_client: Fact[str] | None = None
    #: The sender takes the client's TLS for something else, and why: the listener never sees it.
    takes_tls: Fact[str] | None = None

    def part_shown(self, addresses: AddressSet) -> AddressSet:
        """Those of a sender's addresses that may show: of the families of the Service that it calls."""
        is_inside = self.sender is not None and self.sender.role is not Role.FRONT
        return addresses.of_families(self.families.value) if is_inside and self.families.value else addresses


@dataclass(frozen=True, slots=True, eq=False)
class Router:
    """A routing rule of an edge.

    ``entries`` are the entry points it names (empty: the defaults); ``listeners`` those resolved;
    ``unknown_entries`` the named ones the edge certainly does not have, each where it is written.
    """

    name: str
    protocol: str  # "tcp" or "http"
    at: Location
    edge: Hop | None
    entries: tuple[Fact[str], ...] = ()
    listeners: tuple[Listener, ...] = ()
    unknown_entries: tuple[Fact[str], ...] = ()
    tls: RouterTls = RouterTls.NONE
    tls_at: Location | None = None
    match: Fact[str] | None = None  # None: missing
    match_problem: str = ""  # why the rule cannot be read
    host_names: tuple[str, ...] = ()  # names HostSNI asks for; ("*",) for any
    lands_by_default: bool = False  # names no entry point
    backends: tuple[Backend, ...] = ()
    #: The user's place of work: other objects of the same product count as this edge's.
    is_redirect: bool = False
    #: Where the entry points are named, or the key that should hold them.
    entries_at: Location | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Backend:
    """Where a routing rule leads: a Service and port, and the listeners behind it.

    ``dangling`` says what the input contradicts (no such Service, no such port, no pod), with the
    certainty in ``dangles``.
    """

    service: ObjectRef
    port: str
    at: Location
    listeners: tuple[Listener, ...] = ()
    dangling: str = ""
    dangles: Fact[Tri] = field(default_factory=lambda: Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN))
    sends: Fact[Wire] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """What stands before a door: known from annotations and classes, or declared.

    ``keeps_source`` is about the balancer itself, before any traffic policy. ``is_public`` is no
    for internal-scheme balancers.
    """

    hop: Hop
    kind: str  # profile id, "" if of unknown make
    sends: Fact[Wire]
    keeps_source: Fact[Tri]
    is_declared: bool = False
    is_public: bool = True
    can_send: Tri = Tri.UNKNOWN  # whether this make can send PROXY at all
    #: It hands connections to pods themselves, past the nodes' address translation.
    targets_pods: bool = False
    #: It forwards packets and puts a pod's address on them, unless the traffic policy is Local.
    masquerades: bool = False
    #: Whether it ends TLS itself; unknown where an annotation speaks of it.
    ends_tls: Tri = Tri.NO


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A way in from outside: kind, public port and the links from there to listeners."""

    kind: DoorKind
    port: int
    at: Location
    owner: ObjectRef
    front: Front | None = None
    links: tuple[Link, ...] = ()
    #: Doors that come with another one: the automatic node port of a LoadBalancer.
    is_side: bool = False
    traffic_policy: Fact[str] | None = None  # "Cluster" or "Local"
    is_workaround: bool = False  # ipMode: Proxy, or a hostname in its place
    families: Fact[tuple[int, ...] | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN))


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One declared door and port with the links a connection takes, in order."""

    door: Door
    links: tuple[Link, ...]

    @property
    def listener(self) -> Listener:
        """The last listener, the one that records an address."""
        return self.links[-1].to

    @property
    def key(self) -> str:
        """An identity that is stable within one run."""
        hops = " > ".join(f"{link.to}#{link.router.name if link.router else ''}" for link in self.links)
        return f"{self.door.kind} {self.door.owner} {self.door.port} > {hops}"
