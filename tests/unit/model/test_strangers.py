"""Which way in a forger from the internet has, and who is to blame for his success."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Header, HopGraph, Rewrite, Route, Wire
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


def test_who_believes_the_lie_first_is_to_blame() -> None:
    everyone = policy(Header.OPTIONAL, "0.0.0.0/0")
    trusting = replace(everyone, trusts=replace(everyone.trusts, at=at(77)) if everyone.trusts else None)
    walk = _stranger(*graph_of(entry=trusting, sends=Wire.V2, backend=POSTFIX, admitted=CLOSED))
    assert (walk.forges, walk.turned_at) == (Tri.YES, at(77))
