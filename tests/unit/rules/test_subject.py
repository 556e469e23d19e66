"""What of a graph is about mail, and interfaces that are gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import ApiUse, Hop, HopGraph, Role, Router, Serves
from truehop.rules.base import Severity
from truehop.rules.subject import Subject

from . import graphs as g

# --- what is about mail -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "router",
    [
        g.edge_router(entries=(g.named("imaps"),)),
        g.edge_router(replace(g.IMAP, name="in"), entries=(g.named("in"),)),
        g.edge_router(host_names=("mail.example.com",)),
        g.edge_router(backends=(g.backend(port="587"),)),
        g.edge_router(backends=(g.backend(port="submission"),)),
        g.edge_router(backends=(g.backend(ObjectRef("Service", "web", "webmail")),)),
        g.edge_router(backends=(g.backend(g.WIKI, "80", g.listener(g.hop(), serves=Serves.SMTP)),)),
    ],
    ids=["entry-name", "entry-port", "host", "number", "port-name", "namespace", "listener"],
)
def test_a_route_is_about_mail(router: Router) -> None:
    assert Subject(g.graph(routers=[router])).leads_to_mail(router)


@pytest.mark.parametrize(
    "router",
    [
        g.edge_router(entries=(g.named("websecure"),), backends=(g.backend(),)),
        g.edge_router(g.IMAP, backends=(g.backend(),)),
        g.edge_router(replace(g.IMAP, port=443, name="websecure"), entries=(g.named("websecure"),)),
        g.edge_router(host_names=("wiki.example.com",)),
    ],
    ids=["web", "default-entries", "other-port", "host"],
)
def test_a_route_is_about_something_else(router: Router) -> None:
    assert not Subject(g.graph(routers=[router])).leads_to_mail(router)


def test_a_namespace_has_mail_by_its_programs_and_by_what_is_called_in_it() -> None:
    mda = g.listener(g.hop("mda", Role.MDA), 2003, serves=Serves.LMTP)
    guessed = g.listener(
        Hop("x", Role.OTHER, ref=ObjectRef("Deployment", "x", "guessed")), serves=Serves.IMAP
    )
    homeless = g.listener(Hop("dovecot.conf", Role.MDA), serves=Serves.IMAP)
    called = g.edge_router(backends=(g.backend(ObjectRef("Service", "mta", "called"), "25"),))
    subject = Subject(g.graph(mda, guessed, homeless, routers=[called]))
    assert all(subject.has_mail(ObjectRef("Service", "x", name)) for name in ("mail", "guessed", "called"))
    assert subject.has_mail(ObjectRef("Service", "mailu", "other"))
    assert not subject.has_mail(ObjectRef("Service", "x", "shop"))
    assert not subject.has_mail(None)


# --- removed-api ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_gone", "severity"),
    [(Fact(Tri.YES, g.at(7), origin="version 3"), None), (Fact(Tri.UNKNOWN), Severity.WARNING)],
)
def test_an_api_that_is_gone(is_gone: Fact[Tri], severity: Severity | None) -> None:
    use = ApiUse("API group x", g.at(5), "3.0", is_gone, "y")
    (report,) = g.reports("removed-api", HopGraph(api_uses=[use]))
    assert (report.severity, report.help) == (severity, "write y")
    assert bool(report.related) is (severity is None)


def test_an_api_that_is_there() -> None:
    use = ApiUse("API group x", g.at(5), "3.0", Fact(Tri.NO), "y")
    assert g.reports("removed-api", HopGraph(api_uses=[use])) == []


def _used_by(kind: str, name: str, namespace: str) -> ApiUse:
    place = replace(g.at(5), object=ObjectRef(kind, name, namespace))
    unknown = Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN)
    return ApiUse("API group x", place, "3.0", unknown, "y")


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (_used_by("IngressRouteTCP", "ssh", "git"), [5]),
        (_used_by("Middleware", "x", "webmail"), [5]),
        (_used_by("Middleware", "x", "shop"), []),
        (_used_by("IngressRoute", "route", "shop"), [5]),
        (_used_by("IngressRoute", "other", "shop"), []),
    ],
)
def test_an_api_of_other_applications_is_not_our_subject(use: ApiUse, expected: list[int]) -> None:
    routers = [
        replace(
            g.edge_router(protocol="http", host_names=("mail.example.com",)),
            at=replace(g.at(60), object=ObjectRef("IngressRoute", "route", "shop")),
        ),
        g.edge_router(protocol="http"),
    ]
    built = g.graph(routers=routers)
    built.api_uses = [use]
    assert g.lines("removed-api", built) == expected
