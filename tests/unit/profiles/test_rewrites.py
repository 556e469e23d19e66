"""What becomes of a packet's source, by door, balancer, traffic policy and datapath."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import Hop
from truehop.model.routes import Front
from truehop.model.terms import DoorKind, Rewrite, Role, Wire
from truehop.profiles.rewrites import rewrite_for

LOCAL, CLUSTER = Fact("Local"), Fact("Cluster", basis=Basis.DEFAULT)


def front(
    keeps: Tri, basis: Basis = Basis.DEFAULT, *, pods: bool = False, masquerades: bool = False
) -> Front:
    fact = Fact(keeps, basis=basis, origin="it says so", settles="front" if keeps is Tri.UNKNOWN else "")
    hop = Hop("front of Service traefik/traefik", Role.FRONT)
    return Front(hop, "x", Fact(Wire.NONE), fact, targets_pods=pods, masquerades=masquerades)


KEEPS, HIDES = front(Tri.YES), front(Tri.NO)
GUESSED, OPEN = front(Tri.YES, Basis.ASSUMED), front(Tri.UNKNOWN, Basis.UNKNOWN)
PODS, HIDING_PODS = front(Tri.YES, pods=True), front(Tri.NO, pods=True)
OPEN_PODS = front(Tri.UNKNOWN, Basis.UNKNOWN, pods=True)
KLIPPER = front(Tri.NO, masquerades=True)
GUESSED_KLIPPER = front(Tri.NO, Basis.ASSUMED, masquerades=True)
LB, NODE_PORT = DoorKind.LOAD_BALANCER, DoorKind.NODE_PORT


@pytest.mark.parametrize(
    ("balancer", "door", "policy", "datapath", "answer"),
    [
        (HIDES, LB, LOCAL, "", "balancer default"),
        (HIDES, DoorKind.HOST_PORT, None, "", "balancer default"),
        (HIDES, DoorKind.HOST_NETWORK, None, "", "balancer default"),
        (HIDES, LB, CLUSTER, "", "node default"),
        (HIDES, LB, CLUSTER, "dsr", "balancer default"),
        (HIDING_PODS, LB, LOCAL, "", "balancer default"),
        (KEEPS, LB, LOCAL, "", "kept default"),
        (KEEPS, LB, CLUSTER, "", "node default"),
        (KEEPS, LB, CLUSTER, "kube-proxy", "node default"),
        (KEEPS, LB, CLUSTER, "dsr", "kept default"),
        (KEEPS, LB, CLUSTER, "calico-ebpf", "kept default"),
        (GUESSED, LB, LOCAL, "", "kept assumed"),
        (GUESSED, LB, CLUSTER, "", "node assumed"),
        (PODS, LB, CLUSTER, "", "kept default"),
        (KLIPPER, LB, LOCAL, "", "kept default"),
        (KLIPPER, LB, CLUSTER, "", "pod default"),
        (GUESSED_KLIPPER, LB, CLUSTER, "", "pod assumed"),
        (OPEN, LB, LOCAL, "", "kept unknown front"),
        (OPEN, LB, CLUSTER, "", "node assumed front"),
        (OPEN, LB, CLUSTER, "dsr", "kept unknown front"),
        (OPEN_PODS, LB, CLUSTER, "", "kept unknown front"),
        (None, NODE_PORT, LOCAL, "", "kept stated"),
        (None, NODE_PORT, CLUSTER, "", "node default"),
        (None, NODE_PORT, CLUSTER, "dsr", "kept stated"),
        (None, DoorKind.EXTERNAL_IP, LOCAL, "", "kept stated"),
        (None, DoorKind.EXTERNAL_IP, CLUSTER, "", "node default"),
        (None, DoorKind.HOST_PORT, None, "", "kept default"),
        (None, DoorKind.HOST_NETWORK, None, "", "kept default"),
        (None, NODE_PORT, None, "", "node default"),
        (HIDES, NODE_PORT, LOCAL, "", "balancer default"),
    ],
)
def test_source_by_door_balancer_policy_and_datapath(
    balancer: Front | None, door: DoorKind, policy: Fact[str] | None, datapath: str, answer: str
) -> None:
    fact = rewrite_for(balancer, door, policy, datapath)
    assert " ".join(filter(None, (fact.value.value, fact.basis.value, fact.settles))) == answer
    assert fact.origin


def test_hidden_source_stands_at_the_policy() -> None:
    at = Fact("Cluster").at
    assert rewrite_for(KEEPS, LB, Fact("Cluster", at)).at is at


def test_masquerade_under_local_says_its_condition() -> None:
    fact = rewrite_for(KLIPPER, LB, LOCAL)
    assert fact.value is Rewrite.KEPT
    assert "on a node that runs a ready pod" in fact.origin
