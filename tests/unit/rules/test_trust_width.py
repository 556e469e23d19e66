"""How wide a trust list is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import network
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Rewrite, Role, TrustEntry, TrustUse
from truehop.rules.base import Severity

from . import graphs as g
from .scenes import NODES, PODS, behind_edge, trusting_entry

# --- trust-any-address ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["0.0.0.0/0"], [51]),
        (["10.0.0.1", "::/0"], [52]),
        (["0.0.0.0/0", "::/0"], [51, 52]),
        (["*"], [51]),
        (["10.0.0.1", "0.0.0.0/1", "128.0.0.0/1"], [52]),
        (["0.0.0.0/1"], []),
        ([], []),
    ],
)
def test_any_address_stands_on_the_entries_that_open_the_list(texts: list[str], expected: list[int]) -> None:
    assert g.lines("trust-any-address", trusting_entry(*texts)) == expected


def test_any_address_of_a_union_names_both_halves() -> None:
    (report,) = g.reports("trust-any-address", trusting_entry("0.0.0.0/1", "128.0.0.0/1"))
    assert report.message == "TRUSTED trusts every IPv4 address (0.0.0.0/1 + 128.0.0.0/1)"
    assert [place.line for place, _ in report.related] == [52, 30]


def test_any_address_by_mapped_addresses_only_where_the_program_maps_them() -> None:
    assert g.lines("trust-any-address", trusting_entry("::ffff:0:0/96", maps_ipv4=True)) == [51]
    assert g.lines("trust-any-address", trusting_entry("::ffff:0:0/96")) == []


def test_any_address_of_a_feature_that_is_off_is_inert() -> None:
    assert g.lines("trust-any-address", trusting_entry("0.0.0.0/0", is_active=Tri.NO)) == []


def test_any_address_by_default_only_with_the_feature_certainly_on() -> None:
    for is_active, expected in ((Tri.YES, [51]), (Tri.UNKNOWN, [])):
        trust = replace(g.trust("0.0.0.0/0"), is_active=is_active)
        trust = replace(trust, entries=(replace(trust.entries[0], is_default=True),))
        assert g.lines("trust-any-address", g.graph(lists=[trust])) == expected


def test_any_address_in_a_list_that_is_only_named_like_one_is_a_warning() -> None:
    (report,) = g.reports("trust-any-address", trusting_entry("0.0.0.0/0", basis=Basis.ASSUMED))
    assert report.severity is Severity.WARNING


def test_any_address_of_a_list_that_two_programs_share_is_one_report() -> None:
    built = trusting_entry("0.0.0.0/0")
    built.trust_lists.append(
        replace(built.trust_lists[0], use=TrustUse.FORWARDED, hop=g.hop("web", Role.WEB))
    )
    assert len(g.reports("trust-any-address", built)) == 1


# --- trust-public-range -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "use", "networks", "expected"),
    [
        ("93.184.216.0/24", TrustUse.PROXY, {}, [51]),
        ("93.184.216.34", TrustUse.PROXY, {}, []),
        ("10.42.0.0/16", TrustUse.PROXY, {}, []),
        ("0.0.0.0/0", TrustUse.PROXY, {}, []),
        ("93.184.216.0/24", TrustUse.RELAY, {}, []),
        ("93.184.216.0/24", TrustUse.PROXY, {"load_balancers": "93.184.216.0/24"}, []),
        ("93.184.216.0/23", TrustUse.PROXY, {"load_balancers": "93.184.216.0/24"}, [51]),
        ("93.184.216.0/24", TrustUse.PROXY, {"cdn:some": "93.184.216.0/24"}, [51]),
        ("93.184.216.0/24", TrustUse.FORWARDED, {"cdn:some": "93.184.216.0/24"}, []),
        ("93.184.216.0/24", TrustUse.PROXY, {"office": "93.184.216.0/24"}, []),
    ],
)
def test_public_range(text: str, use: TrustUse, networks: dict[str, str], expected: list[int]) -> None:
    built = g.graph(lists=[g.trust(text, use=use)], networks=networks)
    assert g.lines("trust-public-range", built) == expected


def test_public_range_that_a_declared_front_owns() -> None:
    owned = g.door(before=g.front(addresses="93.184.216.0/24"))
    built = g.graph(lists=[g.trust("93.184.216.0/24")], doors=[owned, g.door()])
    assert g.lines("trust-public-range", built) == []


# --- trust-wide-range -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.42.0.0/16", []),
        ("10.42.0.0/15", [51]),
        ("172.16.0.0/12", [51]),
        ("192.168.0.0/16", [51]),
        ("fc00::/7", [51]),
        ("fe80::/10", [51]),
        ("fd00:10:42::/48", []),
        ("127.0.0.0/8", []),
        ("::1", []),
        ("93.0.0.0/8", []),
        ("0.0.0.0/0", []),
    ],
)
def test_wide_range_on_common_sense_is_a_warning(text: str, expected: list[int]) -> None:
    found = g.reports("trust-wide-range", trusting_entry(text))
    assert [report.at.line for report in found] == expected
    assert all(report.severity is Severity.WARNING for report in found)


def test_wide_range_counts_by_its_settings() -> None:
    assert g.lines("trust-wide-range", trusting_entry("10.42.0.0/24"), ipv4=28) == [51]
    assert g.lines("trust-wide-range", trusting_entry("10.42.0.0/12"), ipv4=8) == []
    assert g.lines("trust-wide-range", trusting_entry("10.42.0.0/12"), ipv4="many") == []


def test_wide_range_of_a_keyword_is_one_report() -> None:
    entry = TrustEntry("private_ranges", g.at(51), means=(network("10.0.0.0/8"), network("192.168.0.0/16")))
    trust = replace(g.trust(), entries=(entry,))
    assert g.lines("trust-wide-range", g.graph(lists=[trust])) == [51]


@pytest.mark.parametrize("use", [TrustUse.RELAY, TrustUse.LOGIN])
def test_wide_range_is_not_about_relaying_or_logins(use: TrustUse) -> None:
    assert g.lines("trust-wide-range", trusting_entry("10.0.0.0/8", use=use)) == []


def test_wide_range_of_an_inert_list() -> None:
    assert g.lines("trust-wide-range", trusting_entry("10.0.0.0/8", is_active=Tri.NO)) == []


@pytest.mark.parametrize(
    ("text", "networks", "source", "expected"),
    [
        ("10.0.0.0/8", PODS, Rewrite.POD, [Severity.ERROR]),
        ("10.42.0.0/16", PODS, Rewrite.POD, []),
        ("10.42.0.0/24", PODS, Rewrite.POD, []),
        ("10.0.0.0/8", {"pods": "10.0.0.0/8"}, Rewrite.POD, []),
        ("192.168.0.0/16", PODS, Rewrite.POD, [Severity.ERROR]),
        ("192.168.7.0/24", PODS, Rewrite.POD, []),
        ("192.168.6.0/23", NODES, Rewrite.HOST, [Severity.ERROR]),
        ("192.168.7.0/24", NODES, Rewrite.HOST, []),
        ("10.0.0.0/8", {"nodes": "10.0.0.0/8"}, Rewrite.POD, []),
        ("10.0.0.0/8", {}, Rewrite.POD, [Severity.WARNING]),
        ("10.0.0.0/8", PODS, Rewrite.KEPT, [Severity.WARNING]),
    ],
)
def test_wide_range_measured_against_the_hop_in_front(
    text: str, networks: dict[str, str], source: Rewrite, expected: list[Severity]
) -> None:
    built = behind_edge(text, networks, source)
    assert [report.severity for report in g.reports("trust-wide-range", built)] == expected


def test_wide_range_ignores_side_doors_and_clients_as_hops_in_front() -> None:
    built = behind_edge("10.0.0.0/8", PODS | NODES)
    (server,) = built.listeners
    built.doors.append(g.door(g.link(None, server, source=Rewrite.NODE), is_side=True))
    built.links.append(g.link(g.hop("web", Role.WEB), server, source=Rewrite.KEPT, is_client=True))
    assert [found.severity for found in g.reports("trust-wide-range", built)] == [Severity.ERROR]


def test_a_wide_list_that_nobody_wrote_is_said_to_be_the_default() -> None:
    graph = trusting_entry("172.16.0.0/12")
    graph.trust_lists = [replace(graph.trust_lists[0], is_present=False)]
    (report,) = g.reports("trust-wide-range", graph)
    assert report.message == "TRUSTED trusts 172.16.0.0/12 by default, a whole private block"
