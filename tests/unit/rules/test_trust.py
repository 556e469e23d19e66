"""The trust rules over graphs made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import network
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
from truehop.model.walk import Believes
from truehop.rules.base import Confidence, Severity

from . import graphs as g

PODS = {"pods": "10.42.0.0/16"}
NODES = {"nodes": "192.168.7.0/24"}


def _edge(*texts: str, **more: object) -> HopGraph:
    trust = g.trust(*texts, **more)  # type: ignore[arg-type]
    entry = g.listener(g.hop("edge", Role.EDGE), proxy=g.entry_policy(trust))
    return g.graph(entry, lists=[trust])


# --- trust-any-address ---------------------------------------------------------------------------


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
    assert g.lines("trust-any-address", _edge(*texts)) == expected


def test_any_address_of_a_union_names_both_halves() -> None:
    (report,) = g.reports("trust-any-address", _edge("0.0.0.0/1", "128.0.0.0/1"))
    assert report.message == "TRUSTED trusts every IPv4 address (0.0.0.0/1 + 128.0.0.0/1)"
    assert [place.line for place, _ in report.related] == [52, 30]


def test_any_address_by_mapped_addresses_only_where_the_program_maps_them() -> None:
    assert g.lines("trust-any-address", _edge("::ffff:0:0/96", maps_ipv4=True)) == [51]
    assert g.lines("trust-any-address", _edge("::ffff:0:0/96")) == []


def test_any_address_of_a_feature_that_is_off_is_inert() -> None:
    assert g.lines("trust-any-address", _edge("0.0.0.0/0", is_active=Tri.NO)) == []


def test_any_address_by_default_only_with_the_feature_certainly_on() -> None:
    for is_active, expected in ((Tri.YES, [51]), (Tri.UNKNOWN, [])):
        trust = replace(g.trust("0.0.0.0/0"), is_active=is_active)
        trust = replace(trust, entries=(replace(trust.entries[0], is_default=True),))
        assert g.lines("trust-any-address", g.graph(lists=[trust])) == expected


def test_any_address_in_a_list_that_is_only_named_like_one_is_a_warning() -> None:
    (report,) = g.reports("trust-any-address", _edge("0.0.0.0/0", basis=Basis.ASSUMED))
    assert report.severity is Severity.WARNING


def test_any_address_of_a_list_that_two_programs_share_is_one_report() -> None:
    built = _edge("0.0.0.0/0")
    built.trust_lists.append(
        replace(built.trust_lists[0], use=TrustUse.FORWARDED, hop=g.hop("web", Role.WEB))
    )
    assert len(g.reports("trust-any-address", built)) == 1


# --- trust-public-range --------------------------------------------------------------------------


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


# --- trust-wide-range ----------------------------------------------------------------------------


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
    found = g.reports("trust-wide-range", _edge(text))
    assert [report.at.line for report in found] == expected
    assert all(report.severity is Severity.WARNING for report in found)


def test_wide_range_counts_by_its_settings() -> None:
    assert g.lines("trust-wide-range", _edge("10.42.0.0/24"), ipv4=28) == [51]
    assert g.lines("trust-wide-range", _edge("10.42.0.0/12"), ipv4=8) == []
    assert g.lines("trust-wide-range", _edge("10.42.0.0/12"), ipv4="many") == []


def test_wide_range_of_a_keyword_is_one_report() -> None:
    entry = TrustEntry("private_ranges", g.at(51), means=(network("10.0.0.0/8"), network("192.168.0.0/16")))
    trust = replace(g.trust(), entries=(entry,))
    assert g.lines("trust-wide-range", g.graph(lists=[trust])) == [51]


@pytest.mark.parametrize("use", [TrustUse.RELAY, TrustUse.LOGIN])
def test_wide_range_is_not_about_relaying_or_logins(use: TrustUse) -> None:
    assert g.lines("trust-wide-range", _edge("10.0.0.0/8", use=use)) == []


def test_wide_range_of_an_inert_list() -> None:
    assert g.lines("trust-wide-range", _edge("10.0.0.0/8", is_active=Tri.NO)) == []


def _behind_edge(text: str, networks: dict[str, str], source: Rewrite = Rewrite.POD) -> HopGraph:
    trust = g.trust(text)
    server = g.listener(g.hop("mda", Role.MDA), proxy=g.policy(trusts=trust))
    way = g.link(g.hop("edge", Role.EDGE), server, Wire.V2, source)
    return g.graph(server, links=[way], lists=[trust], networks=networks)


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
    built = _behind_edge(text, networks, source)
    assert [report.severity for report in g.reports("trust-wide-range", built)] == expected


def test_wide_range_ignores_side_doors_and_clients_as_hops_in_front() -> None:
    built = _behind_edge("10.0.0.0/8", PODS | NODES)
    (server,) = built.listeners
    built.doors.append(g.door(g.link(None, server, source=Rewrite.NODE), is_side=True))
    built.links.append(g.link(g.hop("web", Role.WEB), server, source=Rewrite.KEPT, is_client=True))
    assert [found.severity for found in g.reports("trust-wide-range", built)] == [Severity.ERROR]


# --- trust-masquerade ----------------------------------------------------------------------------


def _public(text: str, networks: dict[str, str], *, source: Rewrite = Rewrite.NODE, sends: Wire = Wire.NONE,
            is_side: bool = False, basis: Basis = Basis.STATED) -> HopGraph:  # fmt: skip
    built = _edge(text)
    (entry,) = built.listeners
    way = g.link(None, entry, sends, source, basis=basis)
    built.doors.append(g.door(way, is_side=is_side))
    built.links.append(way)
    g.graph(networks=networks)
    built.networks = g.graph(networks=networks).networks
    return built


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [Severity.ERROR]),
        ({"is_side": True}, [Severity.WARNING]),
        ({"sends": Wire.V2}, []),
        ({"source": Rewrite.KEPT}, []),
        ({"source": Rewrite.BALANCER}, []),
        ({"basis": Basis.ASSUMED}, [Severity.WARNING]),
        ({"basis": Basis.UNKNOWN}, []),
    ],
)
def test_masquerade_of_nodes(change: dict[str, object], expected: list[Severity]) -> None:
    built = _public("192.168.7.0/24", NODES, **change)  # type: ignore[arg-type]
    assert [report.severity for report in g.reports("trust-masquerade", built)] == expected


def test_masquerade_of_pods_stands_on_the_entry() -> None:
    built = _public("10.42.0.0/16", PODS, source=Rewrite.POD)
    assert g.lines("trust-masquerade", built) == [51]


def test_masquerade_covered_by_two_entries_stands_on_the_first() -> None:
    built = _public("10.42.0.0/16", PODS, source=Rewrite.POD)
    trust = g.trust("192.168.0.0/24", "10.42.0.0/17", "10.42.128.0/17")
    entry = replace(built.listeners[0], proxy=g.entry_policy(trust))
    way = g.link(None, entry, Wire.NONE, Rewrite.POD)
    built.listeners, built.trust_lists, built.doors = [entry], [trust], [g.door(way)]
    assert g.lines("trust-masquerade", built) == [52]


@pytest.mark.parametrize(
    ("text", "networks"), [("192.168.7.0/24", {}), ("192.168.7.0/25", NODES), ("*", NODES)]
)
def test_masquerade_is_silent_where_it_is_not_proven(text: str, networks: dict[str, str]) -> None:
    assert g.lines("trust-masquerade", _public(text, networks)) == []


def test_masquerade_of_another_listener_and_of_a_relay_list() -> None:
    built = _public("192.168.7.0/24", NODES)
    other = g.listener(g.hop("other", Role.EDGE))
    built.doors = [g.door(g.link(None, other, Wire.NONE, Rewrite.NODE))]
    built.trust_lists.append(g.trust("192.168.7.0/24", use=TrustUse.RELAY, line=60))
    assert g.lines("trust-masquerade", built) == []


# --- trust-invalid-entry -------------------------------------------------------------------------


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


# --- trust-missing-hop ---------------------------------------------------------------------------


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
    assert g.lines("trust-missing-hop", _behind_edge(text, networks)) == expected


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
    built = _behind_edge("192.168.7.0/24", PODS)
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


# --- trust-nobody --------------------------------------------------------------------------------


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


# --- trust-lists-differ --------------------------------------------------------------------------


def _listed(*texts: str, has_sender: bool = False) -> HopGraph:
    edge, before = g.hop("edge", Role.EDGE), g.front().hop
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


# --- trust-one-family ----------------------------------------------------------------------------

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


# --- trust-own-network ---------------------------------------------------------------------------


def _relay(*texts: str, use: TrustUse = TrustUse.RELAY, is_active: Tri = Tri.YES,
           networks: dict[str, str] | None = None, source: Rewrite = Rewrite.NODE) -> HopGraph:  # fmt: skip
    own = g.trust(*texts, use=use, is_active=is_active)
    server = g.listener(g.hop(), own_networks=(own,))
    way = g.link(None, server, Wire.NONE, source)
    return g.graph(
        server, routes=[Route(g.door(way), (way,))], networks=NODES if networks is None else networks
    )


def _own(built: HopGraph, **ends: Believes) -> list[tuple[int, Severity | None]]:
    found = g.reports("trust-own-network", built, g.believing(built.routes, **ends))
    return [(report.at.line, report.severity) for report in found]


@pytest.mark.parametrize("use", [TrustUse.RELAY, TrustUse.LOGIN])
def test_own_network_holds_the_hop_whose_address_is_recorded(use: TrustUse) -> None:
    built = _relay("127.0.0.0/8", "192.168.7.0/24", use=use)
    assert _own(built, honest=Believes.HOP) == [(52, Severity.ERROR)]


@pytest.mark.parametrize(
    ("texts", "networks"), [(["127.0.0.0/8"], NODES), (["192.168.7.0/24"], {}), (["192.168.7.0/25"], NODES)]
)
def test_own_network_without_the_hop(texts: list[str], networks: dict[str, str]) -> None:
    assert _own(_relay(*texts, networks=networks), honest=Believes.HOP) == []


def test_own_network_of_all_private_space_holds_any_hop() -> None:
    built = _relay("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", networks={})
    assert _own(built, honest=Believes.HOP) == [(51, Severity.WARNING)]


def test_own_network_and_a_forger_outside() -> None:
    assert _own(_relay("127.0.0.0/8"), internet=Believes.FORGED) == [(51, Severity.ERROR)]


def test_own_network_that_comes_from_elsewhere_and_a_forger_inside() -> None:
    built = _relay(is_active=Tri.UNKNOWN)
    own = replace(built.listeners[0].own_networks[0], is_complete=Tri.UNKNOWN)
    server = replace(built.listeners[0], own_networks=(own,))
    way = g.link(None, server)
    built.routes = [Route(g.door(way), (way,))]
    assert _own(built, pods=Believes.FORGED) == [(50, Severity.WARNING)]


def test_own_network_of_nobody() -> None:
    assert _own(_relay(), internet=Believes.FORGED) == []


@pytest.mark.parametrize(
    "built", [_relay("192.168.7.0/24", is_active=Tri.NO), _relay("192.168.7.0/24", use=TrustUse.PROXY)]
)
def test_own_network_that_grants_nothing(built: HopGraph) -> None:
    assert _own(built, honest=Believes.HOP, internet=Believes.FORGED) == []


def test_own_network_with_the_address_kept() -> None:
    assert _own(_relay("192.168.7.0/24"), honest=Believes.CLIENT) == []


@pytest.mark.parametrize(("sends", "expected"), [(Wire.V2, [51]), (Wire.NONE, [])])
def test_own_network_judges_the_address_that_the_header_carries_on(sends: Wire, expected: list[int]) -> None:
    own = g.trust("192.168.7.0/24", use=TrustUse.RELAY)
    edge = g.hop("edge", Role.EDGE)
    entry = g.listener(edge)
    server = g.listener(g.hop(), proxy=g.ANYONE, own_networks=(own,))
    first, last = g.link(None, entry, source=Rewrite.NODE), g.link(edge, server, sends)
    built = g.graph(entry, server, routes=[Route(g.door(first), (first, last))], networks=NODES | PODS)
    assert [line for line, _ in _own(built, honest=Believes.HOP)] == expected


def test_lists_differ_is_not_asked_of_clients_and_of_servers_without_lists() -> None:
    built = _listed("10.42.7.0/24")
    server = g.listener(g.hop(), proxy=g.ANYONE)
    built.listeners.append(server)
    built.links = [g.link(g.hop("web", Role.WEB), server, is_client=True), g.link(None, server)]
    assert g.lines("trust-lists-differ", built) == []
