"""One Kubernetes object of the input."""

from __future__ import annotations

from dataclasses import dataclass

from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor, Document

#: Kinds that live in no namespace (Kubernetes and Gateway API reference).
CLUSTER_KINDS = frozenset(
    {
        "Namespace",
        "Node",
        "PersistentVolume",
        "ClusterRole",
        "ClusterRoleBinding",
        "StorageClass",
        "IngressClass",
        "CustomResourceDefinition",
        "GatewayClass",
        "PriorityClass",
        "RuntimeClass",
        "APIService",
        "CSIDriver",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "PodSecurityPolicy",
        "ClusterIssuer",
        "IPAddress",
        "ServiceCIDR",
        "CiliumClusterwideNetworkPolicy",
        "CiliumLoadBalancerIPPool",
        "CiliumL2AnnouncementPolicy",
        "GlobalNetworkPolicy",
        "GlobalNetworkSet",
        "IPPool",
        "FelixConfiguration",
        "AdminNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        "ClusterNetworkPolicy",
    }
)


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


def read_resource(document: Document, default_namespace: str | None) -> Resource | None:
    """The object a document is, None where it is none; the document learns its full identity."""
    root = document.cursor()
    api_version, kind = root.get("apiVersion").string(), root.get("kind").string()
    if not api_version or not kind:
        return None
    metadata = root.get("metadata")
    name = metadata.get("name").string() or metadata.get("generateName").string()
    group, _, version = api_version.rpartition("/")
    namespace = metadata.get("namespace").string() or default_namespace or None
    if kind in CLUSTER_KINDS:
        namespace = None
    resource = Resource(api_version, group, version, kind, name, namespace, root)
    document.object = resource.ref
    return resource
