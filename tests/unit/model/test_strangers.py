"""Which way in a forger from the internet has, and who is to blame for his success."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Header, HopGraph, Networks, Rewrite, Route, Wire
from truehop.model.walk import Walk, Walker, walk_all

from .hand import POSTFIX, admission, at, graph_of, policy

CLOSED = admission(Tri.NO, Basis.STATED)


def _stranger(graph: HopGraph, route: Route) -> Walk:
    return walk_all(graph).of(route, Walker.INTERNET)


def _passing(**about: object) -> tuple[HopGraph, Route]:
    """An entry that passes bytes on to a server that believes whoever connects."""
    return graph_of(entry=policy(), sends=Wire.NONE, backend=POSTFIX, admitted=CLOSED, **about)  # type: ignore[arg-type]


def test_a_door_is_there_to_be_used() -> None:
    assert _stranger(*_passing()).forges is Tri.YES


def test_a_policy_that_names_pods_keeps_strangers_out() -> None:
    assert _stranger(*_passing(entry_admits=Tri.NO)).forges is Tri.NO


def test_a_policy_that_is_not_all_in_the_input_leaves_it_open() -> None:
    _, route = _passing(entry_admits=Tri.NO)
    entry = route.links[0].to
    assert entry.admission is not None
    assumed = replace(entry.admission, internet=Fact(Tri.NO, at(4), Basis.ASSUMED, "a single host"))
    first = replace(route.links[0], to=replace(entry, admission=assumed))
    onward = replace(route.links[1], entry=first.to)
    walk = _stranger(HopGraph(routes=[other := Route(route.door, (first, onward))]), other)
    assert (walk.forges, walk.settles) == (Tri.UNKNOWN, ("a single host",))


@pytest.mark.parametrize(("settles", "expected"), [("cni", Tri.UNKNOWN), ("world", Tri.YES)])
def test_a_policy_that_cannot_be_judged_leaves_it_open_and_a_missing_one_does_not(
    settles: str, expected: Tri
) -> None:
    assert _stranger(*_passing(entry_admits=Tri.UNKNOWN, settles=settles)).forges is expected


def test_a_policy_tells_nothing_of_a_source_that_is_rewritten() -> None:
    assert _stranger(*_passing(entry_admits=Tri.NO, source=Rewrite.NODE)).forges is Tri.YES


@pytest.mark.parametrize(
    ("pods", "nodes", "own"),
    [
        (None, "192.0.2.0/28", None),
        ("10.42.0.0/24", None, "10.42.0.0/24"),
        ("10.42.0.0/24", "192.0.2.0/28", "10.42.0.0/24"),
        ("10.42.0.0/24", "10.42.0.0/25", "10.42.0.128/25"),
        ("10.42.0.0/24", "10.0.0.0/8", "10.42.0.0/24"),
    ],
)
def test_what_nodes_have_among_the_pods_addresses_is_no_pods(
    pods: str | None, nodes: str | None, own: str | None
) -> None:
    networks = Networks(pods=_addresses(pods), nodes=_addresses(nodes))
    assert (str(networks.own_to_pods) if networks.own_to_pods else None) == own


def _addresses(text: str | None) -> Fact[AddressSet | None]:
    return Fact(AddressSet.parse(text) if text else None)


def test_who_believes_the_lie_first_is_to_blame() -> None:
    everyone = policy(Header.OPTIONAL, "0.0.0.0/0")
    trusting = replace(everyone, trusts=replace(everyone.trusts, at=at(77)) if everyone.trusts else None)
    walk = _stranger(*graph_of(entry=trusting, sends=Wire.V2, backend=POSTFIX, admitted=CLOSED))
    assert (walk.forges, walk.turned_at) == (Tri.YES, at(77))
