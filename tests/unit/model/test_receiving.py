"""What a listener makes of a header, one way at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truehop.model.addresses import AddressSet
from truehop.model.claims import CLIENT, FORGED, Claim, Connection, Identity, Received, weakest
from truehop.model.connection import keep_forwarded, receive
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Header, HeaderPolicy, Role, Serves, Untrusted, Wire

from .hand import hop, listener, policy, trusts

EDGE = Claim(Identity.HOP, "the edge", AddressSet.parse("10.42.0.7"))
TRUSTING = policy(Header.REQUIRED, "10.42.0.0/16")


def takes(
    proxy: HeaderPolicy, *wire: tuple[Wire, Claim | None], source: Claim = EDGE, is_forger: bool = False
) -> list[Received]:
    server = listener(hop("server", Role.MTA), 25, Serves.SMTP, proxy)
    return list(receive(server, Connection(source, wire), is_last=True, is_forger=is_forger))


def test_a_trusted_header_is_believed() -> None:
    (received,) = takes(TRUSTING, (Wire.V2, CLIENT))
    assert (received.believed, received.refused) == (CLIENT, "")


def test_a_version_that_is_not_understood_ends_the_session() -> None:
    (received,) = takes(replace(TRUSTING, versions=(Wire.V1,)), (Wire.V2, CLIENT))
    assert received.refused == "PROXY v2 is not understood"


def test_a_second_header_spoils_an_honest_session_only() -> None:
    wire = (Wire.V2, CLIENT), (Wire.V1, FORGED)
    (honest,) = takes(TRUSTING, *wire)
    (forger,) = takes(TRUSTING, *wire, is_forger=True)
    assert honest.refused == "a second PROXY header is taken for payload"
    assert (forger.refused, forger.believed) == ("", CLIENT)


@pytest.mark.parametrize("kind", [Wire.V1, Wire.V2])
def test_of_a_header_without_an_address_the_peer_counts(kind: Wire) -> None:
    (received,) = takes(TRUSTING, (kind, None))
    assert (received.believed, received.rest, received.refused) == (EDGE, (), "")


def test_a_form_without_an_address_that_a_program_does_not_take_ends_the_session() -> None:
    picky = replace(TRUSTING, refused_forms=("UNKNOWN",))
    assert [one.refused for one in takes(picky, (Wire.V1, None))] == [
        "a PROXY header that says UNKNOWN is turned away"
    ]
    assert [one.refused for one in takes(picky, (Wire.V2, None))] == [""]


def test_behind_a_header_without_an_address_the_next_one_stays_on_the_wire() -> None:
    (received,) = takes(TRUSTING, (Wire.V2, None), (Wire.V1, FORGED), is_forger=True)
    assert (received.believed, received.rest) == (EDGE, ((Wire.V1, FORGED),))


@pytest.mark.parametrize(
    ("untrusted", "refused"),
    [
        (Untrusted.DROPPED, "the trust list does not cover the edge, so the connection is dropped"),
        (Untrusted.UNREAD, "the PROXY header is taken for payload"),
        (Untrusted.STRIPPED, ""),
    ],
)
def test_an_untrusted_sender_gets_what_the_program_does(untrusted: Untrusted, refused: str) -> None:
    (received,) = takes(policy(Header.REQUIRED, "192.0.2.1", untrusted=untrusted), (Wire.V2, CLIENT))
    assert received.refused == refused
    if not refused:
        assert received.believed.label == EDGE.label


@pytest.mark.parametrize(
    ("absent", "seconds", "words"),
    [
        ("works", None, "gets no PROXY header and sees the edge"),
        ("stalls", None, "gets no PROXY header and sees the edge after waiting for one"),
        ("stalls", 60, "gets no PROXY header and sees the edge after waiting 60 s for one"),
    ],
)
def test_a_session_without_header_may_work_late(absent: str, seconds: int | None, words: str) -> None:
    (received,) = takes(policy(Header.OPTIONAL, "10.42.0.0/16", absent=absent, seconds=seconds))
    assert received.does == words


def test_a_program_that_drops_sessions_without_header_refuses() -> None:
    (received,) = takes(policy(Header.OPTIONAL, "10.42.0.0/16", absent="refused"))
    assert received.refused == "it demands a PROXY header and gets none"


# --- forwarded headers -------------------------------------------------------------------------

OTHER = Claim(Identity.HOP, "another proxy", AddressSet.parse("192.0.2.9"))
SOMEWHERE = Claim(Identity.HOP, "a hop", None, "networks.pods")


def application(*texts: str, has_list: bool = True) -> HeaderPolicy:
    return policy(Header.OPTIONAL, *texts, has_list=has_list)


def reads(proxies: HeaderPolicy, *chain: Claim, source: Claim = EDGE) -> list[str]:
    web = listener(hop("web", Role.WEB), 8080, Serves.HTTP, policy(), forwarded=proxies)
    connection = Connection(source, (), chain)
    return [found.believed.label for found in receive(web, connection, is_last=True, is_forger=False)]


def test_the_last_entry_that_is_no_proxy_is_the_client() -> None:
    assert reads(application("10.42.0.0/16"), CLIENT, EDGE) == ["the client's address"]
    assert reads(application("10.42.0.0/16"), CLIENT, OTHER) == ["another proxy"]
    assert reads(application("10.42.0.0/16"), CLIENT) == ["the client's address"]


def test_an_entry_of_unknown_addresses_may_be_a_proxy_or_the_client() -> None:
    assert reads(application("10.42.0.0/16"), CLIENT, SOMEWHERE) == ["a hop", "the client's address"]


def test_without_a_chain_the_peer_counts() -> None:
    assert reads(application("10.42.0.0/16")) == ["the edge"]


def kept(proxies: HeaderPolicy | None, peer: Claim, *chain: Claim) -> list[list[str]]:
    entry = listener(hop("edge", Role.EDGE), 80, Serves.HTTP, policy(), forwarded=proxies)
    received = Received(peer, forwarded=chain)
    return [[claim.label for claim in found] for found, _ in keep_forwarded(entry, received)]


def test_an_edge_appends_to_the_chain_of_a_trusted_peer_and_replaces_any_other() -> None:
    assert kept(application("10.42.0.0/16"), EDGE, CLIENT) == [["the client's address", "the edge"]]
    assert kept(application("10.42.0.0/16"), OTHER, CLIENT) == [["another proxy"]]
    assert kept(application("10.42.0.0/16"), SOMEWHERE, CLIENT) == [
        ["the client's address", "a hop"],
        ["a hop"],
    ]


@pytest.mark.parametrize("proxies", [None, policy(), application("10.42.0.0/16")])
def test_an_edge_without_a_list_or_a_chain_sends_its_own_sight(proxies: HeaderPolicy | None) -> None:
    chain = () if proxies is not None and proxies.is_on else (CLIENT,)
    assert kept(proxies, EDGE, *chain) == [["the edge"]]


def test_the_weakest_basis_is_the_least_certain() -> None:
    assert weakest() is Basis.STATED
    assert weakest(Basis.DEFAULT, Basis.UNKNOWN, Basis.ASSUMED) is Basis.UNKNOWN
    assert trusts("10.0.0.0/8").is_complete is Tri.YES
