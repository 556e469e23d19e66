"""Kinds of objects that no cluster has by itself, as the sources of those who made them define them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.cluster.api import Object
from tests.cluster.needs import ROOT
from tests.cluster.node import Node

#: The module's folder in tools/, and where its source has the definitions.
MAKERS = {
    "traefik": "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",
    "cert-manager": "deploy/crds",
    "prometheus-operator": "example/prometheus-operator-crd",
}


class _Loader(yaml.CSafeLoader):
    """PyYAML knows a kind of scalar of its own, ``=``, which is a word to everybody else."""


def _word(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:value", _word)


def define(node: Node, *makers: str) -> None:
    """Has the node know the kinds of some makers."""
    kinds = [kind for maker in makers for kind in _kinds(maker)]
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": kinds})
    node.kubectl("apply", "--server-side", "-f", "-", stdin=listed)
    names = [f"crd/{kind['metadata']['name']}" for kind in kinds]
    node.kubectl("wait", "--for=condition=Established", "--timeout=60s", *names)


def _kinds(maker: str) -> Iterator[Object]:
    done = subprocess.run(
        [ROOT / "scripts/tool", "--source", maker], stdout=subprocess.PIPE, text=True, check=True
    )
    place = Path(done.stdout.strip(), MAKERS[maker])
    for path in sorted(place.glob("*.yaml")) if place.is_dir() else [place]:
        for found in yaml.load_all(path.read_text(encoding="utf-8"), Loader=_Loader):
            if found is not None:
                # Labels and annotations may hold templates of the maker's own chart.
                yield {**found, "metadata": {"name": found["metadata"]["name"]}}
