"""The header rules over graphs made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import (
    Admission,
    Backend,
    DoorKind,
    Effect,
    Front,
    Header,
    HeaderPolicy,
    Hop,
    HopGraph,
    Link,
    Listener,
    Probe,
    Role,
    Route,
    Serves,
    Switch,
    Untrusted,
    Wire,
)
from truehop.model.walk import Believes
from truehop.rules.base import Severity

from . import graphs as g

EDGE = g.hop("edge", Role.EDGE)
WEB = g.hop("web", Role.WEB)


def _way(proxy: HeaderPolicy, sends: Wire, **more: object) -> HopGraph:
    """One edge and one server, and the link between them."""
    server = g.listener(g.hop(), proxy=proxy)
    return g.graph(server, links=[g.link(EDGE, server, sends, **more)])  # type: ignore[arg-type]


def _routed(built: HopGraph) -> HopGraph:
    """The same graph with a door before its first link and a route over all of them."""
    first = built.links[0]
    entry_door = g.door(first)
    built.doors.append(entry_door)
    built.routes.append(Route(entry_door, tuple(built.links)))
    return built


# --- header-unexpected ---------------------------------------------------------------------------


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
    assert g.lines("header-unexpected", _way(proxy, sends, **more)) == expected


def test_unexpected_that_rests_on_a_guess_is_a_warning() -> None:
    (report,) = g.reports("header-unexpected", _way(g.OFF, Wire.V2, basis=Basis.ASSUMED))
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
    built = _routed(g.graph(entry, links=[g.link(g.front().hop, entry, Wire.V2), g.link(EDGE, server)]))
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


# --- header-missing ------------------------------------------------------------------------------


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
    assert g.lines("header-missing", _way(proxy, sends, **more)) == expected


def test_missing_where_the_client_speaks_first_is_no_stall() -> None:
    server = g.listener(g.hop(), 993, g.entry_policy(), Serves.IMAPS)
    assert g.lines("header-missing", g.graph(server, links=[g.link(EDGE, server)])) == []


def test_missing_says_how_long_a_server_waits() -> None:
    timed, untimed = g.entry_policy(), replace(g.entry_policy(), stall_seconds=None)
    assert "waits 60 s for one" in g.reports("header-missing", _way(timed, Wire.NONE))[0].message
    assert "waits for one" in g.reports("header-missing", _way(untimed, Wire.NONE))[0].message


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


def test_missing_before_a_sender_without_a_door() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    (report,) = g.reports("header-missing", g.graph(server, links=[g.link(None, server)]))
    assert report.severity is Severity.WARNING


def test_missing_at_a_side_door() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    built = g.graph(server, doors=[g.door(g.link(None, server), is_side=True)])
    assert g.lines("header-missing", built) == []


@pytest.mark.parametrize(("is_served", "expected"), [(True, [20]), (False, [])])
def test_missing_at_an_entry_counts_where_routes_use_it(is_served: bool, expected: list[int]) -> None:
    entry = g.listener(EDGE, proxy=g.entry_policy())
    other = g.listener(EDGE, 26)
    way = g.link(g.front().hop, entry)
    routes = [g.router(EDGE, entry if is_served else other)]
    assert g.lines("header-missing", g.graph(entry, other, links=[way], routers=routes)) == expected


# --- header-family-refused -----------------------------------------------------------------------

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


# --- header-version ------------------------------------------------------------------------------


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
    assert g.lines("header-version", _way(g.policy(versions=versions), sends, **more)) == expected


# --- header-flags-differ -------------------------------------------------------------------------


def _ports(*proxies: HeaderPolicy, serves: tuple[Serves, ...] = ()) -> HopGraph:
    server = g.hop()
    kinds = serves or (Serves.SMTP, Serves.SUBMISSION, Serves.SUBMISSIONS, Serves.SIEVE)
    return g.graph(
        *(
            g.listener(server, 25 + index, replace(proxy, at=g.at(40 + index)), kinds[index])
            for index, proxy in enumerate(proxies)
        )
    )


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [
        ([g.ANYONE, g.OFF, g.ANYONE], [41]),
        ([g.OFF, g.ANYONE, g.OFF], [41]),
        ([g.ANYONE, g.OFF], [41]),
        ([g.OFF, g.ANYONE], [40]),
        ([g.ANYONE, g.ANYONE], []),
        ([g.OFF, g.OFF], []),
        ([g.ANYONE, g.policy(Header.NEVER, basis=Basis.UNKNOWN)], []),
        ([g.ANYONE, g.ANYONE, g.ANYONE, g.OFF], []),
    ],
)
def test_flags_differ_at_the_minority_and_on_a_tie_at_those_off(
    proxies: list[HeaderPolicy], expected: list[int]
) -> None:
    assert g.lines("header-flags-differ", _ports(*proxies)) == expected


def test_flags_differ_not_for_a_plain_twin_of_the_same_protocol() -> None:
    built = _ports(g.ANYONE, g.OFF, serves=(Serves.SMTP, Serves.SMTP))
    assert g.lines("header-flags-differ", built) == []


def test_flags_differ_among_the_ports_that_routes_reach_from_one_sender() -> None:
    built = _ports(g.ANYONE, g.OFF, g.OFF)
    first, second, _ = built.listeners
    for server in (first, second):
        way = g.link(EDGE, server)
        built.routes.append(Route(g.door(way), (way,)))
    assert g.lines("header-flags-differ", built, g.believing(built.routes)) == [41]
    heard = g.believing(built.routes, honest=Believes.CLIENT)
    assert g.lines("header-flags-differ", built, heard) == []


def test_flags_differ_looks_at_mail_ports_of_a_route_only() -> None:
    entry = g.listener(EDGE, proxy=g.entry_policy(), serves=Serves.TCP)
    server = g.listener(g.hop(), proxy=g.ANYONE)
    ways = (g.link(None, entry), g.link(EDGE, server))
    built = g.graph(entry, server, routes=[Route(g.door(ways[0]), ways)])
    assert g.lines("header-flags-differ", built, g.believing(built.routes)) == []


def test_flags_differ_not_between_ports_of_different_senders() -> None:
    built = _ports(g.ANYONE, g.OFF)
    for server, sender in zip(built.listeners, (EDGE, None), strict=True):
        way = g.link(sender, server)
        built.routes.append(Route(g.door(way), (way,)))
    assert g.lines("header-flags-differ", built, g.believing(built.routes)) == []


# --- header-on-unused-entry ----------------------------------------------------------------------


def _entries() -> tuple[HopGraph, Listener, Listener]:
    used = g.listener(EDGE, 25, g.entry_policy(), Serves.SMTP, 30)
    idle = g.listener(EDGE, 993, replace(g.entry_policy(), at=g.at(41)), Serves.IMAPS, 31)
    return g.graph(used, idle, routers=[g.router(EDGE, used)]), used, idle


def test_unused_entry() -> None:
    built, _, _ = _entries()
    assert g.lines("header-on-unused-entry", built) == [41]


def test_unused_entry_needs_a_mail_route_of_that_edge() -> None:
    built, used, _ = _entries()
    built.routers = [g.router(g.hop("other", Role.EDGE), used), g.router(EDGE, used, protocol="http")]
    assert g.lines("header-on-unused-entry", built) == []


def test_unused_entry_knows_a_mail_route_by_what_is_behind_it() -> None:
    built, used, _ = _entries()
    server = g.listener(g.hop())
    plain = replace(used, serves=Fact(Serves.TCP))
    backend = Backend(ObjectRef("Service", "mta"), "25", g.at(60), (server,))
    built.listeners[0] = plain
    built.routers = [replace(g.router(EDGE, plain), backends=(backend,))]
    assert g.lines("header-on-unused-entry", built) == [41]


def test_unused_entry_right_behind_a_balancer_that_sends_the_header() -> None:
    built, _, idle = _entries()
    built.links = [g.link(g.front().hop, idle, Wire.V2)]
    assert g.lines("header-on-unused-entry", built) == []


def test_entries_that_are_off_and_servers_are_no_unused_entries() -> None:
    built, used, idle = _entries()
    built.listeners = [used, replace(idle, proxy=g.OFF), g.listener(g.hop(), proxy=g.ANYONE)]
    assert g.lines("header-on-unused-entry", built) == []


@pytest.mark.parametrize(
    ("before", "sends", "basis", "is_side", "expected"),
    [
        (g.front(), Wire.NONE, Basis.STATED, False, [41]),
        (g.front(can_send=Tri.NO, is_declared=True), Wire.NONE, Basis.STATED, False, [41]),
        (g.front(can_send=Tri.NO), Wire.NONE, Basis.STATED, False, []),
        (g.front(), Wire.NONE, Basis.ASSUMED, False, []),
        (g.front(), Wire.V2, Basis.STATED, False, []),
        (None, Wire.NONE, Basis.STATED, False, []),
        (g.front(), Wire.NONE, Basis.STATED, True, []),
    ],
)
def test_entry_whose_front_sends_none(
    before: Front | None, sends: Wire, basis: Basis, is_side: bool, expected: list[int]
) -> None:
    _, _, entry = _entries()
    way = g.link(before.hop if before else None, entry, sends, basis=basis)
    built = g.graph(
        entry, routers=[g.router(EDGE, entry)], doors=[g.door(way, before=before, is_side=is_side)]
    )
    assert g.lines("header-on-unused-entry", built) == expected


def test_entry_whose_front_sends_none_to_a_server_first_port_is_the_graver_rules() -> None:
    _, used, _ = _entries()
    before = g.front()
    built = g.graph(
        used, routers=[g.router(EDGE, used)], doors=[g.door(g.link(before.hop, used), before=before)]
    )
    assert g.lines("header-on-unused-entry", built) == []
    assert g.lines("header-missing", built) == [20]


def test_unused_entry_without_a_name_or_a_switch_of_its_own() -> None:
    built, _, idle = _entries()
    built.listeners[1] = replace(idle, name="", proxy=replace(idle.proxy, at=None))
    (report,) = g.reports("header-on-unused-entry", built)
    assert report.at.line == 31
    assert report.message.startswith("entry :993 of")


# --- switches ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "effects"),
    [
        ("header-switch-ignored", {Effect.IGNORED}),
        ("header-source-conflict", {Effect.CANCELLED, Effect.UNSTABLE}),
        ("header-parameter-place", {Effect.MISPLACED}),
    ],
)
def test_switches_by_effect(rule: str, effects: set[Effect]) -> None:
    built = g.graph()
    built.switches = [
        Switch("SWITCH", "yes", g.at(10 + index), effect, "it is so") for index, effect in enumerate(Effect)
    ]
    expected = [10 + index for index, effect in enumerate(Effect) if effect in effects]
    assert g.lines(rule, built) == expected


def test_a_switch_tells_its_value_its_program_and_the_other_setting() -> None:
    server = g.listener(g.hop())
    way = g.link(None, server)
    route = Route(g.door(way), (way,))
    built = g.graph(server, routes=[route])
    switch = Switch(
        "SWITCH", "yes", g.at(10), Effect.IGNORED, "only true counts", "true", g.at(11), server.hop
    )
    built.switches = [switch]
    (report,) = g.reports("header-switch-ignored", built, g.believing([route]))
    assert report.message == "SWITCH: yes at Deployment mail/mta does nothing: only true counts"
    assert report.help == "write true"
    assert report.routes == (route,)
    assert [place.line for place, _ in report.related] == [11]
    built.switches = [
        replace(switch, value="", hop=None, instead="", listeners=(server,), basis=Basis.ASSUMED)
    ]
    (report,) = g.reports("header-switch-ignored", built, g.believing([route]))
    assert (report.message, report.help) == ("SWITCH does nothing: only true counts", "")
    assert (report.severity, report.routes) == (Severity.WARNING, (route,))


# --- header-unguarded ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("admitted", "expected"),
    [
        (g.admission(internet=Tri.YES, pods=Tri.YES), [(73, Severity.ERROR, False)]),
        (g.admission(pods=Tri.YES, namespace=Tri.YES), [(72, Severity.ERROR, False)]),
        (g.admission(namespace=Tri.YES), [(71, Severity.WARNING, False)]),
        (g.admission(is_selected=Tri.NO, pods=Tri.YES), [(75, Severity.WARNING, True)]),
        (g.admission(), []),
        (g.admission(pods=Tri.YES, basis=Basis.UNKNOWN), []),
        (g.admission(pods=Tri.YES, undecided_by=("CiliumNetworkPolicy",)), []),
        (None, []),
    ],
)
def test_unguarded_by_policy(admitted: Admission | None, expected: list[tuple[int, Severity, bool]]) -> None:
    built = g.graph(g.listener(g.hop(), proxy=g.ANYONE, admission=admitted))
    found = g.reports("header-unguarded", built)
    assert [(report.at.line, report.severity, report.rests_on_absence) for report in found] == expected


@pytest.mark.parametrize(
    ("owner", "proxy", "serves"),
    [
        (EDGE, g.ANYONE, Serves.SMTP),
        (WEB, g.ANYONE, Serves.HTTP),
        (g.hop(), g.OFF, Serves.SMTP),
        (g.hop(), g.policy(trusts=g.trust("10.0.0.1")), Serves.SMTP),
        (g.hop(), g.policy(), Serves.SMTP),
    ],
)
def test_unguarded_is_about_servers_that_believe_anyone(
    owner: Hop, proxy: HeaderPolicy, serves: Serves
) -> None:
    built = g.graph(g.listener(owner, proxy=proxy, serves=serves, admission=g.admission(internet=Tri.YES)))
    assert g.lines("header-unguarded", built) == []


@pytest.mark.parametrize(
    ("sends", "is_side", "basis", "expected"),
    [
        (Wire.NONE, False, Basis.STATED, [Severity.ERROR]),
        (Wire.NONE, False, Basis.ASSUMED, [Severity.WARNING]),
        (Wire.NONE, False, Basis.UNKNOWN, []),
        (Wire.V2, False, Basis.STATED, []),
        (Wire.V2, True, Basis.STATED, [Severity.ERROR]),
    ],
)
def test_unguarded_by_a_door(sends: Wire, is_side: bool, basis: Basis, expected: list[Severity]) -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    other = g.link(None, g.listener(WEB, 8080, serves=Serves.HTTP))
    opened = g.door(g.link(None, server, sends, basis=basis), other, is_side=is_side, kind=DoorKind.NODE_PORT)
    found = g.reports("header-unguarded", g.graph(server, doors=[opened]))
    assert [report.severity for report in found] == expected


def test_unguarded_door_that_a_policy_closes() -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE)
    opened = g.door(g.link(None, server, admitted=Fact(Tri.NO, g.at(70))))
    assert g.lines("header-unguarded", g.graph(server, doors=[opened])) == []


# --- header-breaks-client ------------------------------------------------------------------------


def _client(proxy: HeaderPolicy, sends: Wire = Wire.NONE, **more: object) -> HopGraph:
    server = g.listener(g.hop("mda", Role.MDA), 143, proxy, Serves.IMAP)
    return g.graph(server, links=[g.link(WEB, server, sends, is_client=True, **more)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (_client(g.ANYONE), [20]),
        (_client(g.ANYONE, line=None), [40]),
        (_client(g.entry_policy(absent="refused")), [20]),
        (_client(g.entry_policy()), []),
        (_client(g.OFF), []),
        (_client(g.ANYONE, Wire.V2), []),
        (_client(g.ANYONE, basis=Basis.UNKNOWN), []),
        (_client(g.ANYONE, public_name="mail.example.com"), []),
        (_way(g.ANYONE, Wire.NONE), []),
        (_client(replace(g.ANYONE, at=None), line=None), [30]),
    ],
)
def test_breaks_client(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("header-breaks-client", built) == expected


# --- header-withheld -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "serves", "expected"),
    [
        (Fact(Tri.YES, g.at(15)), Serves.SMTP, [15]),
        (Fact(Tri.YES), Serves.SMTP, [20]),
        (Fact(Tri.YES, g.at(15)), Serves.IMAPS, []),
        (Fact(Tri.NO), Serves.SMTP, []),
        (Fact(Tri.YES, basis=Basis.UNKNOWN), Serves.SMTP, []),
    ],
)
def test_withheld(held: Fact[Tri], serves: Serves, expected: list[int]) -> None:
    server = g.listener(g.hop(), proxy=g.ANYONE, serves=serves)
    way = g.link(g.front().hop, server, Wire.V2, withholds=held)
    assert g.lines("header-withheld", g.graph(server, links=[way])) == expected


def test_withheld_looks_for_the_server_at_the_end_of_the_route() -> None:
    entry, server = g.listener(EDGE, serves=Serves.TCP), g.listener(g.hop())
    first = g.link(None, entry, Wire.V2, withholds=Fact(Tri.YES, g.at(15)))
    built = _routed(g.graph(entry, links=[first, g.link(EDGE, server, Wire.V2)]))
    assert g.lines("header-withheld", built, g.believing(built.routes)) == [15]


# --- header-breaks-probe -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxy", "speaks", "sends", "form", "expected"),
    [
        (g.ANYONE, True, Wire.NONE, "", True),
        (g.ANYONE, False, Wire.NONE, "", False),
        (g.OFF, True, Wire.NONE, "", False),
        (g.entry_policy(), True, Wire.NONE, "", False),
        (g.OFF, True, Wire.V2, "LOCAL", True),
        (g.policy(refused_forms=("UNKNOWN",)), True, Wire.V1, "UNKNOWN", True),
        (g.policy(refused_forms=("UNKNOWN",)), True, Wire.V2, "LOCAL", False),
        (g.ANYONE, True, Wire.V2, "", False),
        (g.policy(basis=Basis.UNKNOWN), True, Wire.NONE, "", False),
    ],
)
def test_breaks_probe(proxy: HeaderPolicy, speaks: bool, sends: Wire, form: str, expected: bool) -> None:
    server = g.listener(g.hop(), proxy=proxy)
    built = g.graph(server)
    built.probes = [Probe(g.at(16), server, "readiness probe", speaks, Fact(sends), form)]
    assert g.lines("header-breaks-probe", built) == [16] * expected


# --- header-hairpin ------------------------------------------------------------------------------


def _hairpin(
    proxy: HeaderPolicy,
    before: Front | None,
    serves: Serves = Serves.IMAP,
    *,
    is_side: bool = False,
    is_workaround: bool = False,
) -> HopGraph:
    entry = g.listener(EDGE, 143, proxy, serves)
    way: Link = g.link(WEB, entry, is_client=True, public_name="mail.example.com")
    into = g.link(before.hop if before else None, entry, Wire.V2)
    return g.graph(
        entry, links=[way], doors=[g.door(into, before=before, is_side=is_side, is_workaround=is_workaround)]
    )


SENDS = g.front(Wire.V2)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (_hairpin(g.entry_policy(), SENDS), [20]),
        (_hairpin(g.policy(untrusted=Untrusted.STRIPPED), SENDS, Serves.IMAPS), [20]),
        (_hairpin(g.entry_policy(), SENDS, Serves.IMAPS), []),
        (_hairpin(g.entry_policy(), SENDS, is_workaround=True), []),
        (_hairpin(g.entry_policy(), SENDS, is_side=True), []),
        (_hairpin(g.entry_policy(), g.front()), []),
        (_hairpin(g.entry_policy(), None), []),
        (_hairpin(g.OFF, SENDS), []),
        (_client(g.ANYONE), []),
    ],
)
def test_hairpin(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("header-hairpin", built) == expected


# --- header-and-forwarded ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "proxy", "forwarded", "expected"),
    [
        (WEB, g.policy(), g.policy(Header.OPTIONAL, g.trust("10.0.0.1"), line=45), [45]),
        (WEB, g.policy(), g.policy(Header.OPTIONAL, g.trust("10.0.0.1"), line=None), [50]),
        (WEB, replace(g.policy(), at=None), g.policy(Header.OPTIONAL, line=None), [30]),
        (WEB, g.policy(), g.policy(Header.OPTIONAL, g.trust()), []),
        (WEB, g.policy(), g.policy(Header.OPTIONAL, g.trust("10.0.0.1", is_active=Tri.NO)), []),
        (WEB, g.OFF, g.policy(Header.OPTIONAL), []),
        (WEB, g.policy(), g.OFF, []),
        (WEB, g.policy(), None, []),
        (EDGE, g.policy(), g.policy(Header.OPTIONAL, g.trust("10.0.0.1")), []),
    ],
)
def test_and_forwarded(
    owner: Hop, proxy: HeaderPolicy, forwarded: HeaderPolicy | None, expected: list[int]
) -> None:
    built = g.graph(g.listener(owner, 8080, proxy, Serves.HTTP, forwarded=forwarded))
    assert g.lines("header-and-forwarded", built) == expected


# --- header-lost-by-version ----------------------------------------------------------------------


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
    assert g.lines("header-lost-by-version", _way(g.ANYONE, sends, corrupts=wrong, line=line)) == expected
