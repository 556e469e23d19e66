"""What Traefik sends to a TCP backend: the service's own ``proxyProtocol``, or its transport's.

traefik@v3.7.9 ``pkg/provider/kubernetes/crd/kubernetes_tcp.go``, ``pkg/tcp/dialer.go``: from v3.5.2 on
a named ``serversTransport`` decides alone, and the service's own setting is not read; before, the
transport had no such setting. v3.5.2 itself writes the backend connection's own addresses into
the header (fixed in v3.5.3, #12069).

Witness: v2 covers cancelled imap demands honest
Witness: v2 covers v1 imap demands honest
Source only: Traefik before 3.5.2, and the wrong address that 3.5.2 sends
"""

from __future__ import annotations

from dataclasses import dataclass

from truehop.adapters.traefik.objects import Objects
from truehop.adapters.traefik.versions import at_least
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import Effect, Switch, Wire
from truehop.source.tree import Cursor

#: Where services of routes got the setting (traefik/traefik#7320).
FIRST = "2.4.0"
#: Where the transport took over.
TAKEOVER = "3.5.2"
WIRES = {"1": Wire.V1, "2": Wire.V2}


@dataclass(slots=True, eq=False)
class Sending:
    """What is sent, where that is said, and what is wrong with it."""

    wire: Fact[Wire]
    at: Location
    bad_version: str = ""
    switch: Switch | None = None
    corrupts: Fact[str] | None = None


def read_header(block: Cursor, empty: str = "2") -> Sending:
    """What a ``proxyProtocol`` block sends; ``empty`` is the version that a block without one means."""
    version = block.get("version")
    if not block.is_set:
        return Sending(
            Fact(Wire.NONE, block.location(), Basis.DEFAULT, "no proxyProtocol is set"), block.location()
        )
    at = version.location() if version.is_set else block.location()
    written = version.string().strip() if version.is_set else empty
    if written == "0":
        written = empty
    wire = WIRES.get(written)
    if wire is None:
        origin = f"version {written} is unknown, the route does not work"
        return Sending(Fact(Wire.NONE, at, origin=origin), at, written or "of another type")
    return Sending(Fact(wire, at, Basis.STATED if version.is_set else Basis.DEFAULT), at)


def _cancelled(own: Sending, name: Cursor, at_takeover: Tri, transport: Sending) -> Switch | None:
    if own.wire.value is transport.wire.value or own.wire.value is Wire.NONE:
        return None
    return Switch(
        "proxyProtocol",
        own.wire.value,
        own.at,
        Effect.CANCELLED,
        f"the named serversTransport {name.string()} decides alone since {TAKEOVER}, and it sends"
        f" {'no header' if transport.wire.value is Wire.NONE else transport.wire.value}",
        instead="proxyProtocol.version in the transport",
        other=name.location(),
        basis=Basis.STATED if at_takeover is Tri.YES else Basis.ASSUMED,
    )


def _by_transport(own: Sending, service: Cursor, objects: Objects, namespace: str | None) -> Sending:
    name = service.get("serversTransport")
    at_takeover = at_least(objects.versions, TAKEOVER)
    if at_takeover is Tri.NO:
        return own
    resource = objects.find("ServersTransportTCP", namespace, name.string())
    if resource is None:
        unknown = Fact(
            Wire.NONE,
            name.location(),
            Basis.UNKNOWN,
            f"ServersTransportTCP {name.string()} is not in the input",
            settles=f"ServersTransportTCP {name.string()}",
        )
        return Sending(unknown, name.location())
    found = read_header(resource.get("spec", "proxyProtocol"), empty="0")
    found.switch = _cancelled(own, name, at_takeover, found)
    if at_takeover is Tri.UNKNOWN and found.wire.value is not own.wire.value:
        found.wire = Fact(
            found.wire.value,
            found.wire.at,
            Basis.ASSUMED,
            f"version {TAKEOVER} or newer is assumed",
            settles="the version of the proxy",
        )
    return found


def read_sending(service: Cursor, objects: Objects, namespace: str | None) -> Sending:
    """What the route of an IngressRouteTCP sends to one of its services."""
    found = read_header(service.get("proxyProtocol"))
    if found.wire.value.is_proxy and at_least(objects.versions, FIRST) is Tri.NO:
        switch = Switch(
            "proxyProtocol",
            found.wire.value,
            service.get("proxyProtocol").key_location(),
            Effect.IGNORED,
            f"routes have no proxyProtocol before {FIRST}",
            instead=f"version {FIRST} or newer",
        )
        return Sending(Fact(Wire.NONE, found.at), found.at, switch=switch)
    if service.get("serversTransport").is_set:
        found = _by_transport(found, service, objects, namespace)
    return with_corruption(found, objects)


def with_corruption(found: Sending, objects: Objects) -> Sending:
    """The same, with what the version is known to get wrong."""
    versions = objects.versions
    if (
        found.wire.value.is_proxy
        and versions
        and versions.is_exactly(TAKEOVER) is Tri.YES
        and objects.version
    ):
        found.corrupts = Fact(
            f"{TAKEOVER} sends its own addresses instead of the client's",
            objects.version.at,
            origin="fixed in 3.5.3 (traefik/traefik#12069)",
        )
    return found


def transport_switches(objects: Objects) -> list[Switch]:
    """``proxyProtocol`` in a transport that the version does not know yet."""
    if at_least(objects.versions, TAKEOVER) is not Tri.NO:
        return []
    switches = []
    for resource in objects.of("ServersTransportTCP"):
        block = resource.get("spec", "proxyProtocol")
        if block.is_set:
            switches.append(
                Switch(
                    "proxyProtocol",
                    read_header(block, empty="0").wire.value,
                    block.key_location(),
                    Effect.IGNORED,
                    f"ServersTransportTCP has no proxyProtocol before {TAKEOVER}",
                    instead="proxyProtocol of the route's service",
                )
            )
    return switches
