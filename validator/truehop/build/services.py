"""What a Service's fields make invalid by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.build.stock import Stock
from truehop.kube.objects import World
from truehop.kube.services import Service
from truehop.model.facts import Basis
from truehop.model.observed import Misuse


def find_misuses(world: World, stock: Stock) -> list[Misuse]:
    """Traffic policies that the API refuses or that leave connections without an endpoint."""
    found: list[Misuse] = []
    for service in world.services:
        found.extend(_invalid_policy(service))
        found.extend(_uncovered_nodes(service, stock))
    return found


def _invalid_policy(service: Service) -> Iterator[Misuse]:
    """The API allows the field on NodePort, LoadBalancer and external addresses only.

    Source: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidateService.
    """
    policy = service.external_traffic_policy
    if policy.basis is not Basis.STATED or policy.at is None or not policy.value:
        return
    if service.type == "ClusterIP" and not service.external_ips:
        yield Misuse(
            "traffic-policy-invalid",
            policy.at,
            f"the API refuses externalTrafficPolicy {policy.value} on {service.ref} of type {service.type}",
            "remove externalTrafficPolicy, or make the Service type LoadBalancer or NodePort",
        )


def _uncovered_nodes(service: Service, stock: Stock) -> Iterator[Misuse]:
    """``Local`` drops what arrives at a node without a ready pod; without any replica that is every node.

    How many nodes clients arrive at is not in the input, so fewer replicas than nodes is never told.
    """
    policy = service.external_traffic_policy
    if service.type not in ("NodePort", "LoadBalancer") or policy.value != "Local" or policy.at is None:
        return
    pods = service.pods(stock.world)
    if pods and all(workload.replicas == 0 and not workload.is_daemon_set for workload in pods):
        yield Misuse(
            "traffic-policy-invalid",
            policy.at,
            f"externalTrafficPolicy Local of {service.ref} drops everything: {pods[0].ref} has no replica",
            "run at least one replica on a node that clients connect to",
            is_certain=False,
        )
