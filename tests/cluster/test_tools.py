"""The built programs are those that their makers release, and Traefik's kinds come from its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cluster.api import Object
from tests.cluster.definitions import define
from tests.cluster.needs import ROOT
from tests.cluster.node import Node
from tests.cluster.processes import FailedError

CHART = "apiVersion: v2\nname: told\nversion: 1.0.0\n"
TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: told}
data:
  kubernetes: {{ .Capabilities.KubeVersion.Version | quote }}
  helm: {{ .Capabilities.HelmVersion.Version | quote }}
"""


def _version(tool: str, module: str) -> str:
    """The version of a module that a tool's go.mod requires."""
    text = (ROOT / "tools" / tool / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"^(?:require )?\s*{re.escape(module)} (v\S+)", text, re.MULTILINE)
    assert found
    return found[1]


def _route(match: str) -> Object:
    route = {"services": [{"name": "mta", "port": 25}], **({"match": match} if match else {})}
    return {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "IngressRouteTCP",
        "metadata": {"name": "mta"},
        "spec": {"entryPoints": ["smtp"], "routes": [route]},
    }


@pytest.fixture
def chart(tmp_path: Path) -> str:
    """A chart that says what Helm tells it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text(CHART)
    (tmp_path / "templates" / "told.yaml").write_text(TEMPLATE)
    return str(tmp_path)


@pytest.mark.parametrize("major", [3, 4])
def test_helm_renders_for_the_kubernetes_of_its_own_client(major: int, node: Node, chart: str) -> None:
    said = node.helm(major, "template", "told", chart)
    minor = _version(f"helm{major}", "k8s.io/client-go").split(".")[1]
    assert f'kubernetes: "v1.{minor}.0"' in said
    assert f'helm: "{_version(f"helm{major}", f"helm.sh/helm/v{major}")}"' in said


@pytest.mark.parametrize("major", [3, 4])
def test_helm_installs_on_the_node_which_says_its_version(
    major: int, node: Node, namespace: str, chart: str
) -> None:
    node.helm(major, "install", "told", chart, "-n", namespace)
    told = node.api.get(f"/api/v1/namespaces/{namespace}/configmaps/told")["data"]
    assert told["kubernetes"] == _version("k8s", "k8s.io/kubernetes")
    assert "told-1.0.0" in node.helm(major, "ls", "-n", namespace)


def test_traefiks_kinds_are_known_and_judged(node: Node, namespace: str) -> None:
    define(node, "traefik")
    node.apply(namespace, _route("HostSNI(`*`)"))
    with pytest.raises(FailedError, match=r'missing required field "match"'):
        node.apply(namespace, _route(""))
