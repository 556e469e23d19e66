"""What a trust list holds, and what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import (
    Header,
    HopGraph,
    Rewrite,
    Role,
    Route,
    Serves,
    TrustEntry,
    TrustUse,
    Untrusted,
    Wire,
)
from truehop.rules.base import Confidence, Severity

from . import graphs as g
from .scenes import PODS, behind_edge

# --- trust-invalid-entry ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "basis", "is_active", "expected"),
    [
        ({"problem": "not an address"}, Basis.STATED, Tri.YES, [Severity.ERROR]),
        ({"problem": "host bits", "is_reinterpreted": True}, Basis.STATED, Tri.YES, [Severity.WARNING]),
        ({"problem": "not an address"}, Basis.ASSUMED, Tri.YES, [Severity.WARNING]),
        ({"problem": "not an address"}, Basis.STATED, Tri.NO, []),
        ({}, Basis.STATED, Tri.YES, []),
    ],
)
def test_invalid_entry(
    change: dict[str, object], basis: Basis, is_active: Tri, expected: list[Severity]
) -> None:
    trust = g.trust("x", basis=basis, is_active=is_active)
    trust = replace(trust, entries=(replace(trust.entries[0], **change),))  # type: ignore[arg-type]
    assert [
        report.severity for report in g.reports("trust-invalid-entry", g.graph(lists=[trust]))
    ] == expected


# --- trust-missing-hop ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "networks", "expected"),
    [
        ("192.168.7.0/24", PODS, [50]),
        ("10.42.0.0/16", PODS, []),
        ("10.42.0.5", PODS, []),
        ("192.168.7.0/24", {}, []),
        ("127.0.0.1", {}, [50]),
        ("*", PODS, []),
    ],
)
def test_missing_hop(text: str, networks: dict[str, str], expected: list[int]) -> None:
    assert g.lines("trust-missing-hop", behind_edge(text, networks)) == expected


@pytest.mark.parametrize(
    "change",
    [{"is_complete": Tri.NO}, {"is_active": Tri.NO}, {"entries": ()}],
    ids=["open", "inert", "empty"],
)
def test_missing_hop_of_a_list_that_cannot_be_judged(change: dict[str, object]) -> None:
    trust = replace(g.trust("192.168.7.0/24"), **change)  # type: ignore[arg-type]
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    way = g.link(g.hop("edge", Role.EDGE), server, Wire.V2)
    assert g.lines("trust-missing-hop", g.graph(server, links=[way], networks=PODS)) == []


def test_missing_hop_of_the_forwarded_header() -> None:
    trust = g.trust("172.16.0.0/12", use=TrustUse.FORWARDED)
    forwarded = g.policy(Header.OPTIONAL, trust, Untrusted.STRIPPED, "works")
    web = g.listener(g.hop("web", Role.WEB), 8080, serves=Serves.HTTP, forwarded=forwarded)
    way = g.link(g.hop("edge", Role.EDGE), web, Wire.XFF)
    (report,) = g.reports("trust-missing-hop", g.graph(web, links=[way], networks=PODS))
    assert "is ignored" in report.message
    assert report.severity is None


@pytest.mark.parametrize("sends", [Wire.NONE, Wire.XFF])
def test_missing_hop_needs_a_header_that_the_listener_would_read(sends: Wire) -> None:
    built = behind_edge("192.168.7.0/24", PODS)
    (way,) = built.links
    built.links = [replace(way, sends=Fact(sends))]
    assert g.lines("trust-missing-hop", built) == []


def test_missing_hop_behind_an_assumed_front_is_a_warning_of_medium_confidence() -> None:
    trust = g.trust("192.168.7.0/24")
    entry = g.listener(g.hop("edge", Role.EDGE), proxy=g.entry_policy(trust))
    way = g.link(g.front().hop, entry, Wire.V2, Rewrite.BALANCER, line=None, basis=Basis.ASSUMED)
    built = g.graph(entry, links=[way], networks={"load_balancers": "172.31.0.10"})
    (report,) = g.reports("trust-missing-hop", built)
    assert (report.severity, report.confidence) == (Severity.WARNING, Confidence.MEDIUM)


def test_missing_hop_of_a_side_door() -> None:
    trust = g.trust("192.168.7.0/24")
    entry = g.listener(g.hop("edge", Role.EDGE), proxy=g.entry_policy(trust))
    way = g.link(None, entry, Wire.V2, Rewrite.POD)
    assert (
        g.lines("trust-missing-hop", g.graph(entry, doors=[g.door(way, is_side=True)], networks=PODS)) == []
    )
    open_door = g.graph(entry, doors=[g.door(way)], networks=PODS)
    assert "whoever is in front" in g.reports("trust-missing-hop", open_door)[0].message


# --- trust-nobody -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "starts", "untrusted", "mode", "expected"),
    [
        (Role.EDGE, Tri.NO, Untrusted.STRIPPED, Header.OPTIONAL, "Deployment mail/x does not start"),
        (Role.MDA, Tri.YES, Untrusted.DROPPED, Header.REQUIRED, "refuses every connection"),
        (Role.MDA, Tri.YES, Untrusted.STRIPPED, Header.REQUIRED, "refuses every connection"),
        (Role.MDA, Tri.YES, Untrusted.STRIPPED, Header.OPTIONAL, ""),
        (Role.MTA, Tri.YES, Untrusted.BELIEVED, Header.REQUIRED, ""),
        (Role.MDA, Tri.YES, Untrusted.DROPPED, Header.NEVER, ""),
    ],
)
def test_nobody(role: Role, starts: Tri, untrusted: Untrusted, mode: Header, expected: str) -> None:
    trust = g.trust()
    server = g.listener(g.hop("x", role, starts), proxy=g.policy(mode, trust, untrusted))
    way = g.link(None, server)
    built = g.graph(server, lists=[trust], routes=[Route(g.door(way), (way,))])
    found = g.reports("trust-nobody", built)
    assert len(found) == bool(expected)
    assert all(expected in report.message and report.routes == tuple(built.routes) for report in found)


@pytest.mark.parametrize(
    "change",
    [
        {"use": TrustUse.FORWARDED},
        {"is_active": Tri.UNKNOWN},
        {"is_complete": Tri.UNKNOWN},
        {"entries": (TrustEntry("x", g.at(51), problem="no address"),)},
    ],
)
def test_nobody_is_silent_where_it_is_not_certain(change: dict[str, object]) -> None:
    trust = replace(g.trust(), **change)  # type: ignore[arg-type]
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    assert g.lines("trust-nobody", g.graph(server, lists=[trust])) == []


def test_nobody_in_a_guessed_list_is_a_warning() -> None:
    trust = g.trust(basis=Basis.ASSUMED)
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    (report,) = g.reports("trust-nobody", g.graph(server, lists=[trust]))
    assert report.severity is Severity.WARNING


# --- trust-lists-differ -----------------------------------------------------------------------------


def _listed(*texts: str, has_sender: bool = False) -> HopGraph:
    edge, before = g.hop("edge", Role.EDGE), replace(g.front().hop, profile="known")
    listeners = [
        g.listener(edge, 25 + index, g.entry_policy(g.trust(text, line=50 + 10 * index)))
        for index, text in enumerate(texts)
    ]
    links = [g.link(before, found) for found in listeners] if has_sender else []
    return g.graph(*listeners, links=links)


@pytest.mark.parametrize("has_sender", [False, True])
def test_lists_differ_at_the_odd_one(has_sender: bool) -> None:
    built = _listed("10.42.7.0/24", "10.42.9.0/24", "10.42.7.0/24", has_sender=has_sender)
    assert g.lines("trust-lists-differ", built) == [60]


@pytest.mark.parametrize("texts", [["10.42.7.0/24", "10.42.7.0/24"], ["10.42.7.0/24", "*"], []])
def test_lists_that_agree_or_that_graver_rules_judge(texts: list[str]) -> None:
    assert g.lines("trust-lists-differ", _listed(*texts)) == []


def test_lists_of_listeners_that_are_off_do_not_count() -> None:
    built = _listed("10.42.7.0/24")
    inert = g.trust("10.42.9.0/24", line=70, is_active=Tri.NO)
    owner = built.listeners[0].hop
    built.listeners += [g.listener(owner, 26), g.listener(owner, 27, g.entry_policy(inert))]
    assert g.lines("trust-lists-differ", built) == []


def test_lists_differ_is_not_asked_of_clients_and_of_servers_without_lists() -> None:
    built = _listed("10.42.7.0/24")
    server = g.listener(g.hop(), proxy=g.ANYONE)
    built.listeners.append(server)
    built.links = [g.link(g.hop("web", Role.WEB), server, is_client=True), g.link(None, server)]
    assert g.lines("trust-lists-differ", built) == []


# --- trust-one-family -------------------------------------------------------------------------------

BOTH: Fact[tuple[int, ...] | None] = Fact((4, 6), g.at(5))


@pytest.mark.parametrize(
    ("texts", "families", "expected"),
    [
        (["10.42.0.0/16"], BOTH, [50]),
        (["fd00::/64"], replace(BOTH, at=None), [50]),
        (["10.42.0.0/16", "fd00::/64"], BOTH, []),
        (["10.42.0.0/16"], Fact((4,)), []),
        (["10.42.0.0/16"], Fact(None), []),
        (["10.42.0.0/16"], Fact(None, basis=Basis.UNKNOWN), []),
        (["*"], BOTH, []),
        ([], BOTH, []),
    ],
)
def test_one_family(texts: list[str], families: Fact[tuple[int, ...] | None], expected: list[int]) -> None:
    trust = g.trust(*texts)
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    way = g.link(g.hop("edge", Role.EDGE), server, Wire.V2, families=families)
    assert g.lines("trust-one-family", g.graph(server, links=[way])) == expected


def test_one_family_of_listeners_without_a_list_or_a_header() -> None:
    trust = g.trust("10.42.0.0/16")
    edge = g.hop("edge", Role.EDGE)
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    other = g.listener(g.hop("mta"), proxy=g.ANYONE)
    web = g.listener(g.hop("web", Role.WEB), serves=Serves.HTTP)
    ways = [
        g.link(edge, server, Wire.NONE, families=BOTH),
        g.link(edge, other, Wire.V2, families=BOTH),
        g.link(edge, web, Wire.XFF, families=BOTH),
    ]
    assert g.lines("trust-one-family", g.graph(server, other, web, links=ways)) == []


def test_one_family_at_a_side_door() -> None:
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=g.trust("10.42.0.0/16")))
    way = g.link(None, server, Wire.V2, families=BOTH)
    assert g.lines("trust-one-family", g.graph(server, doors=[g.door(way, is_side=True)])) == []
