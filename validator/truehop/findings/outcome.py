"""What a run found, as plain values that every report format reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from truehop.model.facts import Location
from truehop.model.walk import Step
from truehop.rules.base import Report, Rule, Severity

RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def floor_of(fail_on: str) -> int:
    """The lowest rank that fails; ``never`` is above all."""
    return len(RANK) if fail_on == "never" else RANK[Severity(fail_on)]


def highest(severities: Iterable[Severity]) -> Severity:
    """The worst of them; info where there is none."""
    return max(severities, key=RANK.__getitem__, default=Severity.INFO)


def lowest(severities: Iterable[Severity]) -> Severity:
    """The mildest of them; error where there is none."""
    return min(severities, key=RANK.__getitem__, default=Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Suppression:
    """Who accepts a finding (``config``, ``comment``, ``annotation`` or ``baseline``), and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines a finding stands on, as the user has them; empty where they must not be shown."""

    first_line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one place.

    ``report.routes`` is empty here: a finding is a plain value that may cross processes. ``route``
    is the way of the connection that shows the defect; ``identity`` what the fingerprint is made of.
    """

    rule: str
    severity: Severity
    report: Report
    route: tuple[Step, ...] = ()
    identity: str = ""
    fingerprint: str = ""
    suppressed_by: Suppression | None = None
    excerpt: Excerpt | None = None

    @property
    def at(self) -> Location:
        """The primary place."""
        return self.report.at

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """The order in which findings are told."""
        at = self.at
        return at.path, at.line, at.column, self.rule, at.pointer, self.report.message


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Input that could not be judged, and why; ``rule`` is the id an ignore may name."""

    path: str
    reason: str
    line: int | None = None
    rule: str = "not-judged"


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule (or another part, by name) that failed; always a bug of ours."""

    part: str
    scope: str
    error: str
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One link of a route, in words: who sends what to which listener.

    ``sends`` is ``none``, ``v1``, ``v2``, ``xff`` or ``unknown``; ``source`` what becomes of the
    packet's source; ``reads`` whether the listener reads a header, and of which kind.
    """

    to: str
    role: str
    port: int
    entry: str
    sends: str
    source: str
    reads: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class RouteView:
    """One public port and the way behind it, with what is believed and who can lie."""

    port: int
    protocol: str
    door: str
    owner: str
    front: str
    listener: str
    believes: str
    forgeable_by: tuple[tuple[str, str], ...]
    settles: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    forgeries: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    legs: tuple[Leg, ...] = ()
    clients: tuple[Leg, ...] = ()
    scope: str = ""

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """The order in which routes are told."""
        return self.port, self.scope, self.door, self.owner, self.listener


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was looked at."""

    files: int = 0
    objects: int = 0
    listeners: int = 0

    def __add__(self, other: Checked) -> Checked:
        """Both together."""
        return Checked(
            self.files + other.files, self.objects + other.objects, self.listeners + other.listeners
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a run found; findings and suppressed ones in telling order.

    ``rules`` are all rules of the catalogue, ``off`` the ids that did not run. ``relevant`` says
    whether anything that truehop judges was in the input.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    crashes: tuple[Crash, ...] = ()
    routes: tuple[RouteView, ...] = ()
    checked: Checked = field(default_factory=Checked)
    relevant: bool = True
    rules: tuple[Rule, ...] = ()
    off: frozenset[str] = frozenset()
    stale_baseline: int = 0
    #: Each scope's graph in lines, where it was asked for.
    graphs: tuple[tuple[str, ...], ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of a severity stand (suppressed ones not counted)."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    def reaches(self, fail_on: str) -> bool:
        """Whether a finding stands at or above the severity; ``never`` is reached by none."""
        floor = floor_of(fail_on)
        return any(RANK[finding.severity] >= floor for finding in self.findings)
