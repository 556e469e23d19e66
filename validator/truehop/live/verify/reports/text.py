"""For people: a line for each port, then what failed and what is not known, with the cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from truehop.live.verify.checks import Check, Place, Recorded, Seen, Verdict, Verification
from truehop.live.verify.reports.base import Format
from truehop.reports.base import Look
from truehop.reports.terminal import Paint, clean, count, crop, pad, wrap
from truehop.rules.base import Severity

_MARKS = {Verdict.PASS: "ok", Verdict.UNKNOWN: "not judged", Verdict.LEFT_OUT: "left out"}
_STYLES = {Verdict.PASS: "good", Verdict.UNKNOWN: "warning", Verdict.LEFT_OUT: "faint"}
_HEADS = ("port", "reached at", "state", "records")


def write(found: Verification, look: Look) -> str:
    """The report, ending with a line that says how many demands are met."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(found, look))


def _lines(found: Verification, look: Look) -> Iterator[str]:
    paint = Paint(look.colour)
    if look.verbosity >= 0:
        yield from _table(found, look, paint)
    told = [
        check
        for check in found.checks
        if look.verbosity > 0 or check.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    ]
    for places, checks in _alike(told):
        if look.verbosity < 0:
            for place in places:
                for check in checks:
                    yield clean(f"{_where(place)}: {_mark(check)}[{check.id}] {check.message}")
            continue
        yield from (paint(line, "strong") for line in wrap(_heading(places), look.width, rest="  "))
        for check in checks:
            yield from _check(check, look, paint)
        yield ""
    if look.verbosity >= 0:
        yield from _left_out(found, look, paint)
        for note in found.notes:
            yield from wrap(f"note: {note}", look.width, rest="  ")
        yield _summary(found, paint)


def _alike(told: Iterable[Check]) -> Iterator[tuple[list[Place], list[Check]]]:
    """The checks of each place, together where the same is told: one unknown name is one thing to repair."""
    found: dict[object, tuple[list[Place], list[Check]]] = {}
    for place, group in groupby(told, key=lambda check: check.place):
        checks = list(group)
        words = tuple((_mark(check), check.id, check.message, check.help) for check in checks)
        # A port that is reached under another number has a heading of its own.
        other = place if place.number != place.port else None
        found.setdefault((place.host, place.address, other, words), ([], checks))[0].append(place)
    yield from found.values()


def _heading(places: list[Place]) -> str:
    if len(places) == 1:
        return _where(places[0])
    ports = ", ".join(f"{place.number} {place.protocol}".strip() for place in places)
    return f"ports {ports} at {places[0].host}{_address(places[0])}"


def _where(place: Place) -> str:
    port = f"port {place.number} {place.protocol}" if place.protocol else "port"
    return f"{port} at {place.where}{_address(place)}"


def _address(place: Place) -> str:
    return f" ({place.address})" if place.address and place.address != place.host else ""


def _mark(check: Check) -> str:
    return check.severity.value if check.fails else _MARKS[check.verdict]


def _check(check: Check, look: Look, paint: Paint) -> Iterator[str]:
    head = f"{_mark(check)}[{check.id}]"
    style = check.severity.value if check.fails else _STYLES[check.verdict]
    first, *more = wrap(f"{head} {check.message}", look.width, "  ", "    ")
    yield f"  {paint(head, style)}{first.removeprefix(f'  {head}')}"
    yield from more
    if check.help:
        word = "help" if check.fails else "settled by"
        yield from wrap(f"{word}: {check.help}", look.width, "    ", "      ")


def _table(found: Verification, look: Look, paint: Paint) -> Iterator[str]:
    rows = [
        (f"{seen.place.number} {seen.place.protocol}", seen.place.where, _state(seen), _records(seen))
        for seen in found.ports
    ]
    if not rows:
        return
    widths = [
        max(len(_HEADS[column]), *(len(clean(row[column])) for row in rows)) for column in range(len(_HEADS))
    ]
    yield paint(
        "  ".join(pad(word, width) for word, width in zip(_HEADS, widths, strict=True)).rstrip(), "faint"
    )
    for row in rows:
        yield crop(
            "  ".join(pad(clean(word), width) for word, width in zip(row, widths, strict=True)).rstrip(),
            look.width,
        )
    yield ""


def _state(seen: Seen) -> str:
    address = (
        f" on {seen.place.address}" if seen.place.address and seen.place.address != seen.place.host else ""
    )
    return f"{seen.state}{address}"


def _records(seen: Seen) -> str:
    if seen.state != "open":
        return ""
    words = {
        Recorded.CLIENT: f"the client, {seen.address}",
        Recorded.HOP: f"a hop, {seen.address}",
        Recorded.REFUSED: "refused",
    }
    told = words.get(seen.recorded, "unknown")
    return (
        f"{told} (manifests say {seen.predicted})"
        if seen.predicted and seen.recorded.value != seen.predicted
        else told
    )


def _left_out(found: Verification, look: Look, paint: Paint) -> Iterator[str]:
    """One line for each reason, however many checks it leaves out."""
    if look.verbosity > 0:
        return
    reasons: dict[str, list[str]] = {}
    for check in found.checks:
        if check.verdict is Verdict.LEFT_OUT and check.help:
            reasons.setdefault(check.help, []).append(check.id)
    for settles, ids in reasons.items():
        names = ", ".join(dict.fromkeys(ids))
        yield from (
            paint(line, "faint") for line in wrap(f"left out: {names}; {settles}", look.width, rest="  ")
        )


def _summary(found: Verification, paint: Paint) -> str:
    words = [
        paint(count(number, severity.value), severity.value)
        for severity in (Severity.ERROR, Severity.WARNING)
        if (number := found.failures(severity))
    ]
    if unknown := found.count(Verdict.UNKNOWN):
        words.append(paint(f"{unknown} not judged", "warning"))
    met = count(found.count(Verdict.PASS), "demand")
    verb = "is" if found.count(Verdict.PASS) == 1 else "are"
    ports = sum(1 for seen in found.ports if seen.state == "open")
    ends = ", ".join(words) or paint("no failures", "good")
    return f"{ends}; {met} {verb} met on {count(ports, 'open port')} of {clean(found.host)}"


FORMAT = Format("text", write)
