"""The three walkers: an honest client, a forger outside, a forger inside.

Where a fact is unknown the walk goes both ways. If all ways end alike, the end is certain;
otherwise it is unknown, and what would settle it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from truehop.model.claims import CLIENT, FORGED, Claim, Connection, Received, weakest
from truehop.model.connection import receive
from truehop.model.crossing import Crossing, cross
from truehop.model.facts import Basis, Fact, Tri
from truehop.model.hops import WELL_KNOWN, Hop, HopGraph, Link, Listener, Route, RouterTls, Wire
from truehop.model.starts import starts
from truehop.model.walk import Believes, Step, Walk, Walker


@dataclass(frozen=True, slots=True)
class _End:
    """One way's end: the claim believed or the refusal, with steps and what it leaned on."""

    believed: Claim | None
    steps: tuple[Step, ...]
    settles: tuple[str, ...] = ()
    refused: str = ""
    basis: Basis = Basis.STATED

    @property
    def believes(self) -> Believes:
        if self.believed is None:
            return Believes.REFUSED
        return Believes(self.believed.identity.value)


def honest_walk(graph: HopGraph, route: Route) -> Walk:
    """What the last server of the route records of an honest client."""
    ends = list(_go(graph, route, 0, Connection(CLIENT), (), is_forger=False))
    return _merge(route, Walker.HONEST, ends)


def forger_walk(graph: HopGraph, route: Route, walker: Walker) -> Walk:
    """Whether a forger standing where the walker says can choose the recorded address."""
    found: list[Walk] = []
    for claim, start, gate in starts(graph, route, walker):
        if gate.value is Tri.NO:
            found.append(
                Walk(route, walker, Believes.REFUSED, (Step(str(route.listener), gate.origin, gate.at),))
            )
            continue
        for connection in _forgeries(claim):
            ends = list(_go_from(graph, route, start, connection))
            walk = _merge(route, walker, ends)
            found.append(_gated(walk, gate))
    for wanted in (Believes.FORGED, Believes.UNKNOWN):
        for walk in found:
            if walk.believes is wanted:
                return walk
    return (
        found[0]
        if found
        else Walk(route, walker, Believes.REFUSED, (Step(str(route.listener), "no way in from there"),))
    )


def _gated(walk: Walk, gate: Fact[Tri]) -> Walk:
    step = Step(str(walk.route.listener), gate.origin, gate.at)
    walk = replace(walk, steps=(step, *walk.steps)) if gate.origin else walk
    if walk.believes is not Believes.FORGED:
        return walk
    if gate.value is Tri.UNKNOWN:
        return replace(
            walk, believes=Believes.UNKNOWN, settles=(gate.settles or gate.origin or "who may connect",)
        )
    is_by_policy = gate.basis is Basis.STATED and gate.at is not None
    return replace(
        walk,
        turned_at=gate.at if is_by_policy else walk.turned_at,
        basis=weakest(walk.basis, gate.basis),
        rests_on_absence=walk.rests_on_absence or gate.basis is Basis.ASSUMED,
    )


def _forgeries(claim: Claim) -> Iterator[Connection]:
    """What a forger may send: one PROXY header, two in a row, X-Forwarded-For, or both kinds."""
    header = (Wire.V1, FORGED)
    yield Connection(claim, (header,))
    yield Connection(claim, (header, header))
    yield Connection(claim, (), (FORGED,))
    yield Connection(claim, (header,), (FORGED,))


# --- one way through the hops ------------------------------------------------------------------


def _go_from(graph: HopGraph, route: Route, start: Link | Listener, connection: Connection) -> Iterator[_End]:
    if isinstance(start, Listener):
        index = next(i for i, link in enumerate(route.links) if link.to is start)
        yield from _arrive(graph, route, index, connection, (), is_forger=True)
        return
    index = next(i for i, link in enumerate(route.links) if link.to is start.to)
    for crossing in cross(graph, start, connection, None, is_forger=True):
        yield from _after(graph, route, index, crossing, (), is_forger=True)


def _go(
    graph: HopGraph,
    route: Route,
    index: int,
    connection: Connection,
    steps: tuple[Step, ...],
    *,
    is_forger: bool,
    received: Received | None = None,
) -> Iterator[_End]:
    link = route.links[index]
    if link.broken is not None:
        step = Step(str(link.to), link.broken.value, link.broken.at)
        yield _End(None, (*steps, step), refused=link.broken.value, basis=link.broken.basis)
        return
    if not is_forger and greets_first(route):
        if link.awaits_client is not None:
            yield _mute(link.entry, link.awaits_client.value, link.awaits_client, steps)
            return
        if link.withholds.value is Tri.YES and link.withholds.is_known:
            yield _mute(link.sender, link.withholds.origin, link.withholds, steps)
            if link.withholds.is_proven:
                return
    if not is_forger and link.takes_tls is not None and opens_tls(route):
        yield _mute(link.entry, link.takes_tls.value, link.takes_tls, steps)
        return
    if link.admitted.value is Tri.NO and link.admitted.is_known:
        step = Step(str(link.to), link.admitted.origin, link.admitted.at)
        yield _End(None, (*steps, step), refused=link.admitted.origin, basis=link.admitted.basis)
        return
    for crossing in cross(graph, link, connection, received, is_forger=is_forger):
        yield from _after(graph, route, index, crossing, steps, is_forger=is_forger)


def greets_first(route: Route) -> bool:
    """Whether clients of the route wait for the server's greeting: by the public port, else the listener."""
    public = WELL_KNOWN.get(route.door.port)
    if public is not None:
        return public.is_server_first
    takes_tls_off = any(link.router and link.router.tls is RouterTls.TERMINATES for link in route.links)
    return route.listener.serves.value.is_server_first and not takes_tls_off


def opens_tls(route: Route) -> bool:
    """Whether clients of the route begin with TLS: by the public port, else the listener."""
    return WELL_KNOWN.get(route.door.port, route.listener.serves.value).is_implicit_tls


def _mute(
    hop: Hop | Listener | None, words: str, why: Fact[str] | Fact[Tri], steps: tuple[Step, ...]
) -> _End:
    """Both sides wait for each other until the connection is closed."""
    step = Step(str(hop or "the internet"), words, why.at)
    settles = () if why.is_proven else (why.settles or words,)
    return _End(None, (*steps, step), settles, words, why.basis)


def _after(
    graph: HopGraph, route: Route, index: int, crossing: Crossing, steps: tuple[Step, ...], *, is_forger: bool
) -> Iterator[_End]:
    for end in _arrive(
        graph, route, index, crossing.connection, (*steps, crossing.step), is_forger=is_forger
    ):
        yield replace(
            end, settles=(*crossing.settles, *end.settles), basis=weakest(end.basis, crossing.basis)
        )


def _arrive(
    graph: HopGraph,
    route: Route,
    index: int,
    connection: Connection,
    steps: tuple[Step, ...],
    *,
    is_forger: bool,
) -> Iterator[_End]:
    listener = route.links[index].to
    starts = listener.hop.starts
    if starts.value is Tri.NO and starts.is_known:
        why = f": {starts.origin}" if starts.origin else ""
        step = Step(str(listener), f"does not start{why}", starts.at)
        yield _End(None, (*steps, step), refused="it does not start", basis=starts.basis)
        return
    is_last = index == len(route.links) - 1
    if not is_last and connection.wire and listener.proxy.is_off and not _is_opaque(route, index):
        yield _End(None, (*steps, _unreadable(listener)), refused=UNREADABLE)
        return
    heard = listener if greets_first(route) else _unstalled(listener)
    for received in receive(heard, connection, is_last=is_last, is_forger=is_forger):
        does = received.refused or received.does
        walked = (*steps, Step(str(listener), does, received.at))
        if received.refused:
            yield _End(None, walked, received.settles, received.refused, received.basis)
        elif received.rest and not is_last and not _is_opaque(route, index):
            yield _End(None, (*walked, _unreadable(listener)), received.settles, UNREADABLE, received.basis)
        elif is_last:
            yield _End(received.believed, walked, received.settles, basis=received.basis)
        else:
            for end in _go(
                graph, route, index + 1, connection, walked, is_forger=is_forger, received=received
            ):
                yield replace(
                    end, settles=(*received.settles, *end.settles), basis=weakest(end.basis, received.basis)
                )


def _unstalled(listener: Listener) -> Listener:
    """The listener as clients find it that speak first: their first bytes tell that no header comes.

    Witness: none covers tls v2 imaps demands honest
    Witness: none covers none web everyone honest
    """
    if listener.proxy.absent != "stalls":
        return listener
    return replace(listener, proxy=replace(listener.proxy, absent="works"))


UNREADABLE = "takes the PROXY header for payload that its routing cannot read"


def _unreadable(listener: Listener) -> Step:
    """A header before TLS or HTTP that the listener reads no further, or the second one.

    Witness: none covers terminates v2 imap demands two
    """
    return Step(str(listener), UNREADABLE, listener.at)


def _is_opaque(route: Route, index: int) -> bool:
    router = route.links[index + 1].router
    return router is None or (router.protocol == "tcp" and router.tls is RouterTls.NONE)


def _merge(route: Route, walker: Walker, ends: list[_End]) -> Walk:
    """One answer out of all ways: certain if they agree, else unknown with what would settle it."""
    kinds = {end.believes for end in ends}
    if walker is not Walker.HONEST:
        kinds = {Believes.FORGED if kind is Believes.FORGED else Believes.REFUSED for kind in kinds}
    first = next((end for end in ends if end.believes is Believes.FORGED), ends[0])
    if len(kinds) > 1:
        settles = tuple(dict.fromkeys(name for end in ends for name in end.settles if name))
        return Walk(route, walker, Believes.UNKNOWN, first.steps, settles)
    believed = first.believed
    return Walk(
        route,
        walker,
        first.believes,
        first.steps,
        turned_at=believed.at if believed else None,
        because=believed.because if believed else first.refused,
        basis=weakest(*(end.basis for end in ends)),
        rests_on_absence=believed.rests_on_absence if believed else False,
    )
