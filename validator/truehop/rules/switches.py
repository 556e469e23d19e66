"""Reports about settings that do not do what they say."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.model.facts import Basis
from truehop.model.hops import Effect, HopGraph, Route, Switch
from truehop.rules.base import ERROR, WARNING, Report
from truehop.rules.common import here, merged
from truehop.rules.index import Index


def switch_reports(graph: HopGraph, *effects: Effect) -> Iterator[Report]:
    """One report per place for the switches with one of these effects; a guess is a warning."""
    index = Index(graph)
    return merged(_report(index, switch) for switch in graph.switches if switch.effect in effects)


def _report(index: Index, switch: Switch) -> Report:
    written = f"{switch.name}: {switch.value}" if switch.value else switch.name
    whose = f" at {switch.hop}" if switch.hop else ""
    is_certain = switch.basis in {Basis.STATED, Basis.DEFAULT}
    other = ((switch.other, "the other setting"),) if switch.other else ()
    return Report(
        at=switch.at,
        message=f"{written}{whose} {_WORDS[switch.effect]}: {switch.because}",
        help=f"write {switch.instead}" if switch.instead else "",
        severity=ERROR if is_certain else WARNING,
        related=(*other, *map(here, switch.listeners)),
        routes=_routes(index, switch),
    )


_WORDS = {
    Effect.IGNORED: "does nothing",
    Effect.CANCELLED: "is cancelled",
    Effect.UNSTABLE: "is read differently from start to start",
    Effect.MISPLACED: "stands in the wrong place",
    Effect.WORKS: "works",
}


def _routes(index: Index, switch: Switch) -> tuple[Route, ...]:
    """The routes it spoils: through its listeners, else all of its program."""
    if switch.listeners:
        return index.routes_through(switch.listeners)
    return index.routes_by(switch.hop) if switch.hop else ()


__all__ = ["switch_reports"]
