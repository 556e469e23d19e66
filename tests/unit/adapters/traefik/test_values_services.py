"""The Services that the chart's values describe."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import read_values
from truehop.model.facts import ObjectRef

from .hand import from_values, sample


@pytest.mark.parametrize(
    ("text", "chart", "expected"),
    [
        ("service: {type: NodePort}", "39.0.0", "NodePort"),
        ("service: {spec: {type: NodePort}}", "40.0.0", "NodePort"),
        ("service: {type: NodePort}", "40.0.0", "LoadBalancer"),
        ("service: {type: ClusterIP}", None, "ClusterIP"),
        ("service: {spec: {type: ClusterIP}, type: NodePort}", None, "ClusterIP"),
    ],
)
def test_the_services_type_by_chart(text: str, chart: str | None, expected: str) -> None:
    assert from_values(text, chart)[0].services[0].type.value == expected


def test_a_service_is_drafted_with_its_places() -> None:
    reading, made = from_values("""\
        service:
          annotations: {a: b}
          spec: {externalTrafficPolicy: Local}
          additionalServices:
            internal: {type: ClusterIP}
            off: {enabled: false}
            odd: 5
        ports:
          web: {nodePort: 30080, hostPort: 80, expose: {default: true, internal: true}}
          websecure: {expose: {default: false}, targetPort: web}
          traefik: {hostPort: 9000}
          ssh: {port: 2222, expose: {internal: true}}
    """)
    service, internal, hidden = reading.services
    assert (service.traffic_policy.value, made.cut(service.traffic_policy.at)) == ("Local", "Local")
    assert [(port.port, port.node_port, port.host_port) for port in service.ports] == [(80, 30080, 80)]
    assert made.cut(service.at) == "service"
    assert service.spec is not None
    assert [(port.port, port.target) for port in internal.ports] == [(80, "web"), (2222, "ssh")]
    assert internal.ref.name == "traefik-internal"
    assert (hidden.type.value, [(port.port, port.host_port) for port in hidden.ports]) == (
        "ClusterIP",
        [(8080, 9000)],
    )


@pytest.mark.parametrize(
    ("text", "name"), [("service: {nameOverride: a}", "a"), ("fullnameOverride: b", "b"), ("x: y", "traefik")]
)
def test_the_services_name(text: str, name: str) -> None:
    assert from_values(text)[0].services[0].ref.name == name


def test_the_services_name_follows_the_release() -> None:
    reading = read_values(
        sample("hostNetwork: true").cursor,
        chart_version=None,
        ref=ObjectRef("HelmRelease", "front"),
        namespace=None,
    )
    assert reading
    assert reading.services[0].ref.name == "front-traefik"
    assert reading.hop.on_host_network


def test_no_service_where_it_is_off() -> None:
    assert not from_values("service: {enabled: false}")[0].services


def test_before_names_exposing_was_a_boolean() -> None:
    reading, _ = from_values("ports: {web: {expose: false}, metrics: {expose: true}}", "26.0.0")
    assert [port.port for port in reading.services[0].ports] == [443, 9100]
