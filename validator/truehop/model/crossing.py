"""What a link does to a connection: what its sender puts on the wire, and what source shows behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from truehop.model.claims import Claim, Connection, Identity, Received, weakest
from truehop.model.connection import keep_forwarded
from truehop.model.facts import Basis, Fact
from truehop.model.hops import HopGraph, Link, Rewrite, Role, Wire
from truehop.model.walk import Step


@dataclass(frozen=True, slots=True)
class Crossing:
    """The connection as the next socket sees it, with the step, and what was assumed to get there."""

    connection: Connection
    step: Step
    settles: tuple[str, ...]
    basis: Basis


def cross(
    graph: HopGraph, link: Link, connection: Connection, received: Received | None, *, is_forger: bool
) -> Iterator[Crossing]:
    """Send a connection over a link, once per way that unknown facts leave open.

    ``received`` is what the sender made of the connection; None at the door, where the outside
    itself sends.
    """
    behind = connection.source if received is None else received.believed
    for sends, open_sends in _sent(link):
        for rewrite, open_source in _rewrites(link):
            shown = _shown(graph, link, rewrite, behind)
            step = Step(
                link.sender.name if link.sender else "the internet",
                _describe(link, sends, shown),
                link.source.at or link.at,
            )
            basis = weakest(_leaned_on(link.sends, open_sends), _leaned_on(link.source, open_source))
            for moved, open_chain in _put(link, sends, shown, connection, received, is_forger=is_forger):
                yield Crossing(moved, step, (*open_sends, *open_source, *open_chain), basis)


def _leaned_on(fact: Fact[Wire] | Fact[Rewrite], is_open: tuple[str, ...]) -> Basis:
    """The basis of a fact that was used: none of it where both ways were gone, a guess where only one was."""
    if is_open:
        return Basis.STATED
    return fact.basis if fact.is_known else Basis.ASSUMED


def _sent(link: Link) -> list[tuple[Wire, tuple[str, ...]]]:
    if link.sends.is_known:
        return [(link.sends.value, ())]
    if not link.to.proxy.is_on:
        return [(Wire.NONE, ())]
    settles = (link.sends.settles or "front",)
    return [(Wire.NONE, settles), (Wire.V2, settles)]


def _rewrites(link: Link) -> list[tuple[Rewrite, tuple[str, ...]]]:
    if link.source.is_known:
        return [(link.source.value, ())]
    settles = (link.source.settles or "front",)
    other = Rewrite.BALANCER if link.source.value is Rewrite.KEPT else Rewrite.KEPT
    return [(link.source.value, settles), (other, settles)]


def _describe(link: Link, sends: Wire, shown: Claim) -> str:
    via = f" through {link.via}" if link.via else ""
    header = {Wire.NONE: "no header", Wire.XFF: "X-Forwarded-For"}.get(sends, f"PROXY {sends.value}")
    if not link.sends.is_known:
        header = f"perhaps {header}" if sends.is_proxy else f"{header} as far as is known"
    return f"connects{via} from {shown.label}, sending {header}"


def _shown(graph: HopGraph, link: Link, rewrite: Rewrite, behind: Claim) -> Claim:
    """The packet's source as the next socket sees it."""
    networks, why = graph.networks, link.source.origin
    if rewrite is Rewrite.KEPT:
        return behind
    fact = {
        Rewrite.POD: networks.pods,
        Rewrite.NODE: networks.nodes,
        Rewrite.HOST: networks.nodes,
        Rewrite.BALANCER: networks.load_balancers,
    }[rewrite]
    name = link.sender.name if link.sender is not None and link.sender.role is not Role.FRONT else ""
    label = {
        Rewrite.POD: f"the pod address of {name}" if name else "a pod's address",
        Rewrite.NODE: "a node's address",
        Rewrite.HOST: f"the node address of {name}",
        Rewrite.BALANCER: "the balancer's address",
    }[rewrite]
    addresses, settles = fact.value, fact.settles
    if (name or rewrite is Rewrite.BALANCER) and rewrite is not Rewrite.NODE and link.sender is not None:
        addresses = link.sender.addresses.value or addresses
    return Claim(
        Identity.HOP,
        label,
        link.part_shown(addresses) if addresses is not None else None,
        settles,
        at=link.source.at or link.at,
        because=why or label,
        basis=link.source.basis,
        # A node's bridge to its pods has an address of the pod network, and kube-proxy may use that one.
        may_be=networks.pods.value if rewrite is Rewrite.NODE else None,
    )


def _put(
    link: Link,
    sends: Wire,
    shown: Claim,
    connection: Connection,
    received: Received | None,
    *,
    is_forger: bool,
) -> Iterator[tuple[Connection, tuple[str, ...]]]:
    believed = connection.source if received is None else received.believed
    rest = connection.wire if received is None else received.rest
    chain = connection.forwarded
    if link.corrupts is not None and sends is not Wire.NONE:
        believed = Claim(Identity.HOP, "a wrong address", at=link.corrupts.at, because=link.corrupts.value)
    if sends is Wire.XFF:
        if received is None or link.entry is None:
            yield Connection(shown, (), (*chain, believed)), ()
            return
        for kept, settles in keep_forwarded(
            link.entry, replace(received, believed=believed, forwarded=chain)
        ):
            yield Connection(shown, (), kept), settles
        return
    if not sends.is_proxy and shown.identity is Identity.HOP and not is_forger and received is not None:
        because = f"{link.sender} opens its own connection and sends no PROXY header"
        shown = replace(shown, at=link.at or shown.at, because=because)
    wire = ((sends, believed), *rest) if sends.is_proxy else rest
    yield Connection(shown, wire, chain), ()
