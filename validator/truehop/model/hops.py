"""The hop graph: who listens, whom it believes, who sends what to whom.

Everything here is free of products and file formats: profiles and adapters fill it, the walk and
the rules read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from truehop.model.addresses import AddressSet, Network
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri


class Role(StrEnum):
    """What a hop is for."""

    FRONT = "front"  # what stands before the cluster: a load balancer or an outside proxy
    EDGE = "edge"  # a proxy in the cluster
    MTA = "mta"
    MDA = "mda"
    WEB = "web"  # webmail and administration
    FILTER = "filter"
    OTHER = "other"


class Serves(StrEnum):
    """The protocol of a listener."""

    SMTP = "smtp"
    SUBMISSION = "submission"
    SUBMISSIONS = "submissions"
    IMAP = "imap"
    IMAPS = "imaps"
    POP3 = "pop3"
    POP3S = "pop3s"
    SIEVE = "sieve"
    HTTP = "http"
    HTTPS = "https"
    LMTP = "lmtp"
    AUTH = "auth"
    DOVEADM = "doveadm"
    MILTER = "milter"
    CONTROLLER = "controller"  # the spam filter's control port
    DATABASE = "database"
    CACHE = "cache"
    DNS = "dns"
    DASHBOARD = "dashboard"  # a proxy's own administration
    TCP = "tcp"  # an entry of a proxy that carries what its routes carry; or unknown bytes
    INTERNAL = "internal"

    @property
    def is_mail(self) -> bool:
        """Whether mail clients or servers speak it from outside."""
        return self in PUBLIC_MAIL

    @property
    def is_http(self) -> bool:
        """Whether it is HTTP, with or without TLS."""
        return self in (Serves.HTTP, Serves.HTTPS)

    @property
    def is_internal(self) -> bool:
        """Whether no client outside should ever reach it."""
        return self in INTERNAL_ONLY

    @property
    def is_implicit_tls(self) -> bool:
        """Whether TLS starts with the first byte."""
        return self in (Serves.SUBMISSIONS, Serves.IMAPS, Serves.POP3S, Serves.HTTPS)

    @property
    def is_server_first(self) -> bool:
        """Whether the server greets before the client says anything."""
        return self in (Serves.SMTP, Serves.SUBMISSION, Serves.IMAP, Serves.POP3, Serves.SIEVE)


PUBLIC_MAIL = frozenset({
    Serves.SMTP, Serves.SUBMISSION, Serves.SUBMISSIONS, Serves.IMAP, Serves.IMAPS, Serves.POP3,
    Serves.POP3S, Serves.SIEVE,
})
INTERNAL_ONLY = frozenset({
    Serves.LMTP, Serves.AUTH, Serves.DOVEADM, Serves.MILTER, Serves.CONTROLLER, Serves.DATABASE,
    Serves.CACHE, Serves.DNS, Serves.DASHBOARD, Serves.INTERNAL,
})
#: Port numbers of mail protocols (IANA; RFC 8314 for the implicit-TLS ones, RFC 5804 for 4190).
WELL_KNOWN = {
    25: Serves.SMTP, 587: Serves.SUBMISSION, 465: Serves.SUBMISSIONS, 143: Serves.IMAP,
    993: Serves.IMAPS, 110: Serves.POP3, 995: Serves.POP3S, 4190: Serves.SIEVE,
}


class Header(StrEnum):
    """Whether a listener reads a header that states the client's address."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Untrusted(StrEnum):
    """What a sender outside the trust list gets."""

    STRIPPED = "stripped"  # header removed, the packet's source counts
    DROPPED = "dropped"  # connection closed
    BELIEVED = "believed"  # there is no trust list: everybody is believed
    UNREAD = "unread"  # header left in the stream, taken for payload


class Wire(StrEnum):
    """What a sender puts before the payload."""

    NONE = "none"
    V1 = "v1"
    V2 = "v2"
    XFF = "xff"

    @property
    def is_proxy(self) -> bool:
        """Whether it is a PROXY header."""
        return self in (Wire.V1, Wire.V2)


class Tls(StrEnum):
    """How TLS starts at a listener."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    UNKNOWN = "unknown"


class DoorKind(StrEnum):
    """By which door the outside comes in."""

    LOAD_BALANCER = "LoadBalancer"
    NODE_PORT = "NodePort"
    HOST_PORT = "hostPort"
    HOST_NETWORK = "hostNetwork"
    EXTERNAL_IP = "externalIP"


class Effect(StrEnum):
    """What a setting really does."""

    WORKS = "works"
    IGNORED = "ignored"
    CANCELLED = "cancelled"  # by another setting
    UNSTABLE = "unstable"  # differs from start to start
    MISPLACED = "misplaced"  # works, but not (only) where it is meant to


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

    @property
    def networks(self) -> tuple[Network, ...]:
        """Every network this entry trusts."""
        return (self.network,) if self.network else self.means


class TrustUse(StrEnum):
    """What a list grants to those on it."""

    PROXY = "proxy"  # may state the client's address in a PROXY header
    FORWARDED = "forwarded"  # may state it in X-Forwarded-For and its like
    RELAY = "relay"  # may relay mail (permit_mynetworks)
    LOGIN = "login"  # may log in without TLS, counts as secured
    UNKNOWN = "unknown"  # a list named like one, in a program without a profile


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
        networks = [network for entry in self.entries for network in entry.networks]
        found = AddressSet.of(networks)
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


class Rewrite(StrEnum):
    """What becomes of a packet's source on a link."""

    KEPT = "kept"
    POD = "pod"  # a pod's address appears (klipper's masquerade, a proxy's pod)
    NODE = "node"  # a node's address appears (kube-proxy's SNAT)
    BALANCER = "balancer"  # the balancer opened its own connection
    HOST = "host"  # a sender on the host network: a node's address, but the sender's own


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


class RouterTls(StrEnum):
    """What a routing rule does with TLS."""

    NONE = "none"  # opaque bytes
    PASSTHROUGH = "passthrough"
    TERMINATES = "terminates"


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
    health_check_sends: Fact[Wire] | None = None


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


# --- what adapters saw beside the hops, said without product names -----------------------------


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting about headers, trust or addresses that does not do what it says.

    ``because`` is a clause for the message: "the image understands only true".
    """

    name: str
    value: str
    at: Location
    effect: Effect
    because: str
    instead: str = ""  # what to write
    other: Location | None = None  # the setting that cancels it
    hop: Hop | None = None
    listeners: tuple[Listener, ...] = ()
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class ApiUse:
    """An API group or field that a program's version may no longer have."""

    name: str  # "API group traefik.containo.us"
    at: Location
    removed_in: str
    is_gone: Fact[Tri]
    instead: str
    router: Router | None = None
    #: API groups that are gone even where no version is in the input: a warning then.


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """A TLS setting: lowest version, suites, and the listeners it is for.

    ``minimum`` is None where unset; ``unknown_minimum`` is the text that the program ignores.
    """

    at: Location
    name: str
    minimum: Fact[str] | None = None  # "1.0" … "1.3"
    unknown_minimum: str = ""
    suites: tuple[Fact[str], ...] = ()
    listeners: tuple[Listener, ...] = ()
    is_public: Tri = Tri.UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A probe or health check: what it says to a listener."""

    at: Location
    to: Listener
    name: str  # "readiness probe", "health check of Service x"
    speaks: bool  # whether it sends or awaits payload (a bare connect does not)
    sends: Fact[Wire]
    form: str = ""  # "UNKNOWN", "LOCAL"


@dataclass(frozen=True, slots=True)
class AddressUse:
    """Something that judges clients by address: a rate limit, fail2ban, greylisting, SPF."""

    name: str
    at: Location
    listeners: tuple[Listener, ...] = ()
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class ValueGap:
    """A needed value that comes from something not in the input."""

    name: str
    at: Location
    wants: str  # "ConfigMap mail/env, key TRUSTED_PROXIES"
    hop: Hop | None = None


@dataclass(frozen=True, slots=True)
class Misuse:
    """A field the API or the traffic makes invalid: rule id, words, cure.

    For defects of a single object that need no graph: ``traffic-policy-invalid`` and its like.
    """

    rule: str
    at: Location
    message: str
    help: str
    is_certain: bool = True


@dataclass(slots=True, eq=False)
class Networks:
    """What the config (or proof in the input) says about addresses; None is unknown."""

    pods: Fact[AddressSet | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.pods"))
    nodes: Fact[AddressSet | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.nodes"))
    services: Fact[AddressSet | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.services"))
    load_balancers: Fact[AddressSet | None] = field(default_factory=lambda: Fact(None, basis=Basis.UNKNOWN, settles="networks.loadBalancers"))
    other: dict[str, AddressSet] = field(default_factory=dict)
    datapath: str = ""  # "", "kube-proxy", "dsr", "calico-ebpf"


@dataclass(slots=True, eq=False)
class HopGraph:
    """Everything one scope says about hops; built once, then only read."""

    networks: Networks = field(default_factory=Networks)
    is_closed: Tri = Tri.UNKNOWN  # yes: declared by the user; unknown: taken as whole; no: open
    hops: list[Hop] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    routers: list[Router] = field(default_factory=list)
    trust_lists: list[TrustList] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    api_uses: list[ApiUse] = field(default_factory=list)
    tls_policies: list[TlsPolicy] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    address_uses: list[AddressUse] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)
    misuses: list[Misuse] = field(default_factory=list)

    def routes_to(self, listener: Listener) -> list[Route]:
        """The routes that pass this listener."""
        return [route for route in self.routes if any(link.to is listener for link in route.links)]

    def routes_by(self, hop: Hop) -> list[Route]:
        """The routes that pass this hop."""
        return [route for route in self.routes if any(link.to.hop is hop for link in route.links)]

    def senders_to(self, listener: Listener) -> list[Link]:
        """The links that end at this listener."""
        return [link for link in self.links if link.to is listener]

    def doors_to(self, listener: Listener) -> list[Door]:
        """The doors that open straight on this listener."""
        return [door for door in self.doors if any(link.to is listener for link in door.links)]

    def listeners_using(self, trust: TrustList) -> list[Listener]:
        """The listeners that believe this list, in any use."""
        return [
            listener for listener in self.listeners
            if trust in (listener.proxy.trusts, listener.forwarded.trusts if listener.forwarded else None)
            or trust in listener.own_networks
        ]
