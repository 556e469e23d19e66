"""Routes and ways as plain values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.model.hand import POSTFIX, at, graph_of, hop, listener, policy
from truehop.findings.routes import UNKNOWN, view, way
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Front, Header, Hop, HopGraph, Link, Rewrite, Role, Route, Serves, Wire
from truehop.model.walk import Walks, walk_all
from truehop.rules.base import LOSES, OPENS

TRUSTING = policy(Header.OPTIONAL, "0.0.0.0/0")


def walked(**options: object) -> tuple[HopGraph, Route, Walks]:
    arguments: dict[str, object] = {"entry": policy(), "sends": Wire.V2, "backend": POSTFIX}
    graph, route = graph_of(**(arguments | options))  # type: ignore[arg-type]
    return graph, route, walk_all(graph)


def test_a_route_is_told_hop_by_hop() -> None:
    graph, route, walks = walked()
    told = view(route, graph, walks, "a scope")
    assert (told.port, told.protocol, told.door, told.owner) == (
        25,
        "smtp",
        "LoadBalancer",
        "Service edge/edge",
    )
    assert (told.listener, told.believes, told.scope) == ("Deployment mail/server :25", "client", "a scope")
    assert [(leg.to, leg.sends, leg.reads) for leg in told.legs] == [
        ("Deployment edge/edge", "none", ""),
        ("Deployment mail/server", "v2", "PROXY required"),
    ]
    assert [who for who, _ in told.forgeable_by] == ["internet", "pods", "namespace", "nodes"]


def test_what_is_not_known_is_called_unknown() -> None:
    graph, route, _ = walked()
    link = replace(
        route.links[1],
        sends=Fact(Wire.NONE, basis=Basis.UNKNOWN),
        source=Fact(Rewrite.KEPT, basis=Basis.UNKNOWN),
        to=replace(route.listener, proxy=replace(POSTFIX, mode=Fact(Header.NEVER, basis=Basis.UNKNOWN))),
    )
    unsure = replace(route, links=(route.links[0], link))
    graph.routes = [unsure]
    told = view(unsure, graph, walk_all(graph)).legs[1]
    assert (told.sends, told.source, told.reads) == (UNKNOWN, UNKNOWN, "PROXY unknown")


def test_a_forwarded_header_is_told_where_no_proxy_header_is_read() -> None:
    graph, route, walks = walked(serves=Serves.HTTP, backend=policy(), forwarded=TRUSTING, sends=Wire.XFF)
    assert view(route, graph, walks).legs[1].reads == "X-Forwarded-For"


@pytest.mark.parametrize(
    ("kind", "is_declared", "told"),
    [("hetzner", False, "hetzner"), ("", True, "declared front"), ("", False, "")],
)
def test_the_front_is_told_by_its_make(kind: str, is_declared: bool, told: str) -> None:
    graph, route, walks = walked()
    made = Front(Hop("x", Role.FRONT), kind, Fact(Wire.NONE), Fact(Tri.YES), is_declared=is_declared)
    other = replace(route, door=replace(route.door, front=made))
    assert view(other, graph, walks).front == told
    assert view(replace(route, door=replace(route.door, front=None)), graph, walks).front == ""


def test_logins_of_the_last_hop_are_steps_of_its_route() -> None:
    graph, route, walks = walked(serves=Serves.HTTP, backend=policy())
    mda = listener(hop("mda", Role.MDA), 143, Serves.IMAP, policy())
    cache = listener(hop("cache", Role.OTHER), 6379, Serves.CACHE, policy())
    for to in (mda, cache):
        link = Link(route.listener.hop, to, Fact(Wire.NONE), Fact(Rewrite.POD), at=at(70), is_client=True)
        graph.links.append(link)
    told = view(route, graph, walks)
    assert [client.to for client in told.clients] == ["Deployment mail/mda"]
    assert told.steps[-1].does == "speaks imap to Deployment mail/mda :143, which sees this hop's own address"


def test_unknown_forgers_say_what_would_settle_it() -> None:
    graph, route, walks = walked(entry=policy(Header.OPTIONAL, "10.0.0.0/8"), pods=None, nodes=None)
    told = view(route, graph, walks)
    if any(answer == "unknown" for _, answer in told.forgeable_by):
        assert told.settles


def test_a_loss_is_shown_by_the_honest_clients_way() -> None:
    _, route, walks = walked()
    assert way("address-lost", frozenset(), (route,), walks) == walks.of(route).steps
    assert way("header-missing", LOSES, (route,), walks) == walks.of(route).steps


def test_a_lie_is_shown_by_the_forgers_way() -> None:
    from truehop.model.walk import Walker

    _, route, walks = walked(entry=TRUSTING)
    forged = walks.of(route, Walker.INTERNET)
    assert forged.forges is Tri.YES
    assert way("address-forgeable", frozenset(), (route,), walks) == forged.steps
    assert way("trust-any-address", OPENS, (route,), walks) == forged.steps


def test_a_cause_of_lies_without_a_liar_shows_the_honest_way() -> None:
    _, route, walks = walked(backend=policy(), sends=Wire.NONE)
    assert way("trust-any-address", OPENS, (route,), walks) == walks.of(route).steps


def test_a_route_that_nobody_walked_has_no_way() -> None:
    _, route, _ = walked()
    assert way("address-lost", frozenset(), (), Walks()) == ()
    assert way("address-lost", frozenset(), (route,), Walks()) == ()
    assert way("address-forgeable", frozenset(), (route,), Walks()) == ()
