"""Who else meets a listener that reads headers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import (
    Admission,
    DoorKind,
    Front,
    HeaderPolicy,
    Hop,
    HopGraph,
    Link,
    Probe,
    Role,
    Route,
    Serves,
    Untrusted,
    Wire,
)
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import EDGE, WEB, one_way, routed

# --- header-unguarded -------------------------------------------------------------------------------


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


# --- header-breaks-client ---------------------------------------------------------------------------


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
        (one_way(g.ANYONE, Wire.NONE), []),
        (_client(replace(g.ANYONE, at=None), line=None), [30]),
    ],
)
def test_breaks_client(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("header-breaks-client", built) == expected


# --- header-withheld --------------------------------------------------------------------------------


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
    built = routed(g.graph(entry, links=[first, g.link(EDGE, server, Wire.V2)]))
    assert g.lines("header-withheld", built, g.believing(built.routes)) == [15]


# --- header-breaks-probe ----------------------------------------------------------------------------


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


# --- header-hairpin ---------------------------------------------------------------------------------


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


def test_hairpin_looks_for_the_server_behind_the_entry() -> None:
    built = _hairpin(g.entry_policy(), SENDS, Serves.TCP)
    (entry,) = built.listeners
    server = g.listener(g.hop("mda", Role.MDA), 143, serves=Serves.IMAP)
    built.routes = [Route(built.doors[0], (*built.doors[0].links, g.link(EDGE, server)))]
    assert entry.serves.value is Serves.TCP
    assert g.lines("header-hairpin", built, g.believing(built.routes)) == [20]
