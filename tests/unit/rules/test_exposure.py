"""What is open that should not be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import Backend, Door, DoorKind, Hop, HopGraph, Listener, Misuse, Role, Serves, Wire
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import public

EDGE = g.hop("edge", Role.EDGE)
MDA = g.hop("mda", Role.MDA)
INNER = [Serves.LMTP, Serves.AUTH, Serves.DOVEADM, Serves.MILTER, Serves.DATABASE, Serves.CACHE, Serves.DNS]


def _routed(*listeners: Listener, entry_opens: bool = True) -> HopGraph:
    """A routing rule of an edge that leads to listeners, its entry with or without a door."""
    entry = g.listener(EDGE, 443, serves=Serves.TCP)
    router = replace(
        g.router(EDGE, entry),
        backends=(Backend(ObjectRef("Service", "x", "mail"), "1", g.at(61), listeners),),
    )
    doors = [g.door(g.link(None, entry))] if entry_opens else []
    return g.graph(entry, *listeners, doors=doors, routers=[router])


# --- backend-exposed --------------------------------------------------------------------------------


@pytest.mark.parametrize("serves", INNER)
def test_an_inner_port_at_a_door(serves: Serves) -> None:
    (report,) = g.reports("backend-exposed", public(g.listener(MDA, 2003, serves=serves)))
    assert (report.at.line, report.severity) == (9, None)


@pytest.mark.parametrize("serves", [Serves.IMAP, Serves.HTTP, Serves.CONTROLLER, Serves.DASHBOARD])
def test_other_ports_at_a_door(serves: Serves) -> None:
    assert g.reports("backend-exposed", public(g.listener(MDA, 143, serves=serves))) == []


def test_side_doors_and_internal_balancers_publish_nothing() -> None:
    lmtp = g.listener(MDA, 2003, serves=Serves.LMTP)
    internal = replace(g.front(), is_public=False)
    assert g.reports("backend-exposed", public(lmtp, is_side=True)) == []
    assert g.reports("backend-exposed", public(lmtp, before=internal)) == []
    assert g.lines("backend-exposed", public(lmtp, before=g.front())) == [9]


def test_metrics_of_a_proxy_are_no_inner_port() -> None:
    assert g.reports("backend-exposed", public(g.listener(EDGE, 9100, serves=Serves.INTERNAL))) == []


@pytest.mark.parametrize(
    ("serves", "expected"), [(Serves.CACHE, []), (Serves.DATABASE, []), (Serves.LMTP, [9])]
)
def test_a_cache_is_our_subject_beside_mail_only(serves: Serves, expected: list[int]) -> None:
    shop = Hop("StatefulSet shop/redis", Role.OTHER, ref=ObjectRef("StatefulSet", "redis", "shop"))
    built = public(g.listener(shop, 6379, serves=serves))
    built.listeners.append(g.listener(MDA, 143, serves=Serves.IMAP))
    assert g.lines("backend-exposed", built) == expected


def test_a_guess_by_the_number_is_a_warning_and_one_by_name_is_not() -> None:
    guessed = replace(g.listener(MDA, 24, serves=Serves.LMTP), serves=Fact(Serves.LMTP, basis=Basis.ASSUMED))
    named, nameless = public(guessed), public(replace(guessed, name=""))
    assert [report.severity for report in g.reports("backend-exposed", named)] == [None]
    assert [report.severity for report in g.reports("backend-exposed", nameless)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("sends", "basis", "proxy", "expected"),
    [
        (Wire.NONE, Basis.STATED, g.ANYONE, [9]),
        (Wire.V2, Basis.STATED, g.ANYONE, []),
        (Wire.NONE, Basis.UNKNOWN, g.ANYONE, []),
        (Wire.NONE, Basis.STATED, g.OFF, []),
        (Wire.NONE, Basis.STATED, g.policy(basis=Basis.UNKNOWN), []),
        (Wire.NONE, Basis.STATED, g.entry_policy(), []),
    ],
    ids=["bypass", "sends", "may-send", "no-header", "may-demand", "optional"],
)
def test_a_door_beside_the_proxy(sends: Wire, basis: Basis, proxy: object, expected: list[int]) -> None:
    server = g.listener(g.hop(), proxy=proxy)  # type: ignore[arg-type]
    through = g.link(EDGE, server, Wire.V2)
    way = g.link(None, server, sends, basis=basis)
    built = g.graph(server, links=[through, way], doors=[g.door(way)])
    assert g.lines("backend-exposed", built) == expected


def test_a_door_where_there_is_no_proxy_is_no_bypass() -> None:
    assert g.reports("backend-exposed", public(g.listener(g.hop(), proxy=g.ANYONE))) == []


def test_a_route_from_outside_to_an_inner_port() -> None:
    lmtp, imap = g.listener(MDA, 2003, serves=Serves.LMTP), g.listener(MDA, 143, serves=Serves.IMAP)
    assert g.lines("backend-exposed", _routed(lmtp, imap)) == [61]
    assert g.lines("backend-exposed", _routed(lmtp, entry_opens=False)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"internet": Tri.YES}, [73]),
        ({"internet": Tri.NO}, []),
        ({"internet": Tri.YES, "basis": Basis.ASSUMED}, []),
        ({"internet": Tri.YES, "is_selected": Tri.NO}, []),
    ],
)
@pytest.mark.parametrize(
    ("rule", "serves"), [("backend-exposed", Serves.LMTP), ("admin-exposed", Serves.CONTROLLER)]
)
def test_a_policy_that_admits_the_internet(
    rule: str, serves: Serves, change: dict[str, object], expected: list[int]
) -> None:
    admitted = g.admission(**change)  # type: ignore[arg-type]
    assert g.lines(rule, g.graph(g.listener(MDA, 1, serves=serves, admission=admitted))) == expected


def test_a_policy_without_a_place_is_not_told() -> None:
    admitted = replace(g.admission(), internet=Fact(Tri.YES))
    listener = g.listener(MDA, 2003, serves=Serves.LMTP, admission=admitted)
    assert g.reports("backend-exposed", g.graph(listener, g.listener(MDA, 2004, serves=Serves.AUTH))) == []


@pytest.mark.parametrize("rule", ["backend-exposed", "admin-exposed", "traffic-policy-invalid"])
@pytest.mark.parametrize(("is_certain", "severity"), [(True, None), (False, Severity.WARNING)])
def test_what_a_single_object_makes_wrong(rule: str, is_certain: bool, severity: Severity | None) -> None:
    built = HopGraph(
        misuses=[
            Misuse(rule, g.at(5), "words", "cure", is_certain),
            Misuse("another-rule", g.at(6), "words", "cure"),
        ]
    )
    (report,) = g.reports(rule, built)
    assert (report.at.line, report.severity, report.help) == (5, severity, "cure")


# --- admin-exposed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("serves", [Serves.DASHBOARD, Serves.CONTROLLER])
def test_administration_at_a_door(serves: Serves) -> None:
    admin = g.listener(EDGE, 8080, serves=serves)
    assert g.lines("admin-exposed", public(admin)) == [9]
    assert g.lines("admin-exposed", public(admin, is_side=True)) == []
    assert g.lines("admin-exposed", public(admin, before=replace(g.front(), is_public=False))) == []


def test_a_route_to_administration_may_be_guarded() -> None:
    controller, web = (
        g.listener(MDA, 11334, serves=Serves.CONTROLLER),
        g.listener(MDA, 80, serves=Serves.HTTP),
    )
    (report,) = g.reports("admin-exposed", _routed(controller, web))
    assert (report.at.line, report.severity) == (61, Severity.WARNING)
    assert g.reports("admin-exposed", _routed(controller, entry_opens=False)) == []


def test_doors_of_every_kind_count() -> None:
    lmtp = g.listener(MDA, 2003, serves=Serves.LMTP)
    for kind in DoorKind:
        way = g.link(None, lmtp)
        entrance: Door = g.door(way, kind=kind)
        assert g.lines("backend-exposed", g.graph(lmtp, doors=[entrance])) == [9]
