"""Ignores with reasons: whatever the user accepts, wherever he says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from truehop.findings.globs import matches_object, matches_path
from truehop.findings.outcome import Finding, Suppression, Unjudged
from truehop.model.facts import Location, ObjectRef
from truehop.settings import Ignore
from truehop.source.tree import Text

UNUSED = "unused-ignore"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted defect: which rules (none named: all), where, why, and who says so.

    ``by`` is ``config``, ``comment`` or ``annotation``. A comment is for a ``line``
    of its own file, an annotation for ``ref``, a configuration entry for its globs. ``flaw`` says
    why it can never apply.
    """

    by: str
    rules: tuple[str, ...]
    reason: str
    at: Location
    path: str = ""
    object: str = ""
    line: int = 0
    ref: ObjectRef | None = None
    flaw: str = ""

    def names(self, rule: str) -> bool:
        """Whether it speaks of the rule."""
        return not self.rules or rule in self.rules

    def covers(self, finding: Finding) -> bool:
        """Whether it accepts the finding."""
        if self.flaw or not self.names(finding.rule):
            return False
        at = finding.at
        if self.line:
            return at.path == self.at.path and self.line in {at.line, at.end_line}
        if self.ref is not None:
            is_same_text = at.path == self.at.path or (at.template or "") == self.at.template
            return at.object == self.ref and is_same_text
        if self.path and not matches_path(self.path, at.path):
            return False
        return not self.object or (at.object is not None and matches_object(self.object, at.object))

    def covers_input(self, unjudged: Unjudged) -> bool:
        """Whether it accepts that an input is not judged; only the configuration can say so."""
        if self.by != "config" or self.flaw or self.object or unjudged.rule not in self.rules:
            return False
        return not self.path or matches_path(self.path, unjudged.path)

    @property
    def suppression(self) -> Suppression:
        """What a finding it covers is marked with."""
        return Suppression(self.by, self.reason)


def from_settings(ignores: Iterable[Ignore], today: date) -> Iterator[Waiver]:
    """The configuration's ignores; one whose last day is past no longer applies."""
    for ignore in ignores:
        at = ignore.at
        place = (
            Location(at.path, at.line, at.column, at.end_line, at.end_column, at.pointer)
            if at is not None
            else Location("", 0, 0, 0, 0)
        )
        over = ignore.until is not None and ignore.until < today
        flaw = f"it ended on {ignore.until}" if over else ""
        yield Waiver("config", ignore.rules, ignore.reason, place, ignore.path, ignore.object, flaw=flaw)


def of_annotation(text: Text, ref: ObjectRef) -> Iterator[Waiver]:
    """The ignores in an object's annotation: ``rule-id: reason; other: reason``."""
    for part in text.split(";"):
        rule, _, reason = part.value.partition(":")
        flaw = "" if reason.strip() else "it gives no reason"
        yield Waiver("annotation", (rule.strip(),), reason.strip(), part.location(), ref=ref, flaw=flaw)


@dataclass(frozen=True, slots=True)
class Unused:
    """A waiver, and why it does nothing."""

    waiver: Waiver
    rule: str
    why: str


@dataclass(slots=True)
class Waived:
    """What is left after the waivers were asked."""

    findings: list[Finding]
    unjudged: list[Unjudged]
    accepted: list[Unjudged]
    unused: list[Unused]


def apply(
    waivers: Sequence[Waiver],
    findings: Sequence[Finding],
    unjudged: Sequence[Unjudged],
    *,
    known: Iterable[str],
    ran: frozenset[str],
) -> Waived:
    """Mark what is accepted, and tell which waivers accept nothing.

    ``known`` are the ids an ignore may name, ``ran`` those that were looked for: of others nothing
    is said to be unused.
    """
    ids = frozenset(known)
    used: set[tuple[int, str]] = set()
    marked = [_mark(finding, waivers, used) for finding in findings]
    left: list[Unjudged] = []
    accepted: list[Unjudged] = []
    for lost in unjudged:
        covering = [number for number, waiver in enumerate(waivers) if waiver.covers_input(lost)]
        used.update((number, lost.rule) for number in covering)
        (accepted if covering else left).append(lost)
    unused = [
        Unused(waiver, rule, why)
        for number, waiver in enumerate(waivers)
        for rule in waiver.rules or ("",)
        if (why := _idle(waiver, rule, number, used, ids, ran))
    ]
    return Waived(marked, left, accepted, unused)


def _mark(finding: Finding, waivers: Sequence[Waiver], used: set[tuple[int, str]]) -> Finding:
    covering = [(number, waiver) for number, waiver in enumerate(waivers) if waiver.covers(finding)]
    if not covering:
        return finding
    for number, waiver in covering:
        used.add((number, finding.rule if waiver.rules else ""))
    if finding.suppressed_by is not None:
        return finding
    return replace(finding, suppressed_by=covering[0][1].suppression)


def _idle(
    waiver: Waiver,
    rule: str,
    number: int,
    used: set[tuple[int, str]],
    known: frozenset[str],
    ran: frozenset[str],
) -> str:
    if rule and rule not in known:
        return "there is no such rule"
    if rule and rule not in ran:
        return ""
    if waiver.flaw:
        return waiver.flaw
    return "" if (number, rule) in used else "it matches nothing"
