"""NetworkPolicies, taken apart: whom they select, which ports and peers their rules name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from truehop.kube.resources import Resource
from truehop.kube.selectors import match_selector
from truehop.kube.workloads import Workload
from truehop.model.addresses import AddressSet, parse_network
from truehop.model.facts import Tri, any_of
from truehop.source.location import Location
from truehop.source.tree import Cursor

RULES = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}


@dataclass(eq=False)
class PolicyPeer:
    """One entry of ``from`` or ``to``."""

    cursor: Cursor

    @property
    def pods(self) -> Cursor:
        """The place of the pod selector."""
        return self.cursor.get("podSelector")

    @property
    def namespaces(self) -> Cursor:
        """The place of the namespace selector."""
        return self.cursor.get("namespaceSelector")

    @property
    def is_block(self) -> bool:
        """Whether it names addresses."""
        return self.cursor.get("ipBlock").is_set

    @property
    def is_readable(self) -> bool:
        """Whether it is of a shape that the API server takes: a block or selectors, one of them at least."""
        has_selectors = self.pods.is_set or self.namespaces.is_set
        return self._block is not None and not has_selectors if self.is_block else has_selectors

    @property
    def addresses(self) -> AddressSet:
        """The addresses of its block without the excepted ones."""
        return self._block or AddressSet()

    @cached_property
    def _block(self) -> AddressSet | None:
        place = self.cursor.get("ipBlock")
        whole = parse_network(place.get("cidr").string())
        excepted = [parse_network(entry.string()) for entry in place.get("except").items()]
        if whole is None or None in excepted:
            return None
        return AddressSet.of([whole]) - AddressSet.of(network for network in excepted if network)


@dataclass(eq=False)
class PolicyRule:
    """One entry of ``ingress`` or ``egress``; ``peers`` None lets everyone through."""

    cursor: Cursor
    peer_key: str

    @cached_property
    def peers(self) -> list[PolicyPeer] | None:
        """The peers, None where none are named."""
        place = self.cursor.get(self.peer_key)
        if not place.is_set or (place.is_sequence and not list(place.items())):
            return None
        if not place.is_sequence:
            return [PolicyPeer(place)]
        return [PolicyPeer(entry) for entry in place.items()]

    def place(self) -> Location:
        """The key that names the peers, else the rule's first key, else the rule."""
        peers = self.cursor.get(self.peer_key)
        if peers.exists:
            return peers.key_location()
        first = next((value for _, value in self.cursor.entries()), None)
        return first.key_location() if first else self.cursor.location()

    def has_port(self, number: int, protocol: str, target: Workload | None) -> Tri:
        """Whether a connection to this port of the target is meant; a target None is not in the input."""
        place = self.cursor.get("ports")
        if not place.is_set or (place.is_sequence and not list(place.items())):
            return Tri.YES
        if not place.is_sequence:
            return Tri.UNKNOWN
        return any_of(*(_is_port(entry, number, protocol, target) for entry in place.items()))


@dataclass(eq=False)
class NetworkPolicy:
    """A ``networking.k8s.io`` NetworkPolicy."""

    resource: Resource

    @property
    def namespace(self) -> str | None:
        """The namespace whose pods it selects."""
        return self.resource.namespace

    def covers(self, direction: str) -> bool:
        """Whether it isolates pods in that direction: ``policyTypes`` or Kubernetes' defaults for it."""
        types = [entry.string() for entry in self.resource.get("spec", "policyTypes").items()]
        if types:
            return direction in types
        return direction == "Ingress" or bool(list(self.resource.get("spec", "egress").items()))

    def selects(self, workload: Workload) -> Tri:
        """Whether it selects the workload's pods by their labels."""
        if workload.namespace != self.namespace:
            return Tri.NO
        return match_selector(self.resource.get("spec", "podSelector"), workload.labels)

    def rules(self, direction: str) -> list[PolicyRule]:
        """The rules of one direction."""
        key, peer_key = RULES[direction]
        return [PolicyRule(entry, peer_key) for entry in self.resource.get("spec", key).items()]

    def __str__(self) -> str:
        """Kind, namespace and name in words."""
        return str(self.resource.ref)


def _is_port(entry: Cursor, number: int, protocol: str, target: Workload | None) -> Tri:
    if entry.get("protocol").string("TCP") != protocol:
        return Tri.NO
    place = entry.get("port")
    if not place.is_set:
        return Tri.YES
    first, last = place.integer(), entry.get("endPort")
    if first is not None:
        highest = last.integer() if last.is_set else first
        return Tri.UNKNOWN if highest is None else Tri.of(first <= number <= highest)
    if target is None:
        return Tri.UNKNOWN
    return Tri.of(number in target.port_numbers(place.string(), protocol))
