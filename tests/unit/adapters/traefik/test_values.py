"""The official chart's values."""

from __future__ import annotations

from textwrap import dedent

import pytest

from truehop.adapters.traefik import read_values
from truehop.model.facts import Basis, ObjectRef, Tri
from truehop.model.hops import Effect, Header, Serves, Tls

from .hand import DEFAULTS, effects, from_values, listener_of, names, sample, trusted


@pytest.mark.parametrize("chart", [None, "41.3.0", "39.0.0"])
def test_a_copy_of_the_defaults_has_nothing_to_tell(chart: str | None) -> None:
    reading, _ = from_values(DEFAULTS, chart)
    assert not reading.switches
    assert not reading.trust_lists
    assert not reading.gaps
    assert all(listener.proxy.is_off for listener in reading.listeners)
    assert reading.hop.starts.value is Tri.YES
    assert not reading.hop.on_host_network


@pytest.mark.parametrize(
    ("chart", "internal", "tls", "version"),
    [
        ("41.3.0", 8080, Tls.IMPLICIT, "3.7.11"),
        ("32.0.0", 9000, Tls.IMPLICIT, "3.1.4"),
        ("10.1.0", 9000, Tls.PLAIN, "2.4.9"),
        (None, 8080, Tls.IMPLICIT, None),
        ("10.x", 9000, Tls.PLAIN, None),
    ],
)
def test_the_charts_own_ports_are_there_unsaid(
    chart: str | None, internal: int, tls: Tls, version: str | None
) -> None:
    reading, _ = from_values("ingressRoute: {dashboard: {enabled: true}}", chart)
    assert [(listener.name, listener.port) for listener in reading.listeners] == [
        ("traefik", internal),
        ("web", 8000),
        ("websecure", 8443),
        ("metrics", 9100),
    ]
    assert listener_of(reading, "websecure").tls.value is tls
    assert listener_of(reading, "metrics").serves.value is Serves.INTERNAL
    assert listener_of(reading, "web").basis is Basis.DEFAULT
    assert (reading.hop.version.value if reading.hop.version else None) == version
    assert reading.default_entries == ("web", "websecure", "metrics")
    assert reading.knows_all_entries
    (service,) = reading.services
    assert (service.type.value, service.type.basis) == ("LoadBalancer", Basis.DEFAULT)
    assert [(port.port, port.target) for port in service.ports] == [(80, "web"), (443, "websecure")]
    assert service.traffic_policy.value == "Cluster"
    assert service.ref == ObjectRef("Service", "traefik", "edge")


def test_very_old_charts_have_no_metrics_port() -> None:
    reading, _ = from_values("ingressRoute: {dashboard: {enabled: true}}", "9.1.0")
    assert "metrics" not in names(reading)


def test_a_port_set_to_null_is_gone() -> None:
    reading, _ = from_values("ports: {metrics: null, web: {exposedPort: 8080, expose: {default: true}}}")
    assert names(reading) == ["traefik", "web", "websecure"]


def test_lists_and_switches_of_a_port_become_settings_with_their_places() -> None:
    reading, made = from_values("""\
        ports:
          smtp:
            port: 2525
            exposedPort: 25
            expose: {default: true}
            asDefault: true
            proxyProtocol: {trustedIPs: [10.0.0.1, "10.42.0.0/16"]}
            forwardedHeaders: {insecure: true}
            transport: {respondingTimeouts: {readTimeout: 5s}}
    """)
    listener = listener_of(reading, "smtp")
    assert listener.port == 2525
    assert listener.proxy.mode.value is Header.OPTIONAL
    assert listener.proxy.stall_seconds == 5
    assert listener.proxy.trusts
    assert [made.cut(entry.at) for entry in listener.proxy.trusts.entries] == ["10.0.0.1", "10.42.0.0/16"]
    assert made.cut(listener.proxy.trusts.at) == "trustedIPs"
    assert listener.forwarded
    assert listener.forwarded.trusts
    assert listener.forwarded.trusts.trusts_everyone
    assert reading.default_entries == ("smtp",)
    assert made.cut(reading.services[0].ports[-1].at) == "25"


@pytest.mark.parametrize("text", ["insecure: 'false'", "insecure: true", "insecure: 1"])
def test_any_text_is_true_to_a_template(text: str) -> None:
    reading, _ = from_values(f"ports: {{web: {{proxyProtocol: {{{text}}}}}}}")
    assert reading.trust_lists[0].trusts_everyone


def test_a_list_written_as_one_text_is_taken_apart() -> None:
    reading, _ = from_values("ports: {web: {proxyProtocol: {trustedIPs: '10.0.0.1,10.0.0.2'}}}")
    assert trusted(reading) == {"entryPoints.web.proxyProtocol.trustedIPs": ["10.0.0.1", "10.0.0.2"]}


def test_udp_ports_are_no_entry_points_here() -> None:
    reading, _ = from_values(
        "ports: {dns: {port: 53, protocol: UDP, expose: {default: true}, exposedPort: 53}}"
    )
    assert "dns" not in names(reading)
    assert [port.port for port in reading.services[0].ports] == [80, 443]


def test_ports_that_are_nonsense_are_passed_over() -> None:
    reading, _ = from_values(
        "ports: {a: {port: 0}, b: 5, c: {port: 99999999}, d: [1], web: {exposedPort: 80, asDefault: true}}"
    )
    assert names(reading) == ["traefik", "web", "websecure", "metrics"]


@pytest.mark.parametrize(
    ("text", "chart", "expected"),
    [
        ("tls: {enabled: false}", "38.0.0", Tls.PLAIN),
        ("tls: {enabled: false}", None, Tls.PLAIN),
        ("tls: {enabled: false}", "39.0.0", Tls.IMPLICIT),
        ("http: {tls: {enabled: false}}", "39.0.0", Tls.PLAIN),
        ("http: {tls: {enabled: false}}", None, Tls.PLAIN),
        ("tls: {certResolver: x}", "38.0.0", Tls.IMPLICIT),
    ],
)
def test_tls_of_the_entry_point_by_chart(text: str, chart: str | None, expected: Tls) -> None:
    reading, _ = from_values(
        f"ports: {{websecure: {{{text}}}}}\nproviders: {{kubernetesCRD: {{enabled: true}}}}", chart
    )
    assert listener_of(reading, "websecure").tls.value is expected


@pytest.mark.parametrize(
    ("text", "chart", "expected"),
    [
        ("redirectTo: websecure", "20.8.0", Tri.YES),
        ("redirectTo: {port: websecure}", "28.0.0", Tri.YES),
        ("redirectTo: websecure", "34.0.0", Tri.NO),
        ("redirectTo: websecure", None, Tri.YES),
        ("redirections: {entryPoint: {to: websecure}}", "38.0.0", Tri.YES),
        ("redirections: {entryPoint: {to: websecure}}", "39.0.0", Tri.NO),
        ("http: {redirections: {entryPoint: {to: websecure}}}", "39.0.0", Tri.YES),
        ("http: {redirections: {entryPoint: {to: websecure}}}", "38.0.0", Tri.NO),
        ("http: {redirections: {entryPoint: {to: websecure}}}", None, Tri.YES),
        ("redirections: {entryPoint: {}}", None, Tri.NO),
    ],
)
def test_redirections_by_chart(text: str, chart: str | None, expected: Tri) -> None:
    reading, _ = from_values(
        f"ports: {{web: {{{text}}}}}\nproviders: {{kubernetesCRD: {{enabled: true}}}}", chart
    )
    assert listener_of(reading, "web").redirects is expected


def test_arguments_add_to_what_the_ports_say() -> None:
    reading, made = from_values("""\
        additionalArguments:
          - "--entrypoints.smtp.address=:25"
          - "--entrypoints.smtp.proxyprotocol"
          - 5
        globalArguments: ["--entryPoints.web.forwardedHeaders.trustedIPs=10.0.0.1"]
    """)
    assert names(reading)[-1] == "smtp"
    assert reading.hop.starts.value is Tri.NO
    assert made.cut(reading.hop.starts.at) == "--entrypoints.smtp.proxyprotocol"
    assert trusted(reading)["entryPoints.web.forwardedHeaders.trustedIPs"] == ["10.0.0.1"]


def test_a_list_in_ports_and_in_arguments_is_unstable() -> None:
    reading, made = from_values("""\
        ports: {web: {proxyProtocol: {trustedIPs: [10.0.0.1]}}}
        additionalArguments: ["--entryPoints.web.proxyProtocol.trustedIPs=10.0.0.2"]
    """)
    (switch,) = reading.switches
    assert switch.effect is Effect.UNSTABLE
    assert made.cut(switch.other) == "[10.0.0.1]"
    assert trusted(reading) == {"entryPoints.web.proxyProtocol.trustedIPs": ["10.0.0.1", "10.0.0.2"]}


@pytest.mark.parametrize(
    ("argument", "more", "expected"),
    [
        ("--entrypoints.web.address=:80", "", 1),
        ("--entryPoints.WEB.address=0.0.0.0:80/tcp", "", 1),
        ("--entrypoints.web.address=:8000", "", 0),
        ("--entrypoints.smtp.address=:25", "", 0),
        ("--entrypoints.web.address=:80", "hostNetwork: true", 0),
        ("--entrypoints.web.address", "", 0),
        ("--entrypoints.web.address=x", "", 0),
    ],
)
def test_giving_a_charts_entry_point_another_address_leaves_its_service_behind(
    argument: str, more: str, expected: int
) -> None:
    reading, made = from_values(
        f"additionalArguments: ['{argument}']\nports: {{web: {{port: 8000}}}}\n{more}\n"
    )
    assert effects(reading.switches) == [(argument.partition("=")[0], Effect.CANCELLED)] * expected
    if expected:
        assert made.cut(reading.switches[0].at) == argument
        assert made.cut(reading.switches[0].other) == "8000"


def test_variables_are_dead_beside_the_charts_flags() -> None:
    reading, made = from_values(
        "env: [{name: TRAEFIK_ENTRYPOINTS_WEB_ADDRESS, value: x}, {name: TZ, value: y}, 5]"
    )
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert made.cut(switch.at) == "TRAEFIK_ENTRYPOINTS_WEB_ADDRESS"


def test_the_dashboard_without_login() -> None:
    reading, _ = from_values("api: {insecure: true}")
    assert listener_of(reading, "traefik").serves.value is Serves.DASHBOARD
    assert listener_of(from_values("api: {insecure: false}")[0], "traefik").serves.value is Serves.TCP


def test_providers_are_on_unless_switched_off() -> None:
    assert from_values("x: y")[0].providers == ("crd", "ingress")
    text = "providers: {kubernetesCRD: {enabled: false}, kubernetesGateway: {enabled: true}}"
    assert from_values(text)[0].providers == ("ingress", "gateway")


@pytest.mark.parametrize(
    ("text", "chart", "expected"),
    [
        ("image: {tag: v3.5.2}", "37.1.2", "3.5.2"),
        ("image: {tag: latest}", "37.1.2", None),
        ("image: {tag: ''}", "37.1.1", "3.5.2"),
        ("versionOverride: v3.6.1", None, "3.6.1"),
        ("x: y", "^37.0.0", None),
    ],
)
def test_the_version_is_the_tags_else_the_charts(text: str, chart: str | None, expected: str | None) -> None:
    reading, _ = from_values(text, chart)
    assert (reading.hop.version.value if reading.hop.version else None) == expected


def test_tls_options_are_policies() -> None:
    reading, _ = from_values("tlsOptions: {default: {minVersion: VersionTLS12}, odd: 5}")
    assert [
        (policy.name, policy.minimum.value if policy.minimum else "") for policy in reading.tls_policies
    ] == [("default", "1.2")]


def test_values_of_a_subchart_are_found_under_its_name() -> None:
    reading, made = from_values(
        "traefik:\n  ports: {web: {proxyProtocol: {trustedIPs: [10.0.0.1]}}}\nother: 5\n"
    )
    assert made.cut(reading.trust_lists[0].entries[0].at) == "10.0.0.1"


def test_entry_points_that_a_parent_chart_hands_on_are_read() -> None:
    reading, _ = from_values(
        "ingress: {extraPorts: {mqtt: {port: 1883, exposedPort: 1883, proxyProtocol: {insecure: true}}}}"
    )
    assert names(reading) == ["mqtt"]
    assert reading.trust_lists[0].trusts_everyone
    assert not reading.knows_all_entries
    assert not reading.services


def test_values_that_are_no_mapping_are_none() -> None:
    for text in ("- a\n", "words\n"):
        assert (
            read_values(sample(text).cursor, chart_version=None, ref=ObjectRef("V", "v"), namespace=None)
            is None
        )


@pytest.mark.parametrize(
    "text",
    [
        "ports: 5",
        "ports: [a]",
        "ports: {web: {proxyProtocol: [], forwardedHeaders: 5, http: 5, tls: [], expose: [], transport: x}}",
        "service: []",
        "service: {spec: 5, additionalServices: []}",
        "additionalArguments: {a: b}",
        "additionalArguments: '--x'",
        "env: {A: b}",
        "api: x",
        "providers: []",
        "metrics: 5",
        "image: x",
        "ports: {web: {proxyProtocol: {trustedIPs: [[a], {b: c}, null, 10.0.0.1]}}}",
    ],
)
def test_shapes_that_are_wrong_crash_nothing(text: str) -> None:
    reading, _ = from_values(dedent(text), "39.0.0")
    assert reading.listeners
