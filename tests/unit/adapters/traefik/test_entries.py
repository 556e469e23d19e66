"""Entry points."""

from __future__ import annotations

import pytest

from truehop.model.facts import Tri
from truehop.model.hops import Serves, Tls

from .hand import ADDRESS, listener_of, names, with_flags


def test_udp_entry_points_are_left_out() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.dns.address=:53/udp")
    assert names(reading) == ["smtp"]
    assert reading.knows_all_entries


@pytest.mark.parametrize("address", ["nonsense", ":0", ":99999", "$(ADDRESS)"])
def test_an_address_that_cannot_be_read_makes_the_entries_unknown(address: str) -> None:
    reading, _ = with_flags(
        ADDRESS, f"--entrypoints.imap.address={address}", "--entrypoints.imap.proxyprotocol"
    )
    assert names(reading) == ["smtp"]
    assert not reading.knows_all_entries
    assert reading.default_entries is None
    assert len(reading.trust_lists) == 1


def test_hosts_in_addresses_do_not_matter() -> None:
    reading, _ = with_flags(
        "--entrypoints.smtp.address=[::]:25/tcp", "--entrypoints.imap.address=10.0.0.1:143"
    )
    assert [listener.port for listener in reading.listeners] == [25, 143]


def test_without_entry_points_there_is_one_for_http() -> None:
    reading, _ = with_flags("--providers.kubernetescrd")
    assert [(listener.name, listener.port) for listener in reading.listeners] == [("http", 80)]
    assert reading.default_entries == ("http",)


@pytest.mark.parametrize(
    ("flags", "port", "serves"),
    [
        (("--api.insecure",), 8080, Serves.DASHBOARD),
        (("--api.insecure=true", "--entrypoints.traefik.address=:9000"), 9000, Serves.DASHBOARD),
        (("--ping",), 8080, Serves.TCP),
        (("--metrics.prometheus=true",), 8080, Serves.TCP),
        (
            ("--metrics.prometheus.entrypoint=traefik", "--entrypoints.traefik.address=:8080/tcp"),
            8080,
            Serves.INTERNAL,
        ),
    ],
)
def test_the_internal_entry_point_serves_what_it_is_told(
    flags: tuple[str, ...], port: int, serves: Serves
) -> None:
    reading, _ = with_flags(ADDRESS, *flags)
    listener = listener_of(reading, "traefik")
    assert (listener.port, listener.serves.value) == (port, serves)
    assert reading.default_entries == ("smtp",)


@pytest.mark.parametrize(
    "flags",
    [("--api",), ("--api.insecure=false",), ("--ping.manualrouting=true",), ("--ping.entrypoint=smtp",)],
)
def test_the_internal_entry_point_is_not_there_unasked(flags: tuple[str, ...]) -> None:
    reading, _ = with_flags(ADDRESS, *flags)
    assert names(reading) == ["smtp"]


def test_metrics_on_an_entry_point_of_that_name_are_internal() -> None:
    reading, _ = with_flags("--entrypoints.metrics.address=:9100", "--metrics.prometheus.entrypoint=metrics")
    assert listener_of(reading, "metrics").serves.value is Serves.INTERNAL


def test_routers_without_entry_points_attach_to_the_flagged_ones() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.web.address=:80", "--entrypoints.web.asDefault=true")
    assert reading.default_entries == ("web",)


def test_without_flagged_ones_they_attach_to_all_but_the_internal() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.web.address=:80", "--entrypoints.traefik.address=:8080")
    assert reading.default_entries == ("smtp", "web")


@pytest.mark.parametrize(
    ("image", "more", "absent", "seconds"),
    [
        ("traefik:v3.6.1", (), "stalls", 60),
        ("traefik:latest", (), "stalls", 60),
        ("traefik:v2.11.2", (), "stalls", 60),
        ("traefik:v2.11.1", (), "stalls", None),
        ("traefik:v2.10.7", (), "works", None),
        ("traefik:v3.6.1", ("5s",), "stalls", 5),
        ("traefik:v3.6.1", ("1m30s",), "stalls", 90),
        ("traefik:v3.6.1", ("10",), "stalls", 10),
        ("traefik:v3.6.1", ("200ms",), "stalls", 1),
        ("traefik:v3.6.1", ("0",), "stalls", None),
        ("traefik:v3.6.1", ("0s",), "stalls", None),
        ("traefik:v3.6.1", ("soon",), "stalls", 60),
    ],
)
def test_a_missing_header_is_waited_for_until_the_read_timeout(
    image: str, more: tuple[str, ...], absent: str, seconds: int | None
) -> None:
    flags = [f"--entrypoints.smtp.transport.respondingTimeouts.readTimeout={value}" for value in more]
    reading, _ = with_flags(
        ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=10.0.0.1", *flags, image=image
    )
    policy = listener_of(reading, "smtp").proxy
    assert (policy.absent, policy.stall_seconds) == (absent, seconds)


def test_an_entry_point_may_bring_tls_and_redirects() -> None:
    reading, made = with_flags(
        "--entrypoints.web.address=:80",
        "--entrypoints.web.http.redirections.entryPoint.to=websecure",
        "--entrypoints.websecure.address=:443",
        "--entrypoints.websecure.http.tls",
        "--entrypoints.other.address=:81",
        "--entrypoints.other.http.redirections.entryPoint.to=websecure",
        "--entrypoints.other.http.redirections.entryPoint.scheme=http",
        "--entrypoints.other.http.tls=false",
    )
    web, secure, other = reading.listeners
    assert (web.redirects, secure.redirects, other.redirects) == (Tri.YES, Tri.NO, Tri.NO)
    assert (web.tls.value, secure.tls.value, other.tls.value) == (Tls.PLAIN, Tls.IMPLICIT, Tls.PLAIN)
    assert made.cut(secure.tls.at) == "--entrypoints.websecure.http.tls"
