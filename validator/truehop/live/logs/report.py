"""What was found, as text with a small picture and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from truehop import __version__
from truehop.live.logs.findings import LogFinding, minutes
from truehop.live.logs.privacy import printable, shown
from truehop.live.logs.sketches import Distinct
from truehop.live.logs.summary import Summary
from truehop.live.logs.timeline import Timeline

_BARS = {True: "█", False: "#"}
_MARKS = {True: "▁▂▃▄▅▆▇█", False: "_.-=+*%#"}
_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_END = "\x1b[0m"
_WIDEST_BAR = 24
_SMALL = 100_000  # bytes; more is told in megabytes


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the text is to look, and what it may show; ``top`` is how many addresses are listed."""

    width: int = 100
    colour: bool = False
    unicode: bool = False
    accounts_in_full: bool = False
    top: int = 10


def text_of(summary: Summary, found: list[LogFinding], look: Appearance) -> str:
    """The report for people."""
    parts = [
        [_head(summary)],
        list(_services(summary)),
        list(_addresses(summary, look)),
        list(_over_time(summary, look)),
        list(_findings(found, look)),
    ]
    told = "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"
    return told if look.unicode else told.replace("…", "...").encode("ascii", "backslashreplace").decode()


def _head(summary: Summary) -> str:
    size = f"{summary.size / 1e6:.1f} MB" if summary.size >= _SMALL else f"{summary.size} bytes"
    when = f", {_time(summary.first)} to {_time(summary.last)} UTC" if summary.first is not None else ""
    return f"{summary.lines} lines, {size}{when}; {summary.recognised} of them tell of clients"


def _services(summary: Summary) -> Iterator[str]:
    rows = [
        (f"{program} {service}", use) for (program, service), use in summary.services.items() if use.sessions
    ]
    if not rows:
        return
    yield "sessions"
    for name, use in sorted(rows, key=lambda row: (-row[1].sessions, row[0])):
        inside = [
            f"{use.real_inside(network) / use.real:.0%} from {network}"
            for network in sorted(use.inside)
            if use.real and use.real_inside(network)
        ]
        idle = [f"{use.idle} did nothing"] if use.idle else []
        yield f"  {printable(name.encode()):<28}{use.sessions:>10}  {', '.join([*inside, *idle])}".rstrip()


def _addresses(summary: Summary, look: Appearance) -> Iterator[str]:
    most = summary.addresses.most(look.top)
    if not most:
        return
    total = distinct_addresses(summary)
    yield f"addresses with the most lines, of {'about ' if not total.is_exact else ''}{len(total)}"
    longest = max(len(printable(address)) for address, _ in most)
    wide = max(4, min(_WIDEST_BAR, look.width - longest - 40))
    for address, entry in most:
        bar = _BARS[look.unicode] * max(1, round(wide * entry.count / most[0][1].count))
        error = f" (at most {entry.error} too many)" if entry.error else ""
        login = summary.logins.entries.get(address)
        accounts = (
            f"{login.value.most} accounts at once" if login is not None and login.value.most > 1 else ""
        )
        notes = ", ".join(filter(None, (summary.hops.place(address).network, accounts)))
        line = f"  {printable(address):<{longest}} {entry.count:>9} {bar:<{wide}} {notes}{error}"
        yield line.rstrip()


def _over_time(summary: Summary, look: Appearance) -> Iterator[str]:
    series, width = buckets(summary)
    if len(series) < 2:  # noqa: PLR2004 (one mark is no picture)
        return
    room = max(10, look.width - 4)
    if len(series) > room:
        per = -(-len(series) // room)
        chunks = [series[start : start + per] for start in range(0, len(series), per)]
        series = [(part[0][0], max(one[1] for one in part), max(one[2] for one in part)) for part in chunks]
        width *= per
    most = max(addresses for _, _, addresses in series) or 1
    marks = _MARKS[look.unicode]
    yield f"distinct addresses over time, at most {most}; a mark is {minutes(width)}"
    yield (
        "  "
        + "".join(
            marks[round(addresses / most * (len(marks) - 1))] if addresses else " "
            for _, _, addresses in series
        ).rstrip()
    )


def _findings(found: list[LogFinding], look: Appearance) -> Iterator[str]:
    if not found:
        yield "nothing found"
        return
    for one in found:
        severity = f"{_COLOURS[one.severity]}{one.severity}{_END}" if look.colour else one.severity
        times = f" ({one.count} times)" if one.check == "message" and one.count > 1 else ""
        name = one.dictionary or one.check
        yield f"{severity} {name}: {one.message}{times}"
        if one.peers:
            yield f"  from: {', '.join(f'{address} ({count})' for address, count in one.peers)}"
        if one.accounts:
            accounts = [shown(account, in_full=look.accounts_in_full) for account in one.accounts]
            yield f"  accounts: {', '.join(accounts)}{', …' if one.count > len(accounts) else ''}"
        if one.first is not None:
            until = f" to {_time(one.last)}" if one.last not in {None, one.first} else ""
            yield f"  when: {_time(one.first)}{until} UTC"
        yield f"  help: {one.help}"
        yield f"  why: truehop explain {one.rules[0]}"


def distinct_addresses(summary: Summary) -> Distinct:
    """All addresses of sessions, distinct."""
    whole = Distinct(p=11, most=128)
    for slot in summary.windows.whole().slots.values():
        whole.merge(slot.addresses)
    return whole


def buckets(summary: Summary) -> tuple[list[tuple[int, int, int]], int]:
    """Begin (in minutes), sessions and distinct addresses of each stretch of time, and its length."""
    timeline: Timeline = summary.windows.whole()
    series = [(window * summary.width, sessions, count) for window, sessions, count in timeline.series()]
    return series, timeline.step * summary.width


def _time(minute: int | None) -> str:
    moment = _moment(minute)
    return f"{moment:%d %b %Y %H:%M}" if moment is not None else "?"


def _moment(minute: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp((minute or 0) * 60, UTC) if minute is not None else None
    except (OverflowError, ValueError, OSError):
        return None


def _iso(minute: int | None) -> str | None:
    moment = _moment(minute)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment is not None else None


def json_of(summary: Summary, found: list[LogFinding], look: Appearance) -> str:
    """The report for programs; its schema is ``schemas/logs-v1.schema.json``."""
    series, width = buckets(summary)
    total = distinct_addresses(summary)
    document: dict[str, Any] = {
        "version": 1,
        "tool": {"name": "truehop", "version": __version__},
        "read": {
            "bytes": summary.size,
            "lines": summary.lines,
            "recognised": summary.recognised,
            "first": _iso(summary.first),
            "last": _iso(summary.last),
        },
        "summary": {
            severity: sum(one.severity == severity for one in found)
            for severity in ("error", "warning", "info")
        },
        "findings": [_finding(one, look) for one in found],
        "services": [
            {
                "program": program,
                "service": printable(service.encode()),
                "sessions": use.sessions,
                "idle": use.idle,
                "inside": {network: use.real_inside(network) for network in sorted(use.inside)},
            }
            for (program, service), use in sorted(summary.services.items())
        ],
        "addresses": {
            "distinct": len(total),
            "error": round(total.error, 4),
            "top": [
                {
                    "address": printable(address),
                    "lines": entry.count,
                    "error": entry.error,
                    "network": summary.hops.place(address).network or None,
                }
                for address, entry in summary.addresses.most(look.top)
            ],
        },
        "timeline": {
            "minutes": width,
            "buckets": [
                {"begin": _iso(begin), "sessions": sessions, "addresses": addresses}
                for begin, sessions, addresses in series
            ],
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _finding(one: LogFinding, look: Appearance) -> dict[str, Any]:
    return {
        "check": one.check,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "rules": list(one.rules),
        "count": one.count,
        "program": one.program or None,
        "service": printable(one.service.encode()) or None,
        "address": one.address or None,
        "network": one.network or None,
        "accounts": [shown(account, in_full=look.accounts_in_full) for account in one.accounts],
        "dictionary": one.dictionary or None,
        "peers": [{"address": address, "count": count} for address, count in one.peers],
        "first": _iso(one.first),
        "last": _iso(one.last),
    }
