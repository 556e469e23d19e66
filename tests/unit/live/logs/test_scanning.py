"""Whole buffers are read as if each line were read by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.live.logs.forms import FORMS
from truehop.live.logs.frames import undock
from truehop.live.logs.hits import Hit, Reader, Told
from truehop.live.logs.reading import read
from truehop.live.logs.scanning import Stream, scan, whole_lines
from truehop.live.logs.summary import Summary

DATA = Path(__file__).parents[3] / "data" / "logs"
LINES = [line for path in sorted(DATA.glob("*.log")) for line in path.read_bytes().splitlines()]
BITS = [
    *(
        b"smtpd",
        b"postscreen[7]: ",
        b" - - ",
        b"-login: ",
        b'] "',
        b'{"ClientHost":"',
        b'"remote_ip"',
        b" login for ",
    ),
    *(b"connect from ", b"a[192.0.2.1]", b"imap-login: Info: ", b"user=<a>, rip=::1", b"PROXY ", b'{"log":"'),
]


def _plain(line: bytes) -> Hit | None:
    """What one line says, form after form, with nothing remembered of other lines."""
    for form in FORMS:
        told: Told = {}
        form(Reader(), line, told)
        if told:
            return next(iter(told.values()))
    return None


def _without_time(hits: Iterable[Hit]) -> Counter[tuple[object, ...]]:
    return Counter(hit[1:] for hit in hits)


@st.composite
def _changed(draw: st.DrawFn) -> bytes:
    """A real line with something else in it, cut off, joined with another one, or none at all."""
    line: bytes = draw(st.sampled_from(LINES) | st.lists(st.sampled_from(BITS), max_size=8).map(b"".join))
    begin = draw(st.integers(0, len(line)))
    end = draw(st.integers(begin, len(line)))
    put = draw(st.sampled_from([b"", *BITS, *LINES]) | st.binary(max_size=9))
    return (line[:begin] + put + line[end:]).replace(b"\n", b" ")


_SOME_LINES = st.lists(st.sampled_from(LINES) | _changed(), max_size=12)


@given(lines=_SOME_LINES, newline=st.sampled_from([b"\n", b"\r\n"]), ends=st.booleans())
def test_a_buffer_says_what_its_lines_say_one_by_one(
    *, lines: list[bytes], newline: bytes, ends: bool
) -> None:
    lines = [line.rstrip(b"\r") for line in lines]
    text = newline.join(lines) + (newline if ends else b"")
    one_by_one = [hit for line in lines for hit in (_plain(undock(line)),) if hit is not None]
    assert _without_time(scan(undock(text), Reader())) == _without_time(one_by_one)


@given(lines=st.lists(st.sampled_from(LINES), max_size=12), ends=st.booleans(), data=st.data())
def test_where_blocks_end_makes_no_difference(lines: list[bytes], ends: bool, data: st.DataObject) -> None:
    text = b"\n".join(lines) + (b"\n" if ends else b"")
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    blocks = [text[at:to] for at, to in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    reader = Reader()
    hits = [hit for block in whole_lines(blocks) for hit in scan(undock(block), reader)]
    one_by_one = [hit for line in lines for hit in (_plain(undock(line)),) if hit is not None]
    assert Counter(hits) == Counter(one_by_one)


def test_a_line_counts_once_whatever_it_holds() -> None:
    made = Summary()
    said = b"smtpd[7]: connect from a[192.0.2.1] imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.2"
    Stream(made).feed(said * 3 + b"\n")
    made.settle()
    assert (made.lines, made.recognised) == (1, 1)


@pytest.mark.parametrize("line", [b'{"ClientHost":"192.0.2.1","time":"', b'{"ClientHost":"192.0.2.1"'])
def test_a_line_that_ends_where_its_time_should_stand_is_read(line: bytes) -> None:
    (record,) = read([line])
    assert (record.address, record.time) == ("192.0.2.1", None)


def test_half_of_what_a_message_of_the_dictionary_holds_is_no_message() -> None:
    assert list(scan(b"Error while handling TCP connection: EOF\n", Reader())) == []


def test_faults_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truehop.live.logs.hits._MOST_SOURCES", 3)
    lines = b"".join(b"smtpd[7]: warning: haproxy read: bad %d\n" % number for number in range(9))
    reader = Reader()
    assert [hit[1].message for hit in scan(lines, reader)] == ["postfix-header-bad"] * 9
    assert len(reader.faults) <= 3
