"""Strangers who end up on a list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Tri
from truehop.model.hops import HopGraph, Rewrite, Role, Route, TrustUse, Wire
from truehop.model.walk import Believes
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import NODES, PODS, trusting_entry

# --- trust-masquerade -------------------------------------------------------------------------------


def _public(text: str, networks: dict[str, str], *, source: Rewrite = Rewrite.NODE, sends: Wire = Wire.NONE,
            is_side: bool = False, basis: Basis = Basis.STATED) -> HopGraph:  # fmt: skip
    built = trusting_entry(text)
    (entry,) = built.listeners
    way = g.link(None, entry, sends, source, basis=basis)
    built.doors.append(g.door(way, is_side=is_side))
    built.links.append(way)
    g.graph(networks=networks)
    built.networks = g.graph(networks=networks).networks
    return built


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [Severity.ERROR]),
        ({"is_side": True}, [Severity.WARNING]),
        ({"sends": Wire.V2}, []),
        ({"source": Rewrite.KEPT}, []),
        ({"source": Rewrite.BALANCER}, []),
        ({"basis": Basis.ASSUMED}, [Severity.WARNING]),
        ({"basis": Basis.UNKNOWN}, []),
    ],
)
def test_masquerade_of_nodes(change: dict[str, object], expected: list[Severity]) -> None:
    built = _public("192.168.7.0/24", NODES, **change)  # type: ignore[arg-type]
    assert [report.severity for report in g.reports("trust-masquerade", built)] == expected


def test_masquerade_of_pods_stands_on_the_entry() -> None:
    built = _public("10.42.0.0/16", PODS, source=Rewrite.POD)
    assert g.lines("trust-masquerade", built) == [51]


def test_masquerade_covered_by_two_entries_stands_on_the_first() -> None:
    built = _public("10.42.0.0/16", PODS, source=Rewrite.POD)
    trust = g.trust("192.168.0.0/24", "10.42.0.0/17", "10.42.128.0/17")
    entry = replace(built.listeners[0], proxy=g.entry_policy(trust))
    way = g.link(None, entry, Wire.NONE, Rewrite.POD)
    built.listeners, built.trust_lists, built.doors = [entry], [trust], [g.door(way)]
    assert g.lines("trust-masquerade", built) == [52]


@pytest.mark.parametrize(
    ("text", "networks"), [("192.168.7.0/24", {}), ("192.168.7.0/25", NODES), ("*", NODES)]
)
def test_masquerade_is_silent_where_it_is_not_proven(text: str, networks: dict[str, str]) -> None:
    assert g.lines("trust-masquerade", _public(text, networks)) == []


@pytest.mark.parametrize(
    ("text", "networks", "expected"),
    [
        ("10.244.0.0/16", {}, [(51, Severity.WARNING)]),
        ("10.244.7.0/24", {}, []),
        ("10.244.0.0/16", {"pods": "10.0.0.0/16"}, []),
    ],
)
def test_masquerade_of_a_usual_pod_network_is_a_guess(
    text: str, networks: dict[str, str], expected: list[tuple[int, Severity]]
) -> None:
    found = g.reports("trust-masquerade", _public(text, networks))
    assert [(report.at.line, report.severity) for report in found] == expected


def test_masquerade_of_another_listener_and_of_a_relay_list() -> None:
    built = _public("192.168.7.0/24", NODES)
    other = g.listener(g.hop("other", Role.EDGE))
    built.doors = [g.door(g.link(None, other, Wire.NONE, Rewrite.NODE))]
    built.trust_lists.append(g.trust("192.168.7.0/24", use=TrustUse.RELAY, line=60))
    assert g.lines("trust-masquerade", built) == []


# --- trust-own-network ------------------------------------------------------------------------------


def _relay(*texts: str, use: TrustUse = TrustUse.RELAY, is_active: Tri = Tri.YES,
           networks: dict[str, str] | None = None, source: Rewrite = Rewrite.NODE) -> HopGraph:  # fmt: skip
    own = g.trust(*texts, use=use, is_active=is_active)
    server = g.listener(g.hop(), own_networks=(own,))
    way = g.link(None, server, Wire.NONE, source)
    return g.graph(
        server, routes=[Route(g.door(way), (way,))], networks=NODES if networks is None else networks
    )


def _own(built: HopGraph, **ends: Believes) -> list[tuple[int, Severity | None]]:
    found = g.reports("trust-own-network", built, g.believing(built.routes, **ends))
    return [(report.at.line, report.severity) for report in found]


@pytest.mark.parametrize("use", [TrustUse.RELAY, TrustUse.LOGIN])
def test_own_network_holds_the_hop_whose_address_is_recorded(use: TrustUse) -> None:
    built = _relay("127.0.0.0/8", "192.168.7.0/24", use=use)
    assert _own(built, honest=Believes.HOP) == [(52, Severity.ERROR)]


@pytest.mark.parametrize(
    ("texts", "networks"), [(["127.0.0.0/8"], NODES), (["192.168.7.0/24"], {}), (["192.168.7.0/25"], NODES)]
)
def test_own_network_without_the_hop(texts: list[str], networks: dict[str, str]) -> None:
    assert _own(_relay(*texts, networks=networks), honest=Believes.HOP) == []


def test_own_network_of_all_private_space_holds_any_hop() -> None:
    built = _relay("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", networks={})
    assert _own(built, honest=Believes.HOP) == [(51, Severity.WARNING)]


def test_own_network_and_a_forger_outside() -> None:
    assert _own(_relay("127.0.0.0/8"), internet=Believes.FORGED) == [(51, Severity.ERROR)]


def test_own_network_that_comes_from_elsewhere_and_a_forger_inside() -> None:
    built = _relay(is_active=Tri.UNKNOWN)
    own = replace(built.listeners[0].own_networks[0], is_complete=Tri.UNKNOWN)
    server = replace(built.listeners[0], own_networks=(own,))
    way = g.link(None, server)
    built.routes = [Route(g.door(way), (way,))]
    assert _own(built, pods=Believes.FORGED) == [(50, Severity.WARNING)]


def test_own_network_of_nobody() -> None:
    assert _own(_relay(), internet=Believes.FORGED) == []


@pytest.mark.parametrize(
    "built", [_relay("192.168.7.0/24", is_active=Tri.NO), _relay("192.168.7.0/24", use=TrustUse.PROXY)]
)
def test_own_network_that_grants_nothing(built: HopGraph) -> None:
    assert _own(built, honest=Believes.HOP, internet=Believes.FORGED) == []


def test_own_network_with_the_address_kept() -> None:
    assert _own(_relay("192.168.7.0/24"), honest=Believes.CLIENT) == []


@pytest.mark.parametrize(("sends", "expected"), [(Wire.V2, [51]), (Wire.NONE, [])])
def test_own_network_judges_the_address_that_the_header_carries_on(sends: Wire, expected: list[int]) -> None:
    own = g.trust("192.168.7.0/24", use=TrustUse.RELAY)
    edge = g.hop("edge", Role.EDGE)
    entry = g.listener(edge)
    server = g.listener(g.hop(), proxy=g.ANYONE, own_networks=(own,))
    first, last = g.link(None, entry, source=Rewrite.NODE), g.link(edge, server, sends)
    built = g.graph(entry, server, routes=[Route(g.door(first), (first, last))], networks=NODES | PODS)
    assert [line for line, _ in _own(built, honest=Believes.HOP)] == expected
