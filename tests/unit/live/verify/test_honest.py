"""The honest client on every port: what it meets, and whose address is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.live.verify.certificates import make
from tests.unit.live.verify.servers import HANDLERS, HERE, REDIRECT, mail_stack
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
    from tests.unit.live.verify import servers

    def strict(session: servers.Session) -> None:
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
    from tests.unit.live.verify import servers

    greeting = {143: "* OK", 25: "220 x", 110: "+OK", 4190: "OK"}[number]

    def deaf(session: servers.Session) -> None:
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


@pytest.mark.parametrize("number", [587, 993, 995, 4190])
def test_a_user_who_cannot_log_in(number: int) -> None:
    with mail_stack((number,)) as (ports, _):
        found = verify(ports, forges=False, account=Account("me@example.com", "wrong"))
    assert failures(found) == {(number, "login")}


def test_a_server_that_repeats_the_password_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.live.verify import servers

    def echo(session: servers.Session) -> None:
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


# --- certificates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [25, 993, 443])
def test_an_authority_of_the_users_own(number: int, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(make().pem)
    with mail_stack((number,)) as (ports, _):
        found = verify(ports, forges=False, judges_chain=True, ca_file=path)
    assert failures(found) == set()
    assert check(found, "certificate-chain").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("number", "severity"), [(25, Severity.WARNING), (993, Severity.ERROR), (443, Severity.ERROR)]
)
def test_a_certificate_that_nobody_stands_behind(number: int, severity: Severity) -> None:
    with mail_stack((number,)) as (ports, _):
        found = verify(ports, forges=False, judges_chain=True)
    assert failures(found) == {(number, "certificate-chain")}
    assert check(found, "certificate-chain").severity is severity
    assert "self-signed" in check(found, "certificate-chain").message.replace("self signed", "self-signed")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((-90, -2), "the certificate ended at"),
        ((3, 90), "does not hold before"),
        ((-90, 5), "ends in 5 days"),
    ],
)
def test_days_of_a_certificate(days: tuple[int, int], words: str, tmp_path: Path) -> None:
    made = make(("mail.example.com",), *days)
    path = tmp_path / "ca.pem"
    path.write_bytes(made.pem)
    with mail_stack((993,), tls=made.context()) as (ports, _):
        found = verify(ports, forges=False, judges_chain=True, ca_file=path)
    assert failures(found) == {(993, "certificate-days")}
    assert words in check(found, "certificate-days").message


def test_a_certificate_for_somebody_else() -> None:
    with mail_stack((993,), tls=make(("other.example",)).context()) as (ports, _):
        found = verify(ports, forges=False, names=("mail.example.com", "other.example", "third.example"))
    assert failures(found) == {(993, "certificate-name")}
    words = "names other.example, not mail.example.com and not third.example"
    assert words in check(found, "certificate-name").message


def test_a_certificate_that_names_nobody() -> None:
    with mail_stack((993,), tls=make(()).context()) as (ports, _):
        assert "names nobody" in check(verify(ports, forges=False), "certificate-name").message


def test_a_certificate_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise ValueError("odd")

    monkeypatch.setattr("truehop.live.verify.certificate_probe.read_certificate", refuse)
    with mail_stack((993,)) as (ports, _):
        assert check(verify(ports, forges=False), "certificate-name").verdict is Verdict.UNKNOWN


# --- the web ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "verdict", "words"),
    [
        (REDIRECT, "pass", "308 leads to https://"),
        (("HTTP/1.1 302 Found", "Location: /login"), "fail", "leads to /login, in clear"),
        (("HTTP/1.1 302 Found",), "fail", "leads to nowhere"),
        (("HTTP/1.1 200 OK",), "fail", "answers with 200"),
        (("HTTP/1.1 401 Unauthorized",), "fail", "answers with 401"),
        (("HTTP/1.1 404 Not Found",), "pass", "serves nothing"),
        (("HTTP/1.1 100 Continue", "", "HTTP/1.1 404 Not Found"), "pass", "serves nothing"),
    ],
)
def test_plain_http(page: tuple[str, ...], verdict: str, words: str) -> None:
    with mail_stack((80,)) as (ports, stacks):
        stacks[80].page = page
        found = check(verify(ports, forges=False), "http-redirect")
    assert (found.verdict.value, words in found.message) == (verdict, True)


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        (("HTTP/1.1 200 OK", "Strict-Transport-Security: max-age=1"), "pass"),
        (("HTTP/1.1 200 OK", "strict-transport-security: max-age=0"), "fail"),
        (("HTTP/1.1 200 OK",), "fail"),
        (("HTTP/1.1 404 Not Found",), "left-out"),
    ],
)
@pytest.mark.parametrize("keeps", [True, False])
def test_hsts(page: tuple[str, ...], verdict: str, *, keeps: bool) -> None:
    with mail_stack((443,), page=page, keeps=keeps) as (ports, stacks):
        found = verify(ports, stacks, forges=False)
    assert check(found, "http-hsts").verdict.value == verdict
    assert port(found, 443).recorded is Recorded.CLIENT


@pytest.mark.parametrize(
    "page", [("SSH-2.0-x",), ("HTTP/1.1",), ("HTTP/1.1 200 OK", *(f"X-{n}: 1" for n in range(300)))]
)
def test_what_is_no_http(page: tuple[str, ...]) -> None:
    with mail_stack((80,)) as (ports, stacks):
        stacks[80].page = page
        found = verify(ports, forges=False)
    assert failures(found) == {(80, "greeting")}
    assert port(found, 80).recorded is Recorded.REFUSED


def test_a_page_and_then_nothing_leaves_the_address_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.live.verify import servers

    def short(session: servers.Session) -> None:
        while session.hear():
            pass
        session.say("HTTP/1.1 308 Moved", "Location: https://x/", "")

    monkeypatch.setitem(servers.HANDLERS, 80, (short, False))
    with mail_stack((80,)) as (ports, stacks):
        found = verify(ports, stacks, forges=False)
    assert failures(found) == {(80, "recorded-address")}
