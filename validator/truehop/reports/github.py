"""Annotations of GitHub's workflow commands, one line each."""

from __future__ import annotations

from truehop.findings.outcome import Finding, Outcome, Unjudged
from truehop.reports.base import Format, Look
from truehop.rules.base import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(outcome: Outcome, look: Look) -> str:
    """A workflow command per finding and per input that could not be judged."""
    del look
    lines = [
        *(_finding(finding) for finding in outcome.findings),
        *(_unjudged(lost) for lost in outcome.unjudged),
        *(
            _command("error", {"title": "truehop: crash"}, f"{crash.part} crashed: {crash.error}")
            for crash in outcome.crashes
        ),
    ]
    return "".join(f"{line}\n" for line in lines)


def _unjudged(lost: Unjudged) -> str:
    return _command(
        "warning", {"file": lost.path, "line": lost.line or 1, "title": "truehop: not judged"}, lost.reason
    )


def _finding(finding: Finding) -> str:
    at, report = finding.at, finding.report
    place: dict[str, str | int] = {"file": at.path} if at.path else {}
    if at.line:
        place |= {"line": at.line, "endLine": at.end_line}
        if at.end_line == at.line:  # GitHub refuses columns of a span over several lines
            place |= {"col": at.column, "endColumn": at.end_column}
    place["title"] = f"truehop: {finding.rule}"
    text = f"{report.message}\n{report.help}" if report.help else report.message
    return _command(_COMMANDS[finding.severity], place, text)


def _command(name: str, properties: dict[str, str | int], text: str) -> str:
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {told}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format("github", frozenset({"check"}), write)
