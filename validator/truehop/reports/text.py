"""The findings for people: the line, the exact span, the way there, the cure."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.findings.outcome import Excerpt, Finding, Outcome
from truehop.model.facts import Location
from truehop.reports.base import Format, Look
from truehop.reports.terminal import Paint, cells, clean, count, wrap
from truehop.rules.base import Confidence, Severity

MOST_LINES = 3


def write(outcome: Outcome, look: Look) -> str:
    """The report, ending with a line that says how much was found in how much."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(outcome, look))


def _lines(outcome: Outcome, look: Look) -> Iterator[str]:
    paint = Paint(look.colour)
    if look.verbosity < 0:
        for finding in outcome.findings:
            yield clean(f"{_place(finding.at)}: {finding.severity}[{finding.rule}] {finding.report.message}")
    else:
        for finding in outcome.findings:
            yield from _finding(finding, look, paint)
            yield ""
    if look.verbosity > 0:
        for finding in outcome.suppressed:
            yield from _suppressed(finding, look, paint)
    for lost in outcome.unjudged:
        place = f"{lost.path}:{lost.line}" if lost.line else lost.path
        yield from wrap(f"not judged: {place}: {lost.reason}", look.width, rest="  ")
    if look.verbosity >= 0:
        yield from _summary(outcome, look, paint)


def _place(at: Location) -> str:
    return str(at) if at.line else at.path


def _finding(finding: Finding, look: Look, paint: Paint) -> Iterator[str]:
    report, at = finding.report, finding.at
    head = f"{finding.severity}[{finding.rule}]"
    first, *more = wrap(f"{head} {report.message}", look.width, rest="  ")
    yield paint(first[: len(head)], finding.severity) + paint(first[len(head) :], "strong")
    yield from (paint(line, "strong") for line in more)
    gutter = len(str(finding.excerpt.first_line + MOST_LINES)) if finding.excerpt else 1
    about = [str(at.object)] if at.object else []
    about += [f"rendered from {at.template}"] if at.template else []
    told = clean(f"{_place(at)} ({', '.join(about)})" if about else _place(at))
    yield f"{' ' * gutter}{paint('-->', 'faint')} {told}"
    if finding.excerpt is not None:
        yield from _excerpt(finding.excerpt, at, gutter, look, paint)
    for place, word in report.related:
        yield from wrap(f"{_place(place)}: {word}", look.width, "  also: ", " " * 8)
    if finding.route:
        yield "  the way there:"
        for number, step in enumerate(finding.route, 1):
            mark = f"{number:>5}. "
            yield from wrap(f"{step.hop}: {step.does}", look.width, mark, " " * len(mark))
    if look.verbosity > 0 or report.confidence is Confidence.LOW:
        yield f"  confidence: {report.confidence}"
    if look.verbosity > 0:
        yield f"  fingerprint: {finding.fingerprint}"
    if report.help:
        first, *more = wrap(report.help, look.width, "  help: ", " " * 8)
        yield "  " + paint("help:", "good") + first.removeprefix("  help:")
        yield from more


def _excerpt(excerpt: Excerpt, at: Location, gutter: int, look: Look, paint: Paint) -> Iterator[str]:
    bar = paint("|", "faint")
    yield f"{' ' * gutter} {bar}"
    shown = excerpt.lines[:MOST_LINES]
    for number, line in enumerate(shown, excerpt.first_line):
        begin = at.column - 1 if number == at.line else len(line) - len(line.lstrip())
        end = at.end_column - 1 if number == at.end_line else len(line)
        text, before, width = _window(line, begin, end, look.width - gutter - 3)
        yield f"{paint(str(number).rjust(gutter), 'faint')} {bar} {text}"
        yield f"{' ' * gutter} {bar} {' ' * before}{paint('^' * max(width, 1), 'mark')}"
    if at.end_line >= excerpt.first_line + len(shown):
        yield f"{' ' * gutter} {bar} ..."


def _window(line: str, begin: int, end: int, width: int) -> tuple[str, int, int]:
    """The part of a line that fits, the cells before the span in it, and those the span takes."""
    width = max(width, 20)
    left, span, right = clean(line[:begin]), clean(line[begin:end]), clean(line[end:])
    if cells(left) + cells(span) + cells(right) <= width:
        return left + span + right, cells(left), cells(span)
    room = max(width - cells(span) - 6, 8)
    if cells(left) > room // 2:
        left = "..." + _last(left, max(room // 2, room - cells(right)))
    span_cells = width - cells(left) - 3
    if cells(span) > span_cells:
        return left + _first(span, span_cells) + "...", cells(left), span_cells
    rest = width - cells(left) - cells(span)
    right = right if cells(right) <= rest else _first(right, rest - 3) + "..."
    return left + span + right, cells(left), cells(span)


def _first(text: str, width: int) -> str:
    while cells(text) > width:
        text = text[: len(text) - max(1, (cells(text) - width) // 2)]
    return text


def _last(text: str, width: int) -> str:
    while cells(text) > width:
        text = text[max(1, (cells(text) - width) // 2) :]
    return text


def _suppressed(finding: Finding, look: Look, paint: Paint) -> Iterator[str]:
    accepted = finding.suppressed_by
    words = f"accepted by {accepted.by} ({accepted.reason})" if accepted else "accepted"
    told = f"{_place(finding.at)}: {finding.severity}[{finding.rule}] {finding.report.message}; {words}"
    yield from (paint(line, "faint") for line in wrap(told, look.width, rest="  "))


def _summary(outcome: Outcome, look: Look, paint: Paint) -> Iterator[str]:
    checked = outcome.checked
    amount = ", ".join(
        (count(checked.files, "file"), count(checked.objects, "object"), count(checked.listeners, "listener"))
    )
    found = [
        paint(count(number, noun), severity)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "info"),
        )
        if (number := outcome.count(severity))
    ]
    found = found or [paint("no findings", "good" if outcome.relevant else "warning")]
    if outcome.suppressed:
        found.append(f"{len(outcome.suppressed)} accepted")
    if outcome.unjudged:
        found.append(paint(f"{len(outcome.unjudged)} not judged", "warning"))
    yield f"{', '.join(found)} in {amount}"
    if outcome.stale_baseline and look.verbosity > 0:
        yield f"no longer found: {outcome.stale_baseline} of the baseline (--write-baseline drops them)"


FORMAT = Format("text", frozenset({"check"}), write)
