"""Whom the policies let reach a port, by where a forger stands."""

from __future__ import annotations

import json

import pytest

from truehop.kube.objects import World
from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Admission

from .hand import cut, deployment, network_policy, workload_of, world_of

MTA = deployment("mta", namespace="mail")
EDGE = deployment("edge", namespace="traefik")
WEB = deployment("web", namespace="mail")
OTHER = deployment("other", namespace="traefik")
NAME = "kubernetes.io/metadata.name"
EDGE_PODS = {
    "namespaceSelector": {"matchLabels": {NAME: "traefik"}},
    "podSelector": {"matchLabels": {"app": "edge"}},
}


def guard(*peers: object) -> str:
    return network_policy(
        f"  podSelector: {{matchLabels: {{app: mta}}}}\n  ingress: {json.dumps([{'from': peers}])}"
    )


def admitted(world: World, *senders: str) -> Admission:
    return world.policies.admission(
        workload_of(world, "mta"), 25, [workload_of(world, name) for name in senders]
    )


def answers(world: World, *senders: str) -> str:
    """The answers for namespace, pods, internet and nodes, by their first letters."""
    found = admitted(world, *senders)
    return "".join(fact.value.value[0] for fact in (found.namespace, found.pods, found.internet, found.nodes))


@pytest.mark.parametrize(
    ("is_closed", "letters", "basis", "is_selected"),
    [
        (Tri.YES, "yyyy", Basis.STATED, Tri.NO), (Tri.UNKNOWN, "yyyy", Basis.ASSUMED, Tri.NO),
        (Tri.NO, "uuuu", Basis.UNKNOWN, Tri.UNKNOWN),
    ],
)  # fmt: skip
def test_without_a_policy_everybody_is_admitted_as_far_as_absence_counts(
    is_closed: Tri, letters: str, basis: Basis, is_selected: Tri
) -> None:
    world = world_of(MTA, WEB, is_closed=is_closed)
    found = admitted(world)
    assert answers(world) == letters
    assert {fact.basis for fact in (found.namespace, found.pods, found.internet, found.nodes)} == {basis}
    assert (found.is_selected.value, found.is_selected.basis) == (is_selected, basis)
    assert found.is_selected.at is not None
    assert cut(world, found.is_selected.at) == "mta"


def test_a_policy_for_the_sender_alone_admits_no_forger() -> None:
    world = world_of(MTA, EDGE, WEB, OTHER, guard(EDGE_PODS))
    found = admitted(world, "edge")
    assert answers(world, "edge") == "nnnu"
    assert found.pods.origin == "NetworkPolicy mail/guard admits the sender's own pods only"
    assert found.is_selected.value is Tri.YES
    assert found.is_selected.at is not None
    assert cut(world, found.is_selected.at) == "guard"
    assert found.nodes.settles == "cni"


def test_a_sender_on_the_host_network_admits_no_forger_either() -> None:
    edge = deployment("edge", namespace="traefik", host_network=True)
    assert answers(world_of(MTA, edge, guard(EDGE_PODS)), "edge") == "nnnu"


def test_a_sender_in_the_targets_own_namespace_is_left_out_too() -> None:
    edge = deployment("edge", namespace="mail")
    peer = {"podSelector": {"matchLabels": {"app": "edge"}}}
    assert answers(world_of(MTA, edge, WEB, guard(peer)), "edge") == "nnnu"
    assert answers(world_of(MTA, edge, WEB, guard(peer))) == "ynnu"


def test_another_known_workload_with_the_senders_labels_is_a_forger() -> None:
    twin = deployment("twin", "app: edge", "traefik")
    world = world_of(MTA, EDGE, twin, guard(EDGE_PODS))
    found = admitted(world, "edge")
    assert (found.pods.value, found.pods.basis) == (Tri.YES, Basis.STATED)
    assert found.pods.origin == "NetworkPolicy mail/guard admits Deployment traefik/twin"
    assert found.pods.at is not None
    assert cut(world, found.pods.at) == "from"


def test_a_workload_on_the_host_network_is_a_forger_by_grace_of_the_cni() -> None:
    twin = deployment("twin", "app: edge", "traefik", host_network=True)
    assert answers(world_of(MTA, EDGE, twin, guard(EDGE_PODS)), "edge") == "nunu"


def test_a_pod_of_a_stateful_set_may_be_meant() -> None:
    database = deployment("db", namespace="mail").replace("Deployment", "StatefulSet")
    peer = {"podSelector": {"matchLabels": {"statefulset.kubernetes.io/pod-name": "db-0"}}}
    assert answers(world_of(MTA, database, guard(peer))) == "unnu"


def test_a_peer_that_means_the_target_itself_admits_no_forger() -> None:
    assert answers(world_of(MTA, guard({"podSelector": {"matchLabels": {"app": "mta"}}}))) == "nnnu"


@pytest.mark.parametrize(
    ("peer", "letters"),
    [
        ({"podSelector": {}}, "ynnu"), ({"namespaceSelector": {}}, "yynu"),
        ({"namespaceSelector": {}, "podSelector": {}}, "yynu"),
        ({"namespaceSelector": {"matchLabels": {NAME: "traefik"}}}, "nynu"),
        ({"namespaceSelector": {"matchLabels": {NAME: "absent"}}}, "nynu"),
        ({"namespaceSelector": {"matchLabels": {NAME: "mail"}}}, "ynnu"),
        ({"namespaceSelector": {"matchExpressions": [{"key": NAME, "operator": "NotIn",
         "values": ["mail"]}]}}, "nynu"),
        ({"namespaceSelector": {"matchLabels": {"tier": "x"}}}, "uunu"),
        ({"namespaceSelector": {"matchLabels": {"tier": "x", NAME: "traefik"}}}, "nunu"),
        ({"podSelector": {"matchLabels": {"app": "web"}}}, "ynnu"),
        ({"podSelector": {"matchLabels": {"app": "none"}}}, "nnnu"),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "none"}}}, "nunu"),
        ({"namespaceSelector": {"matchLabels": {NAME: "traefik"}},
         "podSelector": {"matchLabels": {"a": "b"}}}, "nnnu"),
        ({"namespaceSelector": {"matchLabels": {NAME: "absent"}},
         "podSelector": {"matchLabels": {"a": "b"}}}, "nunu"),
        ({"namespaceSelector": {"matchLabels": {"tier": "x"}},
         "podSelector": {"matchLabels": {"app": "web"}}}, "uunu"),
        ({}, "uuuu"), ({"ipBlock": {"cidr": "odd"}}, "uuuu"),
    ],
)  # fmt: skip
def test_selectors_admit_the_forgers_they_mean(peer: object, letters: str) -> None:
    assert answers(world_of(MTA, EDGE, WEB, guard(peer)), "edge") == letters


def test_in_a_closed_world_nobody_else_wears_any_labels() -> None:
    peers = (
        {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "none"}}},
        {"namespaceSelector": {"matchExpressions": [{"key": NAME, "operator": "In", "values": ["mail"]}]},
         "podSelector": {"matchLabels": {"app": "x"}}},
    )  # fmt: skip
    for peer in peers:
        found = admitted(world_of(MTA, guard(peer), is_closed=Tri.YES))
        assert (found.pods.value, found.pods.basis) == (Tri.NO, Basis.STATED)
        assert found.namespace.value is Tri.NO


def test_in_a_closed_world_a_namespace_with_other_labels_does_not_exist() -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: mail}"
    peer = {"namespaceSelector": {"matchLabels": {"tier": "x"}}}
    assert answers(world_of(MTA, namespace, guard(peer), is_closed=Tri.YES)) == "nnnu"


def test_a_peer_of_another_namespace_alone_admits_no_forger_inside() -> None:
    peer = {
        "namespaceSelector": {"matchLabels": {NAME: "traefik"}},
        "podSelector": {"matchLabels": {"app": "web"}},
    }
    found = admitted(world_of(MTA, WEB, EDGE, guard(peer)))
    assert found.namespace.value is Tri.NO
    assert found.namespace.origin == "NetworkPolicy mail/guard admits no pod of its own namespace"


def test_labelled_pods_elsewhere_are_taken_for_a_sender_that_only_values_tell_of() -> None:
    world = world_of(MTA, guard(EDGE_PODS))
    found = world.policies.admission(workload_of(world, "mta"), 25, [], has_unseen_sender=True)
    assert (found.pods.value, found.pods.basis) == (Tri.NO, Basis.ASSUMED)
    assert "taken to be the sender's" in found.pods.origin
    assert answers(world)[1] == "u"


def test_nobody_in_the_input_with_those_labels_is_an_assumption() -> None:
    found = admitted(world_of(MTA, guard({"podSelector": {"matchLabels": {"app": "none"}}})))
    assert (found.namespace.value, found.namespace.basis) == (Tri.NO, Basis.ASSUMED)


def test_in_an_open_world_somebody_may_wear_those_labels() -> None:
    found = admitted(
        world_of(MTA, guard({"podSelector": {"matchLabels": {"app": "none"}}}), is_closed=Tri.NO)
    )
    assert (found.namespace.value, found.namespace.settles) == (Tri.UNKNOWN, "world")


@pytest.mark.parametrize(
    ("cidr", "excepted", "letters"),
    [
        ("0.0.0.0/0", [], "uuyu"), ("::/0", [], "uuyu"), ("10.0.0.0/8", [], "uunu"),
        ("8.8.0.0/16", [], "nnyu"),
        ("8.8.8.8/32", [], "nnnu"), ("2606:4700::1/128", [], "uunu"), ("203.0.113.0/24", [], "nnnu"),
        ("0.0.0.0/0", ["10.0.0.0/8"], "uuyu"), ("8.8.0.0/16", ["8.8.0.0/16"], "nnnu"),
    ],
)  # fmt: skip
def test_blocks_admit_the_internet_by_public_space_and_pods_by_grace_of_the_cni(
    cidr: str, excepted: list[str], letters: str
) -> None:
    assert answers(world_of(MTA, guard({"ipBlock": {"cidr": cidr, "except": excepted}}))) == letters


@pytest.mark.parametrize(
    ("cidr", "pods", "letters", "basis"),
    [
        ("10.0.0.0/24", "10.42.0.0/16", "nnnu", Basis.STATED),
        ("10.42.7.0/24", "10.42.0.0/16", "uunu", Basis.UNKNOWN),
        ("fd00::/64", "10.42.0.0/16", "nnnu", Basis.STATED),
        ("203.0.113.0/24", "203.0.113.0/25", "uunu", Basis.UNKNOWN),
    ],
)
def test_where_pods_have_their_addresses_tells_whether_a_block_can_mean_them(
    cidr: str, pods: str, letters: str, basis: Basis
) -> None:
    world = world_of(MTA, guard({"ipBlock": {"cidr": cidr}}))
    found = world.policies.admission(workload_of(world, "mta"), 25, [], pods=AddressSet.parse(pods))
    facts = (found.namespace, found.pods, found.internet, found.nodes)
    assert "".join(fact.value.value[0] for fact in facts) == letters
    assert found.pods.basis is basis


def test_a_single_public_host_is_a_known_one_by_assumption() -> None:
    found = admitted(world_of(MTA, guard({"ipBlock": {"cidr": "8.8.8.8/32"}})))
    assert found.internet.basis is Basis.ASSUMED


def test_a_rule_without_peers_admits_everybody() -> None:
    world = world_of(MTA, network_policy("  podSelector: {}\n  ingress: [{ports: [{port: 25}]}]"))
    assert answers(world) == "yyyy"


def test_a_policy_that_denies_admits_no_forger() -> None:
    assert answers(world_of(MTA, network_policy("  podSelector: {}"))) == "nnnu"


def test_a_kind_that_is_not_evaluated_makes_all_answers_unknown() -> None:
    cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: mail}"
    world = world_of(MTA, cilium)
    found = admitted(world)
    assert answers(world) == "uuuu"
    assert found.undecided_by == ("CiliumNetworkPolicy mail/x",)
    assert found.is_selected.value is Tri.UNKNOWN
    assert admitted(world_of(MTA, cilium, guard())).is_selected.value is Tri.YES


def test_on_the_host_network_it_is_the_cnis_affair_whether_a_policy_holds() -> None:
    world = world_of(deployment("mta", namespace="mail", host_network=True), guard(EDGE_PODS))
    assert answers(world) == "uuuu"
    assert admitted(world).is_selected.value is Tri.UNKNOWN
