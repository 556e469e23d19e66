"""The JSON report, version 1: a frozen format of its own, not a dump of our types."""

from __future__ import annotations

import json

from truehop import __version__
from truehop.findings.outcome import Finding, Outcome, RouteView, Unjudged
from truehop.model.facts import Location
from truehop.reports.base import Format, Look
from truehop.rules.base import Severity

Value = str | int | None | list["Value"] | dict[str, "Value"]


def write(outcome: Outcome, look: Look) -> str:
    """The document of ``schemas/report-v1.schema.json``."""
    del look
    return json.dumps(document(outcome), indent=2, ensure_ascii=False) + "\n"


def document(outcome: Outcome) -> dict[str, Value]:
    """The report as a tree of plain values."""
    findings = sorted((*outcome.findings, *outcome.suppressed), key=lambda finding: finding.order)
    checked = outcome.checked
    return {
        "version": 1,
        "tool": {"name": "truehop", "version": __version__},
        "checked": {"files": checked.files, "objects": checked.objects, "listeners": checked.listeners},
        "summary": {
            **{severity.value: outcome.count(severity) for severity in Severity},
            "suppressed": len(outcome.suppressed),
            "unjudged": len(outcome.unjudged),
        },
        "findings": [_finding(finding) for finding in findings],
        "routes": [_route(route) for route in outcome.routes],
        "unjudged": [_unjudged(lost) for lost in outcome.unjudged],
    }


def location(at: Location | None) -> Value:
    """A place; null where there is none, null lines where only the file is known."""
    if at is None or not at.path:
        return None
    known = at.line > 0
    return {
        "path": at.path,
        "line": at.line if known else None,
        "column": at.column if known else None,
        "endLine": at.end_line if known else None,
        "endColumn": at.end_column if known else None,
        "pointer": at.pointer,
        "template": at.template,
        "object": {"kind": at.object.kind, "namespace": at.object.namespace, "name": at.object.name}
        if at.object
        else None,
    }


def _finding(finding: Finding) -> Value:
    report, accepted = finding.report, finding.suppressed_by
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": report.confidence.value,
        "message": report.message,
        "help": report.help,
        "fingerprint": finding.fingerprint,
        "suppressed": {"by": accepted.by, "reason": accepted.reason} if accepted else None,
        "location": location(finding.at),
        "related": [{"location": location(at), "message": word} for at, word in report.related],
        "route": [f"{step.hop}: {step.does}" for step in finding.route],
    }


def _route(route: RouteView) -> Value:
    return {
        "port": route.port,
        "protocol": route.protocol,
        "door": route.door,
        "listener": route.listener,
        "believes": route.believes,
        "forgeable_by": dict(route.forgeable_by),
        "settles": list(route.settles),
        "steps": [
            {"hop": step.hop, "does": step.does, "location": location(step.at)} for step in route.steps
        ],
    }


def _unjudged(lost: Unjudged) -> Value:
    return {"path": lost.path, "line": lost.line, "reason": lost.reason}


FORMAT = Format("json", frozenset({"check", "path"}), write)
