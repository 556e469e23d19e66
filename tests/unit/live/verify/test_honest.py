"""The honest client on every port: what it meets, and whose address is recorded."""

from __future__ import annotations

import time

import pytest

from tests.unit.live.verify import servers
from tests.unit.live.verify.servers import HANDLERS, HERE, mail_stack
from tests.unit.live.verify.sessions import Session
from tests.unit.live.verify.tools import check, failures, port, verdicts, verify
from truehop.live.verify.checks import Recorded, Verdict
from truehop.live.verify.order import Account
from truehop.rules.base import Severity

ALL = tuple(HANDLERS)
MAIL = tuple(number for number in ALL if number not in (80, 443))
STARTTLS = (25, 587, 143, 110, 4190)


def test_a_sound_stack_passes_in_everything() -> None:
    with mail_stack() as (ports, stacks):
        found = verify(ports, stacks, logins=5)
    assert failures(found) == set()
    assert [seen.recorded for seen in found.ports] == [Recorded.CLIENT] * len(ALL)
    assert {seen.address for seen in found.ports} == {HERE}
    assert [seen.state for seen in found.ports] == ["open"] * len(ALL)
    assert len(found.logins) == 5
    assert verdicts(found, 25).keys() & {"tls-versions", "tls-suites"} == set()
    assert not found.is_empty


def test_a_hop_in_place_of_the_client_is_told_on_every_port() -> None:
    with mail_stack(hop="10.42.0.9") as (ports, stacks):
        found = verify(ports, stacks, logins=5, forges=False)
    assert {(number, "recorded-address") for number in ALL} == failures(found)
    assert {seen.recorded for seen in found.ports} == {Recorded.HOP}
    assert "10.42.0.9 instead of 127.0.0.1" in check(found, "recorded-address", 25).message


def test_ports_that_wait_for_a_header_are_refused() -> None:
    with mail_stack(header="required") as (ports, stacks):
        found = verify(ports, stacks, forges=False)
    assert {seen.recorded for seen in found.ports} == {Recorded.REFUSED}
    assert failures(found) == {(number, "greeting") for number in ALL}


def test_ports_that_demand_a_header_pass_when_they_turn_us_away() -> None:
    with mail_stack((25, 993), header="required") as (ports, stacks):
        found = verify(ports, stacks, forges=False, demanding=frozenset({25, 993}))
    assert failures(found) == set()
    assert verdicts(found, 25)["direct-refused"] == verdicts(found, 993)["direct-refused"] == "pass"


def test_ports_that_demand_a_header_fail_when_they_greet() -> None:
    with mail_stack((25,)) as (ports, stacks):
        found = verify(ports, stacks, forges=False, demanding=frozenset({25}))
    assert failures(found) == {(25, "direct-refused")}


def test_a_local_header_opens_ports_that_demand_one() -> None:
    with mail_stack(header="required") as (ports, _):
        found = verify(ports, local=frozenset(ALL), is_inside=True)
    assert failures(found) == set()
    assert "does not prove the way from outside" in found.notes[0]
    assert not any(one.id.startswith("forged") for one in found.checks)


@pytest.mark.parametrize("word", ["PLAIN", "LOGIN", "XOAUTH2"])
def test_logins_offered_in_clear_are_errors(word: str) -> None:
    with mail_stack(STARTTLS, logins_in_clear=word) as (ports, _):
        found = verify(ports, forges=False)
    assert failures(found) == {(number, "tls-demanded") for number in STARTTLS}
    assert {one.severity for one in found.checks if one.fails} == {Severity.ERROR}


def test_logins_that_never_show_a_password_are_warnings() -> None:
    with mail_stack((587, 4190), logins_in_clear="SCRAM-SHA-256") as (ports, _):
        found = verify(ports, forges=False)
    assert {one.severity for one in found.checks if one.fails} == {Severity.WARNING}
    assert failures(found) == {(587, "tls-demanded"), (4190, "tls-demanded")}


@pytest.mark.parametrize(("number", "severity"), [(25, Severity.WARNING), (587, Severity.ERROR)])
def test_a_port_without_tls(number: int, severity: Severity) -> None:
    with mail_stack((number,), has_starttls=False) as (ports, _):
        found = verify(ports, forges=False, account=Account("me", "secret"))
    assert check(found, "tls-demanded").severity is severity
    if number == 587:
        assert check(found, "login").message == "no password is sent without TLS"


def test_an_open_relay_is_told() -> None:
    with mail_stack((25,), relays=True) as (ports, stacks):
        found = verify(ports, stacks, forges=False)
    assert failures(found) == {(25, "relay-refused")}
    assert port(found, 25).recorded is Recorded.CLIENT, "by its address, as no refusal names it"


def test_a_server_that_refuses_senders_altogether_refuses_relaying(monkeypatch: pytest.MonkeyPatch) -> None:

    def strict(session: Session) -> None:
        session.say("220 mail ESMTP")
        while True:
            word = session.hear().upper()
            session.say("250 ok" if word.startswith("EHLO") else "530 5.7.0 log in first")

    monkeypatch.setitem(servers.HANDLERS, 465, (strict, True))
    with mail_stack((465,)) as (ports, _):
        found = verify(ports, forges=False)
    assert check(found, "relay-refused").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("number", "word"), [(143, "* BAD what"), (25, "502 what"), (110, "-ERR"), (4190, "NO")]
)
@pytest.mark.parametrize("answers", [True, False])
def test_a_server_that_took_a_header_for_commands_has_no_session(
    number: int, word: str, monkeypatch: pytest.MonkeyPatch, *, answers: bool
) -> None:

    greeting = {143: "* OK", 25: "220 x", 110: "+OK", 4190: "OK"}[number]

    def deaf(session: Session) -> None:
        session.say(greeting, *([word] if answers else []))
        session.hear()
        session.hear()

    monkeypatch.setitem(servers.HANDLERS, number, (deaf, False))
    with mail_stack((number,)) as (ports, stacks):
        found = verify(ports, stacks, forges=False, patience=0.3)
    assert failures(found) == {(number, "greeting")}
    assert port(found, number).recorded is Recorded.REFUSED


# --- logins --------------------------------------------------------------------------------------


def test_failed_logins_are_few_named_before_and_for_the_telling_ports() -> None:
    said: list[str] = []
    with mail_stack((143, 993, 110, 995, 4190)) as (ports, stacks):
        from tests.unit.live.verify.tools import NOTHING, Impatient, Written, order
        from truehop.live.verify.run import Runner

        runner = Runner(
            order(ports, logins=2, forges=False),
            NOTHING,
            Written(stacks),
            warn=said.append,
            clock=Impatient(),
        )
        visits = list(runner._visits())
        assert len(visits) == 5
        found = runner.run()
        tried = [line for number in ports for line in stacks[number].log if "truehop-" in line]
    assert said[0].startswith("2 logins will fail")
    assert [line.split(" at ")[0].strip() for line in said[1:]] == [
        one.split(" at ")[0] for one in found.logins
    ]
    assert len(tried) == 2
    assert port(found, 993).recorded is port(found, 143).recorded is Recorded.CLIENT


def test_without_a_log_no_login_fails() -> None:
    with mail_stack((993,)) as (ports, stacks):
        found = verify(ports, forges=False)
        assert found.logins == ()
        assert not any("truehop-" in line for line in stacks[993].log)
    assert check(found, "recorded-address").verdict is Verdict.LEFT_OUT
    assert "--log" in check(found, "recorded-address").help


def test_without_a_login_the_clients_address_is_enough_and_a_hops_is_not() -> None:
    with mail_stack((993,)) as (ports, stacks):
        assert port(verify(ports, stacks, logins=0, forges=False), 993).recorded is Recorded.CLIENT
    with mail_stack((993,), hop="10.42.0.9") as (ports, stacks):
        found = verify(ports, stacks, logins=0, forges=False)
    assert port(found, 993).recorded is Recorded.UNKNOWN
    assert "--logins" in check(found, "recorded-address").help


@pytest.mark.parametrize("numbers", [(587, 465), (143, 993), (110, 995), (4190,)])
def test_a_user_can_log_in(numbers: tuple[int, ...]) -> None:
    with mail_stack(numbers, users={"me@example.com": "sesame"}) as (ports, stacks):
        found = verify(ports, stacks, forges=False, account=Account("me@example.com", "sesame"))
    assert failures(found) == set()
    assert found.logins == ()
    assert all(verdicts(found, number)["login"] == "pass" for number in numbers)
    assert {seen.recorded for seen in found.ports} == {Recorded.CLIENT}


def test_a_users_sessions_are_told_from_those_on_other_ports() -> None:
    with mail_stack((993, 995), users={"me@example.com": "sesame"}) as (ports, stacks):
        stacks[995].hop = "10.42.0.9"
        found = verify(ports, stacks, account=Account("me@example.com", "sesame"))
    assert (port(found, 993).recorded, port(found, 995).recorded) == (Recorded.CLIENT, Recorded.HOP)
    assert failures(found) == {(995, "recorded-address")}


def test_an_answer_to_a_login_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(session: Session) -> None:
        session.say("220 mail ESMTP")
        while True:
            word = session.hear().upper()
            if word.startswith("AUTH"):
                time.sleep(0.6)
                session.say("235 in")
            else:
                session.say("250 ok")

    monkeypatch.setitem(servers.HANDLERS, 465, (slow, True))
    with mail_stack((465,)) as (ports, _):
        found = verify(ports, forges=False, patience=0.4, account=Account("me", "sesame"))
    assert check(found, "login").verdict is Verdict.PASS


@pytest.mark.parametrize("number", [587, 993, 995, 4190])
def test_a_user_who_cannot_log_in(number: int) -> None:
    with mail_stack((number,)) as (ports, _):
        found = verify(ports, forges=False, account=Account("me@example.com", "wrong"))
    assert failures(found) == {(number, "login")}


def test_a_server_that_repeats_the_password_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:

    def echo(session: Session) -> None:
        session.say("220 mail ESMTP")
        while True:
            line = session.hear()
            session.say(
                "250 ok"
                if line.upper().startswith("EHLO")
                else f"{'5' * 3} {line}"
                if "AUTH" not in line
                else line
            )

    monkeypatch.setitem(servers.HANDLERS, 465, (echo, True))
    with mail_stack((465,)) as (ports, _):
        found = verify(ports, forges=False, account=Account("me", "sesame"))
    assert "AG1lAHNlc2FtZQ" not in repr(found)
    assert check(found, "session").message.endswith("as it should")
