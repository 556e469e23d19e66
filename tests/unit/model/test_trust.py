"""Whether a list covers who sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import AddressSet, network
from truehop.model.claims import CLIENT, Claim, Identity
from truehop.model.coverage import covering_entry, is_trusted, open_points
from truehop.model.facts import Fact, Tri, all_of, any_of
from truehop.model.hops import (
    Header,
    Hop,
    Link,
    Rewrite,
    Role,
    Serves,
    TrustEntry,
    TrustList,
    Untrusted,
    Wire,
)
from truehop.model.walk import Believes, walk_all

from .hand import at, graph_of, hop, listener, policy, trusts


def hop_of(*texts: str, may_be: str = "") -> Claim:
    addresses = AddressSet.parse(*texts) if texts else None
    possible = AddressSet.parse(may_be) if may_be else None
    return Claim(Identity.HOP, "the edge", addresses, "networks.pods", possible)


def verdict(trust: TrustList | None, claim: Claim, untrusted: Untrusted = Untrusted.STRIPPED) -> Fact[Tri]:
    return is_trusted(trust, untrusted, claim)


LIST = trusts("10.42.0.0/16")
BOTH = AddressSet.parse("10.42.0.0/16", "fd42::/48")


@pytest.mark.parametrize(
    ("trust", "claim", "expected", "why"),
    [
        (LIST, hop_of("10.42.0.7"), Tri.YES, "the trust list covers the edge"),
        (
            trusts("10.0.0.0/9", "10.128.0.0/9"),
            hop_of("10.0.0.0/8"),
            Tri.YES,
            "the trust list covers the edge",
        ),
        (trusts("0.0.0.0/0"), CLIENT, Tri.YES, "the trust list trusts everyone"),
        (trusts("0.0.0.0/0"), hop_of("fd42::7"), Tri.NO, "the trust list does not cover the edge"),
        (trusts("0.0.0.0/0"), hop_of("10.42.0.7", "fd42::7"), Tri.YES, "the trust list trusts everyone"),
        (LIST, hop_of("192.0.2.1"), Tri.NO, "the trust list does not cover the edge"),
        (LIST, CLIENT, Tri.NO, "the trust list does not cover the client's address"),
        (trusts(), hop_of("10.42.0.7"), Tri.NO, "the trust list trusts nobody"),
        (trusts("127.0.0.1", "::1"), hop_of(), Tri.NO, "the trust list does not cover the edge"),
        (LIST, hop_of(), Tri.UNKNOWN, "the addresses of the edge are unknown"),
        (LIST, hop_of("10.0.0.0/8"), Tri.UNKNOWN, "the trust list covers a part of the edge"),
        (
            LIST,
            hop_of("192.0.2.1", may_be="10.42.0.0/16"),
            Tri.UNKNOWN,
            "the trust list covers a part of the edge",
        ),
        (LIST, hop_of("192.0.2.1", may_be="10.43.0.0/16"), Tri.NO, "the trust list does not cover the edge"),
        (
            LIST,
            hop_of("10.42.0.7", "2001:db8::1"),
            Tri.UNKNOWN,
            "the trust list knows one family of the edge",
        ),
        (
            replace(LIST, is_complete=Tri.NO),
            hop_of("192.0.2.1"),
            Tri.UNKNOWN,
            "the trust list is not all in the input",
        ),
    ],
)
def test_a_list_says_yes_no_or_what_is_missing(
    trust: TrustList, claim: Claim, expected: Tri, why: str
) -> None:
    found = verdict(trust, claim)
    assert (found.value, found.origin) == (expected, why)


def test_one_family_is_settled_by_the_connection_and_not_by_networks() -> None:
    found = verdict(LIST, hop_of("10.42.0.7", "2001:db8::1"))
    assert open_points(found) == ("the address family",)
    assert open_points(verdict(LIST, hop_of("10.0.0.0/8"))) == ("networks.pods",)
    assert open_points(verdict(LIST, hop_of("10.42.0.7"))) == ()


def test_without_a_list_the_program_decides() -> None:
    assert verdict(None, CLIENT, Untrusted.BELIEVED).value is Tri.YES
    assert verdict(None, CLIENT, Untrusted.DROPPED).value is Tri.NO


def test_the_entry_that_trusts_is_named_where_it_is_one() -> None:
    wide = trusts("192.0.2.0/24", "10.42.0.0/16")
    assert covering_entry(wide, hop_of("10.42.0.7")) is wide.entries[1]
    everyone = replace(wide, entries=(*wide.entries, TrustEntry("*", at(9), is_everyone=True)))
    assert covering_entry(everyone, CLIENT) is everyone.entries[2]
    assert everyone.trusts_everyone
    halves = trusts("0.0.0.0/1", "128.0.0.0/1")
    assert covering_entry(halves, CLIENT) is halves.entries[0]
    assert covering_entry(LIST, CLIENT) is None
    assert verdict(halves, hop_of("0.0.0.0/0")).at == halves.at


def test_a_list_is_empty_only_where_all_of_it_is_known() -> None:
    assert trusts().is_empty
    assert trusts("mail.example.com").is_empty
    assert not replace(trusts(), is_complete=Tri.UNKNOWN).is_empty
    assert not LIST.is_empty
    word = TrustEntry("private_ranges", at(1), means=(network("10.0.0.0/8"), network("192.168.0.0/16")))
    assert str(replace(LIST, entries=(word,)).addresses) == "10.0.0.0/8, 192.168.0.0/16"
    mapped = trusts("::ffff:0:0/96")
    assert not mapped.trusts_everyone
    assert replace(mapped, maps_ipv4=True).trusts_everyone


# --- small things of the model -----------------------------------------------------------------


def test_three_values_are_combined() -> None:
    assert (Tri.of(None), Tri.of(True), Tri.of(False)) == (Tri.UNKNOWN, Tri.YES, Tri.NO)  # noqa: FBT003 (a conversion)
    assert [value.negate() for value in (Tri.YES, Tri.NO, Tri.UNKNOWN)] == [Tri.NO, Tri.YES, Tri.UNKNOWN]
    assert any_of(Tri.NO, Tri.UNKNOWN, Tri.YES) is Tri.YES
    assert any_of(Tri.NO, Tri.UNKNOWN) is Tri.UNKNOWN
    assert any_of() is Tri.NO
    assert all_of(Tri.YES, Tri.UNKNOWN, Tri.NO) is Tri.NO
    assert all_of(Tri.YES, Tri.UNKNOWN) is Tri.UNKNOWN
    assert all_of() is Tri.YES


def test_a_network_of_a_constant_must_be_one() -> None:
    with pytest.raises(ValueError, match="pods"):
        network("pods")


def test_sets_name_their_families() -> None:
    assert AddressSet.parse("10.0.0.0/8", "::1").families == (4, 6)
    assert AddressSet.parse("::1").families == (6,)
    assert network("0.0.0.0/0").is_everything
    assert network("10.0.0.1").is_host


def test_protocols_know_what_they_are() -> None:
    assert Serves.LMTP.is_internal
    assert not Serves.SMTP.is_internal
    assert Serves.IMAPS.is_implicit_tls
    assert Serves.SIEVE.is_server_first
    assert Serves.HTTPS.is_http
    assert Serves.POP3.is_mail


def linked(owner: Hop | None, families: tuple[int, ...] | None) -> Link:
    target = listener(hop("server", Role.MDA), 143, Serves.IMAP, policy())
    return Link(owner, target, Fact(Wire.V2), Fact(Rewrite.POD), families=Fact(families))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (linked(hop("edge", Role.EDGE), (4,)), "10.42.0.0/16"),
        (linked(hop("edge", Role.EDGE), (6,)), "fd42::/48"),
        (linked(hop("edge", Role.EDGE), (4, 6)), "10.42.0.0/16, fd42::/48"),
        (linked(hop("edge", Role.EDGE), None), "10.42.0.0/16, fd42::/48"),
        (linked(hop("balancer", Role.FRONT), (4,)), "10.42.0.0/16, fd42::/48"),
        (linked(None, (4,)), "10.42.0.0/16, fd42::/48"),
    ],
)
def test_a_pod_shows_itself_in_the_families_of_the_service_it_calls(link: Link, expected: str) -> None:
    assert str(link.part_shown(BOTH)) == expected


def test_who_calls_a_service_of_one_family_is_covered_by_a_list_of_that_one() -> None:
    graph, route = graph_of(entry=policy(), sends=Wire.V2, backend=policy(Header.REQUIRED, "10.42.0.0/16"))
    graph.networks.pods = Fact(BOTH, settles="networks.pods")
    assert walk_all(graph).of(route).believes is Believes.UNKNOWN
    last = replace(route.links[-1], families=Fact((4,)))
    graph.routes = [replace(route, links=(*route.links[:-1], last))]
    assert walk_all(graph).of(graph.routes[0]).believes is Believes.CLIENT


def test_what_only_some_starts_read_is_trusted_perhaps() -> None:
    first, last = trusts("10.42.0.0/16").entries[0], trusts("10.43.0.0/16").entries[0]
    unsteady = replace(LIST, entries=(replace(first, is_unsteady=True), last))
    found = verdict(unsteady, hop_of("10.42.0.0/24"))
    assert (found.value, found.settles) == (Tri.UNKNOWN, unsteady.name)
    assert verdict(unsteady, hop_of("10.43.0.0/24")).value is Tri.YES
    assert verdict(unsteady, hop_of("10.44.0.0/24")).value is Tri.NO
