"""Servers that greet first, proxies and balancers that wait for the client: nobody says anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.claims import CLIENT, Connection
from truehop.model.crossing import cross
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Header, HopGraph, Link, Rewrite, Role, Route, RouterTls, Serves, Wire
from truehop.model.walk import Walk, Walker, walk_all
from truehop.model.walkers import greets_first

from .hand import POSTFIX, admission, at, graph_of, hop, listener, policy

OFF = policy()
TRUSTING = policy(Header.OPTIONAL, "172.31.0.10")
WAITS = Fact("the rule waits for TLS there, but the server greets first", at(60))


def spoilt(
    *, entry_waits: Fact[str] | None = None, withholds: Fact[Tri] | None = None
) -> tuple[HopGraph, Route]:
    graph, route = graph_of(
        entry=OFF, sends=Wire.V2, backend=POSTFIX, admitted=admission(Tri.NO, Basis.STATED)
    )
    first, last = route.links
    if withholds is not None:
        first = replace(first, withholds=withholds)
    links = (first, replace(last, awaits_client=entry_waits))
    graph.routes = [replace(route, links=links)]
    return graph, graph.routes[0]


def honest(graph: HopGraph, route: Route) -> Walk:
    return walk_all(graph).of(route)


def test_a_proxy_that_waits_for_tls_is_never_told_anything() -> None:
    walk = honest(*spoilt(entry_waits=WAITS))
    assert walk.believes.value == "refused"
    assert (walk.steps[-1].hop, walk.steps[-1].at) == ("Deployment edge/edge :2525", at(60))


def test_a_client_that_speaks_first_is_not_kept_waiting() -> None:
    graph, route = spoilt(entry_waits=WAITS)
    implicit = replace(route, door=replace(route.door, port=465))
    graph.routes = [implicit]
    assert honest(graph, implicit).believes.value == "client"


@pytest.mark.parametrize(("port", "believes"), [(465, "refused"), (25, "client")])
def test_tls_that_the_proxy_takes_for_https_reaches_no_mail_server(port: int, believes: str) -> None:
    graph, route = spoilt()
    first, last = route.links
    takes = replace(last, takes_tls=Fact("the rule makes HTTPS of it", at(62)))
    graph.routes = [replace(route, door=replace(route.door, port=port), links=(first, takes))]
    assert honest(graph, graph.routes[0]).believes.value == believes


def test_a_forger_speaks_first() -> None:
    graph, route = spoilt(entry_waits=WAITS)
    steps = walk_all(graph).of(route, Walker.INTERNET).steps
    assert all("waits for TLS" not in step.does for step in steps)


def test_a_header_held_back_ends_the_session_where_that_is_said() -> None:
    held = Fact(Tri.YES, at(61), Basis.STATED, "the header waits for the first payload")
    walk = honest(*spoilt(withholds=held))
    assert (walk.believes.value, walk.because) == ("refused", "the header waits for the first payload")
    assert walk.steps[-1].hop == "front of Service edge/edge"


@pytest.mark.parametrize(("settles", "expected"), [("the attribute", "the attribute"), ("", "it may wait")])
def test_a_header_held_back_by_assumption_leaves_it_open(settles: str, expected: str) -> None:
    held = Fact(Tri.YES, at(61), Basis.ASSUMED, "it may wait", settles)
    walk = honest(*spoilt(withholds=held))
    assert (walk.believes.value, walk.settles) == ("unknown", (expected,))


@pytest.mark.parametrize("held", [Fact(Tri.NO), Fact(Tri.YES, basis=Basis.UNKNOWN)])
def test_a_header_that_is_sent_at_once_changes_nothing(held: Fact[Tri]) -> None:
    assert honest(*spoilt(withholds=held)).believes.value == "client"


@pytest.mark.parametrize(
    ("port", "serves", "tls", "expected"),
    [
        (25, Serves.IMAPS, RouterTls.NONE, True),
        (993, Serves.IMAP, RouterTls.TERMINATES, False),
        (30143, Serves.IMAP, RouterTls.NONE, True),
        (30143, Serves.IMAP, RouterTls.PASSTHROUGH, True),
        (30993, Serves.IMAP, RouterTls.TERMINATES, False),
        (30993, Serves.IMAPS, RouterTls.NONE, False),
    ],
)
def test_who_speaks_first_is_known_by_the_public_port_or_the_server(
    port: int, serves: Serves, tls: RouterTls, *, expected: bool
) -> None:
    _, route = graph_of(entry=OFF, sends=Wire.V2, backend=OFF, serves=serves, tls=tls)
    assert greets_first(replace(route, door=replace(route.door, port=port))) is expected


# --- what is not known -------------------------------------------------------------------------

UNSURE = Fact(Wire.NONE, basis=Basis.UNKNOWN, settles="front")


def test_a_front_that_may_send_or_not_leaves_a_trusting_entry_open() -> None:
    graph, route = graph_of(
        entry=TRUSTING, sends=Wire.V2, backend=POSTFIX, source=Rewrite.BALANCER, front_sends=UNSURE
    )
    walk = honest(graph, route)
    assert (walk.believes.value, walk.settles) == ("unknown", ("front",))


def test_what_an_unknown_front_sends_is_said_with_doubt() -> None:
    graph, route = graph_of(entry=TRUSTING, sends=Wire.V2, backend=POSTFIX, front_sends=UNSURE)
    crossings = cross(graph, route.links[0], Connection(CLIENT), None, is_forger=False)
    said = [crossing.step.does.rpartition(", ")[2] for crossing in crossings]
    assert said == ["sending no header as far as is known", "sending perhaps PROXY v2"]


def test_a_chain_begins_at_a_proxy_whose_entry_is_unknown() -> None:
    web = policy(Header.OPTIONAL, "10.42.0.0/16")
    graph, route = graph_of(entry=OFF, sends=Wire.XFF, backend=OFF, serves=Serves.HTTP, forwarded=web)
    first, last = route.links
    graph.routes = [replace(route, links=(first, replace(last, entry=None)))]
    assert honest(graph, graph.routes[0]).believes.value == "client"


def test_a_front_that_speaks_http_begins_a_chain_itself() -> None:
    web = listener(
        hop("web", Role.WEB), 8080, Serves.HTTP, OFF, forwarded=policy(Header.OPTIONAL, "172.31.0.10")
    )
    graph, route = graph_of(entry=OFF, sends=Wire.XFF, backend=OFF, serves=Serves.HTTP)
    into = Link(route.links[0].sender, web, Fact(Wire.XFF), Fact(Rewrite.BALANCER, at(10)), at=at(11))
    graph.routes = [replace(route, links=(into,))]
    assert honest(graph, graph.routes[0]).believes.value == "client"
