"""What becomes of a packet's source between the outside and a pod, by door, balancer and traffic policy."""

from __future__ import annotations

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.routes import Front
from truehop.model.terms import DoorKind, Rewrite

#: What may forward packets to Services, as the configuration calls it.
DATAPATHS = ("kube-proxy", "dsr", "calico-ebpf")
#: Datapaths that hand a packet to a pod of another node without translating its source
#: (Cilium ``loadBalancer.mode: dsr``, Calico's eBPF datapath).
KEEPING_DATAPATHS = frozenset({"dsr", "calico-ebpf"})
_ORDER = (Basis.STATED, Basis.DEFAULT, Basis.ASSUMED, Basis.UNKNOWN)


def rewrite_for(
    front: Front | None, door: DoorKind, policy: Fact[str] | None, datapath: str = ""
) -> Fact[Rewrite]:
    """What the first socket sees as the source of a packet that came in by this door.

    ``policy`` is the Service's ``externalTrafficPolicy`` (None for doors without a Service; before those
    stands nothing, or a proxy with connections of its own), ``datapath`` the declared
    ``networks.datapath``. Sources: kubernetes/website content/en/docs/tutorials/services/source-ip.md,
    containernetworking/plugins plugins/meta/portmap/portmap_iptables.go.
    """
    if door in (DoorKind.HOST_PORT, DoorKind.HOST_NETWORK) and front is not None:
        kept = front.keeps_source
        return Fact(Rewrite.BALANCER, front.sends.at or kept.at, kept.basis, kept.origin, kept.settles)
    if door is DoorKind.HOST_PORT:
        return Fact(
            Rewrite.KEPT, basis=Basis.DEFAULT, origin="a host port is translated without masquerading"
        )
    if door is DoorKind.HOST_NETWORK:
        return Fact(
            Rewrite.KEPT, basis=Basis.DEFAULT, origin="nothing translates addresses on the host network"
        )
    policy = policy or Fact("Cluster", basis=Basis.DEFAULT)
    if front is None:
        return _through_nodes(policy, datapath)
    if front.masquerades:
        return _masqueraded(front, policy)
    return _KEEPING[front.keeps_source.value](front, policy, datapath)


def _weaker(*bases: Basis) -> Basis:
    return max(bases, key=_ORDER.index)


def _is_local(policy: Fact[str]) -> bool:
    return policy.value == "Local"


def _through_nodes(policy: Fact[str], datapath: str) -> Fact[Rewrite]:
    if _is_local(policy):
        origin = "externalTrafficPolicy Local: the node passes packets to its own pods only, source unchanged"
        return Fact(Rewrite.KEPT, policy.at, policy.basis, origin)
    if datapath in KEEPING_DATAPATHS:
        return Fact(Rewrite.KEPT, basis=Basis.STATED, origin=f"networks.datapath is {datapath}")
    origin = f"externalTrafficPolicy {policy.value}: the node may put its own address on the packet"
    return Fact(Rewrite.NODE, policy.at, policy.basis, origin)


def _masqueraded(front: Front, policy: Fact[str]) -> Fact[Rewrite]:
    kept = front.keeps_source
    if _is_local(policy):
        origin = (
            "externalTrafficPolicy Local: on a node that runs a ready pod the node itself takes the packet "
            "before it is masqueraded; other nodes are not to be addressed"
        )
        return Fact(Rewrite.KEPT, policy.at, _weaker(kept.basis, policy.basis), origin)
    return Fact(Rewrite.POD, policy.at, _weaker(kept.basis, policy.basis), kept.origin)


def _proxied(front: Front, policy: Fact[str], datapath: str) -> Fact[Rewrite]:
    kept = front.keeps_source
    # What is missing is the switch for PROXY, so its place is told, not the sign of the balancer's make.
    at = front.sends.at or kept.at
    if not front.targets_pods and _through_nodes(policy, datapath).value is Rewrite.NODE:
        origin = f"{kept.origin}, and under externalTrafficPolicy {policy.value} a node puts its own on top"
        return Fact(Rewrite.NODE, at, kept.basis, origin, kept.settles)
    return Fact(Rewrite.BALANCER, at, kept.basis, kept.origin, kept.settles)


def _forwarded(front: Front, policy: Fact[str], datapath: str) -> Fact[Rewrite]:
    kept = front.keeps_source
    if front.targets_pods:
        return Fact(Rewrite.KEPT, kept.at, kept.basis, f"{kept.origin}, and it addresses pods themselves")
    behind = _through_nodes(policy, datapath)
    origin = behind.origin if behind.value is Rewrite.NODE else f"{kept.origin}; {behind.origin}"
    return Fact(behind.value, behind.at, _weaker(kept.basis, behind.basis), origin)


def _unknown(front: Front, policy: Fact[str], datapath: str) -> Fact[Rewrite]:
    settles = front.keeps_source.settles or "front"
    behind = _through_nodes(policy, datapath)
    if front.targets_pods or behind.value is Rewrite.KEPT:
        origin = (
            f"{front.keeps_source.origin or 'what stands before the cluster is unknown'}; {behind.origin}"
        )
        return Fact(Rewrite.KEPT, behind.at, Basis.UNKNOWN, origin, settles)
    return Fact(Rewrite.NODE, behind.at, Basis.ASSUMED, behind.origin, settles)


_KEEPING = {Tri.NO: _proxied, Tri.YES: _forwarded, Tri.UNKNOWN: _unknown}
