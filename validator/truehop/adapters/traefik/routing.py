"""All routing objects of a scope that Traefik reads."""

from __future__ import annotations

from collections.abc import Sequence

from truehop.adapters.readings import Reading, RouterDraft, Routing
from truehop.adapters.traefik.ingresses import read_ingress
from truehop.adapters.traefik.objects import Objects
from truehop.adapters.traefik.routes import PROTOCOLS, read_route_object
from truehop.adapters.traefik.sending import transport_switches
from truehop.adapters.traefik.tlsoptions import read_option
from truehop.kube.objects import World

INGRESS_GROUPS = frozenset({"networking.k8s.io", "extensions"})
#: Kinds of Traefik's API groups beside the routes themselves.
OTHER_KINDS = (
    "IngressRouteUDP",
    "Middleware",
    "MiddlewareTCP",
    "TLSOption",
    "TLSStore",
    "ServersTransport",
    "ServersTransportTCP",
    "TraefikService",
)


def read_routing(world: World, readings: Sequence[Reading]) -> Routing:
    """The routing rules of objects, and what they tell beside; without a Traefik in the input as well."""
    objects = Objects(world, readings)
    routing = Routing()
    for resource in objects.of(*PROTOCOLS):
        read_route_object(resource, objects, routing)
    for resource in objects.of(*PROTOCOLS, *OTHER_KINDS):
        use = objects.api_use(resource)
        if use:
            routing.api_uses.append(use)
    for resource in world.of("Ingress"):
        if resource.group not in INGRESS_GROUPS:
            continue
        read_ingress(resource, objects, routing)
    for resource in objects.of("TLSOption"):
        routing.tls_policies.append(read_option(resource.get("spec"), str(resource.ref)))
    routing.switches += transport_switches(objects)
    return routing


def read_routers(world: World, readings: Sequence[Reading]) -> list[RouterDraft]:
    """The routing rules of objects alone."""
    return read_routing(world, readings).routers
