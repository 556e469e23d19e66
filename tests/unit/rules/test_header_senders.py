"""What a sender puts on the wire, and what the receiver wants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import Front, HeaderPolicy, Route, Serves, Wire
from truehop.model.walk import Believes
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import EDGE, one_way, routed

# --- header-unexpected ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxy", "sends", "more", "expected"),
    [
        (g.OFF, Wire.V2, {}, [20]),
        (g.OFF, Wire.V2, {"line": None}, [40]),
        (replace(g.OFF, at=None), Wire.V1, {"line": None}, [30]),
        (g.OFF, Wire.NONE, {}, []),
        (g.OFF, Wire.XFF, {}, []),
        (g.OFF, Wire.V2, {"basis": Basis.UNKNOWN}, []),
        (g.ANYONE, Wire.V2, {}, []),
    ],
)
def test_unexpected(proxy: HeaderPolicy, sends: Wire, more: dict[str, object], expected: list[int]) -> None:
    assert g.lines("header-unexpected", one_way(proxy, sends, **more)) == expected


def test_unexpected_that_rests_on_a_guess_is_a_warning() -> None:
    (report,) = g.reports("header-unexpected", one_way(g.OFF, Wire.V2, basis=Basis.ASSUMED))
    assert report.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("serves", "expected"), [(Serves.TCP, Severity.WARNING), (Serves.HTTP, None)]
)  # fmt: skip
def test_unexpected_at_an_entry_that_leads_nowhere_known(serves: Serves, expected: Severity | None) -> None:
    entry = g.listener(EDGE, serves=serves)
    built = g.graph(entry, links=[g.link(g.front().hop, entry, Wire.V2)])
    assert [report.severity for report in g.reports("header-unexpected", built)] == [expected]


def test_unexpected_header_that_is_passed_on_to_who_reads_it() -> None:
    entry, server = g.listener(EDGE, serves=Serves.TCP), g.listener(g.hop(), proxy=g.ANYONE)
    built = routed(g.graph(entry, links=[g.link(g.front().hop, entry, Wire.V2), g.link(EDGE, server)]))
    heard = g.believing(built.routes, honest=Believes.CLIENT)
    assert g.lines("header-unexpected", built, heard) == []
    assert g.lines("header-missing", built, heard) == []
    refused = g.believing(built.routes)
    assert [found.severity for found in g.reports("header-unexpected", built, refused)] == [None]


def test_unexpected_at_one_place_for_several_ports_is_one_report() -> None:
    front = g.front(Wire.V2).hop
    entries = [g.listener(EDGE, port, serves=Serves.HTTPS, line=port) for port in (80, 443)]
    built = g.graph(*entries, links=[g.link(front, entry, Wire.V2) for entry in entries])
    (report,) = g.reports("header-unexpected", built)
    assert {80, 443} <= {place.line for place, _ in report.related}


def test_unexpected_at_a_side_door() -> None:
    server = g.listener(g.hop())
    built = g.graph(server, doors=[g.door(g.link(None, server, Wire.V2), is_side=True)])
    assert g.lines("header-unexpected", built) == []


# --- header-missing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxy", "sends", "more", "expected"),
    [
        (g.ANYONE, Wire.NONE, {}, [20]),
        (g.ANYONE, Wire.NONE, {"line": None}, [40]),
        (replace(g.ANYONE, at=None), Wire.NONE, {"line": None}, [30]),
        (g.ANYONE, Wire.V2, {}, []),
        (g.ANYONE, Wire.NONE, {"basis": Basis.UNKNOWN}, []),
        (g.ANYONE, Wire.NONE, {"bad_version": "3"}, []),
        (g.ANYONE, Wire.NONE, {"is_client": True}, []),
        (g.OFF, Wire.NONE, {}, []),
        (g.entry_policy(), Wire.NONE, {}, [20]),
        (g.entry_policy(absent="works"), Wire.NONE, {}, []),
        (g.entry_policy(absent="refused"), Wire.NONE, {}, [20]),
    ],
)
def test_missing(proxy: HeaderPolicy, sends: Wire, more: dict[str, object], expected: list[int]) -> None:
    assert g.lines("header-missing", one_way(proxy, sends, **more)) == expected


def test_missing_where_the_client_speaks_first_is_no_stall() -> None:
    server = g.listener(g.hop(), 993, g.entry_policy(), Serves.IMAPS)
    assert g.lines("header-missing", g.graph(server, links=[g.link(EDGE, server)])) == []


def test_missing_says_how_long_a_server_waits() -> None:
    timed, untimed = g.entry_policy(), replace(g.entry_policy(), stall_seconds=None)
    assert "waits 60 s for one" in g.reports("header-missing", one_way(timed, Wire.NONE))[0].message
    assert "waits for one" in g.reports("header-missing", one_way(untimed, Wire.NONE))[0].message


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (g.front(can_send=Tri.YES), None),
        (g.front(can_send=Tri.NO), Severity.WARNING),
        (g.front(can_send=Tri.NO, is_declared=True), None),
        (None, Severity.WARNING),
    ],
)
def test_missing_at_the_door_weighs_who_may_stand_before_it(
    before: Front | None, expected: Severity | None
) -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    way = g.link(before.hop if before else None, server)
    (report,) = g.reports("header-missing", g.graph(server, doors=[g.door(way, before=before)]))
    assert report.severity is expected


def test_missing_stands_at_the_fronts_setting_where_the_input_holds_it() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    way = replace(g.link(g.front().hop, server), sends=Fact(Wire.NONE, g.at(17)))
    assert g.lines("header-missing", g.graph(server, links=[way])) == [17]


def test_missing_before_a_sender_without_a_door() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    (report,) = g.reports("header-missing", g.graph(server, links=[g.link(None, server)]))
    assert report.severity is Severity.WARNING


def test_missing_at_a_side_door() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    built = g.graph(server, doors=[g.door(g.link(None, server), is_side=True)])
    assert g.lines("header-missing", built) == []


@pytest.mark.parametrize(("is_served", "expected"), [(True, [40]), (False, [])])
def test_missing_at_an_entry_counts_where_routes_use_it(is_served: bool, expected: list[int]) -> None:
    entry = g.listener(EDGE, proxy=g.entry_policy())
    other = g.listener(EDGE, 26)
    way = g.link(g.front().hop, entry)
    routes = [g.router(EDGE, entry if is_served else other)]
    assert g.lines("header-missing", g.graph(entry, other, links=[way], routers=routes)) == expected


# --- header-family-refused --------------------------------------------------------------------------

BOTH: Fact[tuple[int, ...] | None] = Fact((4, 6), g.at(5))
FOUR: Fact[tuple[int, ...] | None] = Fact((4,), g.at(6))
UNKNOWN: Fact[tuple[int, ...] | None] = Fact(None, basis=Basis.UNKNOWN)


@pytest.mark.parametrize(
    ("inside", "outside", "sends", "expected"),
    [
        (FOUR, BOTH, Wire.V2, [6]),
        (replace(FOUR, at=None), replace(BOTH, at=None), Wire.V2, [30]),
        (FOUR, FOUR, Wire.V2, []),
        (BOTH, BOTH, Wire.V2, []),
        (FOUR, BOTH, Wire.NONE, []),
        (FOUR, UNKNOWN, Wire.V2, []),
        (UNKNOWN, BOTH, Wire.V2, []),
        (Fact(None), BOTH, Wire.V2, []),
        (FOUR, Fact(None), Wire.V2, []),
    ],
)
def test_family_refused(
    inside: Fact[tuple[int, ...] | None],
    outside: Fact[tuple[int, ...] | None],
    sends: Wire,
    expected: list[int],
) -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE, families=inside)
    way = g.link(EDGE, server, sends)
    built = g.graph(server, routes=[Route(g.door(way, families=outside), (way,))])
    assert g.lines("header-family-refused", built, g.believing(built.routes)) == expected


# --- header-version ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "sends", "more", "expected"),
    [
        ((Wire.V1, Wire.V2), Wire.V2, {}, []),
        ((Wire.V1,), Wire.V2, {}, [20]),
        ((Wire.V1,), Wire.V2, {"line": None}, [40]),
        ((), Wire.V2, {}, [20]),
        ((Wire.V1,), Wire.V1, {}, []),
        ((Wire.V1, Wire.V2), Wire.NONE, {"bad_version": "3"}, [20]),
    ],
)
def test_version(
    versions: tuple[Wire, ...], sends: Wire, more: dict[str, object], expected: list[int]
) -> None:
    assert g.lines("header-version", one_way(g.policy(versions=versions), sends, **more)) == expected


# --- header-lost-by-version -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sends", "line", "expected"),
    [
        (Fact("3.5.2 sends its own", g.at(17)), Wire.V2, 20, [17]),
        (Fact("3.5.2 sends its own"), Wire.V2, 20, [20]),
        (Fact("3.5.2 sends its own"), Wire.V2, None, [30]),
        (Fact("3.5.2 sends its own", g.at(17)), Wire.NONE, 20, []),
        (None, Wire.V2, 20, []),
    ],
)
def test_lost_by_version(wrong: Fact[str] | None, sends: Wire, line: int | None, expected: list[int]) -> None:
    assert g.lines("header-lost-by-version", one_way(g.ANYONE, sends, corrupts=wrong, line=line)) == expected
