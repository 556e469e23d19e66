"""From drafts to findings, and from findings to the outcome of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from truehop.findings import baseline
from truehop.findings.causes import Draft, settle
from truehop.findings.fingerprints import Trees, with_fingerprints
from truehop.findings.globs import matches_path
from truehop.findings.outcome import Checked, Crash, Finding, Outcome, RouteView, Unjudged, highest
from truehop.findings.routes import way
from truehop.findings.waivers import UNUSED, Unused, Waiver, apply
from truehop.model.walk import Walks
from truehop.rules.base import Report, Rule, Severity
from truehop.settings import Settings
from truehop.source.problems import INVALID, NOT_JUDGED, Problem

#: Ids that an ignore may name although no rule has them.
INPUT_IDS = frozenset({INVALID, NOT_JUDGED})


@dataclass(slots=True)
class ScopeResult:
    """What one scope yields: plain values, so that scopes may be judged in processes of their own."""

    findings: list[Finding] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    routes: list[RouteView] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    checked: Checked = field(default_factory=Checked)
    paths: set[str] = field(default_factory=set)
    relevant: bool = False
    graph: tuple[str, ...] = ()


def draft(rule: Rule, report: Report, settings: Settings) -> Draft:
    """A report with the severity that holds for it."""
    chosen = settings.choice(rule.id).severity
    if chosen is not None:
        return Draft(rule, report, Severity(chosen), is_pinned=True)
    return Draft(rule, report, report.severity or rule.severity)


def scope_findings(drafts: Sequence[Draft], walks: Walks, trees: Trees, *, is_closed: bool) -> list[Finding]:
    """The findings of one scope, causes before consequences, one per rule and place."""
    return [_finding(one, walks, trees) for one in settle(drafts, is_closed=is_closed)]


def _finding(one: Draft, walks: Walks, trees: Trees) -> Finding:
    report = one.report
    return Finding(
        rule=one.rule.id,
        severity=one.severity,
        report=replace(report, message=one.message, routes=()),
        route=way(one.rule.id, one.rule.explains, report.routes, walks),
        identity=trees.identity(one.rule.id, report.at),
        excerpt=trees.excerpt(report.at),
    )


def of_problems(
    problems: Iterable[Problem], rules: Mapping[str, Rule], settings: Settings, trees: Trees
) -> tuple[list[Finding], list[Unjudged]]:
    """What the loader met: findings under those of the rules it names, and what could not be judged."""
    findings: list[Finding] = []
    unjudged: list[Unjudged] = []
    for problem in problems:
        if problem.rule in INPUT_IDS:
            line = problem.at.line or None
            reason = f"{problem.message}; {problem.help}" if problem.help else problem.message
            unjudged.append(Unjudged(problem.at.path, reason, line, problem.rule))
        rule = rules.get(problem.rule)
        if rule is not None and problem.rule != NOT_JUDGED:  # what was left out is told once, as such
            report = Report(at=problem.at, message=problem.message, help=problem.help)
            findings.append(_finding(draft(rule, report, settings), Walks(), trees))
    return findings, unjudged


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """One finding per rule and place, over all scopes that show it."""
    merged: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        at = finding.at
        key = (finding.rule, at.path, at.line, at.column, at.end_line, at.end_column, at.pointer)
        first = merged.setdefault(key, finding)
        if first is not finding:
            merged[key] = _join(first, finding)
    return list(merged.values())


def _join(first: Finding, other: Finding) -> Finding:
    severity = highest([first.severity, other.severity])
    told, more = (first, other) if first.severity is severity else (other, first)
    related = dict.fromkeys((*told.report.related, *more.report.related))
    if more.report.message != told.report.message and not more.report.related:
        related[more.at, more.report.message] = None
    return replace(told, report=replace(told.report, related=tuple(related)))


@dataclass(frozen=True, slots=True)
class Closing:
    """What is needed to close a run: settings, catalogue, and which rules were looked for.

    ``covers_all`` says that the whole folder of the configuration was given: only then an ignore
    without a path can be unused.
    """

    settings: Settings
    rules: tuple[Rule, ...]
    ran: frozenset[str]
    waivers: tuple[Waiver, ...] = ()
    baseline: frozenset[str] = frozenset()
    covers_all: bool = True


def conclude(results: Sequence[ScopeResult], closing: Closing) -> Outcome:
    """Ignores, baseline, fingerprints and order: what the user is told in the end."""
    paths = {path for result in results for path in result.paths}
    crashed = {crash.part for result in results for crash in result.crashes}
    waivers = [*_due(closing, paths), *dict.fromkeys(w for result in results for w in result.waivers)]
    findings = merge(finding for result in results for finding in result.findings)
    unjudged = list(dict.fromkeys(lost for result in results for lost in result.unjudged))
    ids = {rule.id: rule for rule in closing.rules}
    ran = closing.ran - crashed
    waived = apply(waivers, findings, unjudged, known=ids.keys() | INPUT_IDS, ran=ran | INPUT_IDS - {UNUSED})
    findings = waived.findings + _unused(waived.unused, waivers, ids, closing)
    marked, stale = baseline.accept(with_fingerprints(findings), closing.baseline)
    return Outcome(
        findings=tuple(finding for finding in marked if finding.suppressed_by is None),
        suppressed=tuple(finding for finding in marked if finding.suppressed_by is not None),
        unjudged=tuple(sorted(waived.unjudged, key=lambda lost: (lost.path, lost.line or 0, lost.reason))),
        crashes=tuple(crash for result in results for crash in result.crashes),
        routes=tuple(sorted((view for result in results for view in result.routes), key=lambda v: v.order)),
        checked=sum((result.checked for result in results), Checked()),
        relevant=any(result.relevant for result in results),
        graphs=tuple(result.graph for result in results if result.graph),
        rules=closing.rules,
        off=frozenset(ids) - closing.ran,
        stale_baseline=stale,
    )


def _due(closing: Closing, paths: set[str]) -> list[Waiver]:
    """The configuration's ignores that this run can say anything about."""
    return [
        waiver
        for waiver in closing.waivers
        if not waiver.path or any(matches_path(waiver.path, path) for path in paths)
    ]


def _unused(
    unused: Sequence[Unused], waivers: Sequence[Waiver], ids: Mapping[str, Rule], closing: Closing
) -> list[Finding]:
    rule = ids.get(UNUSED)
    if rule is None or UNUSED not in closing.ran:
        return []
    found = [
        _idle(one, rule, closing) for one in unused if one.waiver.by != "config" or _is_told(one, closing)
    ]
    accepting = [waiver for waiver in waivers if UNUSED in waiver.rules]
    return apply(accepting, merge(found), (), known=ids, ran=frozenset({UNUSED})).findings


def _is_told(one: Unused, closing: Closing) -> bool:
    """Whether an idle entry of the configuration is idle for sure: all it could match was checked."""
    waiver = one.waiver
    return (
        closing.covers_all
        or waiver.by != "config"
        or bool(waiver.path or waiver.flaw)
        or "no such" in one.why
    )


def _idle(one: Unused, rule: Rule, closing: Closing) -> Finding:
    name = f"the ignore of {one.rule}" if one.rule else "the ignore"
    cure = "remove it"
    if one.why.startswith("there is no such"):
        near = get_close_matches(one.rule, [known.id for known in closing.rules], n=1)
        cure = f"did you mean {near[0]}?" if near else "`truehop rules` lists the ids"
    elif one.why.startswith("it gives"):
        cure = "write why it is accepted behind it"
    report = Report(at=one.waiver.at, message=f"{name} does nothing: {one.why}", help=cure)
    identity = f"{rule.id}\0{one.waiver.at.path}\0{one.rule}\0{one.waiver.by}"
    return replace(_finding(draft(rule, report, closing.settings), Walks(), Trees(())), identity=identity)
