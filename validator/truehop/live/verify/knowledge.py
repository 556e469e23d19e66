"""What manifests, a chart or its values tell: hosts, open ports, networks, and what the walk predicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from truehop.engine.request import Request
from truehop.engine.runner import load_scopes, load_settings
from truehop.engine.scope import graph_of, view_of
from truehop.errors import UserError
from truehop.findings.outcome import RouteView
from truehop.findings.routes import view
from truehop.kube.objects import World
from truehop.live.verify.ports import BY_NUMBER
from truehop.model.addresses import AddressSet
from truehop.model.graph import Networks
from truehop.model.hops import DoorKind, HopGraph
from truehop.model.walk import walk_all

PUBLIC = frozenset({DoorKind.LOAD_BALANCER, DoorKind.HOST_PORT, DoorKind.HOST_NETWORK, DoorKind.EXTERNAL_IP})
_HOST = re.compile(r"Host(?:SNI)?\(\s*[`\"]([a-zA-Z0-9.-]+)[`\"]\s*\)")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
_DNS = ("external-dns.alpha.kubernetes.io/hostname",)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a stack; ``networks`` by the names that the configuration has for them."""

    hosts: tuple[str, ...] = ()
    open: frozenset[int] = frozenset()
    routes: tuple[RouteView, ...] = ()
    networks: Mapping[str, AddressSet] = field(default_factory=dict)
    tcp_routes: tuple[
        tuple[str, str, int], ...
    ] = ()  # namespace, name and number of routes of IngressRouteTCPs

    def predicted(self, port: int) -> str:
        """Whose address the walk says a port's server records; empty where it does not say one thing."""
        words = {route.believes for route in self.routes if route.port == port}
        return words.pop() if len(words) == 1 else ""

    def hop_of(self, address: str, port: int) -> str:
        """Whose address it is, in words; empty for nobody's."""
        found = AddressSet.parse(address)
        names = [name for name, networks in self.networks.items() if networks.covers(found)]
        if not names:
            return ""
        before = [
            legs[-2].to for legs in (route.legs for route in self.routes if route.port == port) if legs[1:]
        ]
        sender = f"; before the server stands {' or '.join(dict.fromkeys(before))}" if before else ""
        return f"{' and '.join(names)} hold it{sender}"


def learn(request: Request) -> Knowledge:
    """What the request's paths tell.

    Raises:
        UserError: a path that leads to nothing, or nothing in it that is a door of a mail stack.
    """
    settings = load_settings(request)
    hosts: list[str] = []
    routes: list[RouteView] = []
    doors: set[int] = set()
    networks: dict[str, AddressSet] = {}
    tcp_routes: list[tuple[str, str, int]] = []
    for scope in load_scopes(request, settings):
        world = view_of(scope)
        graph = graph_of(scope, world)
        walks = walk_all(graph)
        routes += [view(route, graph, walks, scope.name) for route in graph.routes if route.links]
        doors |= {door.port for door in graph.doors if door.kind in PUBLIC and door.port in BY_NUMBER}
        for name, addresses in _networks(graph.networks):
            networks[name] = networks.get(name, AddressSet()) | addresses
        hosts += _hosts(world, graph)
        tcp_routes += _tcp_routes(world)
    if not doors:
        what = ", ".join(request.paths) or "the current folder"
        raise UserError(
            "no public port of a mail stack", place=what, cure="name the host: truehop verify HOST"
        )
    return Knowledge(
        tuple(dict.fromkeys(hosts)), frozenset(doors), tuple(routes), networks, tuple(tcp_routes)
    )


def _networks(networks: Networks) -> Iterator[tuple[str, AddressSet]]:
    known = {**networks.named, **networks.other}
    yield from ((name, addresses) for name, addresses in known.items() if addresses)


def _hosts(world: World, graph: HopGraph) -> Iterator[str]:
    """Public names of the stack, those that its web is asked for first."""
    said = [router.match.value for router in graph.routers if router.match is not None]
    said += [
        route.get("match").string()
        for one in world.of("IngressRoute")
        for route in one.get("spec", "routes").items()
    ]
    names = [name for text in said for name in _HOST.findall(text)]
    names += [
        rule.get("host").string() for one in world.of("Ingress") for rule in one.get("spec", "rules").items()
    ]
    names += [
        name.string() for one in world.of("Certificate") for name in one.get("spec", "dnsNames").items()
    ]
    for service in world.of("Service"):
        names += [one for key in _DNS for one in service.annotation(key).string().split(",")]
    yield from (name.strip().lower() for name in names if _NAME.fullmatch(name.strip()))


def _tcp_routes(world: World) -> Iterator[tuple[str, str, int]]:
    for one in world.of("IngressRouteTCP"):
        yield one.namespace or "default", one.name, sum(1 for _ in one.get("spec", "routes").items())
