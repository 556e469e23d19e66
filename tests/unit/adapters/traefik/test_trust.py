"""Whom an entry point believes."""

from __future__ import annotations

import pytest

from truehop.model.facts import Tri
from truehop.model.hops import Effect, Header, TrustUse, Untrusted

from .hand import ADDRESS, listener_of, with_flags


@pytest.mark.parametrize(
    "flag",
    [
        "--entrypoints.smtp.proxyprotocol",
        "-entrypoints.smtp.proxyprotocol",
        "--entrypoints.smtp.proxyprotocol=true",
        "--entrypoints.smtp.proxyprotocol=TRUE",
        "--entrypoints.smtp.proxyprotocol=",
        "--entrypoints.smtp.proxyprotocol.insecure=false",
        "--entrypoints.smtp.proxyprotocol.trustedIPs=",
    ],
)
def test_decoding_without_anybody_trusted_does_not_start(flag: str) -> None:
    reading, made = with_flags(ADDRESS, flag)
    assert reading.hop.starts.value is Tri.NO
    (trusts,) = reading.trust_lists
    assert trusts.is_present
    assert trusts.is_empty
    assert trusts.use is TrustUse.PROXY
    assert trusts.hop is reading.hop
    assert made.cut(trusts.at) == flag.rstrip("=").removesuffix("=true").removesuffix("=TRUE").removesuffix(
        "=false"
    )
    assert made.cut(reading.hop.starts.at) == made.cut(trusts.at)
    assert listener_of(reading, "smtp").proxy.trusts is trusts


@pytest.mark.parametrize("value", ["false", "FALSE", "off", "no"])
def test_decoding_set_to_an_off_word_is_off_and_nothing_to_tell(value: str) -> None:
    reading, _ = with_flags(ADDRESS, f"--entrypoints.smtp.proxyprotocol={value}")
    assert listener_of(reading, "smtp").proxy.is_off
    assert not reading.switches
    assert reading.hop.starts.value is Tri.YES


@pytest.mark.parametrize("value", ["foo", "v2", "1", "yes"])
def test_decoding_set_to_another_word_is_off_and_ignored(value: str) -> None:
    reading, made = with_flags(ADDRESS, f"--entrypoints.smtp.proxyprotocol={value}")
    assert listener_of(reading, "smtp").proxy.is_off
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert made.cut(switch.at) == value


def test_a_value_that_is_not_in_the_input_says_nothing_about_the_switch() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyprotocol=${ON}")
    assert not reading.switches


def test_a_list_is_taken_apart_and_each_network_has_its_place() -> None:
    reading, made = with_flags(ADDRESS, "--ENTRYPOINTS.SMTP.ProxyProtocol.TrustedIPs=10.0.0.1, 10.42.0.0/16")
    listener = listener_of(reading, "smtp")
    assert listener.proxy.mode.value is Header.OPTIONAL
    assert listener.proxy.untrusted is Untrusted.STRIPPED
    assert listener.proxy.trusts
    assert [made.cut(entry.at) for entry in listener.proxy.trusts.entries] == ["10.0.0.1", "10.42.0.0/16"]
    assert reading.hop.starts.value is Tri.YES


@pytest.mark.parametrize("word", ["true", "1", "T"])
def test_insecure_believes_everyone_and_hides_the_list(word: str) -> None:
    reading, made = with_flags(
        ADDRESS,
        f"--entrypoints.smtp.proxyprotocol.insecure={word}",
        "--entrypoints.smtp.proxyprotocol.trustedips=10.0.0.1,nonsense",
    )
    (trusts,) = reading.trust_lists
    assert trusts.trusts_everyone
    assert len(trusts.entries) == 1
    assert made.cut(trusts.entries[0].at) == word
    assert reading.hop.starts.value is Tri.YES


def test_bare_insecure_is_true() -> None:
    reading, made = with_flags(ADDRESS, "--entrypoints.smtp.forwardedHeaders.insecure")
    (trusts,) = reading.trust_lists
    assert trusts.use is TrustUse.FORWARDED
    assert trusts.trusts_everyone
    assert made.cut(trusts.entries[0].at) == "--entrypoints.smtp.forwardedHeaders.insecure"


@pytest.mark.parametrize("block", ["proxyProtocol", "forwardedHeaders"])
@pytest.mark.parametrize(
    "entry",
    ["traefik.mail", "private", "PRIVATE_SUBNETS", "REMOTE_ADDR", "10.0.0.0/33", "10.0.0.0/", "fe80::1%eth0"],
)
def test_what_is_no_address_keeps_it_from_starting(block: str, entry: str) -> None:
    reading, made = with_flags(ADDRESS, f"--entrypoints.smtp.{block}.trustedIPs=10.0.0.1,{entry}")
    (trusts,) = reading.trust_lists
    assert [bool(found.problem) for found in trusts.entries] == [False, True]
    assert reading.hop.starts.value is Tri.NO
    assert made.cut(reading.hop.starts.at) == entry


def test_an_entry_left_empty_is_no_address() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=10.0.0.1,")
    assert reading.hop.starts.value is Tri.NO


def test_host_bits_are_cut_off_and_it_starts() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=10.42.1.5/16")
    (trusts,) = reading.trust_lists
    assert trusts.entries[0].is_reinterpreted
    assert str(trusts.entries[0].network) == "10.42.0.0/16"
    assert reading.hop.starts.value is Tri.YES


def test_the_mapped_network_is_all_of_ipv4() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=::ffff:0:0/96")
    assert reading.trust_lists[0].trusts_everyone


@pytest.mark.parametrize("name", ["version", "required", "trustedIP"])
def test_a_setting_that_does_not_exist_keeps_it_from_starting(name: str) -> None:
    reading, made = with_flags(
        ADDRESS,
        "--entrypoints.smtp.proxyProtocol.trustedIPs=10.0.0.1",
        f"--entrypoints.smtp.proxyProtocol.{name}=2",
    )
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert reading.hop.starts.value is Tri.NO
    assert made.cut(switch.at).endswith(name)


def test_a_misspelt_block_keeps_it_from_starting() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyProtocols.trustedIPs=10.0.0.1")
    (switch,) = reading.switches
    assert switch.instead == "proxyProtocol"
    assert reading.hop.starts.value is Tri.NO


def test_of_a_list_given_twice_every_start_reads_the_last_part_only() -> None:
    flag = "--entrypoints.smtp.proxyprotocol.trustedIPs="
    reading, _ = with_flags(ADDRESS, f"{flag}10.0.0.0/24,10.0.1.0/24", f"{flag}10.0.2.0/24")
    (trusts,) = reading.trust_lists
    assert [one.is_unsteady for one in trusts.entries] == [True, True, False]
