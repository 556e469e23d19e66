"""Whole buffers are read as if each line were read by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.live.logs.frames import undock
from truehop.live.logs.hits import Hit, Reader, Told
from truehop.live.logs.reading import read
from truehop.live.logs.scanning import Stream, by_forms, scan, whole_lines
from truehop.live.logs.summary import Summary

DATA = Path(__file__).parents[3] / "data" / "logs"
LINES = [line for path in sorted(DATA.glob("*.log")) for line in path.read_bytes().splitlines()]
#: What logs put before a line, or in the place of its time.
FRAMES = [
    b"2026-11-26T16:34:13.250000+00:00 mail ",
    b"2026-11-26 16:34:13 ",
    b"2026-11-26T16:34:13.123456789Z stdout F Nov 26 16:34:13 mail ",
    b"2026-11-26T16:34:13.123456789Z stderr F ",
    b"[pod/mail-0/mta] ",
    b"Feb 31 16:34:13 mail dovecot: ",
    b"<22>1 2026-11-26T16:34:13Z mail ",
    b"",
]
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
    """What one line says, with nothing remembered of other lines."""
    return next(by_forms(line, Reader()), None)


def _without_time(hits: Iterable[Hit]) -> Counter[tuple[object, ...]]:
    return Counter(hit[1:] for hit in hits)


_FRAMED = st.builds(
    lambda frame, line: frame + line.split(b" ", 3)[-1], st.sampled_from(FRAMES), st.sampled_from(LINES)
)


@st.composite
def _changed(draw: st.DrawFn) -> bytes:
    """A real line with something else in it, cut off, joined with another one, or none at all."""
    line: bytes = draw(
        st.sampled_from(LINES) | _FRAMED | st.lists(st.sampled_from(BITS), max_size=8).map(b"".join)
    )
    begin = draw(st.integers(0, len(line)))
    end = draw(st.integers(begin, len(line)))
    put = draw(st.sampled_from([b"", *BITS, *LINES]) | st.binary(max_size=9))
    return (line[:begin] + put + line[end:]).replace(b"\n", b" ")


_SOME_LINES = st.lists(st.sampled_from(LINES) | _FRAMED | _changed(), max_size=12)


@given(
    lines=_SOME_LINES,
    newline=st.sampled_from([b"\n", b"\r\n"]),
    ends=st.booleans(),
    worth=st.sampled_from([0, 0.2, 2]),
)
def test_a_buffer_says_what_its_lines_say_one_by_one(
    *, lines: list[bytes], newline: bytes, ends: bool, worth: float
) -> None:
    """Whether columns are read from all buffers, from those full of usual lines, or from none."""
    lines = [line.rstrip(b"\r") for line in lines]
    text = newline.join(lines) + (newline if ends else b"")
    one_by_one = [hit for line in lines for hit in (_plain(undock(line)),) if hit is not None]
    with mock.patch("truehop.live.logs.columns.WORTH", worth):
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


SAID = b"postfix/smtpd[7]: connect from a[203.0.113.66]"
LOGGED_IN = b"imap-login: Login: user=<eve>, method=PLAIN, rip=203.0.113.66"


@pytest.mark.parametrize(
    ("line", "program"),
    [
        (b"Nov 26 16:35:06 imap-login: Info: Login: user=<a %b>, method=PLAIN, rip=192.0.2.7", "dovecot"),
        (b"Nov 26 16:35:06 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from b[192.0.2.7]: <%b>", "postfix"),
        (b"Nov 26 16:35:06 mail postfix/postscreen[1]: CONNECT from [192.0.2.7]:1 to %b", "postfix"),
        (b'192.0.2.7 - %b [26/Nov/2026:16:15:39 +0000] "GET / HTTP/1.1" 200 2 "-" "-"', "nginx"),
        (b'192.0.2.7 - - [26/Nov/2026:16:15:39 +0000] "GET /%b HTTP/1.1" 200 2 "-" "-"', "nginx"),
        (b'Nov 26 16:35:06 web nginx: 192.0.2.7 - %b [26/Nov/2026:16:15:39 +0000] "GET /" 200 2', "nginx"),
        (b'{"ClientHost":"192.0.2.7","RequestPath":"/%b","time":"2026-11-26T16:35:06Z"}', "traefik"),
    ],
)
@pytest.mark.parametrize("words", [SAID, LOGGED_IN])
def test_a_client_cannot_make_a_line_tell_of_another_program(line: bytes, program: str, words: bytes) -> None:
    """What a server writes of a client's words stands behind its own."""
    buffer = (line % words + b"\n") * 3
    for worth in (0, 2):
        with mock.patch("truehop.live.logs.columns.WORTH", worth):
            hits = scan(buffer, Reader())
        assert {(source.program, address) for _, source, address, _ in hits} == {(program, b"192.0.2.7")}
        assert len(hits) == 3


@pytest.mark.parametrize(
    "line",
    [
        b"Failed login for x from 203.0.113.66 in session a from 192.0.2.7 in session b (error: 0)",
        b"Failed login for x from 192.0.2.7 (X-Forwarded-For: y from ::66 (X-Real-IP: ::66) in session b",
    ],
)
def test_who_logged_in_to_the_webmail_is_not_said_where_a_name_could_be_the_answer(line: bytes) -> None:
    ((_, source, address, _),) = scan(line, Reader())
    assert (source.program, source.kind, address) == ("roundcube", "login-failed", b"")


def test_the_peer_is_the_address_that_the_server_wrote_behind_a_clients_words() -> None:
    line = (
        b'broken header: "x, client: 203.0.113.66, " while reading PROXY protocol, client: 192.0.2.7, server'
    )
    assert [hit[2] for hit in scan(line, Reader())] == [b"192.0.2.7"]


def test_a_key_of_json_outside_of_any_object_is_none() -> None:
    assert scan(b'{}\n"ClientHost":"192.0.2.1"\n', Reader()) == []


def test_of_a_line_what_stands_first_is_told_in_whatever_order_it_was_found() -> None:
    (one,), (other,) = scan(SAID, Reader()), scan(LOGGED_IN, Reader())
    told = Told()
    told.tell(0, 9, one)
    told.tell(0, 30, other)
    assert list(told.hits()) == [one]
    told.tell(0, 3, other)
    assert list(told.hits()) == [other]
    assert told.knows(0, 3)
    assert not told.knows(0, 2)


#: What Dovecot 2.4.1 wrote, with its defaults, of a client at 127.0.0.1 that called itself
#: ``a>, method=PLAIN, rip=203.0.113.66, x=<``.
FORGED = (
    b"Nov 27 02:01:31 imap-login: Info: Login aborted: Logged out (auth failed, 1 attempts in 2 secs) "
    b"(auth_failed): user=<a>, method=PLAIN, rip=203.0.113.66, x=<>, method=PLAIN, rip=127.0.0.1, "
    b"lip=127.0.0.1, secured, session=<zBBCcDhhNIR/AAAB>\n"
)


@pytest.mark.parametrize("lines", [1, 9])
def test_a_name_that_holds_an_address_does_not_say_where_its_owner_came_from(lines: int) -> None:
    hits = scan(FORGED * lines, Reader())
    assert [(hit[1].kind, hit[2]) for hit in hits] == [("login-failed", b"127.0.0.1")] * lines
