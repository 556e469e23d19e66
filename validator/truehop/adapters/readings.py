"""What an adapter hands to the builder: a program as it is told to be, not yet wired up."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.hops import (
    AddressUse,
    ApiUse,
    Hop,
    Listener,
    RouterTls,
    Switch,
    TlsPolicy,
    TrustList,
    ValueGap,
    Wire,
)


@dataclass(slots=True, eq=False)
class Reading:
    """One program: its hop, its listeners by container port, and what was noticed on the way.

    ``workload`` is None where only values were read. ``doors`` are the ways in that values alone
    describe (a chart's Service), where no rendered Service exists.
    """

    hop: Hop
    workload: Workload | None = None
    listeners: list[Listener] = field(default_factory=list)
    trust_lists: list[TrustList] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    api_uses: list[ApiUse] = field(default_factory=list)
    tls_policies: list[TlsPolicy] = field(default_factory=list)
    address_uses: list[AddressUse] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)
    clients: list[ClientDraft] = field(default_factory=list)
    services: list[ServiceDraft] = field(default_factory=list)
    routers: list[RouterDraft] = field(default_factory=list)
    #: Entry points (by name) that routers naming none attach to; None where it cannot be known.
    default_entries: tuple[str, ...] | None = None
    #: Whether all entry points are in the input (then an unnamed one is certainly missing).
    knows_all_entries: bool = True
    #: Whether all files of routes are in the input (else it may send to anything).
    knows_all_routes: bool = True
    #: Providers of routes that are on: "crd", "ingress", "file", "gateway"; empty = unknown.
    providers: tuple[str, ...] = ()
    #: The dialect of routing rules where the program's configuration chooses one.
    rule_syntax: str = ""


@dataclass(slots=True, eq=False)
class ServicePortDraft:
    """A Service port that values describe: public port, entry name, node and host port."""

    port: int
    target: str  # listener name or port number
    at: Location
    node_port: int | None = None
    host_port: int | None = None


@dataclass(slots=True, eq=False)
class ServiceDraft:
    """A Service that values describe but no manifest shows."""

    ref: ObjectRef
    type: Fact[str]  # ClusterIP, NodePort, LoadBalancer
    at: Location
    ports: list[ServicePortDraft] = field(default_factory=list)
    traffic_policy: Fact[str] = field(default_factory=lambda: Fact("Cluster", basis=Basis.DEFAULT))
    #: The Service's spec and annotations as written in the values (cursors), for the front profiles.
    spec: object | None = None  # Cursor
    annotations: object | None = None  # Cursor


@dataclass(slots=True, eq=False)
class BackendDraft:
    """Where a routing rule leads, before Services are resolved."""

    service: ObjectRef
    port: str
    at: Location  # the service entry
    port_at: Location | None = None
    sends: Fact[Wire] = field(default_factory=lambda: Fact(Wire.NONE, basis=Basis.DEFAULT))
    sends_at: Location | None = None  # the setting, or the nearest key of it
    bad_version: str = ""
    dials_tls: bool = False
    corrupts: Fact[str] | None = None
    #: The backend is something that cannot be resolved (ExternalName, another provider): says what.
    opaque: str = ""


@dataclass(slots=True, eq=False)
class RouterDraft:
    """A routing rule, before entry points and Services are resolved."""

    name: str
    protocol: str  # "tcp" or "http"
    at: Location
    namespace: str | None
    entries: tuple[Fact[str], ...] = ()
    tls: RouterTls = RouterTls.NONE
    tls_at: Location | None = None
    match: Fact[str] | None = None
    match_problem: str = ""
    host_names: tuple[str, ...] = ()
    backends: list[BackendDraft] = field(default_factory=list)
    is_redirect: bool = False
    ref: ObjectRef | None = None
    provider: str = ""  # "crd", "ingress", "file", "gateway"
    api_use: ApiUse | None = None
    #: Where the entry points are named, or the key that should hold them.
    entries_at: Location | None = None
    #: A TCP rule that asks nothing of its clients: without TLS nobody gets past it to a rule for HTTP.
    takes_all: bool = False


@dataclass(slots=True, eq=False)
class Routing:
    """All that routing objects say: the rules, and what was noticed on the way."""

    routers: list[RouterDraft] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    api_uses: list[ApiUse] = field(default_factory=list)
    tls_policies: list[TlsPolicy] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ClientDraft:
    """An in-cluster client of mail listeners: to which host and port it talks, said where.

    ``host`` is as written (``mta``, ``mta.mail.svc``, a public name); ``speaks`` the protocol.
    """

    name: str  # "webmail logins"
    host: str
    port: int
    at: Location
    namespace: str | None
    sends: Fact[Wire] = field(default_factory=lambda: Fact(Wire.NONE, basis=Basis.DEFAULT))
    is_default: bool = False


__all__ = [
    "BackendDraft",
    "ClientDraft",
    "Reading",
    "RouterDraft",
    "Routing",
    "ServiceDraft",
    "ServicePortDraft",
    "Tri",
]
