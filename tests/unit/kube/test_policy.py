"""NetworkPolicies for peers that are known."""

from __future__ import annotations

import pytest

from truehop.model.facts import Basis, Tri

from .hand import deployment, workload_of, world_of
from .scenes import EDGE, FROM_EDGE, MTA, WEB, asked, place, policy, rules

# --- nothing selects the pod -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_closed", "value", "basis"),
    [
        (Tri.YES, Tri.YES, Basis.STATED), (Tri.UNKNOWN, Tri.YES, Basis.ASSUMED),
        (Tri.NO, Tri.UNKNOWN, Basis.UNKNOWN),
    ],
)  # fmt: skip
def test_a_pod_that_no_policy_selects_is_open_as_far_as_absence_counts(
    is_closed: Tri, value: Tri, basis: Basis
) -> None:
    world = world_of(MTA, EDGE, is_closed=is_closed)
    found = asked(world)
    assert (found.value, found.basis) == (value, basis)
    assert place(world, found) == "mta"
    assert "Deployment mail/mta" in found.origin


@pytest.mark.parametrize(
    "other",
    [
        policy("podSelector: {matchLabels: {app: web}}\n"), policy("podSelector: {}\n", "other"),
        policy("podSelector: {}\npolicyTypes: [Egress]\ningress: []\n"),
        policy("podSelector: {}\n").replace("networking.k8s.io/v1", "example.org/v1"),
    ],
)  # fmt: skip
def test_a_policy_that_does_not_cover_the_pod_changes_nothing(other: str) -> None:
    world = world_of(MTA, EDGE, other)
    assert asked(world).value is Tri.YES
    assert world.policies.selecting(workload_of(world, "mta")) == []


def test_objects_without_a_namespace_stand_together_and_apart_from_the_named_ones() -> None:
    nowhere = policy("podSelector: {}\ningress: [{from: [{podSelector: {}}]}]").replace(
        "  namespace: mail\n", ""
    )
    world = world_of(deployment("mta"), deployment("web"), EDGE, nowhere)
    assert asked(world, "web").value is Tri.YES
    assert asked(world, "edge").value is Tri.NO


# --- one policy --------------------------------------------------------------------------------


def test_a_selected_pod_admits_whom_a_rule_names() -> None:
    world = world_of(MTA, EDGE, WEB, policy(FROM_EDGE))
    found = asked(world)
    assert (found.value, found.basis) == (Tri.YES, Basis.STATED)
    assert place(world, found) == "from"
    assert found.origin == "NetworkPolicy mail/guard admits Deployment traefik/edge"
    assert [resource.name for resource in world.policies.selecting(workload_of(world, "mta"))] == ["guard"]


@pytest.mark.parametrize(("peer", "port"), [("web", 25), ("edge", 26)])
def test_a_selected_pod_is_closed_to_everybody_else(peer: str, port: int) -> None:
    world = world_of(MTA, EDGE, WEB, policy(FROM_EDGE))
    found = asked(world, peer, port)
    assert (found.value, found.basis) == (Tri.NO, Basis.STATED)
    assert place(world, found) == "guard"


def test_a_closed_door_in_an_open_world_is_an_assumption() -> None:
    found = asked(world_of(MTA, WEB, policy(FROM_EDGE), is_closed=Tri.NO), "web")
    assert (found.value, found.basis) == (Tri.NO, Basis.ASSUMED)


@pytest.mark.parametrize("spec", ["podSelector: {}", "podSelector: {}\ningress: []", "ingress:"])
def test_a_policy_without_rules_denies(spec: str) -> None:
    assert asked(world_of(MTA, EDGE, policy(spec))).value is Tri.NO


def test_one_policy_of_several_that_admits_is_enough() -> None:
    world = world_of(MTA, EDGE, policy("podSelector: {}", name="deny"), policy(FROM_EDGE))
    assert asked(world).value is Tri.YES
    assert asked(world, port=26).origin == "no rule of NetworkPolicy mail/deny is for port 26"


@pytest.mark.parametrize("rule", ["- {}", "- from: []", "- from:", "- ports: []", "- ports: [{port: 25}]"])
def test_a_rule_without_peers_admits_everyone(rule: str) -> None:
    world = world_of(MTA, EDGE, policy(f"podSelector: {{}}\ningress:\n{rule}\n"))
    found = asked(world)
    assert found.value is Tri.YES
    assert found.origin == "NetworkPolicy mail/guard admits everyone there"
    assert place(world, found) == {"- {}": "{}"}.get(rule, rule.removeprefix("- ").partition(":")[0])


@pytest.mark.parametrize(
    ("ports", "number", "protocol", "value"),
    [
        ([{"port": 25}], 25, "TCP", Tri.YES), ([{"port": 25}], 26, "TCP", Tri.NO),
        ([{"port": 25}], 25, "UDP", Tri.NO), ([{"protocol": "UDP"}], 5, "UDP", Tri.YES),
        ([{"port": 20, "endPort": 30}], 25, "TCP", Tri.YES),
        ([{"port": 20, "endPort": 24}], 25, "TCP", Tri.NO),
        ([{"port": 20, "endPort": "x"}], 25, "TCP", Tri.UNKNOWN), ([{"port": "smtp"}], 25, "TCP", Tri.YES),
        ([{"port": "smtp"}], 26, "TCP", Tri.NO), ([{"port": "none"}], 25, "TCP", Tri.NO),
        ([{"port": "dns"}], 53, "TCP", Tri.NO), ([{"port": "dns", "protocol": "UDP"}], 53, "UDP", Tri.YES),
        ([{"port": 1}, {"port": 25}], 25, "TCP", Tri.YES), ({"port": 25}, 25, "TCP", Tri.UNKNOWN),
        ([{}], 9, "TCP", Tri.YES), (["word"], 9, "TCP", Tri.YES),
    ],
)  # fmt: skip
def test_ports_are_numbers_ranges_or_names_of_the_targets_containers(
    ports: object, number: int, protocol: str, value: Tri
) -> None:
    world = world_of(MTA, EDGE, rules({"ports": ports}))
    assert asked(world, port=number, protocol=protocol).value is value


SELECTED = {"podSelector": {"matchLabels": {"app": "edge"}}}
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: traefik, labels: {tier: edge}}"


@pytest.mark.parametrize(
    ("peer", "value"),
    [
        ({"podSelector": {}}, Tri.NO), (SELECTED, Tri.NO), ({"namespaceSelector": {}}, Tri.YES),
        ({"namespaceSelector": {}, **SELECTED}, Tri.YES),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "x"}}}, Tri.NO),
        ({"namespaceSelector": {"matchLabels": {"tier": "edge"}}}, Tri.YES),
        ({"namespaceSelector": {"matchLabels": {"tier": "x"}}, **SELECTED}, Tri.NO),
        ({"namespaceSelector": None, "podSelector": {}}, Tri.NO),
        ({}, Tri.UNKNOWN), ("word", Tri.UNKNOWN), ({"ipBlock": {"cidr": "odd"}}, Tri.UNKNOWN),
        ({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["odd"]}}, Tri.UNKNOWN),
        ({"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}, Tri.UNKNOWN),
        ({"ipBlock": {"cidr": "10.0.0.0/8"}}, Tri.UNKNOWN),
        ({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}, Tri.NO),
    ],
)  # fmt: skip
def test_a_peer_is_met_as_kubernetes_defines_it(peer: object, value: Tri) -> None:
    assert asked(world_of(MTA, EDGE, NAMESPACE, rules({"from": [peer]}))).value is value


def test_labels_of_a_namespace_outside_the_input_are_unknown() -> None:
    world = world_of(MTA, EDGE, rules({"from": [{"namespaceSelector": {"matchLabels": {"tier": "edge"}}}]}))
    found = asked(world)
    assert (found.value, found.settles) == (Tri.UNKNOWN, "labels")


def test_peers_of_a_wrong_shape_are_unknown() -> None:
    assert asked(world_of(MTA, EDGE, rules({"from": {"podSelector": {}, "x": 1}}))).value is not Tri.YES
    assert asked(world_of(MTA, EDGE, rules({"from": "word"}))).value is Tri.UNKNOWN


def test_an_unknown_port_makes_an_admitting_rule_unknown() -> None:
    world = world_of(
        MTA, EDGE, rules({"from": [{"namespaceSelector": {}}], "ports": "word"}, {"ports": [{"port": 1}]})
    )
    found = asked(world)
    assert found.value is Tri.UNKNOWN
    assert "port 25" in found.origin


# --- the host network --------------------------------------------------------------------------


def test_a_sender_on_the_host_network_is_unknown_to_selectors() -> None:
    edge = deployment("edge", namespace="traefik", host_network=True)
    world = world_of(MTA, edge, policy(FROM_EDGE))
    found = asked(world)
    assert (found.value, found.settles) == (Tri.UNKNOWN, "cni")
    assert "host network" in found.origin
    assert asked(world_of(MTA, edge, rules({}))).value is Tri.YES
    assert asked(world_of(MTA, edge, rules({"from": [{"podSelector": {}}]}))).value is Tri.NO


@pytest.mark.parametrize(("spec", "value"), [(FROM_EDGE, Tri.YES), ("podSelector: {}", Tri.UNKNOWN)])
def test_a_policy_may_not_hold_on_the_host_network(spec: str, value: Tri) -> None:
    mta = deployment("mta", namespace="mail", host_network=True, ports="[{name: smtp, containerPort: 25}]")
    world = world_of(mta, EDGE, policy(spec))
    assert asked(world).value is value
    assert [resource.name for resource in world.policies.selecting(workload_of(world, "mta"))] == ["guard"]


def test_an_open_world_gives_no_certainty_on_the_host_network() -> None:
    mta = deployment("mta", namespace="mail", host_network=True)
    assert asked(world_of(mta, EDGE, rules({}), is_closed=Tri.NO)).value is Tri.UNKNOWN


# --- policies that may select ------------------------------------------------------------------

ONE_POD = "podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: mta-0}}"
STATEFUL = MTA.replace("Deployment", "StatefulSet")


def test_a_policy_for_one_pod_of_a_stateful_set_is_in_doubt() -> None:
    world = world_of(STATEFUL, EDGE, policy(ONE_POD))
    found = asked(world)
    assert found.value is Tri.UNKNOWN
    assert found.origin == "whether NetworkPolicy mail/guard selects StatefulSet mail/mta is not known"


def test_beside_a_policy_that_denies_only_a_doubtful_admission_counts() -> None:
    deny = policy("podSelector: {}", name="deny")
    assert asked(world_of(STATEFUL, EDGE, policy(ONE_POD), deny)).value is Tri.NO
    assert asked(world_of(STATEFUL, EDGE, policy(f"{ONE_POD}\ningress: [{{}}]"), deny)).value is Tri.UNKNOWN
