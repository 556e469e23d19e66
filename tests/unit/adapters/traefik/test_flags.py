"""Flags as Traefik reads them."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import read
from truehop.model.facts import Tri
from truehop.model.hops import Effect, Header, Serves, Tls, TrustUse, Untrusted

from .hand import effects, listener_of, names, read_one, sample, traefik, trusted, with_flags

ADDRESS = "--entryPoints.smtp.address=:25"


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


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("traefik:v3.6.1", "3.6.1"),
        ("docker.io/library/traefik:3.6", "3.6"),
        ("rancher/mirrored-library-traefik:2.11.10", "2.11.10"),
        ("traefik:latest", None),
        ("ghcr.io/traefik/traefik-hub:v3.20.1", None),
    ],
)
def test_the_version_is_the_images(image: str, expected: str | None) -> None:
    reading, _ = with_flags(ADDRESS, image=image)
    assert (reading.hop.version.value if reading.hop.version else None) == expected


@pytest.mark.parametrize("image", ["traefik/whoami:v1", "nginx:1", "example/traefik-forward-auth:2"])
def test_other_images_are_no_traefik(image: str) -> None:
    assert not read(sample(traefik(["--log.level=debug"], image=image)).world)


def test_flags_that_only_traefik_has_tell_an_unnamed_image() -> None:
    reading, _ = with_flags(ADDRESS, image="registry.example/proxy@sha256:0000")
    assert names(reading) == ["smtp"]


def test_unknown_values_in_a_list_leave_it_incomplete() -> None:
    text = traefik(
        [ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=10.0.0.1,$(FRONT)"],
        env="[{name: FRONT, valueFrom: {configMapKeyRef: {name: front, key: networks}}}]",
    )
    reading, _ = read_one(text)
    (trusts,) = reading.trust_lists
    assert trusts.is_complete is Tri.UNKNOWN
    assert [entry.text for entry in trusts.entries] == ["10.0.0.1"]
    (gap,) = reading.gaps
    assert gap.wants == "ConfigMap edge/front, key networks"
    assert gap.hop is reading.hop
    assert reading.hop.starts.value is Tri.YES


def test_a_list_of_placeholders_alone_is_not_empty() -> None:
    reading, _ = with_flags(ADDRESS, "--entrypoints.smtp.proxyProtocol.trustedIPs=${FRONT}")
    assert reading.hop.starts.value is Tri.YES
    assert len(reading.gaps) == 1


def test_the_hop_is_the_workload() -> None:
    text = traefik([ADDRESS], pod="hostNetwork: true")
    reading, made = read_one(text)
    assert str(reading.hop) == "Deployment edge/traefik"
    assert reading.hop.on_host_network
    assert reading.workload is not None
    assert made.cut(reading.hop.at) == "traefik"
    assert reading.hop.version
    assert made.cut(reading.hop.version.at) == "traefik:v3.6.1"


def test_providers_are_those_that_are_on() -> None:
    reading, _ = with_flags(
        ADDRESS,
        "--providers.kubernetesCRD",
        "--providers.kubernetesIngress.ingressClass=traefik",
        "--providers.kubernetesGateway=false",
        "--core.defaultRuleSyntax=v2",
    )
    assert reading.providers == ("crd", "ingress")
    assert reading.rule_syntax == "v2"
