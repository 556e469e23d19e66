"""The world: all objects of one scope, and what their absence means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from truehop.kube.policy import Policies
from truehop.kube.resources import Resource, read_resource
from truehop.kube.selectors import LabelSet
from truehop.kube.services import Service
from truehop.kube.stores import Store, read_store
from truehop.kube.workloads import Workload, read_workload
from truehop.model.facts import Tri
from truehop.source.tree import Document

NAME_LABEL = "kubernetes.io/metadata.name"
#: Kinds whose name other API groups use too (Calico's NetworkPolicy, Knative's Service).
GROUPS = {
    "Service": "",
    "ConfigMap": "",
    "Secret": "",
    "Namespace": "",
    "Pod": "",
    "Node": "",
    "NetworkPolicy": "networking.k8s.io",
}


@dataclass(eq=False)
class World:
    """All objects of one scope, in the order of their sources.

    ``is_closed``: yes where the user declared that nothing else exists, unknown where that is taken
    for granted, no where the input is known to be a part.
    """

    resources: list[Resource]
    is_closed: Tri
    _stores: dict[int, Store] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Resource]:
        """The objects of these kinds, in order."""
        found = [self._by_kind[kind] for kind in kinds if kind in self._by_kind]
        if len(found) < 2:  # noqa: PLR2004 (of two kinds the order has to be found again)
            return found[0] if found else []
        return [resource for resource in self.resources if resource.kind in kinds and _is_meant(resource)]

    def find(self, kind: str, namespace: str | None, name: str) -> Resource | None:
        """The object with that identity, the last one where it is given twice; namespaces must be equal."""
        return self._by_identity.get((kind, namespace, name))

    def find_store(self, kind: str, namespace: str | None, name: str) -> Store | None:
        """A ConfigMap or Secret, read once."""
        resource = self.find(kind, namespace, name)
        if resource is None:
            return None
        if id(resource) not in self._stores:
            self._stores[id(resource)] = read_store(resource)
        return self._stores[id(resource)]

    @cached_property
    def workloads(self) -> list[Workload]:
        """Everything that makes pods."""
        found = (read_workload(resource, self) for resource in self.resources)
        return [workload for workload in found if workload is not None]

    def wearing(self, namespace: str | None, labels: Mapping[str, str]) -> list[Workload]:
        """The workloads of a namespace whose pods wear, or may wear, the rarest of these labels.

        In the order of the input; an index, for a large input asks this once a Service.
        """
        buckets = [self._by_label.get((namespace, key, value), []) for key, value in labels.items()]
        guessed = [self._by_label.get((namespace, key, None), []) for key in labels]
        sizes = [len(known) + len(others) for known, others in zip(buckets, guessed, strict=True)]
        rarest = sizes.index(min(sizes))
        found = buckets[rarest] + guessed[rarest] if guessed[rarest] else buckets[rarest]
        workloads = self.workloads
        return [workloads[number] for number in (sorted(found) if guessed[rarest] else found)]

    @cached_property
    def label_domains(self) -> frozenset[str]:
        """The domains before the slash in the labels that pods of the input wear."""
        keys = {key for workload in self.workloads for key in workload.pod_labels}
        return frozenset(key.partition("/")[0] for key in keys if "/" in key)

    @cached_property
    def services(self) -> list[Service]:
        """The Services."""
        return [Service(resource) for resource in self.of("Service")]

    @cached_property
    def policies(self) -> Policies:
        """The NetworkPolicies and what else decides who may connect."""
        return Policies(self)

    @cached_property
    def namespaces(self) -> list[str]:
        """The names of the namespaces that the input shows."""
        names = [resource.namespace for resource in self.resources]
        names += [resource.name for resource in self.of("Namespace")]
        return [name for name in dict.fromkeys(names) if name]

    def namespace_labels(self, namespace: str | None) -> dict[str, str] | None:
        """The labels of a namespace, None where it is not in the input."""
        resource = self.find("Namespace", None, namespace) if namespace else None
        return {**resource.labels, NAME_LABEL: resource.name} if resource else None

    def labels_of_namespace(self, namespace: str | None) -> LabelSet:
        """The labels of a namespace as far as they are known."""
        labels = self.namespace_labels(namespace)
        if labels is not None:
            return LabelSet(labels)
        return LabelSet({NAME_LABEL: namespace} if namespace else {}, is_complete=False)

    def is_whole(self, namespace: str | None) -> Tri:
        """Whether an object missing in this namespace counts as missing; unknown: it is assumed to."""
        if self.is_closed is not Tri.UNKNOWN:
            return self.is_closed
        return Tri.UNKNOWN if namespace in self._namespaces_with_workloads else Tri.NO

    @cached_property
    def _namespaces_with_workloads(self) -> frozenset[str | None]:
        return frozenset(workload.namespace for workload in self.workloads)

    @cached_property
    def _by_label(self) -> dict[tuple[str | None, str, str | None], list[int]]:
        """Numbers of workloads by namespace, label and value; no value where a controller sets it."""
        found: dict[tuple[str | None, str, str | None], list[int]] = {}
        for number, workload in enumerate(self.workloads):
            namespace, labels = workload.namespace, workload.labels
            for pair in labels.known.items():
                found.setdefault((namespace, *pair), []).append(number)
            for key in labels.guessed:
                found.setdefault((namespace, key, None), []).append(number)
        return found

    @cached_property
    def _by_kind(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            if _is_meant(resource):
                found.setdefault(resource.kind, []).append(resource)
        return found

    @cached_property
    def _by_identity(self) -> dict[tuple[str, str | None, str], Resource]:
        return {
            (resource.kind, resource.namespace, resource.name): resource
            for resource in self.resources
            if _is_meant(resource)
        }


def build_world(documents: Sequence[Document], *, is_closed: Tri, default_namespace: str | None) -> World:
    """The world of the documents' objects; documents that are no objects are passed over."""
    resources = (read_resource(document, default_namespace) for document in documents)
    return World([resource for resource in resources if resource is not None], is_closed)


def _is_meant(resource: Resource) -> bool:
    return GROUPS.get(resource.kind, resource.group) == resource.group


__all__ = ["NAME_LABEL", "Resource", "World", "build_world"]
