"""Cause before consequence: what a defect leads to is told at the defect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from truehop.findings.outcome import RANK, highest, lowest
from truehop.model.facts import Location, ObjectRef
from truehop.model.hops import Route
from truehop.rules.base import SPOILS, WARNING, Confidence, Report, Rule, Severity

#: What each consequence means to the user, as the end of a cause's message.
FOLLOWS = {
    "address-lost": "the client's address is lost",
    "address-forgeable": "anybody on the internet can choose the recorded address",
    "address-forgeable-inside": "somebody inside the cluster can choose the recorded address",
}
#: What need not be said where more is said: the internet can, so insiders can.
IMPLIED_BY = {"address-forgeable-inside": "address-forgeable"}
#: Rules that say nothing of a workload on which another rule says more.
SILENCED_BY = {"policy-missing": "header-unguarded"}
_SURENESS = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}


@dataclass(slots=True, eq=False)
class Draft:
    """A report on its way to a finding.

    ``is_pinned`` says that the user chose the severity; ``follows`` are the consequences this
    defect explains, each with the public ports that suffer.
    """

    rule: Rule
    report: Report
    severity: Severity
    is_pinned: bool = False
    follows: dict[str, set[int]] = field(default_factory=dict)
    #: Messages of further drafts at the same place, told by their number only.
    others: set[str] = field(default_factory=set)

    def take(self, consequence: Draft, route: Route) -> None:
        """Speak for a consequence on one route, with its severity."""
        self.follows.setdefault(consequence.rule.id, set()).add(route.door.port)
        if not self.is_pinned:
            self.severity = highest([self.severity, consequence.severity])

    def cap(self, *, is_closed: bool) -> None:
        """Nothing that rests on an absence is above warning unless the user closed the world."""
        if self.report.rests_on_absence and not is_closed:
            self.severity = lowest([self.severity, WARNING])

    @property
    def objects(self) -> set[ObjectRef]:
        """Every object that the report speaks of."""
        places = [self.report.at, *(place for place, _ in self.report.related)]
        named = {place.object for place in places if place.object is not None}
        hops = {route.listener.hop.ref for route in self.report.routes}
        return named | {ref for ref in hops if ref is not None}

    @property
    def message(self) -> str:
        """The report's message, and what follows from the defect."""
        ends = []
        for consequence, words in FOLLOWS.items():
            louder = self.follows.get(IMPLIED_BY.get(consequence, ""), set())
            ports = self.follows.get(consequence, set()) - louder
            if ports:
                ends.append(f"{words} on {_ports(ports)}")
        more = f" (and {len(self.others)} more)" if self.others else ""
        message = f"{self.report.message}{more}"
        return f"{message}; so {' and '.join(ends)}" if ends else message


def _ports(ports: Iterable[int]) -> str:
    numbers = [str(port) for port in sorted(ports)]
    if len(numbers) == 1:
        return f"port {numbers[0]}"
    return f"ports {', '.join(numbers[:-1])} and {numbers[-1]}"


def settle(drafts: Sequence[Draft], *, is_closed: bool) -> list[Draft]:
    """One draft per defect and place: consequences go into their causes, equals are merged."""
    for draft in drafts:
        draft.cap(is_closed=is_closed)
    kept = _explain(_unsilenced(drafts))
    for draft in kept:
        draft.cap(is_closed=is_closed)
    return merge(kept)


def _unsilenced(drafts: Sequence[Draft]) -> list[Draft]:
    louder: dict[str, set[ObjectRef]] = {}
    wanted = set(SILENCED_BY.values())
    for draft in drafts:
        if draft.rule.id in wanted:
            louder.setdefault(draft.rule.id, set()).update(draft.objects)
    return [
        draft
        for draft in drafts
        if draft.report.at.object is None
        or draft.report.at.object not in louder.get(SILENCED_BY.get(draft.rule.id, ""), ())
    ]


def _causes(drafts: Sequence[Draft]) -> dict[tuple[str, str], list[Draft]]:
    """Who explains a consequence on a route."""
    causes: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        for consequence in draft.rule.explains:
            for route in draft.report.routes:
                causes.setdefault((consequence, route.key), []).append(draft)
    return causes


def _explain(drafts: Sequence[Draft]) -> list[Draft]:
    causes = _causes(drafts)
    kept: list[Draft] = []
    for draft in drafts:
        routes = draft.report.routes
        if draft.rule.id not in SPOILS or not routes:
            kept.append(draft)
            continue
        left: list[Route] = []
        for route in routes:
            explaining = causes.get((draft.rule.id, route.key), ())
            for cause in explaining:
                cause.take(draft, route)
            if not explaining:
                left.append(route)
        if left:
            draft.report = replace(draft.report, routes=tuple(left))
            kept.append(draft)
    return kept


def _span(at: Location) -> tuple[str, int, int, int, int, str]:
    pointer = "" if at.line else at.pointer  # without a line only the pointer tells places apart
    return at.path, at.line, at.column, at.end_line, at.end_column, pointer


def merge(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft per rule and primary span; further listeners go to related places and routes."""
    merged: dict[tuple[str, tuple[str, int, int, int, int, str]], Draft] = {}
    for draft in drafts:
        first = merged.setdefault((draft.rule.id, _span(draft.report.at)), draft)
        if first is not draft:
            _join(first, draft)
    return list(merged.values())


def _join(first: Draft, other: Draft) -> None:
    told, more = first.report, other.report
    if RANK[other.severity] > RANK[first.severity]:
        told, more = more, told  # the worse one speaks
    related = dict.fromkeys((*told.related, *more.related))
    if more.message != told.message and not more.related:
        related[more.at, more.message] = None
    known = {route.key for route in told.routes}
    first.report = replace(
        told,
        related=tuple(related),
        routes=(*told.routes, *(route for route in more.routes if route.key not in known)),
        confidence=max(told.confidence, more.confidence, key=_SURENESS.__getitem__),
        rests_on_absence=told.rests_on_absence and more.rests_on_absence,
    )
    first.severity = highest([first.severity, other.severity])
    first.others = (first.others | other.others | {more.message}) - {told.message}
    for consequence, ports in other.follows.items():
        first.follows.setdefault(consequence, set()).update(ports)
