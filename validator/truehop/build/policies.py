"""Policies that open inner ports to everybody, judged by the port's number where no pod is in the input."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.kube.objects import World
from truehop.kube.resources import Resource
from truehop.model.addresses import parse_network
from truehop.model.observed import Misuse
from truehop.source.tree import Cursor

#: Ports that mail stacks use inside only, with the rule that tells their exposure.
#: 24: LMTP by convention of Postfix and Dovecot; 11332 and 11334: rspamd/rspamd conf/worker-proxy.inc
#: and conf/worker-controller.inc.
_INNER = {
    24: ("backend-exposed", "LMTP"),
    11332: ("backend-exposed", "the spam filter's milter"),
    11334: ("admin-exposed", "the spam filter's controller"),
}

INNER_PORTS = frozenset(_INNER)


def find_open_policies(world: World) -> list[Misuse]:
    """Inner ports that a policy opens to every address although it selects no pod that is known."""
    found: list[Misuse] = []
    for resource in world.of("NetworkPolicy"):
        if resource.group != "networking.k8s.io" or _selects_known(world, resource):
            continue
        for rule in resource.get("spec", "ingress").items():
            if _admits_everybody(rule):
                found.extend(_inner_ports(resource, rule))
    return found


def _selects_known(world: World, resource: Resource) -> bool:
    return any(
        resource in world.policies.selecting(workload)
        for workload in world.workloads
        if workload.namespace == resource.namespace
    )


def _admits_everybody(rule: Cursor) -> bool:
    peers = list(rule.get("from").items())
    if not peers:
        return not rule.get("from").is_set or rule.get("from").is_sequence
    blocks = [parse_network(peer.get("ipBlock", "cidr").string()) for peer in peers]
    return any(block is not None and block.is_everything for block in blocks)


def _inner_ports(resource: Resource, rule: Cursor) -> Iterator[Misuse]:
    for entry in rule.get("ports").items():
        port = entry.get("port")
        number = port.integer()
        if number in _INNER and entry.get("protocol").string("TCP") == "TCP":
            rule_id, name = _INNER[number]
            yield Misuse(
                rule_id,
                port.location(),
                f"{resource.ref} admits everybody to port {number}, usually {name}",
                "admit only the pods that call it",
                is_certain=False,
            )
