"""Who may connect to whom, by the NetworkPolicies of the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from truehop.kube.forgers import Crowd, judge_internet, judge_nodes, judge_outside
from truehop.kube.network_policies import NetworkPolicy, PolicyPeer, PolicyRule
from truehop.kube.peers import Peer, judge_peer
from truehop.kube.resources import Resource
from truehop.kube.verdicts import Connection, Judge, decide, open_verdict, selection, unknown
from truehop.kube.workloads import Workload
from truehop.model.addresses import AddressSet
from truehop.model.facts import Fact, Tri
from truehop.model.hops import Admission

if TYPE_CHECKING:
    from truehop.kube.objects import World

#: Kinds that decide too and are not evaluated, by API group; those marked hold for every namespace.
UNDECIDED = {
    "cilium.io": {"CiliumNetworkPolicy": False, "CiliumClusterwideNetworkPolicy": True},
    "projectcalico.org": {"NetworkPolicy": False, "GlobalNetworkPolicy": True},
    "crd.projectcalico.org": {"NetworkPolicy": False, "GlobalNetworkPolicy": True},
    "policy.networking.k8s.io": {
        "AdminNetworkPolicy": True,
        "BaselineAdminNetworkPolicy": True,
        "ClusterNetworkPolicy": True,
    },
    "crd.antrea.io": {"NetworkPolicy": False, "ClusterNetworkPolicy": True},
    "security.istio.io": {"AuthorizationPolicy": False, "PeerAuthentication": False},
    "networking.istio.io": {"Sidecar": False},
    "policy.linkerd.io": {"Server": False, "AuthorizationPolicy": False, "ServerAuthorization": False},
}
#: Objects in Istio's root namespace hold for the whole mesh (``MeshConfig.rootNamespace``).
MESH_ROOT = "istio-system"


class Policies:
    """The NetworkPolicies of a world."""

    def __init__(self, world: World) -> None:
        """Judge in this world."""
        self.world = world

    @cached_property
    def all(self) -> list[NetworkPolicy]:
        """Every NetworkPolicy, in order."""
        return [NetworkPolicy(resource) for resource in self.world.of("NetworkPolicy")]

    @cached_property
    def undecided_kinds(self) -> tuple[str, ...]:
        """The kinds in the input that decide too and are not evaluated."""
        return tuple(dict.fromkeys(resource.kind for resource in self._undecided))

    def undecided_by(self, namespace: str | None) -> list[Resource]:
        """The objects that may decide in this namespace and are not evaluated."""
        return [
            resource
            for resource in self._undecided
            if resource.namespace == namespace
            or UNDECIDED[resource.group][resource.kind]
            or (resource.namespace == MESH_ROOT and resource.group.endswith("istio.io"))
        ]

    def selecting(self, workload: Workload, direction: str = "Ingress") -> list[Resource]:
        """The policies that select (or may select) the workload's pods for one direction."""
        return [
            policy.resource
            for policy in self._covering(direction)
            if selection(policy, workload) is not Tri.NO
        ]

    def admits(
        self, workload: Workload, port: int, peer: Peer | Workload, protocol: str = "TCP"
    ) -> Fact[Tri]:
        """Whether a peer may connect to a port of the workload's pods, by their ingress policies."""
        asker = Peer.of(peer) if isinstance(peer, Workload) else peer
        connection = Connection(workload, "Ingress", port, protocol, workload)
        return self._decide(connection, self._judge_of(asker))

    def admits_anybody(self, workload: Workload, port: int, protocol: str = "TCP") -> Fact[Tri]:
        """Whether anybody may connect to a port: no where no rule is for it, else unknown."""
        return self._decide(Connection(workload, "Ingress", port, protocol, workload), _judge_anybody)

    def admits_egress(
        self, workload: Workload, peer: Peer | Workload, port: int, protocol: str = "TCP"
    ) -> Fact[Tri]:
        """Whether the workload's pods may connect to a port of the peer, by their egress policies."""
        called = Peer.of(peer) if isinstance(peer, Workload) else peer
        connection = Connection(workload, "Egress", port, protocol, called.workload)
        return self._decide(connection, self._judge_of(called))

    def admission(
        self,
        workload: Workload,
        port: int,
        senders: Sequence[Workload],
        *,
        has_unseen_sender: bool = False,
        pods: AddressSet | None = None,
    ) -> Admission:
        """Whom the ingress policies let reach a TCP port, by where a forger may stand.

        ``senders`` are left out; with ``has_unseen_sender`` labelled pods of other namespaces that the
        input does not show are taken for a sender known from its chart's values alone. ``pods`` are the
        networks that pods get their addresses from, where they are known.
        """
        connection = Connection(workload, "Ingress", port, "TCP", workload)
        inside = Crowd(self.world, workload, senders, is_inside=True, pods=pods)
        outside = replace(inside, is_inside=False, has_unseen_sender=has_unseen_sender)
        nodes = self._decide(connection, judge_nodes)
        if nodes.value is Tri.NO and nodes.at is not None:
            nodes = unknown(nodes.at, "whether a policy holds for nodes depends on the cni", "cni")
        return Admission(
            namespace=self._decide(connection, inside.judge),
            pods=self._decide(connection, outside.judge),
            internet=self._decide(connection, judge_internet),
            nodes=nodes,
            is_selected=self._is_selected(workload),
            undecided_by=tuple(str(resource) for resource in self.undecided_by(workload.namespace)),
            outside=self._decide(connection, judge_outside),
        )

    def _judge_of(self, peer: Peer) -> Judge:
        def judge(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
            return judge_peer(peer, policy, rule, named, self.world.labels_of_namespace)

        return judge

    def _covering(self, direction: str) -> list[NetworkPolicy]:
        return [policy for policy in self.all if policy.covers(direction)]

    def _decide(self, connection: Connection, judge: Judge) -> Fact[Tri]:
        workload = connection.workload
        undecided = self.undecided_by(workload.namespace)
        if undecided:
            return _by_others(undecided[0])
        policies = self._covering(connection.direction)
        return decide(policies, connection, self.world.is_whole(workload.namespace), judge)

    def _is_selected(self, workload: Workload) -> Fact[Tri]:
        policies = self._covering("Ingress")
        for wanted in (Tri.YES, Tri.UNKNOWN):
            for policy in policies:
                if selection(policy, workload) is wanted:
                    at = policy.resource.name_location()
                    if wanted is Tri.YES:
                        return Fact(Tri.YES, at, origin=f"{policy} selects {workload}")
                    return unknown(at, f"whether {policy} holds for {workload} is not known", "cni")
        undecided = self.undecided_by(workload.namespace)
        if undecided:
            return _by_others(undecided[0])
        verdict = open_verdict(workload, self.world.is_whole(workload.namespace))
        return Fact(verdict.value.negate(), verdict.at, verdict.basis, verdict.origin, verdict.settles)

    @cached_property
    def _undecided(self) -> list[Resource]:
        resources = self.world.resources
        return [resource for resource in resources if resource.kind in UNDECIDED.get(resource.group, {})]


def _judge_anybody(policy: NetworkPolicy, rule: PolicyRule, _named: PolicyPeer | None) -> Fact[Tri]:
    return unknown(rule.place(), f"whom {policy} admits there is not known")


def _by_others(resource: Resource) -> Fact[Tri]:
    return unknown(resource.name_location(), f"{resource} decides too and is not evaluated", resource.kind)


__all__ = ["Peer", "Policies"]
