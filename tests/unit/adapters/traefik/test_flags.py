"""Flags as Traefik reads them."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import read
from truehop.model.facts import Tri
from truehop.model.hops import Effect, Header, Serves, Tls, Untrusted

from .hand import ADDRESS, effects, listener_of, names, sample, traefik, trusted, with_flags


def test_an_entry_point_is_a_listener_that_never_reads_a_header() -> None:
    reading, made = with_flags(ADDRESS)
    listener = listener_of(reading, "smtp")
    assert (listener.port, listener.serves.value) == (25, Serves.TCP)
    assert listener.proxy.mode.value is Header.NEVER
    assert listener.proxy.untrusted is Untrusted.UNREAD
    assert listener.forwarded
    assert listener.forwarded.is_off
    assert listener.tls.value is Tls.PLAIN
    assert made.cut(listener.at) == ":25"
    assert not reading.switches
    assert not reading.trust_lists
    assert reading.hop.starts.value is Tri.YES


def test_a_list_given_twice_is_unstable_at_the_second_flag() -> None:
    first, second = (f"--entryPoints.smtp.proxyProtocol.trustedIPs=10.0.0.{number}" for number in (1, 2))
    reading, made = with_flags(ADDRESS, first, second.lower())
    (switch,) = reading.switches
    assert switch.effect is Effect.UNSTABLE
    assert made.cut(switch.at) == second.lower()
    assert made.cut(switch.other) == first
    assert trusted(reading) == {"entryPoints.smtp.proxyProtocol.trustedIPs": ["10.0.0.1", "10.0.0.2"]}


def test_a_list_after_a_blank_is_unstable() -> None:
    reading, made = with_flags(ADDRESS, "--entryPoints.smtp.proxyProtocol.trustedIPs", "10.0.0.1")
    assert effects(reading.switches) == [("--entryPoints.smtp.proxyProtocol.trustedIPs", Effect.UNSTABLE)]
    assert trusted(reading) == {"entryPoints.smtp.proxyProtocol.trustedIPs": ["10.0.0.1"]}
    assert made.cut(reading.switches[0].at) == "--entryPoints.smtp.proxyProtocol.trustedIPs"


def test_other_flags_given_twice_are_not_unstable_and_the_last_counts() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.address=:26")
    assert listener_of(reading, "smtp").port == 26
    assert not reading.switches


@pytest.mark.parametrize("stop", ["--", "healthcheck", "---", "--=x", "-"])
def test_flags_end_at_what_is_none(stop: str) -> None:
    reading, _ = with_flags(ADDRESS, stop, "--entrypoints.imap.address=:143")
    assert names(reading) == ["smtp"]


def test_flags_after_a_value_that_stands_apart_still_count() -> None:
    reading, _ = with_flags("--log.level", "DEBUG", ADDRESS)
    assert names(reading) == ["smtp"]


def test_flags_in_a_shell_line_are_read() -> None:
    made = sample(
        traefik(
            image="example/proxy:1",
            more="command: [sh, -c, 'exec traefik --entrypoints.smtp.address=:25 --providers.kubernetescrd']",
        )
    )
    (reading,) = read(made.world)
    assert names(reading) == ["smtp"]
    assert reading.providers == ("crd",)
    assert reading.hop.version is None
