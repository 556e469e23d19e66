"""The ways in from outside: Services of every public kind, host ports, the host network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from truehop.adapters.readings import Reading, ServiceDraft
from truehop.build.outside import proxy_before, with_proxy
from truehop.build.stock import Stock
from truehop.kube.objects import World
from truehop.kube.services import Service
from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, Location, ObjectRef
from truehop.model.graph import Networks
from truehop.model.listeners import Listener
from truehop.model.observed import Switch
from truehop.model.routes import Door, Front, Link
from truehop.model.terms import DoorKind, Rewrite, Wire
from truehop.profiles.front_registry import Fronts
from truehop.profiles.fronts import FrontReading, front_of, rewrite_for
from truehop.source.tree import Cursor

from truehop.build.request import DeclaredFront  # isort: skip

Families = Fact[tuple[int, ...] | None]
_UNTOLD: Families = Fact(None, basis=Basis.UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class _Entrance:
    """What is known of a door before it is known what stands before it."""

    kind: DoorKind
    owner: ObjectRef
    port: int
    at: Location
    listeners: list[Listener]
    policy: Fact[str] | None

    def door(self, links: tuple[Link, ...], front: Front | None = None, *, is_side: bool = False) -> Door:
        """The door, with what comes in by it."""
        return Door(
            self.kind,
            self.port,
            self.at,
            self.owner,
            front,
            links,
            is_side=is_side,
            traffic_policy=self.policy,
        )


@dataclass(slots=True, eq=False)
class Doorway:
    """What all doors of a scope are built from."""

    world: World
    stock: Stock
    networks: Networks
    fronts: tuple[DeclaredFront, ...]
    switches: list[Switch]
    profiles: Fronts

    def doors(self, readings: list[Reading]) -> Iterator[Door]:
        """Every door that leads to a listener worth telling."""
        for service in self.world.services:
            yield from self._of_service(service)
        for reading in readings:
            for draft in reading.services:
                yield from self._of_draft(draft, reading)
            if reading.services and reading.workload is None and reading.hop.on_host_network:
                yield from self._of_host_network(reading)
        for workload in self.world.workloads:
            yield from self._of_host(workload)

    # --- Services ------------------------------------------------------------------------------

    def _of_service(self, service: Service) -> Iterator[Door]:
        if service.type not in ("LoadBalancer", "NodePort") and not service.external_ips:
            return
        targets = {id(port): self.stock.behind(service, port) for port in service.ports}
        if not any(targets.values()):
            return
        reading: FrontReading | None = None
        if service.type in ("LoadBalancer", "NodePort"):
            reading = self._before(service, service.type)
        policy = service.external_traffic_policy
        for port in service.ports:
            listeners = targets[id(port)]
            if not listeners:
                continue
            at, node_port = port.cursor.get("port").location(), port.node_port or 0
            by_node = _Entrance(DoorKind.NODE_PORT, service.ref, node_port, at, listeners, policy)
            if reading is not None:
                entrance = replace(by_node, kind=DoorKind(service.type), port=port.port)
                yield self._balanced(reading, entrance, service.families)
                if service.allocates_node_ports or service.type == "NodePort":
                    yield self._plain(by_node, is_side=True)
            elif service.type == "NodePort":
                number = port.cursor.get("nodePort").location() if node_port else at
                yield from self._open(replace(by_node, port=node_port or port.port, at=number), port.port)
            for address in service.external_ips:
                yield from self._open(
                    replace(by_node, kind=DoorKind.EXTERNAL_IP, port=port.port, at=address.location())
                )

    def _before(self, service: Service | ServiceDraft, kind: str) -> FrontReading | None:
        """What stands before a Service; before a node port only what somebody declared."""
        balancers = self.networks.load_balancers.value
        found = front_of(service, self.world, self.fronts, self.profiles, balancers)
        if kind != "LoadBalancer" and not found.is_declared:
            return None
        self.switches.extend(found.switches)
        return found

    def _of_draft(self, draft: ServiceDraft, reading: Reading) -> Iterator[Door]:
        targets = [
            (port, it) for port in draft.ports for it in reading.listeners if _is_target(port.target, it)
        ]
        for port, target in targets:
            if port.host_port:
                yield from self._open(
                    _Entrance(DoorKind.HOST_PORT, draft.ref, port.host_port, port.at, [target], None)
                )
        if draft.type.value not in ("LoadBalancer", "NodePort"):
            return
        front = self._before(draft, draft.type.value)
        policy, kind = draft.traffic_policy, DoorKind(draft.type.value)
        for port, target in targets:
            entrance = _Entrance(kind, draft.ref, port.port, port.at, [target], policy)
            if front is None:
                yield from self._open(replace(entrance, port=port.node_port or port.port), port.port)
                continue
            yield self._balanced(front, entrance, _UNTOLD)
            if kind is DoorKind.NODE_PORT or _allocates_node_ports(draft):
                by_node = replace(entrance, kind=DoorKind.NODE_PORT, port=port.node_port or 0)
                yield self._plain(by_node, is_side=True)

    def _balanced(self, reading: FrontReading, entrance: _Entrance, families: Families) -> Door:
        front = with_proxy(reading.front_for_port(entrance.port), entrance.listeners, self.networks)
        door = self._fronted(front, entrance)
        withholds = reading.withholds_for_port(entrance.port)
        links = tuple(replace(link, families=families, withholds=withholds) for link in door.links)
        return replace(door, links=links, families=families, is_workaround=reading.is_workaround)

    def _open(self, entrance: _Entrance, public: int = 0) -> Iterator[Door]:
        """A door that no balancer serves; a side door where lists tell of a proxy outside before it.

        ``public`` is the port that such a proxy would take connections at.
        """
        front = proxy_before(entrance.owner, entrance.at, entrance.listeners, self.networks)
        if front is not None:
            yield self._fronted(front, replace(entrance, port=public or entrance.port))
        yield self._plain(entrance, is_side=front is not None)

    def _fronted(self, front: Front, entrance: _Entrance) -> Door:
        source = rewrite_for(front, entrance.kind, entrance.policy, self.networks.datapath)
        at = front.sends.at or entrance.at
        links = tuple(
            Link(front.hop, listener, front.sends, source, at=at, via=entrance.owner)
            for listener in entrance.listeners
        )
        return entrance.door(links, front)

    def _plain(self, entrance: _Entrance, *, is_side: bool = False) -> Door:
        source = rewrite_for(None, entrance.kind, entrance.policy, self.networks.datapath)
        nothing = Fact(Wire.NONE, basis=Basis.DEFAULT, origin="nothing stands before it")
        links = tuple(
            Link(None, listener, nothing, source, at=entrance.at, via=entrance.owner)
            for listener in entrance.listeners
        )
        return entrance.door(links, is_side=is_side)

    # --- host ports and the host network -------------------------------------------------------

    def _of_host(self, workload: Workload) -> Iterator[Door]:
        ports = self.stock.by_workload.get(id(workload), {})
        if workload.host_network:
            for number, listener in ports.items():
                yield from self._open(
                    _Entrance(DoorKind.HOST_NETWORK, workload.ref, number, listener.at, [listener], None)
                )
            return
        for container in workload.containers:
            for port in container.ports:
                found = ports.get(port.port)
                if port.host_port and found is not None and port.protocol == "TCP":
                    at = port.cursor.get("hostPort").location()
                    yield from self._open(
                        _Entrance(DoorKind.HOST_PORT, workload.ref, port.host_port, at, [found], None)
                    )

    def _of_host_network(self, reading: Reading) -> Iterator[Door]:
        """The ports of a program on the host network that only values describe."""
        owner = reading.services[0].ref
        for listener in reading.listeners:
            yield from self._open(
                _Entrance(DoorKind.HOST_NETWORK, owner, listener.port, listener.at, [listener], None)
            )


def _is_target(name: str, listener: Listener) -> bool:
    """Whether a Service port of values leads to a listener: by its name, or by its number."""
    return name.lower() == listener.name.lower() or name == str(listener.port)


def _allocates_node_ports(draft: ServiceDraft) -> bool:
    spec = draft.spec
    return not isinstance(spec, Cursor) or spec.get("allocateLoadBalancerNodePorts").boolean() is not False


def source_of(*, is_in_input: bool, on_host_network: bool) -> Fact[Rewrite]:
    """What a listener sees of an in-cluster sender: its pod's address, or its node's on the host network."""
    if on_host_network:
        return Fact(Rewrite.HOST, basis=Basis.STATED, origin="the sender is on the host network")
    basis = Basis.STATED if is_in_input else Basis.ASSUMED
    return Fact(Rewrite.POD, basis=basis, origin="the sender opens its own connection")
