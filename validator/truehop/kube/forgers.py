"""Whom the policies let reach a port, by where a forger may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from truehop.kube.network_policies import NetworkPolicy, PolicyPeer, PolicyRule
from truehop.kube.peers import ROUTABLE, match_pods
from truehop.kube.selectors import is_empty_selector, match_selector, pinned_values
from truehop.kube.verdicts import no, unknown, yes
from truehop.kube.workloads import Workload
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Fact, Location, Tri, any_of

if TYPE_CHECKING:
    from truehop.kube.objects import World

NAME_LABEL = "kubernetes.io/metadata.name"
#: Addresses that pods may have: private and shared IPv4 space and what clusters borrow beside it,
#: unique local and global IPv6 (a pod with a public IPv4 address does not occur in practice).
POD_SPACE = AddressSet.parse(
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "240.0.0.0/4",
    "fc00::/7", "2000::/3",
) - AddressSet.parse("2001:db8::/32")


def judge_internet(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
    """Whether strangers' addresses are admitted; a single public address is a known host, no stranger."""
    at = rule.place()
    if named is None:
        return yes(at, f"{policy} admits everyone there")
    if not named.is_readable:
        return unknown(at, f"a peer of {policy} cannot be read")
    if not named.is_block:
        return no(at, f"{policy} names pods only")
    routable = (named.block or AddressSet()) & ROUTABLE
    if not routable:
        return no(at, f"the block of {policy} holds no public address")
    if all(network.is_host for network in routable.networks()):
        return no(at, f"the block of {policy} is a single public host", Basis.ASSUMED)
    return yes(at, f"{policy} admits public addresses")


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

    def judge(self, policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
        """Whether a rule's entry means any of them."""
        at = rule.place()
        if named is None:
            return yes(at, f"{policy} admits everyone there")
        if not named.is_readable:
            return unknown(at, f"a peer of {policy} cannot be read")
        if named.is_block:
            if not (named.block or AddressSet()).overlaps(POD_SPACE):
                return no(at, f"the block of {policy} holds no address of pods", Basis.ASSUMED)
            return unknown(at, f"whether an address block of {policy} means pods depends on the cni", "cni")
        if is_empty_selector(named.pods):
            return self._judge_namespaces(policy, named, at)
        return self._judge_known_pods(policy, named, at)

    def _judge_namespaces(self, policy: NetworkPolicy, named: PolicyPeer, at: Location) -> Fact[Tri]:
        """A peer that means all pods of the namespaces it selects."""
        selector = named.namespaces
        home = self.target.namespace
        if not selector.is_set or self.is_inside:
            is_home = match_selector(selector, self.world.labels_of_namespace(home)) if selector.is_set else Tri.YES
            return self._answer(is_home if self.is_inside else Tri.NO, policy, at, f"every pod in {home or 'its namespace'}")
        pinned = pinned_values(selector, NAME_LABEL)
        names = {name for name in (*self.world.namespaces, *(pinned or ())) if name != home}
        if is_empty_selector(selector):
            return yes(at, f"{policy} admits every pod of every namespace")
        verdicts = [match_selector(selector, self.world.labels_of_namespace(name)) for name in sorted(names)]
        found = any_of(*verdicts)
        if found is Tri.NO and pinned is None and self.world.is_closed is not Tri.YES:
            found = Tri.UNKNOWN
        return self._answer(found, policy, at, "every pod of another namespace")

    def _answer(self, found: Tri, policy: NetworkPolicy, at: Location, whom: str) -> Fact[Tri]:
        if found is Tri.YES:
            return yes(at, f"{policy} admits {whom}")
        if found is Tri.NO:
            return no(at, f"{policy} does not admit {whom}")
        return unknown(at, f"whether {policy} admits {whom} hangs on labels that the input does not show", "labels")

    def _judge_known_pods(self, policy: NetworkPolicy, named: PolicyPeer, at: Location) -> Fact[Tri]:
        """A peer that means pods with certain labels: those of the input tell who wears them."""
        home = self.target.namespace
        if not self.is_inside and not named.namespaces.is_set:
            return no(at, f"{policy} admits no pod of another namespace")
        doubt: Fact[Tri] | None = None
        for workload in self.world.workloads:
            if workload is self.target or workload in self.senders or (workload.namespace == home) != self.is_inside:
                continue
            matches = self._means(policy, named, workload)
            if matches is Tri.YES and not workload.host_network:
                return yes(at, f"{policy} admits {workload}")
            if matches is not Tri.NO:
                doubt = doubt or unknown(at, f"whether {policy} admits {workload} is not known", "labels")
        if doubt is not None:
            return doubt
        if any(self._means(policy, named, sender) is not Tri.NO for sender in self.senders):
            return no(at, f"{policy} admits the sender's own pods only", self._basis)
        if self.is_inside and named.namespaces.is_set:
            is_home = match_selector(named.namespaces, self.world.labels_of_namespace(home))
            if is_home is Tri.NO:
                return no(at, f"{policy} admits no pod of its own namespace")
        if self._is_whole(named):
            return no(at, f"no pod of the input wears the labels that {policy} admits", self._basis)
        return unknown(at, f"the pods that {policy} admits are not in the input", "world")

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

    @property
    def _basis(self) -> Basis:
        return Basis.STATED if self.world.is_closed is Tri.YES else Basis.ASSUMED
