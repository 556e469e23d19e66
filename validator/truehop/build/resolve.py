"""Routing rules find their entry points and the listeners behind their Services."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.adapters.readings import BackendDraft, Reading, RouterDraft
from truehop.build.stock import Stock
from truehop.kube.objects import World
from truehop.kube.services import Service
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.listeners import Hop, Listener
from truehop.model.terms import Role


@dataclass(slots=True, eq=False)
class ResolvedBackend:
    """A backend with its listeners, or with what the input contradicts."""

    draft: BackendDraft
    listeners: list[Listener] = field(default_factory=list)
    dangling: str = ""
    dangles: Fact[Tri] = field(default_factory=lambda: Fact(Tri.NO))


@dataclass(slots=True, eq=False)
class ResolvedRouter:
    """A routing rule of one edge, with its entry points."""

    draft: RouterDraft
    edge: Hop
    reading: Reading | None
    entries: list[Listener] = field(default_factory=list)
    unknown_entries: list[Fact[str]] = field(default_factory=list)
    lands_by_default: bool = False
    backends: list[ResolvedBackend] = field(default_factory=list)


def resolve_routers(drafts: list[RouterDraft], readings: list[Reading], stock: Stock) -> list[ResolvedRouter]:
    """Each rule once per edge that serves it; with an edge of its own where none is in the input."""
    edges = [reading for reading in readings if reading.hop.role is Role.EDGE]
    outside: dict[str, Hop] = {}
    found: list[ResolvedRouter] = []
    served = [(draft, [edge for edge in edges if _serves(edge, draft)]) for draft in drafts]
    # What an edge reads from files of its own is served by that edge alone.
    served += [(draft, [edge]) for edge in edges for draft in edge.routers]
    for draft, serving in served:
        backends = [_resolve_backend(backend, stock) for backend in draft.backends]
        for reading in serving:
            router = ResolvedRouter(draft, reading.hop, reading, backends=backends)
            _resolve_entries(router, reading)
            found.append(router)
        if not serving:
            name = f"the proxy of {draft.provider or 'these'} routes"
            hop = outside.setdefault(name, Hop(name, Role.EDGE))
            found.append(ResolvedRouter(draft, hop, None, backends=backends))
    return found


def _serves(reading: Reading, draft: RouterDraft) -> bool:
    return not (reading.providers and draft.provider) or draft.provider in reading.providers


def _resolve_entries(router: ResolvedRouter, reading: Reading) -> None:
    by_name = {listener.name.lower(): listener for listener in reading.listeners if listener.name}
    for entry in router.draft.entries:
        listener = by_name.get(entry.value.lower())
        if listener is not None:
            router.entries.append(listener)
        elif reading.knows_all_entries:
            router.unknown_entries.append(entry)
    if not router.draft.entries:
        router.lands_by_default = True
        if reading.default_entries is not None:
            names = {name.lower() for name in reading.default_entries}
            router.entries.extend(listener for name, listener in by_name.items() if name in names)


def _resolve_backend(draft: BackendDraft, stock: Stock) -> ResolvedBackend:
    backend = ResolvedBackend(draft)
    if draft.opaque:
        return backend
    world = stock.world
    service = stock.service(draft.service.namespace, draft.service.name)
    if service is None:
        _dangle(backend, world, draft.service.namespace, f"{draft.service} is not there")
        return backend
    if service.external_name:
        return backend
    port = (
        service.find_port(draft.port)
        if draft.port
        else (service.ports[0] if len(service.ports) == 1 else None)
    )
    if port is None:
        if draft.port:
            ports = ", ".join(str(found.port) for found in service.ports) or "none"
            backend.dangling = f"{draft.service} has no port {draft.port} (it has {ports})"
            backend.dangles = Fact(Tri.YES, draft.port_at or draft.at)
        return backend
    backend.listeners = stock.behind(service, port)
    pods = service.pods(world)
    if pods and all(service.target_port(port, workload) is None for workload in pods):
        why = f"port {port.port} of {draft.service} leads to {port.target}, a port that no pod of it names"
        _dangle(backend, world, service.namespace, why)
    if service.selector and not pods and not _awaits_operator(service, world):
        # However whole the input is: pods that an operator makes are in no manifest.
        _dangle(backend, world, service.namespace, f"{draft.service} selects no pod", highest=Tri.UNKNOWN)
    return backend


def _awaits_operator(service: Service, world: World) -> bool:
    """Whether the pods are made by somebody whose labels no pod of the input wears.

    A label's domain is its owner's: ``acme.cert-manager.io/http01-solver`` is worn by pods that
    cert-manager makes while it proves a name.
    """
    domains = {key.partition("/")[0] for key in service.selector or () if "/" in key}
    foreign = {domain for domain in domains if not domain.endswith("kubernetes.io")}
    return any(domain not in world.label_domains for domain in foreign)


def _dangle(
    backend: ResolvedBackend, world: World, namespace: str | None, why: str, highest: Tri = Tri.YES
) -> None:
    """Something is missing: certain only where the user declared the world closed."""
    whole = world.is_whole(namespace)
    if whole is Tri.NO:
        return
    whole = highest if whole is Tri.YES else whole
    backend.dangling = why
    basis = Basis.STATED if whole is Tri.YES else Basis.ASSUMED
    backend.dangles = Fact(whole, backend.draft.at, basis, why)
