"""Knowing the chart's values by their shape."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import looks_like_values

from .hand import DEFAULTS, sample


@pytest.mark.parametrize(
    "text",
    [
        DEFAULTS,
        "traefik:\n  ports: {web: {redirectTo: websecure, expose: true}}\n",
        "additionalArguments: [--entryPoints.web.proxyProtocol.trustedIPs=10.0.0.1]",
        "ports: {web: {proxyProtocol: {trustedIPs: []}}}",
        "providers: {kubernetesCRD: {allowCrossNamespace: true}}",
        "image: {repository: rancher/mirrored-library-traefik}",
        "ports: {web: {expose: {default: true}}, websecure: {hostPort: 443}}",
        "a: {b: {smtp: {port: 25, exposedPort: 25, expose: {default: true}, asDefault: true}}}",
    ],
)
def test_traefiks_values_are_known_by_their_shape(text: str) -> None:
    assert looks_like_values(sample(text).cursor)


@pytest.mark.parametrize(
    "text",
    [
        "ports: {smtp: {port: 25, expose: true}, imap: {port: 143, nodePort: 30143}}",
        "ports: [{name: web, port: 80}]",
        "ports: {web: {port: 80}}",
        "ports: {game: {enabled: true, port: 25565, protocol: TCP}}",
        "service: {main: {ports: {http: {port: 80, expose: true}}}}",
        "front: {externalService: {ports: {pop3: false, smtp: true}}}\nproxyProtocol: {smtp: true}",
        "ports: {smtp: {port: 25, proxyProtocol: true}}",
        "additionalArguments: [--log-level=debug, --proxy]",
        "traefik: {enabled: true}",
        "a: {b: {c: {d: {e: {f: {smtp: {port: 25, proxyProtocol: {insecure: true}}}}}}}}",
        "words",
        "[]",
        "ingress: {enabled: true, tls: true}",
        "controller: {service: {ports: {http: 80}, externalTrafficPolicy: Local}}",
        "image: {repository: ghcr.io/x/traefik-errors}",
        "ports: {web: {port: 80, tls: {enabled: true}}}",
    ],
)
def test_other_charts_values_are_not(text: str) -> None:
    assert not looks_like_values(sample(text).cursor)
