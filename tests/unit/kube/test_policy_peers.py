"""NetworkPolicies: addresses, egress, and what decides beside them."""

from __future__ import annotations

import json

import pytest

from truehop.kube.objects import World
from truehop.kube.policy import Peer
from truehop.model.addresses import AddressSet
from truehop.model.facts import Tri

from .hand import workload_of, world_of
from .scenes import EDGE, FROM_EDGE, MTA, asked, place, policy, rules

# --- addresses ---------------------------------------------------------------------------------


def outside(*networks: str) -> Peer:
    return Peer(is_outside=True, addresses=AddressSet.parse(*networks) if networks else None)


@pytest.mark.parametrize(
    ("cidr", "peer", "value"),
    [
        ("203.0.113.0/24", outside("203.0.113.7"), Tri.YES),
        ("203.0.113.0/24", outside("198.51.100.1"), Tri.NO),
        ("203.0.113.0/24", outside("203.0.113.7", "198.51.100.1"), Tri.UNKNOWN),
        ("203.0.113.0/24", outside(), Tri.UNKNOWN), ("0.0.0.0/0", outside(), Tri.YES),
        ("::/0", outside(), Tri.YES),
        ("10.0.0.0/8", Peer("mail", None, AddressSet.parse("10.42.0.0/16")), Tri.UNKNOWN),
        ("10.0.0.0/8", Peer("mail", None, AddressSet.parse("fd00::/8")), Tri.NO),
    ],
)  # fmt: skip
def test_a_block_is_measured_against_the_addresses_of_the_peer(cidr: str, peer: Peer, value: Tri) -> None:
    assert asked(world_of(MTA, rules({"from": [{"ipBlock": {"cidr": cidr}}]})), peer).value is value


def test_a_block_may_leave_addresses_out() -> None:
    block = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "203.0.113.0/24"]}}
    world = world_of(MTA, rules({"from": [block]}))
    assert asked(world, outside()).value is Tri.YES
    assert asked(world, outside("203.0.113.7")).value is Tri.NO


def test_selectors_mean_nobody_outside() -> None:
    assert asked(world_of(MTA, rules({"from": [{"namespaceSelector": {}}]})), outside()).value is Tri.NO


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        (outside("203.0.113.7"), "the outside (203.0.113.7)"), (outside(), "the outside"),
        (Peer("web"), "a pod in web"),
        (Peer(), "a pod"),
    ],
)  # fmt: skip
def test_a_peer_is_told_in_words(peer: Peer, words: str) -> None:
    assert str(peer) == words


@pytest.mark.parametrize(
    ("labels", "value"), [({"app": "web"}, Tri.YES), ({"app": "x"}, Tri.NO), (None, Tri.UNKNOWN)]
)
def test_a_peer_may_be_a_pod_with_labels(labels: dict[str, str] | None, value: Tri) -> None:
    world = world_of(MTA, rules({"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}))
    assert asked(world, Peer("mail", labels)).value is value


# --- egress ------------------------------------------------------------------------------------


def egress(*entries: object, more: str = "") -> str:
    return policy(f"podSelector: {{}}\negress: {json.dumps(entries)}\n{more}", "traefik")


def called(world: World, port: int = 25, peer: Peer | None = None) -> Tri:
    edge, target = workload_of(world, "edge"), peer or workload_of(world, "mta")
    return world.policies.admits_egress(edge, target, port).value


TO_MTA = {
    "to": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "mta"}}}],
    "ports": [{"port": "smtp"}],
}


def test_egress_is_open_until_a_policy_covers_it() -> None:
    assert called(world_of(MTA, EDGE)) is Tri.YES
    assert called(world_of(MTA, EDGE, policy("podSelector: {}", "traefik"))) is Tri.YES
    assert called(world_of(MTA, EDGE, egress())) is Tri.YES
    assert called(world_of(MTA, EDGE, egress(more="policyTypes: [Egress]"))) is Tri.NO


def test_egress_names_ports_of_the_target() -> None:
    world = world_of(MTA, EDGE, egress(TO_MTA))
    assert called(world) is Tri.YES
    assert called(world, 26) is Tri.NO
    assert called(world, 25, Peer("mail", {"app": "mta"})) is Tri.UNKNOWN
    assert [resource.name for resource in world.policies.selecting(workload_of(world, "edge"), "Egress")] == [
        "guard"
    ]


def test_egress_leaves_ingress_alone_only_where_the_types_say_so() -> None:
    both = world_of(MTA, EDGE, egress(TO_MTA))
    assert both.policies.admits(workload_of(both, "edge"), 80, workload_of(both, "mta")).value is Tri.NO
    one = world_of(MTA, EDGE, egress(TO_MTA, more="policyTypes: [Egress]"))
    assert one.policies.admits(workload_of(one, "edge"), 80, workload_of(one, "mta")).value is Tri.YES


# --- what else decides -------------------------------------------------------------------------


def other(api: str, kind: str, namespace: str = "mail") -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: {namespace}}}\n"


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("cilium.io/v2", "CiliumNetworkPolicy"), ("cilium.io/v2", "CiliumClusterwideNetworkPolicy"),
        ("projectcalico.org/v3", "NetworkPolicy"), ("crd.projectcalico.org/v1", "GlobalNetworkPolicy"),
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"),
        ("security.istio.io/v1", "AuthorizationPolicy"),
    ],
)  # fmt: skip
def test_kinds_that_are_not_evaluated_make_the_answer_unknown(api: str, kind: str) -> None:
    world = world_of(MTA, EDGE, policy(FROM_EDGE), other(api, kind))
    found = asked(world)
    assert (found.value, found.settles) == (Tri.UNKNOWN, kind)
    assert place(world, found) == "x"
    assert world.policies.undecided_kinds == (kind,)


def test_such_kinds_in_another_namespace_do_not_touch_the_pod() -> None:
    world = world_of(MTA, EDGE, policy(FROM_EDGE), other("cilium.io/v2", "CiliumNetworkPolicy", "web"))
    assert asked(world).value is Tri.YES


def test_a_mesh_rule_in_its_root_namespace_touches_every_pod() -> None:
    world = world_of(MTA, EDGE, other("security.istio.io/v1", "AuthorizationPolicy", "istio-system"))
    assert asked(world).value is Tri.UNKNOWN
    assert [resource.name for resource in world.policies.undecided_by("mail")] == ["x"]
