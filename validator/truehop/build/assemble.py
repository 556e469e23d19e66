"""The builder: readings of all adapters become one hop graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truehop.adapters import mail, releases, traefik
from truehop.adapters.grammars.entries import is_template
from truehop.adapters.networks import read_networks
from truehop.adapters.readings import Reading, RouterDraft, Routing
from truehop.adapters.releases import InlineValues
from truehop.build.declared import with_stated
from truehop.build.doors import Doorway
from truehop.build.links import Wiring
from truehop.build.policies import find_open_policies
from truehop.build.probes import find_probes
from truehop.build.request import BuildRequest, ValuesInput
from truehop.build.resolve import ResolvedRouter, resolve_routers
from truehop.build.routes import find_routes
from truehop.build.services import find_misuses
from truehop.build.stock import Stock
from truehop.kube.workloads import Workload
from truehop.model.facts import ObjectRef
from truehop.model.graph import HopGraph, Networks
from truehop.model.listeners import Listener, TrustList
from truehop.model.observed import Switch, ValueGap
from truehop.model.routes import Door
from truehop.model.terms import Role
from truehop.profiles.cdns import published_ranges
from truehop.profiles.front_registry import front_profiles


def build_graph(request: BuildRequest) -> HopGraph:
    """The hop graph of one scope; never raises on what users write."""
    world = request.world
    values: list[ValuesInput | InlineValues] = [*request.values, *releases.inline_values(world)]
    readings = _read(request, values)
    stock = Stock.of(world, readings)
    routing = traefik.read_routing(world, [one for one in readings if one.hop.role is Role.EDGE])
    routers = resolve_routers(routing.routers, readings, stock)
    stated = read_networks(world)
    networks = with_stated(request.networks, stated)
    switches: list[Switch] = [*stated.switches]
    doorway = Doorway(world, stock, networks, request.fronts, switches, front_profiles(request.profiles))
    doors = list(doorway.doors(readings))
    sealed = _seal(stock, routers, networks)
    wiring = Wiring(stock, sealed, networks)
    wiring.survey(routers)
    for router in routers:
        wiring.add_router(router)
    for reading in readings:
        wiring.add_clients(reading)
    doors = [_sealed_door(door, wiring) for door in doors]
    graph = HopGraph(networks=networks, is_closed=world.is_closed)
    for name, ranges in published_ranges().items():
        graph.networks.other.setdefault(f"cdn:{name}", ranges)
    graph.doors = doors
    graph.links = [*(link for door in doors for link in door.links), *wiring.links]
    graph.routers = wiring.routers
    graph.routes = find_routes(doors, wiring.links)
    graph.listeners = [wiring.seal(listener) for listener in stock.listeners]
    graph.hops = list({id(listener.hop): listener.hop for listener in graph.listeners}.values())
    graph.probes = find_probes(stock, wiring.seal)
    graph.misuses = [*find_misuses(world, stock), *find_open_policies(world)]
    graph.switches = [*switches]
    _collect(graph, [*readings, routing], wiring)
    return graph


def _read(request: BuildRequest, values: list[ValuesInput | InlineValues]) -> list[Reading]:
    world = request.world
    readings = traefik.read(world)
    has_edge = bool(readings)
    for found in values:
        if not found.chart and found.ref is None and traefik.looks_like_static(found.root):
            readings.append(traefik.read_alone(found.root, _named(found, traefik.STATIC_KIND)))
            continue
        if found.chart != "traefik" and not traefik.looks_like_values(found.root):
            continue
        reading = traefik.read_values(
            found.root, chart_version=found.version or None, ref=_named(found), namespace=found.namespace
        )
        if reading is None:
            continue
        if has_edge:  # the rendering says it better; its doors are the real Services
            reading.services.clear()
        readings.append(reading)
    readings.extend(mail.read(world, request.profiles))
    readings.extend(mail.read_files([(file.name, file.text) for file in request.files]))
    readings.extend(mail.read_values([(found.root, found.ref) for found in values]))
    return readings


def _named(values: ValuesInput | InlineValues, kind: str = traefik.VALUES_KIND) -> ObjectRef:
    """What a hop read from a file is called: the object that holds it, else the file."""
    file = values.root.document.source.path.rpartition("/")[2]
    return values.ref or ObjectRef(kind, file, values.namespace)


def _seal(stock: Stock, routers: list[ResolvedRouter], networks: Networks) -> dict[int, Listener]:
    """Final listeners: each with who the policies let reach it, its declared senders left out."""
    senders: dict[int, list[Workload | None]] = {}  # by hop: who may send to one port may send to all
    for router in routers:
        workload = router.reading.workload if router.reading else None
        for backend in router.backends:
            for listener in backend.listeners:
                senders.setdefault(id(listener.hop), []).append(workload)
    unsure = [reading.workload for reading in stock.readings if not reading.knows_all_routes]
    sealed: dict[int, Listener] = {}
    for listener in stock.listeners:
        workload = stock.workload_of.get(id(listener.hop))
        if workload is None or listener.admission is not None:
            sealed[id(listener)] = listener
            continue
        own = [*senders.get(id(listener.hop), []), *unsure]
        admission = stock.world.policies.admission(
            workload,
            listener.port,
            [sender for sender in own if sender],
            has_unseen_sender=None in own,
            pods=networks.own_to_pods,
        )
        sealed[id(listener)] = replace(listener, admission=admission)
    return sealed


def _sealed_door(door: Door, wiring: Wiring) -> Door:
    return replace(door, links=tuple(replace(link, to=wiring.seal(link.to)) for link in door.links))


def _collect(graph: HopGraph, readings: list[Reading | Routing], wiring: Wiring) -> None:
    """What adapters noticed on the way, with listeners in their final form."""

    def seal(listeners: tuple[Listener, ...]) -> tuple[Listener, ...]:
        return tuple(wiring.seal(listener) for listener in listeners)

    lists: dict[tuple[object, ...], TrustList] = {}
    routers: list[RouterDraft] = []
    for reading in readings:
        for trust in reading.trust_lists if isinstance(reading, Reading) else ():
            lists.setdefault((trust.name, trust.use, trust.at, id(trust.hop)), trust)
        graph.switches.extend(replace(found, listeners=seal(found.listeners)) for found in reading.switches)
        graph.api_uses.extend(reading.api_uses)
        graph.tls_policies.extend(
            replace(found, listeners=seal(found.listeners)) for found in reading.tls_policies
        )
        if isinstance(reading, Reading):
            graph.address_uses.extend(
                replace(use, listeners=seal(use.listeners)) for use in reading.address_uses
            )
        routers.extend(reading.routers)
        graph.gaps.extend(reading.gaps)
    graph.trust_lists.extend(lists.values())
    graph.gaps.extend(_filled_in(graph.trust_lists))
    graph.api_uses.extend(use for router in routers if (use := router.api_use) is not None)
    graph.api_uses = list({(use.name, use.at): use for use in graph.api_uses}.values())


def _filled_in(lists: list[TrustList]) -> Iterator[ValueGap]:
    """The entries of trust lists that something outside the input fills in."""
    for trust in lists:
        for entry in trust.entries:
            if not entry.networks and not entry.problem and is_template(entry.text):
                yield ValueGap(trust.name, entry.at, f"the value of {entry.text}", trust.hop)
