"""Small hop graphs for the rules' unit tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from truehop.model.addresses import AddressSet, parse_network
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.hops import (
    Admission,
    Backend,
    Door,
    DoorKind,
    Front,
    Header,
    HeaderPolicy,
    Hop,
    HopGraph,
    Link,
    Listener,
    Rewrite,
    Role,
    Route,
    Router,
    Serves,
    Tls,
    TrustEntry,
    TrustList,
    TrustUse,
    Untrusted,
    Wire,
)
from truehop.model.walk import Believes, Walk, Walker, Walks, walk_all
from truehop.rules.base import Report
from truehop.rules.catalogue import find_rule


def at(line: int) -> Location:
    return Location("mail.yaml", line, 1, line, 9)


def hop(name: str = "mta", role: Role = Role.MTA, starts: Tri = Tri.YES, addresses: str = "") -> Hop:
    known = AddressSet.parse(addresses) if addresses else None
    basis = Basis.STATED if addresses else Basis.UNKNOWN
    ref = ObjectRef("Deployment", name, "mail")
    return Hop(
        str(ref), role, ref=ref, at=at(1), starts=Fact(starts, at(2)), addresses=Fact(known, basis=basis)
    )


def trust(
    *texts: str,
    line: int = 50,
    use: TrustUse = TrustUse.PROXY,
    owner: Hop | None = None,
    is_active: Tri = Tri.YES,
    is_complete: Tri = Tri.YES,
    basis: Basis = Basis.STATED,
    maps_ipv4: bool = False,
) -> TrustList:
    entries = tuple(
        TrustEntry(text, at(line + 1 + index), parse_network(text), is_everyone=text == "*")
        for index, text in enumerate(texts)
    )
    return TrustList(
        "TRUSTED", use, at(line), entries, is_complete=is_complete, maps_ipv4=maps_ipv4, basis=basis,
        hop=owner, is_active=is_active,
    )  # fmt: skip


def policy(
    mode: Header = Header.REQUIRED,
    trusts: TrustList | None = None,
    untrusted: Untrusted = Untrusted.DROPPED,
    absent: str = "refused",
    basis: Basis = Basis.STATED,
    line: int | None = 40,
    refused_forms: tuple[str, ...] = (),
    versions: tuple[Wire, ...] = (Wire.V1, Wire.V2),
) -> HeaderPolicy:
    seconds = 60 if absent == "stalls" else None
    place = at(line) if line else None
    return HeaderPolicy(
        Fact(mode, basis=basis), trusts, untrusted, absent, seconds, versions, place, refused_forms
    )  # fmt: skip


OFF = policy(Header.NEVER, absent="works")
ANYONE = policy(untrusted=Untrusted.BELIEVED)


def entry_policy(trusts: TrustList | None = None, absent: str = "stalls") -> HeaderPolicy:
    return policy(Header.OPTIONAL, trusts, Untrusted.STRIPPED, absent)


def listener(
    owner: Hop,
    port: int = 25,
    proxy: HeaderPolicy = OFF,
    serves: Serves = Serves.SMTP,
    line: int = 30,
    forwarded: HeaderPolicy | None = None,
    own_networks: tuple[TrustList, ...] = (),
    families: Fact[tuple[int, ...] | None] | None = None,
    admission: Admission | None = None,
) -> Listener:
    return Listener(
        owner, port, Fact(serves), proxy, Fact(Tls.STARTTLS), at(line), name=str(serves), forwarded=forwarded,
        own_networks=own_networks, families=families or Fact(None, basis=Basis.UNKNOWN), admission=admission,
    )  # fmt: skip


def link(
    sender: Hop | None,
    to: Listener,
    sends: Wire = Wire.NONE,
    source: Rewrite = Rewrite.POD,
    line: int | None = 20,
    basis: Basis = Basis.STATED,
    **more: object,
) -> Link:
    place = at(line) if line else None
    return Link(sender, to, Fact(sends, basis=basis), Fact(source, basis=basis), place, **more)  # type: ignore[arg-type]


def front(
    sends: Wire = Wire.NONE, can_send: Tri = Tri.YES, is_declared: bool = False, addresses: str = ""
) -> Front:
    owner = hop("front", Role.FRONT, addresses=addresses)
    return Front(owner, "some", Fact(sends), Fact(Tri.YES), is_declared=is_declared, can_send=can_send)


def door(
    *links: Link,
    before: Front | None = None,
    is_side: bool = False,
    kind: DoorKind = DoorKind.LOAD_BALANCER,
    line: int = 9,
    families: Fact[tuple[int, ...] | None] | None = None,
    is_workaround: bool = False,
) -> Door:
    owner = ObjectRef("Service", "edge", "mail")
    return Door(
        kind, 25, at(line), owner, before, links, is_side=is_side, is_workaround=is_workaround,
        families=families or Fact(None, basis=Basis.UNKNOWN),
    )  # fmt: skip


def router(edge: Hop, *listeners: Listener, protocol: str = "tcp") -> Router:
    return Router("route", protocol, at(60), edge, listeners=listeners)


def admission(
    internet: Tri = Tri.NO,
    pods: Tri = Tri.NO,
    namespace: Tri = Tri.NO,
    is_selected: Tri = Tri.YES,
    basis: Basis = Basis.STATED,
    undecided_by: tuple[str, ...] = (),
) -> Admission:
    def fact(value: Tri, line: int) -> Fact[Tri]:
        return Fact(value, at(line), basis)

    return Admission(
        fact(namespace, 71), fact(pods, 72), fact(internet, 73), fact(Tri.NO, 74), fact(is_selected, 75),
        undecided_by,
    )  # fmt: skip


def graph(
    *listeners: Listener,
    links: Iterable[Link] = (),
    doors: Iterable[Door] = (),
    routes: Iterable[Route] = (),
    routers: Iterable[Router] = (),
    lists: Iterable[TrustList] = (),
    networks: Mapping[str, str] | None = None,
) -> HopGraph:
    built = HopGraph(
        listeners=list(listeners), links=list(links), doors=list(doors), routes=list(routes),
        routers=list(routers), trust_lists=list(lists),
    )  # fmt: skip
    for name, text in (networks or {}).items():
        found = AddressSet.parse(*text.split(","))
        if name in {"pods", "nodes", "services", "load_balancers"}:
            setattr(built.networks, name, Fact(found, at(99)))
        else:
            built.networks.other[name] = found
    return built


def believing(routes: Iterable[Route], **ends: Believes) -> Walks:
    """Walks that end as told: ``honest=…``, ``internet=…``; forgers not named get nowhere."""
    walks = Walks()
    for route in routes:
        for walker in Walker:
            end = ends.get(walker.value, Believes.REFUSED)
            walk = Walk(route, walker, end, turned_at=at(80))
            if walker is Walker.HONEST:
                walks.honest[route.key] = walk
            else:
                walks.forgers[route.key, walker] = walk
    return walks


def reports(rule_id: str, built: HopGraph, walks: Walks | None = None, **settings: object) -> list[Report]:
    """What the rule of that id reports."""
    rule = find_rule(rule_id)
    assert rule is not None
    chosen = {setting.name: setting.default for setting in rule.settings} | settings
    return list(rule.check(built, walks if walks is not None else walk_all(built), chosen))


def lines(rule_id: str, built: HopGraph, walks: Walks | None = None, **settings: object) -> list[int]:
    """The lines it reports."""
    return [report.at.line for report in reports(rule_id, built, walks, **settings)]


# --- an edge and its routes -------------------------------------------------------------------------

EDGE = hop("edge", Role.EDGE)
IMAP = listener(EDGE, 143, serves=Serves.TCP)
WIKI = ObjectRef("Service", "wiki", "wiki")


def backend(service: ObjectRef = WIKI, port: str = "80", *listeners: Listener, **more: object) -> Backend:
    return Backend(service, port, at(61), listeners, **more)  # type: ignore[arg-type]


def edge_router(*listeners: Listener, protocol: str = "tcp", line: int = 60, **more: object) -> Router:
    return replace(router(EDGE, *listeners, protocol=protocol), at=at(line), **more)  # type: ignore[arg-type]


def named(name: str, line: int = 62) -> Fact[str]:
    return Fact(name, at(line))
