"""NetworkPolicies against a small model of Kubernetes' own semantics."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from truehop.kube.policy import Peer
from truehop.model.addresses import AddressSet
from truehop.model.facts import Tri

from .hand import workload_of, world_of

Json = dict[str, Any]
Pod = tuple[str, dict[str, str], dict[str, int]]
NAMESPACES = ("mail", "edge")
KEYS, WORDS = st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"])
LABELS = st.dictionaries(KEYS, WORDS)
EXPRESSIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "key": KEYS,
            "operator": st.sampled_from(["In", "NotIn"]),
            "values": st.lists(WORDS, min_size=1, max_size=2),
        }
    ),
    st.fixed_dictionaries({"key": KEYS, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSIONS, max_size=2)}
)
BLOCKS = st.sampled_from([
    {"cidr": "0.0.0.0/0"}, {"cidr": "198.51.100.0/24"}, {"cidr": "2001:db8::/32"},
    {"cidr": "198.51.100.0/24", "except": ["198.51.100.128/25"]}, {"cidr": "::/0",
     "except": ["2001:db8:1::/48"]},
])  # fmt: skip
PEERS = st.one_of(
    st.fixed_dictionaries({"podSelector": SELECTORS}),
    st.fixed_dictionaries({"namespaceSelector": SELECTORS}),
    st.fixed_dictionaries({"podSelector": SELECTORS, "namespaceSelector": SELECTORS}),
    st.fixed_dictionaries({"ipBlock": BLOCKS}),
)
PORTS = st.one_of(
    st.fixed_dictionaries({}, optional={"protocol": st.sampled_from(["TCP", "UDP"])}),
    st.fixed_dictionaries(
        {"port": st.sampled_from([25, 143, "smtp", "imap"])},
        optional={"protocol": st.sampled_from(["TCP", "UDP"])},
    ),
    st.fixed_dictionaries({"port": st.just(20), "endPort": st.sampled_from([24, 30, 200])}),
)


def rules(peer_key: str) -> st.SearchStrategy[list[Json]]:
    rule = st.fixed_dictionaries(
        {}, optional={peer_key: st.lists(PEERS, max_size=2), "ports": st.lists(PORTS, max_size=2)}
    )
    return st.lists(rule, max_size=2)


SPECS = st.fixed_dictionaries(
    {"podSelector": SELECTORS},
    optional={
        "ingress": rules("from"),
        "egress": rules("to"),
        "policyTypes": st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"], []]),
    },
)
POLICIES = st.lists(st.tuples(st.sampled_from(NAMESPACES), SPECS), max_size=3)
PODS = st.tuples(
    st.sampled_from(NAMESPACES),
    LABELS,
    st.dictionaries(st.sampled_from(["smtp", "imap"]), st.sampled_from([25, 143])),
)
ADDRESSES = st.sampled_from(["198.51.100.1", "198.51.100.200", "203.0.113.1", "2001:db8::1", "2001:db8:1::1"])


def selects(selector: Json, labels: dict[str, str]) -> bool:
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions", []):
        value, values = labels.get(expression["key"]), expression.get("values", [])
        is_met = {
            "In": value in values, "NotIn": value not in values,
            "Exists": value is not None, "DoesNotExist": value is None,
        }[expression["operator"]]  # fmt: skip
        if not is_met:
            return False
    return True


def is_port_meant(rule: Json, port: int, protocol: str, names: dict[str, int]) -> bool:
    for entry in rule.get("ports") or [{}]:
        if rule.get("ports") and entry.get("protocol", "TCP") != protocol:
            continue
        wanted = entry.get("port")
        if wanted is None or (isinstance(wanted, str) and protocol == "TCP" and names.get(wanted) == port):
            return True
        if isinstance(wanted, int) and wanted <= port <= entry.get("endPort", wanted):
            return True
    return False


def model(
    policies: list[tuple[str, Json]],
    direction: str,
    port: int,
    protocol: str,
    pods: dict[str, Any],
    address: str | None,
) -> bool | None:
    """Whether the connection is admitted; None where a block decides about a pod."""
    own, other, labels_of = pods["own"], pods["other"], pods["namespaces"]
    names = (own if direction == "Ingress" else other)[2] if address is None or direction == "Ingress" else {}
    is_isolated = False
    verdicts: list[bool | None] = []
    for namespace, spec in policies:
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        if namespace != own[0] or direction not in types or not selects(spec["podSelector"], own[1]):
            continue
        is_isolated = True
        key, peer_key = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
        for rule in spec.get(key, []):
            if not is_port_meant(rule, port, protocol, names):
                continue
            peers = rule.get(peer_key) or [None]
            verdicts += [meets(peer, namespace, other, address, labels_of) for peer in peers]
    if not is_isolated or True in verdicts:
        return True
    return None if None in verdicts else False


def meets(
    peer: Json | None, namespace: str, other: Pod, address: str | None, labels_of: dict[str, dict[str, str]]
) -> bool | None:
    if peer is None:
        return True
    if "ipBlock" in peer:
        if address is None:
            return None
        ip, block = ipaddress.ip_address(address), peer["ipBlock"]
        inside = ip in ipaddress.ip_network(block["cidr"])
        return inside and not any(
            ip in ipaddress.ip_network(left_out) for left_out in block.get("except", [])
        )
    if address is not None:
        return False
    if "namespaceSelector" in peer:
        in_namespace = selects(peer["namespaceSelector"], labels_of[other[0]])
    else:
        in_namespace = other[0] == namespace
    return in_namespace and selects(peer.get("podSelector", {}), other[1])


def documents(
    policies: list[tuple[str, Json]], own: Pod, other: Pod, labels_of: dict[str, dict[str, str]]
) -> list[str]:
    found: list[Json] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, labels in labels_of.items()
    ]
    found += [
        {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace,
             "labels": labels},
            "spec": {"containers": [
                {"name": "c", "ports": [{"name": key, "containerPort": port} for key, port in ports.items()]},
            ]},
        }
        for name, (namespace, labels, ports) in (("own", own), ("other", other))
    ]  # fmt: skip
    found += [
        {
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": spec,
            "metadata": {"name": f"p{number}", "namespace": namespace},
        }
        for number, (namespace, spec) in enumerate(policies)
    ]  # fmt: skip
    return [json.dumps(document) for document in found]


@settings(max_examples=300, deadline=None)
@given(
    policies=POLICIES,
    own=PODS,
    other=PODS,
    labels_of=st.fixed_dictionaries(dict.fromkeys(NAMESPACES, LABELS)),
    port=st.sampled_from([25, 143, 21]),
    protocol=st.sampled_from(["TCP", "UDP"]),
    address=st.none() | ADDRESSES,
)
def test_policies_admit_what_kubernetes_admits(
    policies: list[tuple[str, Json]], own: Pod, other: Pod, labels_of: dict[str, dict[str, str]], port: int,
    protocol: str, address: str | None,
) -> None:  # fmt: skip
    world = world_of(*documents(policies, own, other, labels_of))
    target = workload_of(world, "own")
    asker = (
        Peer(is_outside=True, addresses=AddressSet.parse(address))
        if address
        else Peer.of(workload_of(world, "other"))
    )
    pods = {"own": own, "other": other, "namespaces": labels_of}
    found = world.policies.admits(target, port, asker, protocol).value
    assert found is Tri.of(model(policies, "Ingress", port, protocol, pods, address))
    if address is None:
        outgoing = world.policies.admits_egress(target, asker, port, protocol).value
        assert outgoing is Tri.of(model(policies, "Egress", port, protocol, pods, address))


@settings(max_examples=150, deadline=None)
@given(
    policies=POLICIES,
    own=PODS,
    other=PODS,
    labels_of=st.fixed_dictionaries(dict.fromkeys(NAMESPACES, LABELS)),
)
def test_whoever_is_admitted_for_certain_is_never_denied_as_a_forger(
    policies: list[tuple[str, Json]], own: Pod, other: Pod, labels_of: dict[str, dict[str, str]]
) -> None:
    world = world_of(*documents(policies, own, other, labels_of))
    target, peer = workload_of(world, "own"), workload_of(world, "other")
    admission = world.policies.admission(target, 25, [])
    if world.policies.admits(target, 25, peer).value is Tri.YES:
        asked = admission.namespace if peer.namespace == target.namespace else admission.pods
        assert asked.value is Tri.YES
    stranger = Peer(is_outside=True, addresses=AddressSet.parse("93.184.216.0/24"))
    if world.policies.admits(target, 25, stranger).value is Tri.YES:
        assert admission.internet.value is Tri.YES
