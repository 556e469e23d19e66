"""When a line was written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.live.logs import times
from truehop.live.logs.times import Minutes, find_time

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"2026-11-26T16:15:39.123456789Z x", "2026-11-26T16:15:39.123456+00:00"),
        (b"2026-11-26T16:15:39+01:00", "2026-11-26T16:15:39+01:00"),
        (b"2026-11-26T16:15:39-0530", "2026-11-26T16:15:39-05:30"),
        (b"2026/11/26 16:15:39 [error]", "2026-11-26T16:15:39+00:00"),
        (b"2026-11-26 16:15:39,5 x", "2026-11-26T16:15:39.500000+00:00"),
        (b"Feb  3 01:02:03 mail", "2026-02-03T01:02:03+00:00"),
        (b"Mar  2 11:59:59 mail", "2026-03-02T11:59:59+00:00"),  # a clock that is ahead
        (b"Nov 26 16:15:39 mail", "2025-11-26T16:15:39+00:00"),
        (b"Feb 29 16:15:39 mail", "2024-02-29T16:15:39+00:00"),
        (b'a - - [26/Nov/2026:16:15:39 +0200] "', "2026-11-26T16:15:39+02:00"),
        (b"[26-Nov-2026 16:15:39 -0100]: <", "2026-11-26T16:15:39-01:00"),
        (b'"ts":1795710938.25,', "2026-11-26T16:35:38.250000+00:00"),
        (b"Feb 31 16:15:39 mail", None),
        (b"2026-13-26T16:15:39Z", None),
        (b"2026-11-26T16:15:39+99:00", None),
        (b"no time at all", None),
    ],
)
def test_every_form_of_time_is_read(text: bytes, expected: str | None) -> None:
    found = find_time(text, lambda: NOW)
    assert (found.isoformat() if found else None) == expected


def test_a_minute_is_remembered_by_the_bytes_that_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "MOST_KNOWN", 2)
    minutes = Minutes(lambda: NOW)
    for hour in range(5):
        for second in range(3):
            line = b"2026-02-03T%02d:07:%02d.5Z mail" % (hour, second)
            moment = datetime(2026, 2, 3, hour, 7, tzinfo=UTC)
            assert minutes.at(line, 0, len(line)) == int(moment.timestamp() // 60)


@pytest.mark.parametrize(
    "line", [b"<22>1 2026-02-03T01:02:03Z", b"[pod/a/b] Feb  3 01:02:03", b"pod 2026-02-03T01:02:03Z"]
)
def test_a_time_further_on_is_found_and_not_remembered_by_what_stands_before(line: bytes) -> None:
    minutes = Minutes(lambda: NOW)
    first = minutes.at(line, 0, len(line))
    later = line.replace(b"01:02", b"01:05")
    assert first is not None
    assert minutes.at(later, 0, len(later)) == first + 3


@given(st.binary(max_size=60))
def test_no_bytes_break_the_clock(text: bytes) -> None:
    find_time(text)
    Minutes().at(text + b"x", 0, len(text) + 1)
