"""Our sessions in logs of every form, and whose address they have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from truehop.live.verify.checks import Notebook, Place, Recorded, Seen
from truehop.live.verify.evidence import Entry, Journal, gather, plain
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.ports import BY_NUMBER
from truehop.live.verify.reading import entries
from truehop.live.verify.trace import End, Trace, end_of, is_limited
from truehop.live.verify.verdicts import judge_address, judge_lie
from truehop.live.verify.wire import TalkError, Trouble
from truehop.model.addresses import AddressSet

WORD = "truehop-ab-1"
PLACE = Place(25, "smtp", "mail.example.com", 25, "198.51.100.25")
SMTP = BY_NUMBER[25]
HONEST = Trace("recorded-address", PLACE, SMTP, expected="203.0.113.7", word=WORD)


def journal(*lines: str, addresses: Iterable[str] = ()) -> Journal:
    found = Journal("truehop-ab-", frozenset(addresses))
    found.add(entries(line.encode() for line in lines))
    return found


def reject(address: str, word: str = WORD) -> str:
    where = f"Nov 26 16:00:00 mail postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[{address}]: 554 5.7.1"
    return f"{where} <x>: Relay access denied; from=<> to=<x> proto=ESMTP helo=<{word}.verify.invalid>"


DOVECOT = "imap-login: Info: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs)"
CADDY = {
    "level": "info",
    "ts": 1.5,
    "logger": "http.log.access",
    "msg": "handled request",
    "request": {
        "remote_ip": "203.0.113.7",
        "client_ip": "203.0.113.7",
        "proto": "HTTP/2.0",
        "method": "HEAD",
        "host": "x",
        "uri": f"/{WORD}",
    },
    "status": 404,
}
LINES = {
    "postfix": (reject("203.0.113.7"), "postfix smtpd"),
    "dovecot 2.4": (
        f"Nov 26 16:00:00 {DOVECOT} (auth_failed): user=<{WORD}@verify.invalid>, rip=203.0.113.7,",
        "dovecot imap-login",
    ),
    "traefik": (
        f'203.0.113.7 - - [26/Nov/2026:16:00:00 +0000] "HEAD /{WORD} HTTP/1.1" 404 0 "-" "-" 1 "w" "x" 1ms',
        "traefik http",
    ),
    "an application of its own": (f"/{WORD} client=203.0.113.7 scheme=https", ""),
    "caddy": (json.dumps(CADDY), "caddy http"),
}


@pytest.mark.parametrize("form", LINES)
def test_a_session_is_found_in_a_line_of_each_form(form: str) -> None:
    line, program = LINES[form]
    (found,) = journal(line).of(WORD)
    assert (found.address, found.program) == ("203.0.113.7", program)


def test_a_word_is_not_the_beginning_of_another() -> None:
    found = journal(reject("203.0.113.7", "truehop-ab-12"))
    assert found.of(WORD) == []
    assert len(found.of("truehop-ab-12")) == 1


def test_lines_of_others_are_not_kept_and_ours_only_once() -> None:
    found = journal(reject("203.0.113.9", "other"), reject("203.0.113.7"), reject("203.0.113.7"))
    assert [entry.address for entry in found.entries] == ["203.0.113.7"]


def test_a_log_without_end_fills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truehop.live.verify.evidence.MOST_ENTRIES", 3)
    found = journal(*(f"{WORD} client=203.0.113.{number}" for number in range(9)))
    assert len(found.entries) == 3


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("nobody", "nobody"),
    ],
)
def test_addresses_are_compared_whatever_their_form(written: str, meant: str) -> None:
    assert plain(written) == meant


def test_a_header_that_is_refused_names_no_client() -> None:
    line = "Nov 26 16:00:00 imap-login: Error: haproxy: Client not trusted (rip=203.0.113.7, lport=993)"
    assert journal(line, addresses=["203.0.113.7"]).of_addresses(frozenset({"203.0.113.7"})) == []


def judged(
    trace: Trace,
    *lines: str,
    knowledge: Knowledge | None = None,
    state: str = "open",
    recorded: Recorded = Recorded.UNKNOWN,
    is_told: bool = False,
    has_log: bool = True,
) -> tuple[Seen, dict[str, str], Notebook]:
    notebook = Notebook(trace.place)
    seen = Seen(trace.place, state, recorded, expected=trace.expected)
    log = journal(*lines, addresses=[trace.expected]) if has_log else None
    after = judge_address(trace, seen, log, knowledge or Knowledge(), notebook, is_told=is_told)
    return after, {check.id: check.verdict.value for check in notebook.checks}, notebook


def test_the_clients_address() -> None:
    seen, verdicts, _ = judged(HONEST, reject("203.0.113.7"))
    assert (seen.recorded, seen.address) == (Recorded.CLIENT, "203.0.113.7")
    assert verdicts == {"recorded-address": "pass"}


def test_a_hops_address_with_whose_it_is() -> None:
    knowledge = Knowledge(networks={"networks.pods": AddressSet.parse("10.42.0.0/16")})
    seen, verdicts, notebook = judged(HONEST, reject("10.42.0.9"), knowledge=knowledge)
    assert (seen.recorded, seen.hop) == (Recorded.HOP, "networks.pods hold it")
    assert verdicts == {"recorded-address": "fail"}
    assert "networks.pods" in notebook.checks[0].help


def test_the_worst_of_several_lines_counts() -> None:
    seen, _, _ = judged(HONEST, reject("203.0.113.7"), f"{WORD} client=10.42.0.9")
    assert (seen.recorded, seen.address) == (Recorded.HOP, "10.42.0.9")


@pytest.mark.parametrize(
    ("own", "recorded", "is_told", "verdict"),
    [
        ("192.168.1.5", "198.51.100.99", False, Recorded.UNKNOWN),  # the router's outside, or a hop's?
        ("192.168.1.5", "198.51.100.99", True, Recorded.HOP),
        ("192.168.1.5", "10.42.0.9", False, Recorded.HOP),
        ("203.0.113.7", "198.51.100.99", False, Recorded.HOP),
    ],
)
def test_behind_address_translation_only_what_is_certain_is_told(
    own: str, recorded: str, verdict: Recorded, *, is_told: bool
) -> None:
    seen, _, notebook = judged(replace(HONEST, expected=own), reject(recorded), is_told=is_told)
    assert seen.recorded is verdict
    if verdict is Recorded.UNKNOWN:
        assert "--expect-ip" in notebook.checks[0].help


def test_a_closed_port_records_nothing() -> None:
    seen, verdicts, _ = judged(HONEST, state="closed")
    assert (seen.recorded, verdicts) == (Recorded.UNKNOWN, {})


def test_without_a_session_there_is_nothing_to_look_for() -> None:
    seen, verdicts, _ = judged(replace(HONEST, expected="", word=""), reject("203.0.113.7"))
    assert (seen.recorded, verdicts) == (Recorded.UNKNOWN, {"recorded-address": "left-out"})


def test_a_log_that_says_nothing() -> None:
    _, verdicts, notebook = judged(HONEST)
    assert verdicts == {"recorded-address": "unknown"}
    assert WORD in notebook.checks[0].message


class Route:
    """What Knowledge asks of a route."""

    port = 25
    legs = ()

    def __init__(self, believes: str) -> None:
        self.believes = believes


@pytest.mark.parametrize(
    ("predicted", "verdicts"),
    [
        ("client", {"recorded-address": "pass"}),
        ("unknown", {"recorded-address": "pass"}),
        ("hop", {"recorded-address": "pass", "prediction": "unknown"}),
    ],
)
def test_the_manifests_are_compared_with_what_is(predicted: str, verdicts: dict[str, str]) -> None:
    knowledge = Knowledge(routes=(Route(predicted),))  # type: ignore[arg-type]
    seen, told, _ = judged(HONEST, reject("203.0.113.7"), knowledge=knowledge)
    assert (seen.predicted, told) == (predicted, verdicts)


def test_a_refusal_is_compared_with_the_manifests_too() -> None:
    knowledge = Knowledge(routes=(Route("client"),))  # type: ignore[arg-type]
    _, told, _ = judged(HONEST, knowledge=knowledge, recorded=Recorded.REFUSED, has_log=False)
    assert told == {"prediction": "unknown"}


def test_a_lie_is_looked_for_before_anything_else() -> None:
    lie = Trace(
        "forged-proxy-v1", PLACE, SMTP, lies=frozenset({"192.0.2.9"}), end=End.REFUSED, answer="closed"
    )
    for line, verdict in ((reject("192.0.2.9", "x"), "fail"), (reject("203.0.113.7"), "pass")):
        notebook = Notebook(PLACE)
        judge_lie(lie, journal(line, addresses=["192.0.2.9"]), notebook)
        assert notebook.checks[0].verdict.value == verdict


@pytest.mark.parametrize(
    ("trouble", "words", "end", "limited"),
    [
        (Trouble.BUSY, "the server says 421 4.7.0 too many connections", End.LIMITED, True),
        (Trouble.BUSY, "the server says 421 4.3.2 No system resources", End.REFUSED, False),
        (Trouble.SILENT, "no answer", End.SILENT, False),
        (Trouble.CLOSED, "closed", End.REFUSED, False),
    ],
)
def test_ends_of_connections(trouble: Trouble, words: str, end: End, *, limited: bool) -> None:
    error = TalkError(trouble, words)
    assert (end_of(error), is_limited(error)) == (end, limited)


def test_a_log_is_read_until_all_is_there_or_time_is_over() -> None:
    time = [0.0]
    parts = iter([[f"{WORD} a"], [], ["truehop-ab-2 b"], ["192.0.2.9 late"]])

    def read() -> Iterator[Entry]:
        return (Entry("", "", line) for line in next(parts, []))

    def sleep(seconds: float) -> None:
        time[0] += seconds

    found = Journal("truehop-ab-", frozenset())
    gather(found, read, [WORD, "truehop-ab-2"], 10, now=lambda: time[0], sleep=sleep)
    assert len(found.entries) == 2
    assert time[0] < 3
    gather(found, read, ["truehop-ab-3"], 10, now=lambda: time[0], sleep=sleep)
    assert 10 < time[0] < 15
