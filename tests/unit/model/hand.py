"""Hop graphs made by hand."""

from __future__ import annotations

from dataclasses import replace

from truehop.model.addresses import AddressSet, parse_network
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.hops import (
    Admission,
    Door,
    DoorKind,
    Front,
    Header,
    HeaderPolicy,
    Hop,
    HopGraph,
    Link,
    Listener,
    Networks,
    Rewrite,
    Role,
    Route,
    Router,
    RouterTls,
    Serves,
    Tls,
    TrustEntry,
    TrustList,
    TrustUse,
    Untrusted,
    Wire,
)


def at(line: int, path: str = "mail.yaml") -> Location:
    return Location(path, line, 1, line, 9)


def trusts(*texts: str, use: TrustUse = TrustUse.PROXY) -> TrustList:
    entries = tuple(TrustEntry(text, at(50 + index), parse_network(text)) for index, text in enumerate(texts))
    return TrustList("the trust list", use, at(50), entries)


def policy(
    mode: Header = Header.NEVER,
    *texts: str,
    untrusted: Untrusted = Untrusted.STRIPPED,
    has_list: bool = True,
    absent: str = "stalls",
    seconds: int | None = 60,
) -> HeaderPolicy:
    listed = trusts(*texts) if has_list else None
    return HeaderPolicy(Fact(mode, at(40)), listed, untrusted, absent, seconds, at=at(40))


def hop(name: str, role: Role, namespace: str = "mail") -> Hop:
    return Hop(f"Deployment {namespace}/{name}", role, ref=ObjectRef("Deployment", name, namespace), at=at(1))


def admission(everyone: Tri = Tri.YES, basis: Basis = Basis.ASSUMED) -> Admission:
    fact = Fact(everyone, at(2), basis, "no policy selects the pod")
    return Admission(fact, fact, fact, fact, Fact(Tri.NO, at(2), basis))


def listener(
    owner: Hop,
    port: int,
    serves: Serves,
    proxy: HeaderPolicy,
    *,
    forwarded: HeaderPolicy | None = None,
    admitted: Admission | None = None,
    name: str = "",
) -> Listener:
    return Listener(
        owner,
        port,
        Fact(serves),
        proxy,
        Fact(Tls.STARTTLS),
        at(3),
        name=name,
        forwarded=forwarded,
        admission=admitted,
    )


def front(sends: Fact[Wire], keeps: Fact[Tri]) -> Front:
    return Front(Hop("front of Service edge/edge", Role.FRONT), "some-balancer", sends, keeps)


POSTFIX = policy(Header.REQUIRED, untrusted=Untrusted.BELIEVED, has_list=False, absent="refused")


def graph_of(
    *,
    entry: HeaderPolicy,
    sends: Wire,
    backend: HeaderPolicy,
    source: Rewrite = Rewrite.KEPT,
    front_sends: Fact[Wire] | None = None,
    source_basis: Basis = Basis.STATED,
    pods: str | None = "10.42.0.0/16",
    nodes: str | None = "192.168.1.0/24",
    balancers: str | None = "172.31.0.10",
    admitted: Admission | None = None,
    serves: Serves = Serves.SMTP,
    forwarded: HeaderPolicy | None = None,
    entry_forwarded: HeaderPolicy | None = None,
    side: bool = False,
    tls: RouterTls = RouterTls.NONE,
    entry_admits: Tri = Tri.YES,
    settles: str = "",
) -> tuple[HopGraph, Route]:
    """One door, one edge, one server: the usual way of mail on Kubernetes."""
    edge = hop("edge", Role.EDGE, "edge")
    server = hop("server", Role.WEB if serves.is_http else Role.MTA)
    public = (
        None if admitted is None else replace(admitted, internet=Fact(entry_admits, at(4), settles=settles))
    )
    first = listener(
        edge,
        2525,
        Serves.HTTP if serves.is_http else Serves.TCP,
        entry,
        forwarded=entry_forwarded,
        admitted=public,
        name="in",
    )
    last = listener(server, 25, serves, backend, forwarded=forwarded, admitted=admitted)
    before = front(front_sends or Fact(Wire.NONE), Fact(Tri.YES))
    source_fact = Fact(source, at(10), source_basis, "the traffic policy", "front")
    into = Link(before.hop, first, before.sends, source_fact, at=at(11))
    router = Router("route", "http" if serves.is_http else "tcp", at(20), edge, listeners=(first,), tls=tls)
    onward = Link(edge, last, Fact(sends, at(21)), Fact(Rewrite.POD), at=at(21), router=router, entry=first)
    owner = ObjectRef("Service", "edge", "edge")
    door = Door(DoorKind.LOAD_BALANCER, 25, at(9), owner, before, (into,))
    doors = [door]
    if side:
        link = Link(None, first, Fact(Wire.NONE), Fact(Rewrite.NODE, at(10)), at=at(9))
        doors.append(Door(DoorKind.NODE_PORT, 30025, at(9), owner, None, (link,), is_side=True))
    route = Route(door, (into, onward))
    networks = Networks()
    for name, text in (("pods", pods), ("nodes", nodes), ("load_balancers", balancers)):
        if text is not None:
            setattr(networks, name, Fact(AddressSet.parse(text), settles=f"networks.{name}"))
    graph = HopGraph(
        networks=networks, listeners=[first, last], links=[into, onward], doors=doors, routes=[route]
    )
    return graph, route
