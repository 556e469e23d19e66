"""When a line was written: the forms of time that logs, syslog, containers and web servers put before it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

#: Bytes of a line that hold its minute: of ``2026-11-26T16:15`` and of ``Nov 26 16:15``.
DIGITS = 16
LETTERS = 12
#: Times remembered at once; lines come in order, so that few are needed.
MOST_KNOWN = 20_000
#: Bytes of a line's beginning that are searched for a time; before it may stand a pod's or container's name.
FURTHEST = 400

_MONTHS = {
    name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_ANY_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FORMS = re.compile(
    rb"""
      (?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[T ]      # ISO 8601, nginx's errors
      (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?(?P<zone>Z|[+-]\d\d:?\d\d)?
    | (?P<month2>"""
    + _ANY_MONTH
    + rb""")[ ](?P<day2>[ \d]\d)[ ](?P<hour2>\d\d):(?P<minute2>\d\d):(?P<second2>\d\d)  # RFC 3164
    | (?P<day3>\d\d)[-/](?P<month3>"""
    + _ANY_MONTH
    + rb""")[-/](?P<year3>\d{4})[: ]                                          # web servers, Roundcube
      (?P<hour3>\d\d):(?P<minute3>\d\d):(?P<second3>\d\d)(?:[ ](?P<zone3>[+-]\d{4}))?
    | "ts":[ ]?(?P<epoch>\d{9,11}(?:\.\d{1,9})?)                              # Caddy
    """,
    re.VERBOSE,
)
_CLOCK = ("day", "hour", "minute", "second")
_MINUTES = ("minute", "minute2", "minute3")


def find_time(text: bytes, now: Callable[[], float] = time.time) -> datetime | None:
    """The first time in a text, aware; None where there is none, or none that can be."""
    return _moment(_FORMS.search(text), now)


def _moment(found: re.Match[bytes] | None, now: Callable[[], float]) -> datetime | None:
    try:
        return _built(found, now) if found is not None else None
    except (ValueError, OverflowError):  # the 31st of February
        return None


def _built(found: re.Match[bytes], now: Callable[[], float]) -> datetime:
    said = {name: value for name, value in found.groupdict(b"").items() if value}
    if "epoch" in said:
        return datetime.fromtimestamp(float(said["epoch"]), UTC)
    if "month2" in said:
        return _without_year(said, now)
    mark = "3" if "month3" in said else ""
    month = _MONTHS[said["month3"]] if mark else int(said["month"])
    fraction = int(said.get("part", b"").ljust(6, b"0")[:6])
    day, hour, minute, second = (int(said[f"{part}{mark}"]) for part in _CLOCK)
    zone = _zone(said.get("zone" + mark, b"Z"))
    return datetime(int(said["year" + mark]), month, day, hour, minute, second, fraction, tzinfo=zone)


def _without_year(said: dict[str, bytes], now: Callable[[], float]) -> datetime:
    """A time of syslog's older form: the latest that is no more than a day ahead of the clock."""
    today = datetime.fromtimestamp(now(), UTC)
    day, hour, minute, second = (int(said[f"{part}2"]) for part in _CLOCK)
    for year in range(today.year + 1, today.year - 8, -1):
        try:
            built = datetime(year, _MONTHS[said["month2"]], day, hour, minute, second, tzinfo=UTC)
        except ValueError:  # the 29th of February
            continue
        if built <= today + timedelta(days=1):
            return built
    raise ValueError("no such day")


def _zone(text: bytes) -> timezone:
    if text == b"Z":
        return UTC
    digits = text[1:].replace(b":", b"")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[:1] == b"-" else offset)


class Minutes:
    """The minute in which a line was written, as minutes since 1970, remembered by the line's first bytes."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._known: dict[bytes, int | None] = {}
        #: The bytes by which the latest minute was told, and that; nothing begins with ().
        self._latest: bytes | tuple[()] = ()
        self._minute: int | None = None

    def at(self, buffer: bytes, start: int, end: int, width: int = 0) -> int | None:
        """The minute of what stands from start on; None where no time is said before the end.

        ``width`` is how many bytes hold the whole minute, where the time begins at the start; else the first
        byte tells it.
        """
        if buffer.startswith(self._latest, start):  # most lines are of the same minute as the one before
            return self._minute
        key = buffer[start : start + (width or (LETTERS if buffer[start : start + 1] > b"9" else DIGITS))]
        if key not in self._known:
            return self._learn(buffer[start : min(end, start + FURTHEST)], key)
        self._latest, self._minute = key, self._known[key]
        return self._minute

    def of(self, buffer: bytes, key: bytes) -> int | None:
        """The minute that a line's first bytes tell, one of the buffer's lines beginning with them.

        Raises:
            KeyError: they do not tell it, or other bytes than these do.
        """
        if key not in self._known:
            start = 0 if buffer.startswith(key) else buffer.find(b"\n" + key) + 1
            self.at(buffer, start, len(buffer))
        return self._known[key]

    def _learn(self, begin: bytes, key: bytes) -> int | None:
        found = _FORMS.search(begin)
        moment = _moment(found, self._now)
        minute = int(moment.timestamp() // 60) if moment is not None else None
        # Only where the key holds the minute does it say anything of the next line that begins so.
        if found is not None and 0 < max(found.end(name) for name in _MINUTES) <= len(key):
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = minute
        return minute
