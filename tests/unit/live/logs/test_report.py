"""How it is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.live.logs.lines import BEGIN, client, connect, fault, idle, login
from truehop.live.logs.findings import Thresholds, judge
from truehop.live.logs.hops import Hops
from truehop.live.logs.privacy import masked, printable, shown
from truehop.live.logs.report import Appearance, json_of, text_of
from truehop.live.logs.scanning import Stream
from truehop.live.logs.summary import Summary
from truehop.model.addresses import AddressSet

SCHEMA = json.loads(
    (Path(__file__).parents[4] / "schemas" / "logs-v1.schema.json").read_text(encoding="utf-8")
)
PODS = Hops({"networks.pods": AddressSet.parse("10.42.0.0/16")})


def _summary(text: bytes, hops: Hops = PODS) -> Summary:
    made = Summary(hops=hops)
    Stream(made).feed(text)
    made.settle()
    made.windows.close()
    return made


def _text(lines: list[str], look: Appearance | None = None) -> str:
    made = _summary("".join(lines).encode())
    return text_of(made, judge(made, Thresholds()), look or Appearance())


def _json(made: Summary, look: Appearance | None = None) -> dict[str, object]:
    document = json.loads(json_of(made, judge(made, Thresholds()), look or Appearance()))
    jsonschema.validate(document, SCHEMA)
    return document  # type: ignore[no-any-return]


LINES = [
    *(login(number, "10.42.0.3", f"user{number}@example.com") for number in range(12)),
    *(connect(number * 10, client(number % 5)) for number in range(40)),
    idle(5, client(1)),
    fault(0, "10.0.0.9"),
    fault(3, "10.0.0.9"),
]


def test_text_shows_sessions_addresses_time_and_findings() -> None:
    told = _text(LINES)
    assert told.isascii()
    assert re.search(r"^55 lines, \d+ bytes, 26 Nov 2026 08:00 to 26 Nov 2026 14:30 UTC; 55 of them", told)
    assert re.search(r"^  postfix smtpd +40  1 did nothing$", told, re.MULTILINE)
    assert re.search(r"^  dovecot imap-login +12  100% from networks.pods$", told, re.MULTILINE)
    assert re.search(r"^  10\.42\.0\.3 +12 #+ +networks\.pods, 10 accounts at once$", told, re.MULTILINE)
    assert "distinct addresses over time, at most 2; a mark is 10 minutes" in told
    assert "error shared-address: 10 accounts logged in from 10.42.0.3, an address of networks.pods" in told
    assert "warning dovecot-not-trusted: who connected is not in haproxy_trusted_networks" in told
    assert "(2 times)" in told
    assert "  why: truehop explain trust-missing-hop" in told


def test_a_terminal_gets_blocks_and_colours() -> None:
    told = _text(LINES, Appearance(colour=True, unicode=True))
    assert "█" in told
    assert "\n  ██▅▅▅" in told
    assert "\x1b[31merror\x1b[0m shared-address" in told


def test_accounts_are_masked_unless_asked_for() -> None:
    told = _text(LINES)
    assert "user1@example.com" not in told
    assert re.search(r"accounts: u\.\.\.@e\.\.\. #[0-9a-f]{4}, .*, \.\.\.", told)
    assert "user1@example.com" in _text(LINES, Appearance(accounts_in_full=True))
    assert "user1@" not in json_of(_summary("".join(LINES).encode()), [], Appearance())


def test_a_share_of_traffic_has_no_time_of_its_own() -> None:
    told = _text([connect(0, "10.42.0.3") for _ in range(20)])
    assert (
        "error hop-traffic: 100% of 20 sessions with postfix smtpd come from inside a hop's network" in told
    )
    assert "  when:" not in told


def test_nothing_found_is_said() -> None:
    assert _text([connect(0, client(1))]).endswith("\nnothing found\n")


def test_nothing_read_is_told_too() -> None:
    assert _text([]) == "0 lines, 0 bytes; 0 of them tell of clients\n\nnothing found\n"
    assert _json(_summary(b""))["findings"] == []


def test_megabytes_are_told_as_such() -> None:
    assert " 0.1 MB" in _text([connect(0, client(1)), "x" * 120_000 + "\n"])


def test_a_long_time_is_drawn_in_one_line() -> None:
    told = _text([connect(number * 10, client(number % 9)) for number in range(200)], Appearance(width=60))
    (line,) = re.findall(r"a mark is (\d+) minutes\n  (.*)\n", told)
    assert int(line[0]) == 40
    assert len(line[1]) <= 56


def test_stretches_without_sessions_are_blank() -> None:
    told = _text([connect(0, client(1)), connect(50, client(1))])
    assert re.search(r"\n  \S    \S\n", told)


def test_the_error_of_a_count_is_stated() -> None:
    lines = [connect(0, client(number)) for number in range(3000)]
    made = Summary()
    for batch in (lines, lines[-200:] * 3):
        Stream(made).feed("".join(batch).encode())
        made.settle()
    made.windows.close()
    told = text_of(made, [], Appearance())
    assert "of about " in told
    assert re.search(r"\(at most \d too many\)", told)
    assert _json(made)["addresses"]["error"] > 0  # type: ignore[index]


def test_json_follows_its_schema() -> None:
    document = _json(_summary("".join(LINES).encode()))
    assert document["summary"] == {"error": 1, "warning": 1, "info": 0}
    first = document["findings"][0]  # type: ignore[index]
    assert (first["check"], first["network"], first["first"]) == (
        "shared-address",
        "networks.pods",
        "2026-11-26T08:00:00Z",
    )


def test_times_that_are_none_are_told_as_such() -> None:
    made = _summary(connect(0, client(1)).encode())
    made.first, made.last = -(10**12), 10**12
    assert "? to ?" in text_of(made, [], Appearance())
    assert _json(made)["read"]["first"] is None  # type: ignore[index]
    assert made.last > BEGIN


@given(st.lists(st.sampled_from(LINES)), st.binary(max_size=20))
def test_nothing_that_a_terminal_obeys_is_told(lines: list[str], hostile: bytes) -> None:
    text = (
        "".join(lines)
        .encode()
        .replace(b"user1", b"\x1b]0;x\x07" + hostile)
        .replace(b"smtpd[7]", b"s/\x9b/smtpd[7]")
    )
    made = _summary(text)
    look = Appearance(accounts_in_full=True)
    for told in (
        text_of(made, judge(made, Thresholds(accounts=2)), look),
        json_of(made, judge(made, Thresholds(accounts=2)), look),
    ):
        assert all(one == "\n" or one.isprintable() for one in told)


@given(st.binary())
def test_whatever_is_shown_is_one_printable_line(text: bytes) -> None:
    for told in (printable(text), masked(text), shown(text, in_full=True)):
        assert all(one.isprintable() for one in told)
        assert len(told) <= 160


def test_a_mask_tells_accounts_apart_and_not_who_they_are() -> None:
    assert masked(b"alice@example.com") == shown(b"alice@example.com", in_full=False)
    assert masked(b"alice@example.com") != masked(b"anna@example.com")
    assert masked(b"bob").startswith("b… #")
    assert masked(b"\x1b").startswith("?… #")


@pytest.mark.parametrize(
    ("text", "expected"), [(b"a\x1b[31m", r"a\x1b[31m"), (b"\xff\n", r"\xff\n"), ("é".encode(), "é")]
)
def test_control_characters_are_written_as_escapes(text: bytes, expected: str) -> None:
    assert printable(text) == expected
