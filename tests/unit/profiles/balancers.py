"""Services to ask of what stands before them, written as manifests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from truehop.kube.objects import World, build_world
from truehop.model.addresses import AddressSet
from truehop.model.facts import Tri
from truehop.profiles.fronts import FrontReading, front_of
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

BETA = "service.beta.kubernetes.io/"


def beside(api_version: str, kind: str, name: str) -> str:
    """Another object of the input."""
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: kube-system}}\n"


POOL = beside("metallb.io/v1beta1", "IPAddressPool", "public")
K3S = beside("helm.cattle.io/v1", "HelmChartConfig", "traefik")


@dataclass(frozen=True)
class Declared:
    """A ``front:`` entry of the configuration."""

    service: str
    kind: str = ""
    sends: str = ""
    keeps_source: bool | None = None
    addresses: AddressSet | None = None


def world_of(text: str) -> World:
    loaded = load_documents(SourceFile("service.yaml", text))
    return build_world(loaded.documents, is_closed=Tri.UNKNOWN, default_namespace=None)


def manifest(
    annotations: Mapping[str, str] | str = "",
    *,
    ports: Sequence[tuple[int, str]] = ((25, "smtp"), (587, "submission")),
    spec: str = "",
    status: str = "",
    kind: str = "LoadBalancer",
) -> str:
    """A Service; annotations as a mapping are quoted, as text they stand as they are."""
    written = (
        annotations
        if isinstance(annotations, str)
        else "\n".join(f"    {key}: {json.dumps(value)}" for key, value in annotations.items())
    )
    lines = [
        "apiVersion: v1", "kind: Service", "metadata:", "  name: traefik", "  namespace: traefik",
        *(["  annotations:", written] if written else []),
        "spec:", f"  type: {kind}", *([f"  {line}" for line in spec.splitlines()]),
        "  ports:", *(f"  - {{name: {name}, port: {port}, protocol: TCP}}" for port, name in ports),
        *(["status:", "  loadBalancer:", "    ingress:"] if status else []),
        *(f"    {line}" for line in status.splitlines()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def ask(
    annotations: Mapping[str, str] | str = "",
    *,
    beside: str = "",
    declared: Sequence[Declared] = (),
    ports: Sequence[tuple[int, str]] = ((25, "smtp"), (587, "submission")),
    spec: str = "",
    status: str = "",
    kind: str = "LoadBalancer",
) -> FrontReading:
    """What stands before such a Service; ``beside`` are further manifests of the input."""
    text = manifest(annotations, ports=ports, spec=spec, status=status, kind=kind)
    world = world_of(f"{text}---\n{beside}" if beside else text)
    return front_of(world.services[0], world, declared)


def told(reading: FrontReading, port: int = 25) -> str:
    """What is sent at a port, and how that is known: ``v2 stated``."""
    sends = reading.front_for_port(port).sends
    return f"{sends.value.value} {sends.basis.value}"


def kept(reading: FrontReading, port: int = 25) -> str:
    """Whether the source is kept, and how that is known: ``yes default``."""
    fact = reading.front_for_port(port).keeps_source
    return f"{fact.value.value} {fact.basis.value}"


def blamed(reading: FrontReading) -> list[str]:
    """Each switch that was noticed: its key's last part, value, effect and what to write."""
    return [
        f"{one.name.rpartition('/')[2]}={one.value} {one.effect.value} -> {one.instead}"
        for one in reading.switches
    ]
