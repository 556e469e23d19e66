"""Routes as plain values for the reports."""

from __future__ import annotations

from truehop.findings.outcome import Leg, RouteView
from truehop.model.facts import Fact, Tri
from truehop.model.hops import Front, HopGraph, Link, Listener, Rewrite, Route, Serves, Wire
from truehop.model.walk import FORGERS, Step, Walk, Walker, Walks

UNKNOWN = "unknown"
#: Rules whose finding shows a forger's way instead of the honest client's.
FORGED_WAYS = {
    "address-forgeable": (Walker.INTERNET,),
    "address-forgeable-inside": (Walker.NAMESPACE, Walker.PODS, Walker.NODES),
}


def _word(fact: Fact[Serves] | Fact[Wire] | Fact[Rewrite]) -> str:
    return fact.value.value if fact.is_known else UNKNOWN


def _reads(listener: Listener) -> str:
    """What header the listener reads, in words; empty for none."""
    if listener.proxy.is_on:
        return f"PROXY {listener.proxy.mode.value.value}"
    if listener.forwarded is not None and listener.forwarded.is_on:
        return "X-Forwarded-For"
    return "" if listener.proxy.is_off else "PROXY unknown"


def leg(link: Link) -> Leg:
    """One link in words."""
    listener = link.to
    return Leg(
        to=listener.hop.name,
        role=listener.hop.role.value,
        port=listener.port,
        entry=listener.name,
        sends=_word(link.sends),
        source=_word(link.source),
        reads=_reads(listener),
        via=str(link.via) if link.via else "",
    )


def view(route: Route, graph: HopGraph, walks: Walks, scope: str = "") -> RouteView:
    """A route with its walks, as a plain value."""
    honest = walks.of(route)
    forged = {walker: walks.of(route, walker) for walker in FORGERS}
    settles = [*honest.settles]
    for walk in forged.values():
        if walk.forges is Tri.UNKNOWN:
            settles.extend(walk.settles)
    listener, front = route.listener, route.door.front
    logins = [
        link
        for link in graph.links
        if link.is_client and link.sender is listener.hop and link.to.serves.value.is_mail
    ]
    return RouteView(
        port=route.door.port,
        protocol=_word(listener.serves),
        door=route.door.kind.value,
        owner=str(route.door.owner),
        front=_make(front) if front else "",
        listener=str(listener),
        believes=honest.believes.value,
        forgeable_by=tuple((walker.value, walk.forges.value) for walker, walk in forged.items()),
        settles=tuple(dict.fromkeys(settles)),
        steps=(*honest.steps, *(_login(link) for link in logins)),
        forgeries=tuple(
            (walker.value, walk.steps) for walker, walk in forged.items() if walk.forges is not Tri.NO
        ),
        legs=tuple(leg(link) for link in route.links),
        clients=tuple(leg(link) for link in logins),
        scope=scope,
    )


def _make(front: Front) -> str:
    """What the front is, in a word or two."""
    return front.kind or ("declared front" if front.is_declared else "")


def _login(link: Link) -> Step:
    does = f"speaks {link.to.serves.value.value} to {link.to}, which sees this hop's own address"
    return Step(str(link.sender), does, link.at)


def way(rule: str, explains: frozenset[str], routes: tuple[Route, ...], walks: Walks) -> tuple[Step, ...]:
    """The steps that show a defect: the honest client's, or a forger's where forging is the defect."""
    if not routes:
        return ()
    walkers = FORGED_WAYS.get(rule, ())
    if not walkers and explains and explains <= FORGED_WAYS.keys():
        walkers = FORGERS
    for walker in walkers:
        for route in routes:
            walk = _walk(walks, route, walker)
            if walk is not None and walk.forges is Tri.YES:
                return walk.steps
    honest = _walk(walks, routes[0], Walker.HONEST)
    return honest.steps if honest is not None else ()


def _walk(walks: Walks, route: Route, walker: Walker) -> Walk | None:
    """The walk, None for a route that a rule made up itself."""
    if walker is Walker.HONEST:
        return walks.honest.get(route.key)
    return walks.forgers.get((route.key, walker))
