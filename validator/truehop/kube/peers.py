"""Whether a policy's peer means one that is known: a workload, an address, a pod with labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from truehop.kube.network_policies import NetworkPolicy, PolicyPeer, PolicyRule
from truehop.kube.selectors import LabelSet, is_empty_selector, match_selector
from truehop.kube.verdicts import no, unknown, yes
from truehop.kube.workloads import Workload
from truehop.model.addresses import NOT_ROUTABLE, AddressSet
from truehop.model.facts import Fact, Location, Tri, all_of

EVERYTHING = AddressSet.parse("0.0.0.0/0", "::/0")
ROUTABLE = EVERYTHING - NOT_ROUTABLE
ROUTABLE_BY_FAMILY = (AddressSet(v4=ROUTABLE.v4), AddressSet(v6=ROUTABLE.v6))

NamespaceLabels = Callable[[str | None], LabelSet]


@dataclass(frozen=True, slots=True)
class Peer:
    """Who asks to be let through (or is called, for egress).

    ``labels`` None is any pod of the namespace; ``is_outside`` one that is no pod of the cluster,
    with its ``addresses`` where they are known. ``workload`` where it is one of the input.
    """

    namespace: str | None = None
    labels: dict[str, str] | None = None
    addresses: AddressSet | None = None
    on_host_network: bool = False
    is_outside: bool = False
    workload: Workload | None = None

    @classmethod
    def of(cls, workload: Workload, addresses: AddressSet | None = None) -> Peer:
        """A workload's pods."""
        return cls(
            workload.namespace, workload.pod_labels, addresses, workload.host_network, workload=workload
        )

    def label_set(self) -> LabelSet | None:
        """The labels its pods wear, None for any pod."""
        if self.workload is not None:
            return self.workload.labels
        return None if self.labels is None else LabelSet(self.labels)

    def __str__(self) -> str:
        """Who it is, in words."""
        if self.workload is not None:
            return str(self.workload)
        if self.is_outside:
            return f"the outside ({self.addresses})" if self.addresses else "the outside"
        return f"a pod in {self.namespace}" if self.namespace else "a pod"


def judge_peer(
    peer: Peer, policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None, labels_of: NamespaceLabels
) -> Fact[Tri]:
    """Whether a rule's entry means the peer."""
    at = rule.place()
    if named is None or not named.is_readable:
        return judge_unnamed(policy, rule, named)
    if named.is_block:
        return _judge_block(peer, policy, at, named.addresses)
    return _judge_selectors(peer, policy, at, named, labels_of)


def judge_unnamed(policy: NetworkPolicy, rule: PolicyRule, named: PolicyPeer | None) -> Fact[Tri]:
    """What a rule says to whomever it is asked about: one without entries, or an entry that nobody reads."""
    if named is None:
        return yes(rule.place(), f"{policy} admits everyone there")
    return unknown(rule.place(), f"a peer of {policy} cannot be read")


def _judge_selectors(
    peer: Peer, policy: NetworkPolicy, at: Location, named: PolicyPeer, labels_of: NamespaceLabels
) -> Fact[Tri]:
    if peer.is_outside:
        return no(at, f"{policy} names pods, and {peer} is none")
    matches = match_pods(policy, named, peer.namespace, peer.label_set(), labels_of)
    if matches is Tri.NO:
        return no(at, f"{policy} does not admit {peer}")
    if peer.on_host_network:
        words = f"whether a selector of {policy} means {peer} on the host network depends on the cni"
        return unknown(at, words, "cni")
    if matches is Tri.YES:
        return yes(at, f"{policy} admits {peer}")
    return unknown(at, f"whether a selector of {policy} means {peer} is not known", "labels")


def match_pods(
    policy: NetworkPolicy,
    named: PolicyPeer,
    namespace: str | None,
    labels: LabelSet | None,
    labels_of: NamespaceLabels,
) -> Tri:
    """Whether a peer's selectors select pods of that namespace with those labels (None: any pod)."""
    if named.namespaces.is_set:
        in_namespace = match_selector(named.namespaces, labels_of(namespace))
    else:
        in_namespace = Tri.of(namespace == policy.namespace)
    if is_empty_selector(named.pods):
        return in_namespace
    return all_of(in_namespace, Tri.UNKNOWN if labels is None else match_selector(named.pods, labels))


def _judge_block(peer: Peer, policy: NetworkPolicy, at: Location, block: AddressSet) -> Fact[Tri]:
    asked = peer.addresses
    if not block or (asked and not block.overlaps(asked)):
        return no(at, f"no address of {peer} is in the block of {policy}")
    if not peer.is_outside:
        return unknown(at, f"whether an address block of {policy} means {peer} depends on the cni", "cni")
    if asked:
        if block.covers(asked):
            return yes(at, f"the block of {policy} covers {peer}")
        return unknown(at, f"the block of {policy} covers only a part of {peer}", "networks.loadBalancers")
    if any(block.covers(everyone) for everyone in ROUTABLE_BY_FAMILY):
        return yes(at, f"the block of {policy} covers the internet")
    return unknown(at, f"whether {peer} has an address in the block of {policy} is not known", "front")
