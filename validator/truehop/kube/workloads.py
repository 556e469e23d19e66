"""Workloads: everything that makes pods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from truehop.kube.containers import Container, ContainerPort, Probe
from truehop.kube.environment import PodContext
from truehop.kube.images import ImageRef
from truehop.kube.resources import Resource, string_map
from truehop.kube.selectors import LabelSet
from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor

if TYPE_CHECKING:
    from truehop.kube.objects import World

#: Where each kind holds its pod template; kinds of operators that follow the custom are found by shape.
TEMPLATES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
}
#: Kinds that set the number of replicas from outside.
SCALERS = ("HorizontalPodAutoscaler", "ScaledObject")
#: Labels that controllers put on pods, by kind, with what the value starts with ("=": exactly the
#: object's name). Kubernetes reference, "Well-Known Labels, Annotations and Taints".
ADDED_LABELS: dict[str, dict[str, str]] = {
    "Deployment": {"pod-template-hash": ""},
    "Rollout": {"rollouts-pod-template-hash": ""},
    "DaemonSet": {"controller-revision-hash": "", "pod-template-generation": ""},
    "StatefulSet": {
        "controller-revision-hash": "",
        "apps.kubernetes.io/pod-index": "",
        "statefulset.kubernetes.io/pod-name": "{name}-",
    },
    "Job": {
        "job-name": "=",
        "batch.kubernetes.io/job-name": "=",
        "controller-uid": "",
        "batch.kubernetes.io/controller-uid": "",
    },
    "CronJob": {
        "job-name": "{name}-",
        "batch.kubernetes.io/job-name": "{name}-",
        "controller-uid": "",
        "batch.kubernetes.io/controller-uid": "",
    },
}


@dataclass(eq=False)
class Workload:
    """A pod, or an object that makes pods."""

    resource: Resource
    context: PodContext

    @property
    def ref(self) -> ObjectRef:
        """Kind, namespace and name."""
        return self.resource.ref

    @property
    def kind(self) -> str:
        """The object's kind."""
        return self.resource.kind

    @property
    def name(self) -> str:
        """The object's name."""
        return self.resource.name

    @property
    def namespace(self) -> str | None:
        """The object's namespace."""
        return self.resource.namespace

    @property
    def pod(self) -> Cursor:
        """The pod spec."""
        return self.context.spec

    @cached_property
    def pod_labels(self) -> dict[str, str]:
        """The labels written in the pod template."""
        return string_map(self.context.metadata.get("labels"))

    @cached_property
    def labels(self) -> LabelSet:
        """The labels the pods wear, those of their controller included."""
        known, guessed = dict(self.pod_labels), {}
        for key, start in ADDED_LABELS.get(self.kind, {}).items():
            known.pop(key, None)
            if start == "=" and self.resource.get("metadata", "name").string():
                known[key] = self.name
            else:
                guessed[key] = start.replace("{name}", self.name).lstrip("=")
        return LabelSet(known, guessed)

    @property
    def pod_annotations(self) -> Cursor:
        """The place of the pod template's annotations."""
        return self.context.metadata.get("annotations")

    @cached_property
    def containers(self) -> list[Container]:
        """The containers of the pod."""
        return self._containers("containers")

    @cached_property
    def init_containers(self) -> list[Container]:
        """The init containers, side-cars among them."""
        return self._containers("initContainers")

    @property
    def host_network(self) -> bool:
        """Whether the pod uses its node's network."""
        return self.pod.get("hostNetwork").boolean() is True

    @property
    def is_daemon_set(self) -> bool:
        """Whether a pod stands on every node it may stand on."""
        return self.kind == "DaemonSet"

    @cached_property
    def replicas(self) -> int | None:
        """How many pods there are; None where something else decides."""
        if self.kind == "Pod":
            return 1
        if self.kind in ("DaemonSet", "Job", "CronJob") or self._is_scaled():
            return None
        written = self.resource.get("spec", "replicas")
        return written.integer() if written.is_set else 1

    def port_number(self, port: str | int, protocol: str = "") -> int | None:
        """The number of a port named by a container, or of a number as such."""
        if isinstance(port, int):
            return port
        for container in (*self.containers, *self.init_containers):
            for declared in container.ports:
                if declared.name == port and protocol in ("", declared.protocol):
                    return declared.port
        return int(port) if port.isascii() and port.isdigit() else None

    def port_numbers(self, name: str, protocol: str = "TCP") -> frozenset[int]:
        """Every port with that name, container by container."""
        containers = (*self.containers, *self.init_containers)
        ports = [declared for container in containers for declared in container.ports]
        return frozenset(port.port for port in ports if (port.name, port.protocol) == (name, protocol))

    def name_location(self) -> Location:
        """Where the object's name stands."""
        return self.resource.name_location()

    def __str__(self) -> str:
        """Kind, namespace and name in words."""
        return str(self.ref)

    def _containers(self, key: str) -> list[Container]:
        return [
            Container(place.get("name").string(), place, self, self.context, is_init=key == "initContainers")
            for place in self.pod.get(key).items()
            if place.is_mapping
        ]

    def _is_scaled(self) -> bool:
        for scaler in self.context.world.of(*SCALERS):
            target = scaler.get("spec", "scaleTargetRef")
            if (
                scaler.namespace == self.namespace
                and target.get("name").string() == self.name
                and target.get("kind").string("Deployment") == self.kind
            ):
                return True
        return False


def read_workload(resource: Resource, world: World) -> Workload | None:
    """The resource as a workload, None where it makes no pods."""
    path = TEMPLATES.get((resource.group, resource.kind))
    if path is None:
        path = ("spec", "template")
        if not resource.get(*path, "spec", "containers").is_sequence:
            return None
    template = resource.get(*path)
    context = PodContext(template.get("metadata"), template.get("spec"), resource.namespace, world)
    return Workload(resource, context)


__all__ = ["Container", "ContainerPort", "ImageRef", "Probe", "Workload", "read_workload"]
