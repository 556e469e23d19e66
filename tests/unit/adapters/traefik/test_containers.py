"""Which containers are Traefik, and what is told of them."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik import read
from truehop.model.facts import Tri

from .hand import ADDRESS, names, read_one, sample, traefik, with_flags


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
