"""What servers record, and who can choose it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Tri
from truehop.model.hops import AddressUse, HopGraph, Role, Route, Serves, TrustUse
from truehop.model.walk import Believes, Walker, Walks
from truehop.rules.base import Confidence, Severity

from . import graphs as g

SERVER = g.listener(g.hop())


def _routed() -> tuple[HopGraph, Route]:
    way = g.link(None, SERVER)
    entrance = g.door(way)
    route = Route(entrance, (way,))
    return g.graph(SERVER, links=[way], doors=[entrance], routes=[route]), route


def _changed(walks: Walks, route: Route, walker: Walker, **change: object) -> Walks:
    walk = replace(walks.of(route, walker), **change)  # type: ignore[arg-type]
    if walker is Walker.HONEST:
        walks.honest[route.key] = walk
    else:
        walks.forgers[route.key, walker] = walk
    return walks


# --- address-lost -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [Believes.CLIENT, Believes.REFUSED, Believes.UNKNOWN])
def test_only_a_hops_address_is_lost(end: Believes) -> None:
    built, route = _routed()
    assert g.reports("address-lost", built, g.believing([route], honest=end)) == []


@pytest.mark.parametrize(
    ("basis", "severity", "confidence"),
    [
        (Basis.STATED, None, Confidence.HIGH),
        (Basis.DEFAULT, None, Confidence.HIGH),
        (Basis.ASSUMED, Severity.WARNING, Confidence.MEDIUM),
        (Basis.UNKNOWN, Severity.WARNING, Confidence.MEDIUM),
    ],
)
def test_a_loss_that_rests_on_a_guess_is_a_warning(
    basis: Basis, severity: Severity | None, confidence: Confidence
) -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], honest=Believes.HOP), route, Walker.HONEST, basis=basis)
    (report,) = g.reports("address-lost", built, walks)
    assert (report.severity, report.confidence, report.routes) == (severity, confidence, (route,))


def test_a_loss_without_a_place_of_its_own_is_told_at_the_door() -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], honest=Believes.HOP), route, Walker.HONEST, turned_at=None)
    assert g.lines("address-lost", built, walks) == [route.door.at.line]


def test_a_loss_that_rests_on_an_absence_says_so() -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], honest=Believes.HOP), route, Walker.HONEST, rests_on_absence=True)
    assert [report.rests_on_absence for report in g.reports("address-lost", built, walks)] == [True]


# --- address-forgeable ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "severity"),
    [(Basis.STATED, None), (Basis.ASSUMED, Severity.WARNING), (Basis.UNKNOWN, Severity.WARNING)],
)
def test_a_forgery_that_rests_on_a_guess_is_a_warning(basis: Basis, severity: Severity | None) -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], internet=Believes.FORGED), route, Walker.INTERNET, basis=basis)
    (report,) = g.reports("address-forgeable", built, walks)
    assert (report.severity, report.at.line, report.routes) == (severity, 80, (route,))


@pytest.mark.parametrize("end", [Believes.CLIENT, Believes.HOP, Believes.REFUSED, Believes.UNKNOWN])
def test_only_a_certain_forgery_is_told(end: Believes) -> None:
    built, route = _routed()
    assert g.reports("address-forgeable", built, g.believing([route], internet=end)) == []


def test_a_forgery_without_a_place_of_its_own_is_told_at_the_door() -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], internet=Believes.FORGED), route, Walker.INTERNET, turned_at=None)
    assert g.lines("address-forgeable", built, walks) == [route.door.at.line]


# --- address-forgeable-inside -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("walker", "who"),
    [
        ("namespace", "another pod of its namespace"),
        ("pods", "a pod of another namespace"),
        ("nodes", "whoever comes in by a node's address"),
    ],
)
def test_the_forger_inside_is_named(walker: str, who: str) -> None:
    built, route = _routed()
    (report,) = g.reports(
        "address-forgeable-inside", built, g.believing([route], **{walker: Believes.FORGED})
    )
    assert report.message.startswith(f"{who} chooses the address")
    assert (report.severity, report.routes) == (None, (route,))


def test_the_forger_outside_is_another_rules() -> None:
    built, route = _routed()
    assert g.reports("address-forgeable-inside", built, g.believing([route], internet=Believes.FORGED)) == []


def test_a_forgery_inside_without_a_place_is_told_at_the_listener() -> None:
    built, route = _routed()
    walks = _changed(g.believing([route], pods=Believes.FORGED), route, Walker.PODS, turned_at=None)
    assert g.lines("address-forgeable-inside", built, walks) == [SERVER.at.line]


# --- ban-hits-proxy ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "expected"), [(Believes.HOP, [44]), (Believes.CLIENT, []), (Believes.UNKNOWN, [])]
)
def test_a_judgement_by_address_where_it_is_lost(end: Believes, expected: list[int]) -> None:
    built, route = _routed()
    other = g.listener(g.hop("other"), 587)
    built.address_uses += [
        AddressUse("a limit", g.at(44), (SERVER,)),
        AddressUse("another's", g.at(45), (other,)),
    ]
    assert g.lines("ban-hits-proxy", built, g.believing([route], honest=end)) == expected


# --- forwarded-trust-shadowed -----------------------------------------------------------------------


def _entry(*texts: str, decodes: bool = True, is_active: Tri = Tri.YES, has_list: bool = True) -> HopGraph:
    forwarded = g.trust(*texts, line=60, use=TrustUse.FORWARDED, is_active=is_active) if has_list else None
    entry = g.listener(
        g.hop("edge", Role.EDGE),
        443,
        g.entry_policy(g.trust("192.0.2.10")) if decodes else g.OFF,
        Serves.TCP,
        forwarded=g.entry_policy(forwarded),
    )
    return g.graph(entry)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (_entry("10.0.0.0/8"), [60]),
        (_entry("10.0.0.0/8", decodes=False), []),
        (_entry("10.0.0.0/8", is_active=Tri.NO), []),
        (_entry("10.0.0.0/8", is_active=Tri.UNKNOWN), [60]),
        (_entry("0.0.0.0/0"), []),
        (_entry("*"), []),
        (_entry(), []),
        (_entry(has_list=False), []),
        (g.graph(SERVER), []),
    ],
    ids=["both", "no-proxy", "inert", "may-be-inert", "everyone", "word", "empty", "no-list", "no-web"],
)
def test_a_forwarded_list_behind_a_proxy_header(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("forwarded-trust-shadowed", built) == expected


def test_published_networks_stand_before_the_balancer() -> None:
    built = _entry("173.245.48.0/20")
    built.networks.other["cdn:some"] = AddressSet.parse("173.245.48.0/20", "103.21.244.0/22")
    assert g.lines("forwarded-trust-shadowed", built) == []
    built.networks.other = {"office": AddressSet.parse("173.245.48.0/20")}
    assert g.lines("forwarded-trust-shadowed", built) == [60]
