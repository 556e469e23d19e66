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
            f"externalTrafficPolicy {policy.value} stands on {service.ref} of type {service.type}, which the API refuses",
            "remove externalTrafficPolicy, or make the Service type LoadBalancer or NodePort",
        )


def _uncovered_nodes(service: Service, stock: Stock) -> Iterator[Misuse]:
    """``Local`` drops what arrives at a node without a ready pod.

    A front that watches the health check node port avoids such nodes; bare node ports do not.
    """
    policy = service.external_traffic_policy
    if service.type != "NodePort" or policy.value != "Local" or policy.at is None:
        return
    pods = service.pods(stock.world)
    if not any(stock.behind(service, port) for port in service.ports):
        return
    for workload in pods:
        if (
            workload.is_daemon_set
            or workload.host_network
            or workload.replicas is None
            or workload.replicas == 0
        ):
            continue
        if workload.pod.get("nodeSelector").is_set or workload.pod.get("affinity", "nodeAffinity").is_set:
            continue
        yield Misuse(
            "traffic-policy-invalid",
            policy.at,
            f"externalTrafficPolicy Local of {service.ref} drops what reaches a node without a pod of {workload.ref} "
            f"({workload.replicas} replicas)",
            "run the pods as a DaemonSet, or pin them to the nodes that clients connect to",
            is_certain=False,
        )
        return
