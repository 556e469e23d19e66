"""Keys of the chart's values that do nothing."""

from __future__ import annotations

import pytest

from truehop.model.hops import Effect

from .hand import effects, from_values

MOVED = [
    ("tls: {certResolver: x}", "39.0.0", "ports.web.http.tls"),
    ("redirections: {entryPoint: {to: websecure}}", "39.0.0", "ports.web.http.redirections"),
    ("http: {tls: {enabled: true}}", "38.0.2", "ports.web.tls"),
    ("http: {redirections: {entryPoint: {to: x}}}", "38.0.2", "ports.web.redirections"),
    ("redirectTo: websecure", "34.0.0", "ports.web.redirections"),
    ("redirections: {entryPoint: {to: websecure}}", "33.0.0", "ports.web.redirectTo"),
    ("proxyProtocol: {trustedIPs: [10.0.0.1]}", "16.1.0", "chart 16.2.0 or newer"),
    ("forwardedHeaders: {insecure: true}", "10.x", "chart 16.2.0 or newer"),
    ("expose: true", "27.0.0", "ports.web.expose.default"),
]


@pytest.mark.parametrize(("text", "chart", "instead"), MOVED)
def test_keys_that_the_chart_of_that_version_does_not_know_are_ignored(
    text: str, chart: str, instead: str
) -> None:
    reading, made = from_values(f"ports:\n  web:\n    {text}\n", chart)
    (switch,) = reading.switches
    assert switch.effect is Effect.IGNORED
    assert switch.instead == instead
    assert switch.hop is reading.hop
    assert switch.name.startswith(f"ports.web.{made.cut(switch.at)}") or switch.name.endswith(
        made.cut(switch.at)
    )


@pytest.mark.parametrize("text", [text for text, _, _ in MOVED])
def test_the_same_keys_are_not_judged_without_a_version(text: str) -> None:
    assert not from_values(f"ports:\n  web:\n    {text}\n")[0].switches


def test_lists_that_the_chart_does_not_know_trust_nobody() -> None:
    reading, _ = from_values("ports: {web: {proxyProtocol: {trustedIPs: [10.0.0.1]}}}", "16.1.0")
    assert not reading.trust_lists


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("proxyprotocol: {trustedIPs: [10.0.0.1]}", "ports.web.proxyProtocol"),
        ("proxy_protocol: {trustedIPs: [10.0.0.1]}", "ports.web.proxyProtocol"),
        ("proxyProtocols: {insecure: true}", "ports.web.proxyProtocol"),
        ("forwardedheaders: {insecure: true}", "ports.web.forwardedHeaders"),
        ("forwardedHeader: {trustedIPs: [10.0.0.1]}", "ports.web.forwardedHeaders"),
        ("proxyProtocol: {trustedIps: [10.0.0.1]}", "ports.web.proxyProtocol.trustedIPs"),
        ("proxyProtocol: {trustedIP: 10.0.0.1}", "ports.web.proxyProtocol.trustedIPs"),
        ("forwardedHeaders: {trustedips: [10.0.0.1]}", "ports.web.forwardedHeaders.trustedIPs"),
        ("proxyProtocol: {Insecure: true}", "ports.web.proxyProtocol.insecure"),
        ("http: {proxyProtocol: {trustedIPs: [10.0.0.1]}}", "ports.web.proxyProtocol"),
        ("http: {forwardedHeaders: {insecure: true}}", "ports.web.forwardedHeaders"),
        ("transport: {proxyProtocol: {insecure: true}}", "ports.web.proxyProtocol"),
        ("forwardedHeaders: {proxyProtocol: {insecure: true}}", "ports.web.proxyProtocol"),
        ("trustedIPs: [10.0.0.1]", "ports.web.proxyProtocol.trustedIPs"),
        ("proxyProtocol: true", "ports.web.proxyProtocol.trustedIPs"),
        ("proxyProtocol: {enabled: true}", "ports.web.proxyProtocol.trustedIPs"),
        ("proxyProtocol: {enabled: false, trustedIPs: [10.0.0.1]}", "ports.web.proxyProtocol.trustedIPs"),
        ("proxyProtocol: {version: 2, trustedIPs: [10.0.0.1]}", "ports.web.proxyProtocol.trustedIPs"),
    ],
)
def test_misspelt_and_misplaced_keys_of_a_port_are_ignored(text: str, instead: str) -> None:
    reading, _ = from_values(f"ports:\n  web:\n    {text}\n")
    (switch,) = reading.switches
    assert (switch.effect, switch.instead) == (Effect.IGNORED, instead)


@pytest.mark.parametrize(
    "text",
    [
        "proxyProtocol: {}",
        "proxyProtocol: false",
        "proxyProtocol:",
        "proxyProtocol: {enabled: false}",
        "proxyprotocol: {trustedIPs: []}",
        "proxyProtocol: {enabled: true, trustedIPs: [10.0.0.1]}",
        "proxyProtocol: {version: }",
        "trustedIPs: []",
        "http: {middlewares: [x]}",
        "forwardedHeaders: {insecure: true, notAppendXForwardedFor: true}",
        "protocol: TCP",
        "hostIP: 10.0.0.1",
    ],
)
def test_near_misses_of_misspelt_and_misplaced_keys(text: str) -> None:
    assert not from_values(f"ports:\n  web:\n    {text}\n")[0].switches


@pytest.mark.parametrize(
    ("text", "chart", "name"),
    [
        ("service: {externalTrafficPolicy: Local}", None, "service.externalTrafficPolicy"),
        ("externalTrafficPolicy: Local", None, "externalTrafficPolicy"),
        ("service: {spec: {externaltrafficpolicy: Local}}", None, "service.spec.externaltrafficpolicy"),
        ("service: {type: NodePort}", "40.0.0", "service.type"),
        ("proxyProtocol: {insecure: true}", None, "proxyProtocol"),
        ("service: {proxyProtocol: {insecure: true}}", None, "service.proxyProtocol"),
        (
            "entryPoints: {web: {forwardedHeaders: {insecure: true}}}",
            None,
            "entryPoints.web.forwardedHeaders",
        ),
        ("ports: {proxyProtocol: {trustedIPs: [10.0.0.1]}}", None, "ports.proxyProtocol"),
    ],
)
def test_keys_outside_of_the_ports_that_do_nothing(text: str, chart: str | None, name: str) -> None:
    reading, _ = from_values(text, chart)
    assert (name, Effect.IGNORED) in effects(reading.switches)


@pytest.mark.parametrize(
    ("text", "chart"),
    [
        ("service: {spec: {externalTrafficPolicy: Local}}", None),
        ("service: {type: NodePort}", None),
        ("service: {type: NodePort}", "39.0.0"),
        ("service: {type: LoadBalancer}", "40.0.0"),
        ("entryPoints: {web: {address: ':80'}}", None),
        ("service: {proxyProtocol: {}}", None),
    ],
)
def test_near_misses_outside_of_the_ports(text: str, chart: str | None) -> None:
    assert not from_values(text, chart)[0].switches
