"""Graphs from YAML written in a test."""

from __future__ import annotations

from textwrap import dedent

from tests.unit.kube.hand import world_of
from truehop.build import BuildRequest, ConfigFile, DeclaredFront, ValuesInput, build_graph
from truehop.model.facts import Tri
from truehop.model.hops import HopGraph, Networks
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents


def graph_of(
    *texts: str,
    is_closed: Tri = Tri.UNKNOWN,
    networks: Networks | None = None,
    fronts: tuple[DeclaredFront, ...] = (),
    values: tuple[ValuesInput, ...] = (),
    files: tuple[ConfigFile, ...] = (),
) -> HopGraph:
    world = world_of(*texts, is_closed=is_closed)
    return build_graph(BuildRequest(world, networks or Networks(), fronts, values, files))


def values_of(text: str, chart: str = "traefik", name: str = "values.yaml") -> ValuesInput:
    """Helm values of a chart, in a file of their own."""
    loaded = load_documents(SourceFile(name, dedent(text)))
    return ValuesInput(loaded.documents[0].cursor(), chart)


def doors_of(graph: HopGraph) -> list[str]:
    """Each door with the listeners behind it, in a line."""
    found = []
    for door in graph.doors:
        side = " side" if door.is_side else ""
        found.append(f"{door.kind} {door.port}{side} > {', '.join(str(link.to) for link in door.links)}")
    return found


def program(name: str, image: str, namespace: str = "mail", spec: str = "", container: str = "") -> str:
    """A Deployment with one container; ``container`` is more of it, ``spec`` are lines of its pod's."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: {name}, image: "{image}"{container}}}]
{spec}
"""


def service(name: str, ports: str, kind: str = "LoadBalancer", more: str = "") -> str:
    return f"""\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: mail}}
spec:
  type: {kind}
  selector: {{app: {name}}}
  ports: {ports}
{more}
"""
