"""Graphs from YAML written in a test."""

from __future__ import annotations

from tests.unit.kube.hand import world_of
from truehop.build import BuildRequest, build_graph
from truehop.model.facts import Tri
from truehop.model.hops import HopGraph


def graph_of(*texts: str, is_closed: Tri = Tri.UNKNOWN) -> HopGraph:
    return build_graph(BuildRequest(world_of(*texts, is_closed=is_closed)))


def program(name: str, image: str, namespace: str = "mail", spec: str = "") -> str:
    """A Deployment with one container; ``spec`` are further lines of its pod's."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: {name}, image: "{image}"}}]
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
