"""Services: ports, targets, traffic policies, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from truehop.kube.containers import port_of
from truehop.kube.resources import Resource, string_map
from truehop.kube.selectors import match_labels
from truehop.model.addresses import parse_network
from truehop.model.facts import Basis, Fact, Tri
from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor

if TYPE_CHECKING:
    from truehop.kube.objects import World
    from truehop.kube.workloads import Workload

FAMILIES = {"IPv4": 4, "IPv6": 6}


@dataclass(frozen=True, slots=True, eq=False)
class ServicePort:
    """A port of a Service; ``target`` is ``targetPort`` as written, None where it is the port itself."""

    name: str
    port: int
    target: str | int | None
    node_port: int | None
    protocol: str
    app_protocol: str
    cursor: Cursor


@dataclass(frozen=True, slots=True, eq=False)
class BalancerAddress:
    """An entry of ``status.loadBalancer.ingress``."""

    ip: str
    host_name: str
    ip_mode: str  # "VIP", "Proxy" or "" where it is not said
    cursor: Cursor


@dataclass(eq=False)
class Service:
    """A Service as Kubernetes reads it, with its defaults."""

    resource: Resource

    @property
    def ref(self) -> ObjectRef:
        """Kind, namespace and name."""
        return self.resource.ref

    @property
    def name(self) -> str:
        """The Service's name."""
        return self.resource.name

    @property
    def namespace(self) -> str | None:
        """The Service's namespace."""
        return self.resource.namespace

    @property
    def spec(self) -> Cursor:
        """The place of the spec."""
        return self.resource.get("spec")

    @property
    def status(self) -> Cursor:
        """The place of the status."""
        return self.resource.get("status")

    @property
    def type(self) -> str:
        """``ClusterIP``, ``NodePort``, ``LoadBalancer`` or ``ExternalName``."""
        return self.spec.get("type").string("ClusterIP")

    @property
    def selector(self) -> dict[str, str] | None:
        """The labels it asks for, None without a selector."""
        place = self.spec.get("selector")
        return string_map(place) if place.is_mapping else None

    @cached_property
    def ports(self) -> list[ServicePort]:
        """The ports, those without a number left out."""
        found = []
        for place in self.spec.get("ports").items():
            number, node_port = port_of(place.get("port")), port_of(place.get("nodePort"))
            if isinstance(number, int):
                found.append(
                    ServicePort(
                        place.get("name").string(),
                        number,
                        port_of(place.get("targetPort")),
                        node_port if isinstance(node_port, int) else None,
                        place.get("protocol").string("TCP").upper(),
                        place.get("appProtocol").string(),
                        place,
                    )
                )
        return found

    @property
    def external_traffic_policy(self) -> Fact[str]:
        """``Cluster`` or ``Local``; where it is missing, at the key of the spec."""
        return self._policy("externalTrafficPolicy")

    @property
    def internal_traffic_policy(self) -> Fact[str]:
        """``Cluster`` or ``Local``; where it is missing, at the key of the spec."""
        return self._policy("internalTrafficPolicy")

    @property
    def external_ips(self) -> list[Cursor]:
        """The places of ``externalIPs``."""
        return [place for place in self.spec.get("externalIPs").items() if place.string()]

    @property
    def load_balancer_class(self) -> Cursor:
        """The place of ``loadBalancerClass``, present or missing."""
        return self.spec.get("loadBalancerClass")

    @property
    def source_ranges(self) -> list[Cursor]:
        """The places of ``loadBalancerSourceRanges``."""
        return [place for place in self.spec.get("loadBalancerSourceRanges").items() if place.string()]

    @property
    def allocates_node_ports(self) -> bool:
        """Whether a LoadBalancer gets node ports for all its ports."""
        return self.spec.get("allocateLoadBalancerNodePorts").boolean() is not False

    @property
    def publishes_not_ready(self) -> bool:
        """Whether pods count before they are ready."""
        return self.spec.get("publishNotReadyAddresses").boolean() is True

    @property
    def is_headless(self) -> bool:
        """Whether names lead straight to the pods."""
        return self.spec.get("clusterIP").string() == "None"

    @property
    def external_name(self) -> str | None:
        """The name an ExternalName Service stands for."""
        return self.spec.get("externalName").string() or None if self.type == "ExternalName" else None

    @property
    def ingress(self) -> list[BalancerAddress]:
        """The balancer's addresses, where the status is in the input."""
        return [
            BalancerAddress(
                place.get("ip").string(), place.get("hostname").string(), place.get("ipMode").string(), place
            )
            for place in self.status.get("loadBalancer", "ingress").items()
        ]

    @property
    def family_policy(self) -> str:
        """``ipFamilyPolicy`` as written; empty where the cluster takes ``SingleStack``."""
        return self.spec.get("ipFamilyPolicy").string()

    @property
    def families(self) -> Fact[tuple[int, ...] | None]:
        """The address families it serves; None where the cluster's own default decides."""
        policy, listed, single = (self.spec.get(key) for key in ("ipFamilyPolicy", "ipFamilies", "clusterIP"))
        many = self.spec.get("clusterIPs")
        if policy.string() == "RequireDualStack":
            return Fact((4, 6), policy.location())
        named = _families(FAMILIES.get(place.string()) for place in listed.items())
        if len(named) > 1 or (named and policy.string() != "PreferDualStack"):
            return Fact(named, listed.location())
        for place, entries in ((many, list(many.items())), (single, [single])):
            networks = [parse_network(entry.string()) for entry in entries]
            used = _families(network.family if network else None for network in networks)
            if used:
                return Fact(used, place.location())
        return Fact(
            None, policy.location(), Basis.UNKNOWN, "the cluster's own address families", "ipFamilies"
        )

    def pods(self, world: World) -> list[Workload]:
        """The workloads whose pods it selects or, where a controller's label decides, may select."""
        wanted = self.selector
        if not wanted:
            return []
        return [
            workload
            for workload in world.wearing(self.namespace, wanted)
            if match_labels(wanted, workload.labels) is not Tri.NO
        ]

    def target_port(self, port: ServicePort, workload: Workload) -> int | None:
        """The container port a connection to this port of the Service ends at."""
        return port.port if port.target is None else workload.port_number(port.target, port.protocol)

    def find_port(self, name_or_number: str) -> ServicePort | None:
        """The port with that name or number."""
        for port in self.ports:
            if name_or_number in (port.name, str(port.port)):
                return port
        return None

    def name_location(self) -> Location:
        """Where the Service's name stands."""
        return self.resource.name_location()

    def __str__(self) -> str:
        """Kind, namespace and name in words."""
        return str(self.ref)

    def _policy(self, key: str) -> Fact[str]:
        place = self.spec.get(key)
        if place.string():
            return Fact(place.string(), place.location())
        return Fact("Cluster", place.location(), Basis.DEFAULT, f"Kubernetes' default for {key}")


def _families(found: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted({family for family in found if family is not None}))
