"""JUnit XML: a case per rule, those switched off as skipped."""

from __future__ import annotations

import re

from truehop.findings.outcome import RANK, Finding, Outcome, Unjudged, floor_of
from truehop.reports.base import Format, Look
from truehop.rules.base import Rule

#: Characters that XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(outcome: Outcome, look: Look) -> str:
    """A suite: findings at or above ``--fail-on`` are failures, others output, crashes errors."""
    floor = floor_of(look.fail_on)
    by_rule: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    crashes = {crash.part: crash.error for crash in outcome.crashes}
    cases = [
        _case(rule, by_rule.get(rule.id, []), outcome, crashes.get(rule.id), floor) for rule in outcome.rules
    ]
    known = {rule.id for rule in outcome.rules}
    cases += [
        _wrap(crash.part, "truehop", _element("error", crash.error, ""))
        for crash in outcome.crashes
        if crash.part not in known
    ]
    cases += [_unjudged(lost) for lost in outcome.unjudged]
    failures = sum("<failure" in case for case in cases)
    errors = sum("<error" in case for case in cases)
    skipped = sum("<skipped" in case for case in cases)
    numbers = f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f'<testsuites name="truehop" {numbers}>\n',
            f'  <testsuite name="truehop" {numbers} skipped="{skipped}">\n',
            *cases,
            "  </testsuite>\n</testsuites>\n",
        )
    )


def _case(rule: Rule, findings: list[Finding], outcome: Outcome, crash: str | None, floor: int) -> str:
    inner = ""
    if crash is not None:
        inner += _element("error", f"the rule crashed: {crash}", "")
    if rule.id in outcome.off:
        inner += '      <skipped message="switched off"/>\n'
    failing = [finding for finding in findings if RANK[finding.severity] >= floor]
    if failing:
        first, others = failing[0].report.message, len(failing) - 1
        inner += _element("failure", f"{first} (and {others} more)" if others else first, _told(failing))
    milder = [finding for finding in findings if RANK[finding.severity] < floor]
    if milder:
        inner += f"      <system-out>{_text(_told(milder))}</system-out>\n"
    return _wrap(rule.id, f"truehop.{rule.group}", inner)


def _unjudged(lost: Unjudged) -> str:
    place = f"{lost.path}:{lost.line}" if lost.line else lost.path
    return _wrap(place, "truehop.not-judged", _element("error", lost.reason, place))


def _told(findings: list[Finding]) -> str:
    return "\n".join(
        f"{finding.at if finding.at.line else finding.at.path}: {finding.severity}: {finding.report.message}"
        + (f"\n  help: {finding.report.help}" if finding.report.help else "")
        for finding in findings
    )


def _wrap(name: str, group: str, inner: str) -> str:
    head = f"    <testcase classname={_attribute(group)} name={_attribute(name)}"
    return f"{head}>\n{inner}    </testcase>\n" if inner else f"{head}/>\n"


def _element(tag: str, message: str, body: str) -> str:
    return f'      <{tag} message={_attribute(message)} type="truehop">{_text(body)}</{tag}>\n'


def legal(text: str) -> str:
    """The text with what XML cannot hold replaced."""
    return _FORBIDDEN.sub("\ufffd", text)


def _text(text: str) -> str:
    from xml.sax.saxutils import escape  # noqa: PLC0415 (brings half of the network library along)

    return escape(legal(text))


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 (the same)

    return quoteattr(legal(text))


FORMAT = Format("junit", frozenset({"check"}), write)
