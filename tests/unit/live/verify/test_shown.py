"""What servers show to the honest client: certificates, redirects, promises to browsers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.live.verify import servers
from tests.unit.live.verify.certificates import make
from tests.unit.live.verify.servers import REDIRECT, mail_stack
from tests.unit.live.verify.sessions import Session
from tests.unit.live.verify.tools import check, failures, port, verify
from truehop.live.verify.checks import Recorded, Verdict
from truehop.rules.base import Severity

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

    def short(session: Session) -> None:
        while session.hear():
            pass
        session.say("HTTP/1.1 308 Moved", "Location: https://x/", "")

    monkeypatch.setitem(servers.HANDLERS, 80, (short, False))
    with mail_stack((80,)) as (ports, stacks):
        found = verify(ports, stacks, forges=False)
    assert failures(found) == {(80, "recorded-address")}
