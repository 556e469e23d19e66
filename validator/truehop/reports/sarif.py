"""SARIF 2.1.0, with the way of the connection as a code flow."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from truehop import __version__
from truehop.findings.outcome import Crash, Finding, Outcome, Unjudged
from truehop.model.facts import Location
from truehop.model.walk import Step
from truehop.reports.base import Format, Look
from truehop.reports.json_v1 import Value
from truehop.rules.base import Confidence, Rule, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_IN_SOURCE = frozenset({"comment", "annotation"})
_MARKUP = re.compile(r"^#+ *|^```.*$|`", re.MULTILINE)


def write(outcome: Outcome, look: Look) -> str:
    """One run with every rule of the catalogue, its findings and what could not be judged."""
    del look
    index = {rule.id: number for number, rule in enumerate(outcome.rules)}
    findings = sorted((*outcome.findings, *outcome.suppressed), key=lambda finding: finding.order)
    run: dict[str, Value] = {
        "tool": {
            "driver": {
                "name": "truehop",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, outcome.off) for rule in outcome.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(outcome)],
        "results": [_result(finding, index) for finding in findings],
    }
    return log_of(run)


def _rule(rule: Rule, off: frozenset[str]) -> Value:
    title = rule.title or rule.id
    configuration: dict[str, Value] = {"level": LEVELS[rule.severity]}
    if rule.id in off:
        configuration["enabled"] = False
    return {
        **named(rule.id, title),
        "help": {"text": _MARKUP.sub("", rule.doc) or title, "markdown": rule.doc or title},
        "defaultConfiguration": configuration,
        "properties": {"tags": [rule.group], "precision": "high"},
    }


def named(rule: str, title: str) -> dict[str, Value]:
    """How a rule is called: its id, the id in one word, and its title."""
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}."},
    }


def log_of(run: dict[str, Value]) -> str:
    """A log of one run, as text."""
    log: dict[str, Value] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding, index: dict[str, int]) -> Value:
    report, accepted = finding.report, finding.suppressed_by
    text = f"{report.message}\n{report.help}" if report.help else report.message
    result: dict[str, Value] = {"ruleId": finding.rule}
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    result |= {
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [place for place in (_place(finding.at),) if place],
        "partialFingerprints": {"truehop/v1": finding.fingerprint},
        "properties": {"precision": _PRECISION[report.confidence]},
    }
    related = [(at, word) for at, word in report.related if at.path]
    if related:
        result["relatedLocations"] = [_place(at, word, number) for number, (at, word) in enumerate(related)]
    flow = _flow(finding.route)
    if flow:
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    result["suppressions"] = (
        [{"kind": "inSource" if accepted.by in _IN_SOURCE else "external", "justification": accepted.reason}]
        if accepted
        else []
    )
    return result


def _flow(steps: tuple[Step, ...]) -> list[Value]:
    """The steps; one without a place keeps its words, which SARIF allows."""
    told = [(step.at, f"{step.hop}: {step.does}") for step in steps]
    return [{"location": _place(at, words) or {"message": {"text": words}}} for at, words in told]


def _place(at: Location | None, word: str = "", number: int | None = None) -> dict[str, Value]:
    if at is None or not at.path:
        return {}
    physical: dict[str, Value] = {"artifactLocation": {"uri": _uri(at.path)}}
    if at.line:
        region: dict[str, Value] = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line}
        physical["region"] = region | {"endColumn": at.end_column}
    place: dict[str, Value] = {"physicalLocation": physical}
    if number is not None:
        place["id"] = number
    if at.object:
        place["logicalLocations"] = [{"fullyQualifiedName": str(at.object), "kind": "object"}]
    if word:
        place["message"] = {"text": word}
    return place


def _uri(path: str) -> str:
    return quote(path, safe="/-._~")


def _invocation(outcome: Outcome) -> Value:
    invocation: dict[str, Value] = {"executionSuccessful": not outcome.crashes}
    lost = [_lost(unjudged) for unjudged in outcome.unjudged]
    crashed = [_crashed(crash) for crash in outcome.crashes]
    if lost or crashed:
        invocation["toolExecutionNotifications"] = [*lost, *crashed]
    return invocation


def _lost(unjudged: Unjudged) -> Value:
    line = unjudged.line or 0
    place = _place(Location(unjudged.path, line, 1, line, 1))
    told: dict[str, Value] = {"level": "warning", "message": {"text": f"not judged: {unjudged.reason}"}}
    return told | ({"locations": [place]} if place else {})


def _crashed(crash: Crash) -> Value:
    return {"level": "error", "message": {"text": f"{crash.part} crashed, a bug in truehop: {crash.error}"}}


FORMAT = Format("sarif", frozenset({"check"}), write)
