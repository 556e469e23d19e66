"""Places in a rendering become places in the texts the user has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from truehop.findings.conclude import ScopeResult
from truehop.findings.fingerprints import Trees
from truehop.findings.outcome import Finding
from truehop.model.facts import Location
from truehop.model.walk import Step

Relocate = Callable[[Location], Location]


def relocate(result: ScopeResult, to: Relocate, trees: Trees) -> None:
    """Move every place of a result; fingerprints stay what they are."""
    result.findings = [_finding(finding, to, trees) for finding in result.findings]
    result.routes = [replace(route, steps=_steps(route.steps, to)) for route in result.routes]


def _finding(finding: Finding, to: Relocate, trees: Trees) -> Finding:
    report = finding.report
    at = to(report.at)
    if at is report.at:
        return finding
    return replace(
        finding,
        report=replace(report, at=at, related=tuple((to(place), word) for place, word in report.related)),
        route=_steps(finding.route, to),
        excerpt=trees.excerpt(at),
    )


def _steps(steps: tuple[Step, ...], to: Relocate) -> tuple[Step, ...]:
    return tuple(replace(step, at=to(step.at)) if step.at is not None else step for step in steps)
