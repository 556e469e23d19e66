"""Policies that keep too many or too few out, and values that are elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import HopGraph, Role, Route, ValueGap
from truehop.rules.base import Rule, Severity
from truehop.rules.catalogue import all_rules

from . import graphs as g

EDGE = g.hop("edge", Role.EDGE)
SERVER = g.listener(g.hop())


# --- policy-blocks-hop ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("admitted", "expected"),
    [
        (Fact(Tri.NO, g.at(77), origin="closed"), [(77, None)]),
        (Fact(Tri.NO, g.at(77), Basis.ASSUMED, "closed"), [(77, Severity.WARNING)]),
        (Fact(Tri.NO), [(30, None)]),
        (Fact(Tri.NO, basis=Basis.UNKNOWN), []),
        (Fact(Tri.UNKNOWN), []),
        (Fact(Tri.YES), []),
    ],
)
def test_a_policy_in_the_way(admitted: Fact[Tri], expected: list[tuple[int, Severity | None]]) -> None:
    way = g.link(EDGE, SERVER, admitted=admitted)
    built = g.graph(SERVER, links=[way], routes=[Route(g.door(way), (way,))])
    found = g.reports("policy-blocks-hop", built)
    assert [(report.at.line, report.severity) for report in found] == expected
    assert all(report.routes == tuple(built.routes) for report in found)


def test_a_policy_in_the_way_of_strangers_does_its_work() -> None:
    way = g.link(None, SERVER, admitted=Fact(Tri.NO, g.at(77)))
    assert g.reports("policy-blocks-hop", g.graph(SERVER, links=[way])) == []


# --- policy-missing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_selected", "role", "expected"),
    [
        (Tri.NO, Role.MTA, [1]),
        (Tri.NO, Role.MDA, [1]),
        (Tri.NO, Role.WEB, [1]),
        (Tri.NO, Role.EDGE, []),
        (Tri.NO, Role.OTHER, []),
        (Tri.YES, Role.MTA, []),
        (Tri.UNKNOWN, Role.MTA, []),
    ],
)
def test_a_mail_server_without_a_policy(is_selected: Tri, role: Role, expected: list[int]) -> None:
    admitted = g.admission(is_selected=is_selected)
    assert g.lines("policy-missing", g.graph(g.listener(g.hop("x", role), admission=admitted))) == expected


def test_a_mail_server_is_told_once_with_all_its_listeners_and_routes() -> None:
    server, admitted = g.hop(), g.admission(is_selected=Tri.NO)
    smtp, submission = (g.listener(server, port, line=port, admission=admitted) for port in (25, 58))
    way = g.link(None, smtp)
    built = g.graph(smtp, submission, routes=[Route(g.door(way), (way,))])
    (report,) = g.reports("policy-missing", built)
    assert [place.line for place, _ in report.related] == [25, 58]
    assert report.routes == tuple(built.routes)
    assert report.rests_on_absence


def test_a_mail_server_without_a_place_or_a_pod_is_not_told() -> None:
    placeless = replace(g.hop(), at=None)
    built = g.graph(g.listener(placeless, admission=g.admission(is_selected=Tri.NO)), g.listener(g.hop("y")))
    assert g.reports("policy-missing", built) == []


# --- input ------------------------------------------------------------------------------------------


def test_a_value_that_is_elsewhere() -> None:
    built = HopGraph(gaps=[ValueGap("SWITCH", g.at(3), "ConfigMap mail/env, key SWITCH")])
    (report,) = g.reports("value-unknown", built)
    assert (report.at.line, report.severity) == (3, None)
    assert report.message.startswith("SWITCH comes from ConfigMap mail/env, key SWITCH")


LOADED = [rule for rule in all_rules() if rule.group == "input" and rule.id != "value-unknown"]


@pytest.mark.parametrize("rule", LOADED, ids=lambda rule: rule.id)
def test_what_the_loader_tells_no_graph_does(rule: Rule) -> None:
    assert g.reports(rule.id, HopGraph()) == []
    assert not rule.reads
