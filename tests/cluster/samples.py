"""Objects that the cluster's own tests run."""

from __future__ import annotations

from tests.cluster.api import Object
from tests.cluster.images import stand_in

PORT = 2525
STAND_IN = stand_in("registry.example.com/stand-in:1.0.0", PORT)


def pod(name: str, **spec: object) -> Object:
    """A pod of the stand-in."""
    container = {"name": "main", "image": STAND_IN.name, "ports": [{"containerPort": PORT}]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0, **spec},
    }


def service(name: str, **spec: object) -> Object:
    """The Service of a pod, over both kinds of addresses."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {
            "selector": {"app": name},
            "ports": [{"name": "mail", "port": 25, "targetPort": PORT}],
            "ipFamilyPolicy": "RequireDualStack",
            **spec,
        },
    }


def claim(name: str, size: str) -> Object:
    """A claim of the default class."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}},
    }
