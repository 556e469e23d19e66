"""The cluster's own Traefik: what its official chart makes of the values that NOTES tell."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.cluster import stack
from tests.cluster.api import Object
from tests.cluster.node import Node

NAME = "traefik"
#: The class of its Ingresses.
CLASS = "traefik"
#: Ports that the official chart has by itself.
OWN: Mapping[str, Mapping[str, object]] = {
    "web": {"port": 8000, "exposedPort": 80},
    "websecure": {"port": 8443, "exposedPort": 443},
}
#: What NOTES begin the values with, and what they end with.
HEAD = "each client's address rests on them:\n"
FLAGS = (
    "--log.level=INFO",
    "--accesslog=true",
    "--ping=true",
    "--ping.entrypoint=ping",
    "--entryPoints.ping.address=:8082/tcp",
    "--providers.kubernetescrd",
    "--providers.kubernetesingress",
    f"--providers.kubernetesingress.ingressclass={CLASS}",
    "--entryPoints.websecure.http.tls=true",
)
#: What it may read, by API group.
READS: Mapping[str, tuple[str, ...]] = {
    "": ("services", "secrets", "nodes", "namespaces", "endpoints", "configmaps"),
    "discovery.k8s.io": ("endpointslices",),
    "networking.k8s.io": ("ingresses", "ingressclasses"),
    "traefik.io": ("*",),
}


def told(notes: str) -> dict[str, Any]:
    """The values in NOTES."""
    _, _, rest = notes.partition(HEAD)
    lines = rest.lstrip("\n").splitlines()
    end = next((number for number, line in enumerate(lines) if line and not line.startswith("    ")), None)
    found = yaml.safe_load(textwrap.dedent("\n".join(lines[:end])))
    assert isinstance(found, dict), notes
    return found


def install(node: Node, namespace: str, values: Mapping[str, Any]) -> None:
    """Installs it, and waits for it to be ready."""
    node.apply(namespace, *objects(namespace, values))
    node.wait_for_pods(namespace)


def manifest(namespace: str, values: Mapping[str, Any]) -> str:
    """What it is made of, as text."""
    made = [
        {**one, "metadata": {**one["metadata"], "namespace": namespace}} for one in objects(namespace, values)
    ]
    return "".join(f"---\n{yaml.safe_dump(one)}" for one in made)


def objects(namespace: str, values: Mapping[str, Any]) -> list[Object]:
    """What it is made of."""
    ports = {name: {**OWN.get(name, {}), **port} for name, port in {**OWN, **values["ports"]}.items()}
    role = f"{NAME}-{namespace}"
    subject = {"kind": "ServiceAccount", "name": NAME, "namespace": namespace}
    rules = [
        {"apiGroups": [group], "resources": list(kinds), "verbs": ["get", "list", "watch"]}
        for group, kinds in READS.items()
    ]
    rights = "rbac.authorization.k8s.io"
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME}},
        {"apiVersion": f"{rights}/v1", "kind": "ClusterRole", "metadata": {"name": role}, "rules": rules},
        {
            "apiVersion": f"{rights}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": role},
            "roleRef": {"apiGroup": rights, "kind": "ClusterRole", "name": role},
            "subjects": [subject],
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": CLASS},
            "spec": {"controller": "traefik.io/ingress-controller"},
        },
        _deployment(ports, [*FLAGS, *flags(ports), *values.get("additionalArguments", ())]),
        _service(ports, values["service"]),
    ]


def remove(node: Node, namespace: str) -> None:
    """Removes it, with what does not go with its namespace."""
    node.kubectl("delete", "service,deployment", NAME, "-n", namespace)
    for kind in ("clusterroles", "clusterrolebindings"):
        node.api.delete(f"/apis/rbac.authorization.k8s.io/v1/{kind}/{NAME}-{namespace}")
    node.api.delete(f"/apis/networking.k8s.io/v1/ingressclasses/{CLASS}")


def flags(ports: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What Traefik is told of its entry points."""
    for name, port in ports.items():
        yield f"--entryPoints.{name}.address=:{port['port']}/tcp"
        for key in ("asDefault", "proxyProtocol", "forwardedHeaders", "transport"):
            if key in port:
                yield from (f"--entryPoints.{name}.{path}" for path in _paths(key, port[key]))


def _paths(path: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(f"{path}.{key}", inner)
    elif isinstance(value, list):
        yield f"{path}={','.join(value)}"
    else:
        yield f"{path}={json.dumps(value) if isinstance(value, bool) else value}"


def _deployment(ports: Mapping[str, Mapping[str, Any]], arguments: list[str]) -> Object:
    labels = {"app.kubernetes.io/name": NAME}
    probe = {"httpGet": {"path": "/ping", "port": 8082}, "periodSeconds": 2}
    container = {
        "name": NAME,
        "image": stack.edge().name,
        "args": arguments,
        "ports": [{"name": name, "containerPort": port["port"]} for name, port in ports.items()],
        "readinessProbe": probe,
    }
    pod = {"serviceAccountName": NAME, "containers": [container], "terminationGracePeriodSeconds": 2}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def _service(ports: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]) -> Object:
    exposed = [
        {"name": name, "port": port["exposedPort"], "targetPort": name}
        for name, port in ports.items()
        if port.get("expose", {"default": True}) in (True, {"default": True})
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "annotations": values.get("annotations", {})},
        "spec": {
            "type": "LoadBalancer",
            "ipFamilyPolicy": "PreferDualStack",
            "selector": {"app.kubernetes.io/name": NAME},
            "ports": exposed,
            **values["spec"],
        },
    }
