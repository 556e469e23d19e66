"""How verdicts on single peers become the verdict of all policies together.

Kubernetes' rule: a pod that no policy selects is open; one that is selected is closed but for what
any of the selecting policies admits (networking.k8s.io/v1, NetworkPolicySpec).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from truehop.kube.network_policies import NetworkPolicy, PolicyPeer, PolicyRule
from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, Location, Tri

#: What a policy's rule says about one peer (None: the rule names none and lets everyone through).
Judge = Callable[[NetworkPolicy, PolicyRule, PolicyPeer | None], Fact[Tri]]


@dataclass(frozen=True, slots=True)
class Connection:
    """What is asked: a direction at a workload, a port of the target and its protocol."""

    workload: Workload
    direction: str
    port: int
    protocol: str
    target: Workload | None


def yes(at: Location, origin: str, basis: Basis = Basis.STATED) -> Fact[Tri]:
    """A verdict that lets through."""
    return Fact(Tri.YES, at, basis, origin)


def no(at: Location, origin: str, basis: Basis = Basis.STATED) -> Fact[Tri]:
    """A verdict that does not."""
    return Fact(Tri.NO, at, basis, origin)


def unknown(at: Location, origin: str, settles: str = "") -> Fact[Tri]:
    """No verdict, with what would settle it."""
    return Fact(Tri.UNKNOWN, at, Basis.UNKNOWN, origin, settles)


def selection(policy: NetworkPolicy, workload: Workload) -> Tri:
    """Whether the policy applies to the workload's pods; on the host network that is the CNI's affair."""
    selects = policy.selects(workload)
    return Tri.UNKNOWN if selects is Tri.YES and workload.host_network else selects


def open_verdict(workload: Workload, is_whole: Tri) -> Fact[Tri]:
    """The verdict where no policy of the input selects the pod."""
    at = workload.name_location()
    if is_whole is Tri.NO:
        return unknown(at, f"the input does not show which policies select {workload}", "world")
    basis = Basis.STATED if is_whole is Tri.YES else Basis.ASSUMED
    return yes(at, f"no policy selects {workload}", basis)


def decide(
    policies: Sequence[NetworkPolicy], connection: Connection, is_whole: Tri, judge: Judge
) -> Fact[Tri]:
    """The verdict of all policies that may apply."""
    applying = [
        (policy, applies)
        for policy in policies
        if (applies := selection(policy, connection.workload)) is not Tri.NO
    ]
    if not applying:
        return open_verdict(connection.workload, is_whole)
    verdicts = [_verdict(policy, connection, judge) for policy, _ in applying]
    certain = [
        verdict for verdict, (_, applies) in zip(verdicts, applying, strict=True) if applies is Tri.YES
    ]
    admitting = [verdict for verdict in certain if verdict.value is Tri.YES]
    if not admitting and is_whole is not Tri.NO and all(verdict.value is Tri.YES for verdict in verdicts):
        admitting = verdicts  # selected or not, the pod is open to this peer
    doubts = admitting or [verdict for verdict in certain if verdict.value is Tri.UNKNOWN]
    if doubts:
        return doubts[0]
    for verdict, (policy, applies) in zip(verdicts, applying, strict=True):
        if applies is Tri.UNKNOWN and not (certain and verdict.value is Tri.NO):
            return _doubtful(policy, connection.workload)
    is_assumed = is_whole is Tri.NO or any(verdict.basis is Basis.ASSUMED for verdict in verdicts)
    return replace(certain[0], basis=Basis.ASSUMED if is_assumed else Basis.STATED)


def _doubtful(policy: NetworkPolicy, workload: Workload) -> Fact[Tri]:
    at = policy.resource.name_location()
    if workload.host_network:
        return unknown(
            at, f"whether {policy} holds for {workload} on the host network depends on the cni", "cni"
        )
    return unknown(at, f"whether {policy} selects {workload} is not known")


def _verdict(policy: NetworkPolicy, connection: Connection, judge: Judge) -> Fact[Tri]:
    """What one policy says: the first rule and peer that admits, else the first that is in doubt."""
    doubts: list[Fact[Tri]] = []
    denials: list[Fact[Tri]] = []
    for rule in policy.rules(connection.direction):
        has_port = rule.has_port(connection.port, connection.protocol, connection.target)
        if has_port is Tri.NO:
            continue
        for peer in (None,) if rule.peers is None else rule.peers:
            verdict = judge(policy, rule, peer)
            if verdict.value is Tri.NO:
                denials.append(verdict)
            elif has_port is Tri.UNKNOWN:
                words = f"whether a rule of {policy} means port {connection.port} is not known"
                doubts.append(unknown(rule.place(), words))
            elif verdict.value is Tri.YES:
                return verdict
            else:
                doubts.append(verdict)
    if doubts:
        return doubts[0]
    basis = Basis.ASSUMED if any(denial.basis is Basis.ASSUMED for denial in denials) else Basis.STATED
    origin = denials[0].origin if denials else f"no rule of {policy} is for port {connection.port}"
    return no(policy.resource.name_location(), origin, basis)
