"""Worlds and their parts from YAML written in a test."""

from __future__ import annotations

from textwrap import dedent

from truehop.kube.objects import World, build_world
from truehop.kube.workloads import Container, Workload
from truehop.model.facts import Tri
from truehop.source.location import Location
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents


def world_of(*texts: str, is_closed: Tri = Tri.UNKNOWN, namespace: str | None = None) -> World:
    text = "\n---\n".join(dedent(part) for part in texts)
    loaded = load_documents(SourceFile("input.yaml", text))
    assert not loaded.problems
    return build_world(loaded.documents, is_closed=is_closed, default_namespace=namespace)


def cursor_of(text: str) -> Cursor:
    return load_documents(SourceFile("input.yaml", dedent(text))).documents[0].cursor()


def workload_of(world: World, name: str) -> Workload:
    return next(workload for workload in world.workloads if workload.name == name)


def container_of(*texts: str, is_closed: Tri = Tri.UNKNOWN) -> Container:
    """The first container of the first workload, in namespace mail."""
    return world_of(*texts, is_closed=is_closed, namespace="mail").workloads[0].containers[0]


def cut(world: World, at: Location) -> str:
    """The text that a one-line location covers."""
    source = world.resources[0].root.document.source
    return source.lines[at.line - 1][at.column - 1 : at.end_column - 1]


def deployment(
    name: str, labels: str = "", namespace: str = "", *, host_network: bool = False, ports: str = "[]"
) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{f", namespace: {namespace}" if namespace else ""}}}
spec:
  template:
    metadata: {{labels: {{{labels or f"app: {name}"}}}}}
    spec:
      hostNetwork: {str(host_network).lower()}
      containers: [{{name: main, image: x, ports: {ports}}}]
"""


def network_policy(spec: str, namespace: str = "mail", name: str = "guard") -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
{spec}
"""
