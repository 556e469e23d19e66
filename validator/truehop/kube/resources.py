"""One Kubernetes object of the input."""

from __future__ import annotations

from dataclasses import dataclass

from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor, Document

#: Kinds that live in no namespace (Kubernetes and Gateway API reference).
CLUSTER_KINDS = frozenset({
    "Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "StorageClass", "IngressClass",
    "CustomResourceDefinition", "GatewayClass", "PriorityClass", "RuntimeClass", "APIService", "CSIDriver",
    "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding", "PodSecurityPolicy", "ClusterIssuer", "IPAddress", "ServiceCIDR",
    "CiliumClusterwideNetworkPolicy", "CiliumLoadBalancerIPPool", "CiliumL2AnnouncementPolicy",
    "GlobalNetworkPolicy", "GlobalNetworkSet", "IPPool", "FelixConfiguration",
    "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy",
})


@dataclass(slots=True, eq=False)
class Resource:
    """An object with its identity and a cursor at its root.

    ``namespace`` is the object's own, else the default of its scope, else None: the unnamed one.
    """

    api_version: str
    group: str  # "" for the core group
    version: str
    kind: str
    name: str
    namespace: str | None
    root: Cursor

    @property
    def ref(self) -> ObjectRef:
        """Kind, namespace and name."""
        return ObjectRef(self.kind, self.name, self.namespace)

    @property
    def labels(self) -> dict[str, str]:
        """The object's own labels."""
        return string_map(self.root.get("metadata", "labels"))

    @property
    def annotations(self) -> Cursor:
        """The place of the annotations."""
        return self.root.get("metadata", "annotations")

    def annotation(self, name: str) -> Cursor:
        """The place of one annotation, present or missing."""
        return self.annotations.get(name)

    def name_location(self) -> Location:
        """Where ``metadata.name`` stands."""
        return self.root.get("metadata", "name").location()

    def get(self, *keys: str | int) -> Cursor:
        """The place below the root, key by key."""
        return self.root.get(*keys)

    def __str__(self) -> str:
        """Kind, namespace and name in words."""
        return str(self.ref)


def string_map(cursor: Cursor) -> dict[str, str]:
    """The scalar entries of a mapping; a null counts as the empty string, as the API server reads it."""
    return {name: value.string() for name, value in cursor.entries() if value.is_scalar}


def resources_of(document: Document, default_namespace: str | None) -> list[Resource]:
    """The objects of a document: one, those of a ``List``, or none where it is no object."""
    return _resources(document.cursor(), default_namespace)


def _resources(root: Cursor, default_namespace: str | None) -> list[Resource]:
    api_version, kind = root.get("apiVersion").string(), root.get("kind").string()
    if not api_version or not kind:
        return []
    if kind.endswith("List") and root.get("items").is_sequence:
        return [
            resource
            for entry in root.get("items").items()
            for resource in _resources(_own_document(entry).cursor(), default_namespace)
        ]
    metadata = root.get("metadata")
    group, slash, version = api_version.rpartition("/")
    namespace = None if kind in CLUSTER_KINDS else metadata.get("namespace").string() or default_namespace
    resource = Resource(
        api_version, group if slash else "", version, kind,
        metadata.get("name").string() or metadata.get("generateName").string(), namespace or None, root,
    )
    root.document.object = resource.ref
    return [resource]


def _own_document(entry: Cursor) -> Document:
    outer = entry.document
    assert entry.node is not None  # noqa: S101 (entries of a sequence are there)
    return Document(outer.source, outer.index, entry.node, outer.template, outer.outer, None, entry.pointer)
