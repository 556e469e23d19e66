"""Which buffers are read many lines at once, and which are left to the forms."""

from __future__ import annotations

from collections import Counter
from unittest import mock

import pytest

from truehop.live.logs.columns import SAMPLE
from truehop.live.logs.forms import COLUMNS
from truehop.live.logs.hits import Hit, Reader
from truehop.live.logs.scanning import by_forms, scan

TIME = b"Nov 26 16:34:13 "
CONNECT = b"mail postfix/smtpd[7]: connect from unknown[192.0.2.7]\n"
LOGIN = b"mail dovecot: imap-login: Info: Login: user=<a>, method=PLAIN, rip=192.0.2.7, lip=10.9.0.25\n"
REFUSED = b"imap-login: Warning: haproxy: Client not trusted (rip=192.0.2.7)\n"
IDLE = b"mail postfix/qmgr[7]: 72A4AB5: removed\n"
USUAL = [CONNECT, LOGIN, REFUSED]


def rest_of(buffer: bytes) -> tuple[bytes, list[Hit]]:
    """What the columns of all programs leave of a buffer, and what they found."""
    reader, hits = Reader(), list[Hit]()
    for columns in COLUMNS:
        found, buffer = columns.read(reader, buffer, lambda line: next(by_forms(line, reader), None))
        hits += found
    return buffer, hits


@pytest.mark.parametrize("line", USUAL)
@pytest.mark.parametrize(
    "begin",
    [
        TIME,
        b"2026-11-26T16:34:13.250000+00:00 ",
        b"2026-11-26 16:34:13 ",
        b"2026-11-26T16:34:13.123456789Z stdout F ",
        b"2026-11-26T16:34:13.123456789Z stderr F Nov 26 16:34:13 ",
        b"2026-11-26T16:34:13.123456789Z Nov 26 16:34:13 ",
    ],
)
def test_usual_lines_are_read_whatever_time_precedes_them(line: bytes, begin: bytes) -> None:
    rest, hits = rest_of((begin + line) * 9)
    assert rest == b""
    assert hits == list(by_forms((begin + line) * 9, Reader()))
    assert hits[0][0] is not None


@pytest.mark.parametrize("line", USUAL)
@pytest.mark.parametrize("begin", [b"", b"[pod/mail-0/mta] ", b"mta-1  | Nov 26 16:34:13 "])
def test_lines_that_begin_without_their_minute_are_left_to_the_forms(line: bytes, begin: bytes) -> None:
    assert rest_of((begin + line) * 9) == ((begin + line) * 9, [])


@pytest.mark.parametrize(
    "line",
    [
        # Somebody else's words precede, or are taken for a head.
        b"web nginx: 192.0.2.9 - smtpd[7]: connect from a[203.0.113.66]\n",
        b'web {"uri":"imap-login: Login: user=<a>, rip=203.0.113.66\n',
        b"mail dovecot: auth: user=<a>, rip=203.0.113.66\n",
        b"mail app: peer is gone (rip=203.0.113.66)\n",
        b"mail mystery-login: Login: user=<a>, rip=203.0.113.66\n",
    ],
)
def test_a_line_in_doubt_leaves_its_buffer_to_the_forms(line: bytes) -> None:
    buffer = TIME + LOGIN + TIME + line
    rest, _ = rest_of(buffer)
    assert TIME + line in rest
    assert Counter(scan(buffer, Reader())) == Counter(by_forms(buffer, Reader()))


def test_columns_are_not_tried_where_few_lines_are_usual() -> None:
    few = (TIME + IDLE) * 9 + TIME + CONNECT
    many = (TIME + IDLE) * 3 + TIME + CONNECT
    assert rest_of(few) == (few, [])
    assert rest_of(many)[0] == (TIME + IDLE) * 3


def test_the_begin_of_a_buffer_tells_whether_they_are() -> None:
    begin = (TIME + IDLE) * (SAMPLE // len(TIME + IDLE) + 1)
    assert rest_of(begin + (TIME + CONNECT) * 99)[1] == []
    begin = (TIME + CONNECT) * (SAMPLE // len(TIME + CONNECT) + 1)
    assert rest_of(begin + (TIME + IDLE) * 99)[0] == (TIME + IDLE) * 99


def test_a_line_that_holds_what_ends_lines_inside_is_given_back_as_it_was() -> None:
    odd = TIME + b"mail postfix/smtpd[7]: lost <>([\n"
    odder = TIME + b"mail postfix/smtpd[7]: lost  <>([ <>([\n"
    assert rest_of(TIME + CONNECT + odd + odder)[0] == odd + odder


def test_heads_are_remembered_up_to_a_number() -> None:
    with mock.patch("truehop.live.logs.hits._MOST_SOURCES", 3):
        reader = Reader()
        lines = b"".join(b"%bm%d postfix/smtpd[7]: connect from a[::1]\n" % (TIME, one) for one in range(9))
        assert len(scan(lines, reader)) == 9
        assert len(reader.heads) <= 3


def test_a_day_that_there_is_not_is_no_minute() -> None:
    ((minute, *_),) = scan(b"Feb 31 16:34:13 " + CONNECT, Reader())
    assert minute is None


def test_a_warning_that_is_not_in_the_dictionary_says_nothing_nor_does_what_it_holds() -> None:
    warning = (
        TIME + b"mail postfix/smtpd[7]: warning: ignoring this: smtpd[7]: connect from a[203.0.113.66]\n"
    )
    assert list(by_forms(warning, Reader())) == []
    assert rest_of(warning * 3) == (b"", [])
