"""Switches that differ, miss, or are of no use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import (
    Backend,
    Effect,
    Front,
    Header,
    HeaderPolicy,
    Hop,
    HopGraph,
    Listener,
    Role,
    Route,
    Serves,
    Switch,
    Wire,
)
from truehop.model.walk import Believes
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import EDGE, WEB

# --- header-flags-differ ----------------------------------------------------------------------------


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
    owner = g.hop()
    reading = g.listener(owner, 31025, g.ANYONE)
    assert g.lines("header-flags-differ", g.graph(reading, g.listener(owner, 31026))) == []


def test_flags_differ_by_the_protocols_own_ports_whatever_stands_beside() -> None:
    owner = g.hop("mda", Role.MDA)
    plain = g.listener(owner, 143, replace(g.OFF, at=g.at(43)), Serves.IMAP)
    secure = g.listener(owner, 993, g.policy(), Serves.IMAPS)
    beside = g.listener(owner, 10143, g.policy(), Serves.IMAP)
    assert g.lines("header-flags-differ", g.graph(plain, secure, beside)) == [43]


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


# --- header-on-unused-entry -------------------------------------------------------------------------


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
    assert g.lines("header-missing", built) == [40]


def test_unused_entry_without_a_name_or_a_switch_of_its_own() -> None:
    built, _, idle = _entries()
    built.listeners[1] = replace(idle, name="", proxy=replace(idle.proxy, at=None))
    (report,) = g.reports("header-on-unused-entry", built)
    assert report.at.line == 31
    assert report.message.startswith("entry :993 of")


# --- switches ---------------------------------------------------------------------------------------


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


# --- header-and-forwarded ---------------------------------------------------------------------------


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
