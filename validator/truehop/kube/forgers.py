"""Whom the policies let reach a port, by where a forger may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truehop.kube.network_policies import NetworkPolicy, PolicyPeer, PolicyRule
from truehop.kube.peers import ROUTABLE, judge_unnamed, match_pods
from truehop.kube.selectors import is_empty_selector, match_selector, pinned_values
from truehop.kube.verdicts import no, unknown, yes
from truehop.kube.workloads import Workload
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location, Tri, any_of
from truehop.source.tree import Cursor

if TYPE_CHECKING:
    from truehop.kube.objects import World

NAME_LABEL = "kubernetes.io/metadata.name"
#: Addresses that pods may have: private and shared IPv4 space and what clusters borrow beside it,
#: unique local and global IPv6 (a pod with a public IPv4 address does not occur in practice).
POD_SPACE = AddressSet.parse(
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "198.18.0.0/15",
    "240.0.0.0/4",
    "fc00::/7",
    "2000::/3",
) - AddressSet.parse("2001:db8::/32")


def judge_internet(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
    """Whether strangers' addresses are admitted; a single public address is a known host, no stranger."""
    at = rule.place()
    if named is None or not named.is_readable:
        return judge_unnamed(policy, rule, named)
    if not named.is_block:
        return no(at, f"{policy} names pods only")
    routable = named.addresses & ROUTABLE
    if not routable:
        return no(at, f"the block of {policy} holds no public address")
    if all(network.is_host for network in routable.networks()):
        return no(at, f"the block of {policy} is a single public host", Basis.ASSUMED)
    return yes(at, f"{policy} admits public addresses")


def judge_outside(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
    """Whether an address outside the cluster is admitted: a selector means pods, a block anybody."""
    at = rule.place()
    if named is None:
        return yes(at, f"{policy} admits everyone there")
    if named.is_readable and not named.is_block:
        return no(at, f"{policy} names pods only")
    return unknown(at, f"whom a block of {policy} means outside is not known", "front")


def judge_nodes(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
    """Whether nodes' addresses are admitted: only what admits everyone does so under every CNI."""
    if named is None:
        return yes(rule.place(), f"{policy} admits everyone there")
    return unknown(rule.place(), f"whether {policy} holds for nodes depends on the cni", "cni")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Pods a forger may own: in the target's namespace or outside it, the senders' own left out."""

    world: World
    target: Workload
    senders: Sequence[Workload]
    is_inside: bool
    #: A declared sender's pods are not in the input (it is known from its chart's values alone).
    has_unseen_sender: bool = False
    #: Where pods get their addresses, None where nobody says.
    pods: AddressSet | None = None

    def judge(self, policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
        """Whether a rule's entry means any of them."""
        at = rule.place()
        if named is None or not named.is_readable:
            return judge_unnamed(policy, rule, named)
        if named.is_block:
            if not named.addresses.overlaps(self.pods or POD_SPACE):
                basis = Basis.STATED if self.pods else Basis.ASSUMED
                return no(at, f"the block of {policy} holds no address of pods", basis)
            return unknown(at, f"whether an address block of {policy} means pods depends on the cni", "cni")
        if is_empty_selector(named.pods):
            return self._judge_namespaces(policy, named, at)
        return self._judge_known_pods(policy, named, at)

    def _judge_namespaces(self, policy: NetworkPolicy, named: PolicyPeer, at: Location) -> Fact[Tri]:
        """A peer that means all pods of the namespaces it selects."""
        found = self._is_home_meant(named) if self.is_inside else self._is_another_meant(named.namespaces)
        whom = "every pod of its namespace" if self.is_inside else "every pod of another namespace"
        if found is Tri.UNKNOWN:
            words = f"whether {policy} admits {whom} hangs on labels that the input does not show"
            return unknown(at, words, "labels")
        return (
            yes(at, f"{policy} admits {whom}")
            if found is Tri.YES
            else no(at, f"{policy} does not admit {whom}")
        )

    def _is_home_meant(self, named: PolicyPeer) -> Tri:
        """Whether the peer's namespaces hold the target's own."""
        if not named.namespaces.is_set:
            return Tri.YES
        return match_selector(named.namespaces, self.world.labels_of_namespace(self.target.namespace))

    def _is_another_meant(self, selector: Cursor) -> Tri:
        """Whether the peer's namespaces hold any other; one pinned by its name is taken to exist."""
        if is_empty_selector(selector):
            return Tri.of(selector.is_set)
        pinned = pinned_values(selector, NAME_LABEL)
        names = {*self.world.namespaces, *(pinned or ())} - {self.target.namespace}
        found = any_of(*(match_selector(selector, self.world.labels_of_namespace(name)) for name in names))
        is_open = pinned is None and self.world.is_closed is not Tri.YES
        return Tri.UNKNOWN if found is Tri.NO and is_open else found

    def _judge_known_pods(self, policy: NetworkPolicy, named: PolicyPeer, at: Location) -> Fact[Tri]:
        """A peer that means pods with certain labels: those of the input tell who wears them."""
        reachable = self._is_home_meant(named) if self.is_inside else Tri.of(named.namespaces.is_set)
        if reachable is Tri.NO:
            where = "its own" if self.is_inside else "another"
            return no(at, f"{policy} admits no pod of {where} namespace")
        verdicts = [self._judge_workload(policy, named, workload, at) for workload in self._others()]
        for wanted in (Tri.YES, Tri.UNKNOWN):
            for verdict in verdicts:
                if verdict.value is wanted:
                    return verdict
        basis = Basis.STATED if self.world.is_closed is Tri.YES else Basis.ASSUMED
        if any(self._means(policy, named, sender) is not Tri.NO for sender in self.senders):
            return no(at, f"{policy} admits the sender's own pods only", basis)
        if self.has_unseen_sender and not self.is_inside:
            return no(
                at,
                f"{policy} admits labelled pods of another namespace, taken to be the sender's",
                Basis.ASSUMED,
            )
        if self._is_whole(named):
            return no(at, f"no pod of the input wears the labels that {policy} admits", basis)
        return unknown(at, f"the pods that {policy} admits are not in the input", "world")

    def _others(self) -> Iterator[Workload]:
        """The workloads a forger may own."""
        for workload in self.world.workloads:
            is_own = workload is self.target or workload in self.senders
            if not is_own and (workload.namespace == self.target.namespace) == self.is_inside:
                yield workload

    def _judge_workload(
        self, policy: NetworkPolicy, named: PolicyPeer, workload: Workload, at: Location
    ) -> Fact[Tri]:
        matches = self._means(policy, named, workload)
        if matches is Tri.YES and not workload.host_network:
            return yes(at, f"{policy} admits {workload}")
        if matches is Tri.NO:
            return no(at, f"{policy} does not admit {workload}")
        return unknown(at, f"whether {policy} admits {workload} is not known", "labels")

    def _means(self, policy: NetworkPolicy, named: PolicyPeer, workload: Workload) -> Tri:
        return match_pods(policy, named, workload.namespace, workload.labels, self.world.labels_of_namespace)

    def _is_whole(self, named: PolicyPeer) -> bool:
        """Whether the absence of pods counts in every namespace where the forger may stand."""
        if self.world.is_closed is not Tri.UNKNOWN:
            return self.world.is_closed is Tri.YES
        if self.is_inside:
            return self.world.is_whole(self.target.namespace) is not Tri.NO
        pinned = pinned_values(named.namespaces, NAME_LABEL)
        return pinned is not None and all(
            self.world.is_whole(name) is not Tri.NO for name in pinned if name != self.target.namespace
        )
