"""What is read out of lines that real programs wrote, also behind what others put before them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.live.logs.dictionary import by_id, messages
from truehop.live.logs.reading import read
from truehop.live.records import KINDS, Record
from truehop.rules.catalogue import all_rules

DATA = Path(__file__).parents[3] / "data" / "logs"
SAMPLES = sorted(DATA.glob("*.log"))
LINES = [line for path in SAMPLES for line in path.read_bytes().splitlines()]


def _row(record: Record) -> str:
    # Without the year: syslog's older form does not say it.
    when = f"{record.time:%d %b %H:%M:%S %z}" if record.time is not None else "-"
    parts = (
        record.program,
        record.service,
        record.kind,
        record.address,
        record.account,
        record.name,
        record.message,
    )
    return "\t".join([when, *(part or "-" for part in parts)])


def _without_time(record: Record) -> Record:
    return replace(record, time=None, text="")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_real_programs_wrote_is_read(path: Path, golden: Callable[[Path, str], None]) -> None:
    records = list(read(path.read_bytes().splitlines(keepends=True)))
    golden(path.with_suffix(".expected"), "".join(f"{_row(record)}\n" for record in records))


def _docker(line: bytes) -> bytes:
    # Go's encoder writes these three as \u003c and so on.
    text = json.dumps(
        {"log": line.decode() + "\n", "stream": "stdout", "time": "2026-11-26T16:15:39.123456789Z"}
    )
    text = text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026").replace('": "', '":"')
    return text.replace('", "', '","').encode()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "CRI": lambda line: b"2026-11-26T16:15:39.123456789Z stdout F " + line,
    "kubectl timestamps": lambda line: b"2026-11-26T16:15:39.123456789Z " + line,
    "kubectl prefix": lambda line: b"[pod/mta-0/mta] " + line,
    "compose": lambda line: b"mail-mta-1  | " + line,
    "docker": _docker,
    "carriage return": lambda line: line + b"\r\n",
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_the_same_is_read_behind_a_container_s_prefix(name: str) -> None:
    wrap = WRAPPINGS[name]
    for line in LINES:
        bare = [_without_time(record) for record in read([line])]
        assert [_without_time(record) for record in read([wrap(line)])] == bare, line


@pytest.mark.parametrize("name", ["CRI", "kubectl timestamps", "docker"])
def test_a_container_s_time_is_the_record_s(name: str) -> None:
    (record,) = read([WRAPPINGS[name](b"postfix/smtpd[77]: connect from unknown[192.0.2.1]")])
    assert record.time is not None
    assert record.time.isoformat() == "2026-11-26T16:15:39.123456+00:00"


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (b"<22>1 2026-11-26T16:15:39.003Z mail postfix/smtpd 77 - - ", b""),
        (b'<22>1 2026-11-26T16:15:39.003Z smtpd.example.com postfix/smtpd 77 - [origin ip="10.0.0.1"] ', b""),
        (b"2026-11-26T16:15:39.123456+00:00 mail postfix/smtpd[77]: ", b""),
        (b"<22>Nov 26 16:15:39 mail postfix/smtpd[77]: ", b""),
        (b"Nov 26 16:15:39 smtpd1 postfix/smtpd[77]: ", b""),
        (b"Nov  6 16:15:39 mail customer-a/smtpd[77]: ", b""),
        (b"postfix/smtpd[77]: ", b""),
    ],
)
def test_postfix_is_read_in_every_form_of_syslog(head: bytes, tail: bytes) -> None:
    (record,) = read([head + b"connect from mail.example.net[2001:db8::1]" + tail])
    assert (record.program, record.service, record.kind) == ("postfix", "smtpd", "connect")
    assert record.address == "2001:db8::1"


@pytest.mark.parametrize(
    ("tag", "service"),
    [
        ("postfix/smtpd", "smtpd"),
        ("postfix/submission/smtpd", "submission"),
        ("postfix/smtps/smtpd", "submissions"),
        ("postfix/submissions/smtpd", "submissions"),
        ("postfix/webmail/smtpd", "webmail"),
        ("smtpd", "smtpd"),
    ],
)
def test_the_service_is_what_syslog_name_says(tag: str, service: str) -> None:
    (record,) = read([f"Nov 26 16:15:39 mail {tag}[7]: connect from a[192.0.2.1]".encode()])
    assert record.service == service


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"Nov 26 16:15:39 mail postfix/qmgr[7]: 3F2A: from=<smtpd@example.com>, size=1, nrcpt=1",
        b"Nov 26 16:15:39 mail postfix/smtpd[7]: Anonymous TLS connection established from a[192.0.2.1]",
        b"Nov 26 16:15:39 mail postfix/smtpd[7]: warning: ignoring something else",
        b"Nov 26 16:15:39 mail postfix/smtpd[7]: connect from unknown[unknown]",
        b"Nov 26 16:15:39 imap-login: Info: proxy started",
        b"Nov 26 16:15:39 unheard-login: Info: Login: user=<a>, method=PLAIN, rip=192.0.2.1",
        b'192.0.2.1 - - [26/Foo] "GET / HTTP/1.1" 200 2',
        b'name.example - - [26/Nov/2026:16:15:39 +0000] "GET / HTTP/1.1" 200 2',
        b'{"ClientHost":"name"}',
        b'{"remote_ip":7}',
        b'{"remote_ip"',
        b"no login for you",
        b"parsing CIDR trusted IPs",
    ],
)
def test_lines_that_say_nothing_of_a_client_are_passed_over(line: bytes) -> None:
    assert [record for record in read([line]) if record.kind != "proxy-error"] == []


def test_a_tls_fault_that_the_dictionary_does_not_know_is_a_session_without_login() -> None:
    said = b"Login aborted: SSL_accept() failed: unknown ca (no auth attempts): user=<>, rip=192.0.2.1"
    (record,) = read([b"imap-login: Info: " + said])
    assert record.kind == "idle"


def test_only_the_first_of_a_chain_of_addresses_is_the_client() -> None:
    line = (
        b'192.0.2.1, 10.42.0.3, 10.42.0.4 - bob [26/Nov/2026:16:15:39 +0000] "GET / HTTP/2.0" 200 2 "-" "-" 7'
    )
    (record,) = read([line + b' "a" "b" 3ms'])
    assert (record.program, record.address, record.account) == ("traefik", "192.0.2.1", "bob")


@pytest.mark.parametrize("message", messages(), ids=lambda message: message.id)
def test_each_message_of_the_dictionary_is_known_by_its_sample(message: object) -> None:
    known = by_id()[message.id]  # type: ignore[attr-defined]
    (record,) = read([known.sample.encode()])
    assert (record.kind, record.message) == ("proxy-error", known.id)


def test_the_dictionary_names_rules_that_there_are_and_sources() -> None:
    rules = {rule.id for rule in all_rules()}
    for message in messages():
        assert message.rules, message.id
        assert set(message.rules) <= rules, message.id
        assert message.severity in {"error", "warning", "info"}
        assert all((message.meaning, message.cure, message.source))
    assert len({message.id for message in messages()}) == len(messages())


@given(st.lists(st.binary(max_size=300)))
def test_no_bytes_break_the_reading(lines: list[bytes]) -> None:
    for record in read(lines):
        assert record.kind in KINDS


@given(st.sampled_from(LINES), st.data())
def test_no_change_of_a_real_line_breaks_the_reading(line: bytes, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(begin, len(line)))
    changed = line[:begin] + data.draw(st.binary(max_size=12)) + line[end:]
    for record in read([changed]):
        assert record.kind in KINDS
        assert "\n" not in (record.address or "")
        assert len(record.account or "") <= 1000


def test_a_line_without_end_is_read_in_its_beginning() -> None:
    line = b"Nov 26 16:15:39 mail postfix/smtpd[7]: connect from a[192.0.2.1]" + b" x" * 10_000_000
    (record,) = read([line])
    assert len(record.text) <= 65_536
