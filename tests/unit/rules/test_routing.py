"""Routes that do not do what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import HopGraph, Link, Role, Route, RouterTls, Serves, Tls, Wire
from truehop.rules.base import Severity

from . import graphs as g

# --- route-dangling ---------------------------------------------------------------------------------

MTA = ObjectRef("Service", "mta", "mail")


@pytest.mark.parametrize(
    ("dangles", "severity"),
    [
        (Fact(Tri.YES, g.at(63)), None),
        (Fact(Tri.YES, g.at(63), Basis.ASSUMED), Severity.WARNING),
        (Fact(Tri.UNKNOWN, g.at(63)), Severity.WARNING),
    ],
)
def test_a_route_that_leads_nowhere(dangles: Fact[Tri], severity: Severity | None) -> None:
    router = g.edge_router(
        backends=(g.backend(MTA, "25", dangling="no such port", dangles=dangles), g.backend(MTA))
    )
    (report,) = g.reports("route-dangling", g.graph(routers=[router]))
    assert (report.at.line, report.severity) == (63, severity)
    assert report.rests_on_absence is (severity is not None)


def test_a_route_that_leads_nowhere_without_a_place_is_told_at_the_backend() -> None:
    router = g.edge_router(backends=(g.backend(MTA, "25", dangling="no such port", dangles=Fact(Tri.YES)),))
    assert g.lines("route-dangling", g.graph(routers=[router])) == [61]


def test_another_applications_route_may_lead_nowhere() -> None:
    router = g.edge_router(backends=(g.backend(dangling="no such port", dangles=Fact(Tri.YES)),))
    assert g.reports("route-dangling", g.graph(routers=[router])) == []


# --- routes on mail entry points --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [60]),
        ({"entries_at": g.at(65)}, [65]),
        ({"tls": RouterTls.NONE}, []),
        ({"lands_by_default": False}, []),
        ({"protocol": "tcp"}, []),
        ({"listeners": (replace(g.IMAP, port=993, name="imaps"),)}, []),
        ({"listeners": (replace(g.IMAP, port=8443, name="web"),)}, []),
    ],
)
def test_an_https_route_on_a_mail_entry(change: dict[str, object], expected: list[int]) -> None:
    router = replace(g.edge_router(g.IMAP, protocol="http"), tls=RouterTls.TERMINATES, lands_by_default=True)
    router = replace(router, **change)  # type: ignore[arg-type]
    assert g.lines("route-https-on-mail-entry", g.graph(g.IMAP, routers=[router])) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [66]),
        ({"tls_at": None}, [60]),
        ({"tls": RouterTls.NONE}, []),
        ({"protocol": "http"}, []),
        ({"listeners": (replace(g.IMAP, port=2222, name="ssh"),)}, []),
        ({"listeners": (replace(g.IMAP, port=993, name="imaps"),)}, []),
    ],
)
def test_a_tls_route_on_a_port_that_greets_first(change: dict[str, object], expected: list[int]) -> None:
    router = replace(g.edge_router(g.IMAP), tls=RouterTls.PASSTHROUGH, tls_at=g.at(66))
    router = replace(router, **change)  # type: ignore[arg-type]
    assert g.lines("route-tls-on-starttls", g.graph(g.IMAP, routers=[router])) == expected


def test_the_public_port_of_an_entry_says_what_it_is_for() -> None:
    entry = replace(g.IMAP, port=10025, name="in")
    router = replace(g.edge_router(entry), tls=RouterTls.PASSTHROUGH)
    side = g.graph(entry, doors=[g.door(g.link(None, entry), is_side=True)], routers=[router])
    opened = g.graph(entry, doors=[g.door(g.link(None, entry))], routers=[router])
    assert g.lines("route-tls-on-starttls", side) == []
    assert g.lines("route-tls-on-starttls", opened) == [60]


# --- names and rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"host_names": ("mail.example.com",)}, [60]),
        ({"host_names": ("*", "mail.example.com"), "match": g.named("HostSNI(…)", 67)}, [67]),
        ({"host_names": ("mail.example.com",), "match": Fact("HostSNI(…)")}, [60]),
        ({"host_names": ("*",)}, []),
        ({"host_names": ("mail.example.com",), "tls": RouterTls.PASSTHROUGH}, []),
        ({"host_names": ("mail.example.com",), "protocol": "http"}, []),
    ],
)
def test_a_name_without_tls(change: dict[str, object], expected: list[int]) -> None:
    router = replace(g.edge_router(), **change)  # type: ignore[arg-type]
    assert g.lines("route-sni-without-tls", g.graph(routers=[router])) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"match_problem": "it has no match"}, [60]),
        ({"match_problem": "its match is empty", "match": g.named("", 67)}, [67]),
        ({"match_problem": "its match is empty", "match": Fact("")}, [60]),
        ({"match_problem": "it has no match", "protocol": "http"}, []),
        ({"match_problem": "x", "protocol": "http", "host_names": ("mail.example.com",)}, [60]),
        ({}, []),
    ],
)
def test_a_rule_that_cannot_be_read(change: dict[str, object], expected: list[int]) -> None:
    router = replace(g.edge_router(), **change)  # type: ignore[arg-type]
    assert g.lines("route-without-match", g.graph(routers=[router])) == expected


# --- route-unknown-entry ----------------------------------------------------------------------------


def test_an_entry_that_the_edge_lacks_and_what_it_has() -> None:
    missing = g.edge_router(unknown_entries=(g.named("smtps"),))
    nameless = replace(g.listener(g.EDGE, 26), name="")
    (report,) = g.reports("route-unknown-entry", g.graph(g.IMAP, nameless, routers=[missing]))
    assert (report.at.line, report.help) == (62, f"name one of {g.IMAP.name}")


def test_an_entry_of_an_edge_without_any() -> None:
    missing = g.edge_router(unknown_entries=(g.named("smtps"),))
    other = g.listener(g.hop("other", Role.EDGE), 25)
    (report,) = g.reports("route-unknown-entry", g.graph(other, routers=[missing]))
    assert report.help == "add the entry point to the proxy"


def test_an_entry_that_a_second_edge_has() -> None:
    missing, found = g.edge_router(unknown_entries=(g.named("smtps"),)), g.edge_router()
    assert g.reports("route-unknown-entry", g.graph(routers=[missing, found])) == []
    assert g.lines("route-unknown-entry", g.graph(routers=[missing, missing])) == [62]
    elsewhere = g.edge_router(line=70)
    assert g.lines("route-unknown-entry", g.graph(routers=[missing, elsewhere])) == [62]


def test_an_entry_without_a_place_and_one_of_another_application() -> None:
    placeless = g.edge_router(unknown_entries=(Fact("smtps"),))
    wiki = g.edge_router(protocol="http", unknown_entries=(g.named("websecure"),))
    assert g.reports("route-unknown-entry", g.graph(routers=[placeless, wiki])) == []


# --- route-tls-mismatch -----------------------------------------------------------------------------


def _way(
    port: int, tls: Fact[Tls], router_tls: RouterTls | None = None, *, basis: Basis = Basis.STATED,
    serves: Serves = Serves.IMAP, dials: bool = False, has_backend: bool = True,
) -> HopGraph:  # fmt: skip
    server = replace(g.listener(g.hop("mda", Role.MDA), 143, serves=serves), tls=tls, basis=basis)
    if router_tls is None:
        way: tuple[Link, ...] = (g.link(None, server),)
    else:
        backends = (g.backend(MTA), g.backend(MTA, "1", *([server] if has_backend else [])))
        router = replace(g.router(g.EDGE, g.IMAP), tls=router_tls, backends=backends)
        onward = g.link(g.EDGE, server, Wire.NONE, router=router, entry=g.IMAP, dials_tls=dials)
        way = (g.link(None, g.IMAP), onward)
    return g.graph(server, routes=[Route(replace(g.door(way[0]), port=port), way)])


PLAIN, FROM_START = Fact(Tls.STARTTLS), Fact(Tls.IMPLICIT)


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (_way(993, PLAIN), [9]),
        (_way(143, FROM_START), [9]),
        (_way(993, FROM_START), []),
        (_way(143, PLAIN), []),
        (_way(1993, PLAIN), []),
        (_way(993, Fact(Tls.UNKNOWN)), []),
        (_way(993, Fact(Tls.STARTTLS, basis=Basis.UNKNOWN)), []),
        (_way(993, PLAIN, basis=Basis.ASSUMED), []),
        (_way(993, PLAIN, serves=Serves.HTTP), []),
        (_way(993, PLAIN, RouterTls.NONE), [61]),
        (_way(993, PLAIN, RouterTls.NONE, has_backend=False), [9]),
        (_way(993, PLAIN, RouterTls.TERMINATES), []),
        (_way(993, FROM_START, RouterTls.TERMINATES), [61]),
        (_way(993, FROM_START, RouterTls.TERMINATES, dials=True), []),
        (_way(143, PLAIN, RouterTls.TERMINATES), []),
    ],
)
def test_tls_that_starts_at_different_times(built: HopGraph, expected: list[int]) -> None:
    assert g.lines("route-tls-mismatch", built) == expected


def test_tls_that_is_assumed_is_a_warning() -> None:
    built = _way(993, Fact(Tls.STARTTLS, basis=Basis.ASSUMED))
    assert [report.severity for report in g.reports("route-tls-mismatch", built)] == [Severity.WARNING]
