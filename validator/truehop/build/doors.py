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
            found = self._front_of(service)
            # Before a node port stands only what somebody declared.
            reading = found if service.type == "LoadBalancer" or found.is_declared else None
            self.switches.extend(found.switches if reading else ())
        policy = service.external_traffic_policy
        for port in service.ports:
            listeners = targets[id(port)]
            if not listeners:
                continue
            at, node_port = port.cursor.get("port").location(), port.node_port or 0
            if reading is not None:
                yield self._balanced(
                    reading,
                    service.ref,
                    port.port,
                    at,
                    listeners,
                    policy,
                    service.families,
                    kind=DoorKind(service.type),
                )
                if service.allocates_node_ports or service.type == "NodePort":
                    yield self._plain(
                        DoorKind.NODE_PORT, service.ref, node_port, at, listeners, policy, is_side=True
                    )
            elif service.type == "NodePort":
                number = port.cursor.get("nodePort").location() if node_port else at
                yield from self._open(
                    DoorKind.NODE_PORT,
                    service.ref,
                    node_port or port.port,
                    number,
                    listeners,
                    policy,
                    public=port.port,
                )
            for address in service.external_ips:
                yield from self._open(
                    DoorKind.EXTERNAL_IP, service.ref, port.port, address.location(), listeners, policy
                )

    def _front_of(self, service: Service | ServiceDraft) -> FrontReading:
        """What stands before a Service."""
        balancers = self.networks.load_balancers.value
        return front_of(service, self.world, self.fronts, self.profiles, balancers)

    def _of_draft(self, draft: ServiceDraft, reading: Reading) -> Iterator[Door]:
        targets = [
            (port, it) for port in draft.ports for it in reading.listeners if _is_target(port.target, it)
        ]
        for port, target in targets:
            if port.host_port:
                yield from self._open(DoorKind.HOST_PORT, draft.ref, port.host_port, port.at, [target], None)
        if draft.type.value not in ("LoadBalancer", "NodePort"):
            return
        found = self._front_of(draft)
        # Before a node port stands only what somebody declared.
        front = found if draft.type.value == "LoadBalancer" or found.is_declared else None
        self.switches.extend(found.switches if front else ())
        policy, kind = draft.traffic_policy, DoorKind(draft.type.value)
        for port, target in targets:
            if front is None:
                number = port.node_port or port.port
                yield from self._open(
                    DoorKind.NODE_PORT, draft.ref, number, port.at, [target], policy, public=port.port
                )
                continue
            yield self._balanced(front, draft.ref, port.port, port.at, [target], policy, _UNTOLD, kind=kind)
            if kind is DoorKind.NODE_PORT or _allocates_node_ports(draft):
                number = port.node_port or 0
                yield self._plain(
                    DoorKind.NODE_PORT, draft.ref, number, port.at, [target], policy, is_side=True
                )

    def _balanced(
        self,
        reading: FrontReading,
        owner: ObjectRef,
        port: int,
        at: Location,
        listeners: list[Listener],
        policy: Fact[str],
        families: Families,
        *,
        kind: DoorKind = DoorKind.LOAD_BALANCER,
    ) -> Door:
        front = with_proxy(reading.front_for_port(port), listeners, self.networks)
        door = self._fronted(front, kind, owner, port, at, listeners, policy)
        withholds = reading.withholds_for_port(port)
        links = tuple(replace(link, families=families, withholds=withholds) for link in door.links)
        return replace(door, links=links, families=families, is_workaround=reading.is_workaround)

    def _open(
        self,
        kind: DoorKind,
        owner: ObjectRef,
        port: int,
        at: Location,
        listeners: list[Listener],
        policy: Fact[str] | None,
        *,
        public: int = 0,
    ) -> Iterator[Door]:
        """A door that no balancer serves; a side door where lists tell of a proxy outside before it.

        ``public`` is the port that such a proxy would take connections at.
        """
        front = proxy_before(owner, at, listeners, self.networks)
        if front is not None:
            yield self._fronted(front, kind, owner, public or port, at, listeners, policy)
        yield self._plain(kind, owner, port, at, listeners, policy, is_side=front is not None)

    def _fronted(
        self,
        front: Front,
        kind: DoorKind,
        owner: ObjectRef,
        port: int,
        at: Location,
        listeners: list[Listener],
        policy: Fact[str] | None,
    ) -> Door:
        source = rewrite_for(front, kind, policy, self.networks.datapath)
        links = tuple(
            Link(front.hop, listener, front.sends, source, at=front.sends.at or at, via=owner)
            for listener in listeners
        )
        return Door(kind, port, at, owner, front, links, traffic_policy=policy)

    def _plain(
        self,
        kind: DoorKind,
        owner: ObjectRef,
        port: int,
        at: Location,
        listeners: list[Listener],
        policy: Fact[str] | None,
        *,
        is_side: bool = False,
    ) -> Door:
        source = rewrite_for(None, kind, policy, self.networks.datapath)
        nothing = Fact(Wire.NONE, basis=Basis.DEFAULT, origin="nothing stands before it")
        links = tuple(Link(None, listener, nothing, source, at=at, via=owner) for listener in listeners)
        return Door(kind, port, at, owner, None, links, is_side=is_side, traffic_policy=policy)

    # --- host ports and the host network -------------------------------------------------------

    def _of_host(self, workload: Workload) -> Iterator[Door]:
        ports = self.stock.by_workload.get(id(workload), {})
        if workload.host_network:
            for number, listener in ports.items():
                yield from self._open(
                    DoorKind.HOST_NETWORK, workload.ref, number, listener.at, [listener], None
                )
            return
        for container in workload.containers:
            for port in container.ports:
                found = ports.get(port.port)
                if port.host_port and found is not None and port.protocol == "TCP":
                    at = port.cursor.get("hostPort").location()
                    yield from self._open(DoorKind.HOST_PORT, workload.ref, port.host_port, at, [found], None)

    def _of_host_network(self, reading: Reading) -> Iterator[Door]:
        """The ports of a program on the host network that only values describe."""
        owner = reading.services[0].ref
        for listener in reading.listeners:
            yield from self._open(DoorKind.HOST_NETWORK, owner, listener.port, listener.at, [listener], None)


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
