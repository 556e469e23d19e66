"""Where forgers stand: at the front door, at side doors with a node's address, or in a pod."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truehop.model.claims import CLIENT, Claim, Identity
from truehop.model.facts import Basis, Fact, Tri, any_of
from truehop.model.hops import Admission, Hop, HopGraph, Link, Listener, Rewrite, Route, Wire
from truehop.model.walk import Walker

OPEN = Fact(Tri.YES, basis=Basis.STATED)
Start = tuple[Claim, "Link | Listener", Fact[Tri]]


def starts(graph: HopGraph, route: Route, walker: Walker) -> Iterator[Start]:
    """Where the walker's forger reaches the route: its own address, the place, whether it gets in."""
    if walker is Walker.INTERNET:
        yield CLIENT, route.links[0], OPEN
    elif walker is Walker.NODES:
        yield from _node_starts(graph, route)
    else:
        yield from _pod_starts(graph, route, walker)


def _node_starts(graph: HopGraph, route: Route) -> Iterator[Start]:
    """Doors at which one arrives with a node's address, the side doors of the route's door included."""
    listeners = {id(link.to) for link in route.links}
    for door in graph.doors:
        is_own = door is route.door
        for link in door.links:
            if id(link.to) not in listeners:
                continue
            if door.is_side or (is_own and link.source.value is Rewrite.NODE):
                yield CLIENT, replace(link, sends=Fact(Wire.NONE)) if door.is_side else link, OPEN


def _pod_starts(graph: HopGraph, route: Route, walker: Walker) -> Iterator[Start]:
    pods = graph.networks.pods
    claim = Claim(Identity.CLIENT, "a pod's address", pods.value, pods.settles or "networks.pods")
    last = route.listener
    for link in route.links:
        listener = link.to
        admission = listener.admission
        is_same = _namespace(listener.hop) == _namespace(last.hop)
        yield claim, listener, _gate(admission, walker, is_same=is_same)


def _namespace(hop: Hop) -> str | None:
    return hop.ref.namespace if hop.ref else None


def _gate(admission: Admission | None, walker: Walker, *, is_same: bool) -> Fact[Tri]:
    if admission is None:
        return Fact(Tri.UNKNOWN, basis=Basis.UNKNOWN, settles="who may connect")
    if is_same:
        fact = admission.namespace if walker is Walker.NAMESPACE else admission.pods
    elif walker is Walker.NAMESPACE:
        fact = admission.pods
    else:
        both = (admission.namespace, admission.pods)
        value = any_of(*(fact.value for fact in both))
        fact = next(fact for fact in both if fact.value is value)
    if fact.value is Tri.UNKNOWN and not fact.settles:
        named = ", ".join(admission.undecided_by)
        return replace(fact, settles=f"what {named} admits" if named else "NetworkPolicies of the namespace")
    return fact
