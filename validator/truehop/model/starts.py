"""Where forgers stand: at the front door, at side doors with a node's address, or in a pod."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from truehop.model.claims import CLIENT, Claim, Identity
from truehop.model.facts import Basis, Fact, Tri, any_of
from truehop.model.hops import Admission, Hop, HopGraph, Link, Listener, Rewrite, Route, Wire
from truehop.model.walk import Walker

OPEN = Fact(Tri.YES, basis=Basis.STATED)
#: What settles an admission that is unknown because the input shows a part of the cluster only.
OPEN_WORLD = "world"
Start = tuple[Claim, "Link | Listener", Fact[Tri]]


def starts(graph: HopGraph, route: Route, walker: Walker) -> Iterator[Start]:
    """Where the walker's forger reaches the route: its own address, the place, whether it gets in."""
    if walker is Walker.INTERNET:
        yield CLIENT, route.links[0], _from_outside(route.links[0])
    elif walker is Walker.NODES:
        yield from _node_starts(graph, route)
    else:
        yield from _pod_starts(graph, route, walker)


def _from_outside(link: Link) -> Fact[Tri]:
    """Whether policies let strangers through a door: they judge the packet's source, if it is kept.

    A door is there to be used: that the input shows no policy closes nothing.
    """
    admission = link.to.admission
    if admission is None or not link.source.is_known or link.source.value is not Rewrite.KEPT:
        return OPEN
    internet = admission.internet
    if internet.value is Tri.NO:
        is_sure = internet.basis is Basis.STATED
        return internet if is_sure else replace(internet, value=Tri.UNKNOWN, basis=Basis.UNKNOWN)
    if internet.value is Tri.UNKNOWN and internet.settles != OPEN_WORLD:
        return _with_settles(internet, admission)
    return OPEN


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
    settles = graph.networks.pods.settles or "networks.pods"
    claim = Claim(Identity.CLIENT, "a pod's address", graph.networks.own_to_pods, settles)
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
    return _with_settles(fact, admission)


def _with_settles(fact: Fact[Tri], admission: Admission) -> Fact[Tri]:
    if fact.value is not Tri.UNKNOWN or fact.settles:
        return fact
    named = ", ".join(admission.undecided_by)
    return replace(fact, settles=f"what {named} admits" if named else "NetworkPolicies of the namespace")
