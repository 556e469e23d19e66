"""The listeners of a scope, found by workload and port."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.adapters.readings import Reading
from truehop.kube.objects import World
from truehop.kube.services import Service, ServicePort
from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, ObjectRef
from truehop.model.listeners import HeaderPolicy, Hop, Listener
from truehop.model.terms import WELL_KNOWN, Header, Role, Serves, Tls

#: Words in a Service port's name or app protocol that name a mail protocol.
_NAMES = {
    "smtp": Serves.SMTP,
    "submission": Serves.SUBMISSION,
    "submissions": Serves.SUBMISSIONS,
    "smtps": Serves.SUBMISSIONS,
    "imap": Serves.IMAP,
    "imaps": Serves.IMAPS,
    "pop3": Serves.POP3,
    "pop3s": Serves.POP3S,
    "sieve": Serves.SIEVE,
    "managesieve": Serves.SIEVE,
}

#: Names of inner ports, believed beside a mail port of the same Service only.
_INNER_NAMES = {
    "lmtp": Serves.LMTP,
    "sasl": Serves.AUTH,
    "auth": Serves.AUTH,
    "doveadm": Serves.DOVEADM,
    "milter": Serves.MILTER,
}


@dataclass(slots=True, eq=False)
class Stock:
    """Every listener, and which workload and port it stands for.

    ``by_workload`` keys on the workload's object; a listener guessed from a Service port (a mail
    port in front of a program without profile) is added on demand, basis assumed.
    """

    world: World
    readings: list[Reading]
    by_workload: dict[int, dict[int, Listener]] = field(default_factory=dict)
    hops: dict[int, Hop] = field(default_factory=dict)
    absent: dict[tuple[ObjectRef, int], Listener] = field(default_factory=dict)
    services: dict[tuple[str | None, str], Service] = field(default_factory=dict)
    workload_of: dict[int, Workload] = field(default_factory=dict)  # by id of hop

    @classmethod
    def of(cls, world: World, readings: list[Reading]) -> Stock:
        """The listeners of all readings."""
        stock = cls(world, readings)
        for reading in readings:
            if reading.workload is None:
                continue
            stock.workload_of[id(reading.hop)] = reading.workload
            stock.hops.setdefault(id(reading.workload), reading.hop)
            ports = stock.by_workload.setdefault(id(reading.workload), {})
            for listener in reading.listeners:
                ports[listener.port] = listener
        return stock

    def service(self, namespace: str | None, name: str) -> Service | None:
        """A Service by namespace and name."""
        if not self.services:
            self.services.update({(found.namespace, found.name): found for found in self.world.services})
        return self.services.get((namespace, name))

    @property
    def listeners(self) -> list[Listener]:
        """All listeners: those read, then those guessed."""
        read = [listener for reading in self.readings for listener in reading.listeners]
        known = {id(listener) for listener in read}
        guessed = [
            entry for ports in self.by_workload.values() for entry in ports.values() if id(entry) not in known
        ]
        return [*read, *guessed, *self.absent.values()]

    def at(self, workload: Workload, port: int) -> Listener | None:
        """The listener of a workload's port, if one is known."""
        return self.by_workload.get(id(workload), {}).get(port)

    def behind(self, service: Service, port: ServicePort) -> list[Listener]:
        """The listeners a Service port leads to; a mail port of unknown programs yields guessed ones."""
        found: list[Listener] = []
        pods = service.pods(self.world)
        for workload in pods:
            number = service.target_port(port, workload)
            if number is None:
                continue
            listener = self.at(workload, number)
            if listener is not None and port.protocol != "TCP" and listener.serves.value is not Serves.DNS:
                continue  # another socket with the same number
            if (
                listener is None
                and (serves := guess(port, service)) is not None
                and not self._is_edge(workload)
            ):
                listener = self._guessed(workload, number, serves, inner_name(port))
            if listener is not None:
                found.append(listener)
        if not pods and (serves := guess(port, service)) is not None:
            found.append(self._absent(service, port, serves))
        return found

    def _is_edge(self, workload: Workload) -> bool:
        hop = self.hops.get(id(workload))
        return hop is not None and hop.role is Role.EDGE

    def _guessed(self, workload: Workload, port: int, serves: Serves, name: str) -> Listener:
        hop = self.hops.get(id(workload))
        if hop is None:
            hop = Hop(
                str(workload.ref),
                Role.OTHER,
                ref=workload.ref,
                at=workload.resource.name_location(),
                on_host_network=workload.host_network,
            )
            self.hops[id(workload)] = hop
            self.workload_of[id(hop)] = workload
        listener = unknown_listener(hop, port, serves, f"PROXY switch of {hop}", name)
        self.by_workload.setdefault(id(workload), {})[port] = listener
        return listener

    def _absent(self, service: Service, port: ServicePort, serves: Serves) -> Listener:
        key = (service.ref, port.port)
        if key not in self.absent:
            hop = Hop(
                f"pods of {service.ref}", Role.OTHER, ref=service.ref, at=service.resource.name_location()
            )
            settles = f"the pods of {service.ref}"
            self.absent[key] = unknown_listener(hop, port.port, serves, settles, inner_name(port))
        return self.absent[key]


def guess(port: ServicePort, service: Service) -> Serves | None:
    """The mail protocol that a Service port's number, or failing that its name, stands for."""
    if port.protocol != "TCP":
        return None
    name = port.name.lower()
    found = WELL_KNOWN.get(port.port) or _NAMES.get(name)
    if found is None and any(other.port in WELL_KNOWN for other in service.ports):
        return _INNER_NAMES.get(name)
    return found


def inner_name(port: ServicePort) -> str:
    """The name that tells what an inner port is for, which no number does; empty for every other port."""
    return port.name if port.name.lower() in _INNER_NAMES else ""


def unknown_listener(hop: Hop, port: int, serves: Serves, settles: str, name: str = "") -> Listener:
    """A listener of which only the protocol is guessed; ``name`` is the port's where that says it."""
    at = hop.at
    if at is None:  # a hop without a place has no listener worth telling
        raise ValueError(hop.name)
    tls = Tls.IMPLICIT if serves.is_implicit_tls else Tls.UNKNOWN
    return Listener(
        hop,
        port,
        Fact(serves, basis=Basis.ASSUMED),
        HeaderPolicy(Fact(Header.NEVER, basis=Basis.UNKNOWN, settles=settles)),
        Fact(tls, basis=Basis.ASSUMED if tls is Tls.IMPLICIT else Basis.UNKNOWN),
        at,
        name,
        basis=Basis.ASSUMED,
    )
