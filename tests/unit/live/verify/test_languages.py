"""What servers say out of turn: byes, noise, answers of another language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler

import pytest

from tests.unit.live.verify.servers import HERE, serving_raw
from truehop.live.verify.languages import talk
from truehop.live.verify.languages.base import MOST_LINES, NOISE, Offer, Talk
from truehop.live.verify.ports import BY_NUMBER, Language
from truehop.live.verify.wire import Endpoint, TalkError, Trouble, connected

SMTP, IMAP, POP3, SIEVE = Language.SMTP, Language.IMAP, Language.POP3, Language.SIEVE


def saying(*parts: str) -> type[BaseRequestHandler]:
    """A server that says one part at once, and each further one after a word of the client."""

    class Request(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.sendall(parts[0].encode())
                for part in parts[1:]:
                    self.request.recv(4096)
                    self.request.sendall(part.encode())
                self.request.recv(4096)

    return Request


@contextmanager
def heard(language: Language, *parts: str, noise: int = 0, patience: float = 1) -> Iterator[Talk]:
    """A conversation with such a server, before its greeting is read."""
    with serving_raw(saying(*parts)) as port, connected(Endpoint(HERE, port), patience, 3) as wire:
        yield talk(language, wire, "x", noise)


@contextmanager
def greeted(language: Language, *parts: str, noise: int = 0, patience: float = 1) -> Iterator[Talk]:
    """The same, after it."""
    with heard(language, *parts, noise=noise, patience=patience) as found:
        found.greet()
        yield found


@pytest.mark.parametrize(
    ("language", "greeting", "trouble"),
    [
        (SMTP, "554 no\r\n", Trouble.TURNED_AWAY),
        (SMTP, "421 4.7.0 later\r\n", Trouble.BUSY),
        (SMTP, "* OK hello\r\n", Trouble.GARBAGE),
        (SMTP, "220-x\r\n" * (MOST_LINES + 1), Trouble.FLOOD),
        (IMAP, "* BYE no\r\n", Trouble.TURNED_AWAY),
        (IMAP, "220 hello\r\n", Trouble.GARBAGE),
        (POP3, "-ERR no\r\n", Trouble.TURNED_AWAY),
        (POP3, "220 hello\r\n", Trouble.GARBAGE),
        (SIEVE, 'BYE "no"\r\n', Trouble.TURNED_AWAY),
        (SIEVE, "220 hello\r\n", Trouble.GARBAGE),
        (SIEVE, '"X" "y"\r\n' * (MOST_LINES + 1), Trouble.FLOOD),
    ],
)
def test_greetings_that_are_none(language: Language, greeting: str, trouble: Trouble) -> None:
    with heard(language, greeting) as found:
        with pytest.raises(TalkError) as caught:
            found.greet()
        assert caught.value.trouble is trouble


OFFERS: dict[str, tuple[Language, tuple[str, ...], Offer]] = {
    "old AUTH with an equals sign": (
        SMTP,
        ("220 x\r\n", "250-x\r\n250 AUTH=LOGIN\r\n"),
        Offer(has_tls=False, logins=("LOGIN",)),
    ),
    "noise before": (
        SMTP,
        ("220 x\r\n502 what\r\n", "250-x\r\n250 STARTTLS\r\n"),
        Offer(has_tls=True, logins=()),
    ),
    "imap noise before": (
        IMAP,
        ("* PREAUTH x\r\n* BAD what\r\n", "* CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 LOGINDISABLED\r\nc OK\r\n"),
        Offer(has_tls=False, logins=("CRAM-MD5",)),
    ),
    "pop3 noise before": (
        POP3,
        ("+OK\r\n-ERR what\r\n", "+OK\r\nSASL\r\nSTLS\r\n.\r\n"),
        Offer(has_tls=True, logins=()),
    ),
    "sieve noise before": (
        SIEVE,
        ('OK\r\nNO "what"\r\n', '"SASL" "PLAIN LOGIN"\r\n"VERSION" "1.0"\r\nOK\r\n'),
        Offer(has_tls=False, logins=("PLAIN", "LOGIN")),
    ),
}


@pytest.mark.parametrize("name", OFFERS)
def test_offers(name: str) -> None:
    language, parts, offer = OFFERS[name]
    with greeted(language, *parts, noise=NOISE if "noise" in name else 0) as found:
        assert found.ask() == offer


@pytest.mark.parametrize("name", [name for name in OFFERS if "noise" in name])
def test_noise_that_nobody_made_is_no_answer(name: str) -> None:
    language, parts, _ = OFFERS[name]
    with greeted(language, *parts) as found:
        with pytest.raises(TalkError) as caught:
            found.ask()
        assert caught.value.trouble is Trouble.GARBAGE


@pytest.mark.parametrize(
    ("language", "greeting", "answers"),
    [
        (SMTP, "220 x\r\n", "502 no\r\n" * 30),
        (IMAP, "* OK\r\n", "c NO none\r\n"),
        (POP3, "+OK\r\n", "-ERR no\r\n" * 30),
        (SIEVE, "OK\r\n", "NO\r\n" * 30),
    ],
)
def test_no_answer_to_what_is_offered(language: Language, greeting: str, answers: str) -> None:
    with greeted(language, greeting, answers) as found:
        with pytest.raises(TalkError) as caught:
            found.ask()
        assert caught.value.trouble is Trouble.GARBAGE


@pytest.mark.parametrize(
    ("language", "greeting", "answer"),
    [
        (SMTP, "220 x\r\n", "454 no\r\n" * 30),
        (IMAP, "* OK\r\n", "* wait\r\nt NO none\r\n"),
        (SIEVE, "OK\r\n", "NO\r\n"),
    ],
)
def test_tls_that_is_refused(language: Language, greeting: str, answer: str) -> None:
    with greeted(language, greeting, answer) as found, pytest.raises(TalkError):
        found.demand_tls()


@pytest.mark.parametrize(
    ("language", "greeting", "answer"),
    [
        (SMTP, "220 x\r\n", "504 what\r\n"),
        (IMAP, "* OK\r\n", "* wait\r\nl NO what\r\n"),
        (POP3, "+OK\r\n", "-ERR what\r\n"),
        (SIEVE, "OK\r\n", "NO what\r\n"),
    ],
)
def test_a_login_of_a_kind_that_is_not_known(language: Language, greeting: str, answer: str) -> None:
    with greeted(language, greeting, answer) as found:
        assert not found.log_in("me", "sesame")
        assert found.sign() is None if language is not SMTP else True


@pytest.mark.parametrize(("language", "greeting"), [(IMAP, "* OK\r\n"), (SIEVE, "OK\r\n"), (POP3, "+OK\r\n")])
def test_answers_without_end(language: Language, greeting: str) -> None:
    endless = {IMAP: "* x\r\n", SIEVE: '"X" "y"\r\n', POP3: "+OK\r\n"}[language] * (MOST_LINES + 50)
    with greeted(language, greeting, endless) as found:
        with pytest.raises(TalkError) as caught:
            found.ask()
        assert caught.value.trouble is Trouble.FLOOD


def test_goodbyes_that_nobody_answers() -> None:
    for language, greeting in ((IMAP, "* OK\r\n"), (SMTP, "220 x\r\n"), (POP3, "+OK\r\n"), (SIEVE, "OK\r\n")):
        with greeted(language, greeting, patience=0.2) as found:
            found.leave()


def test_ports_in_words() -> None:
    assert str(BY_NUMBER[465]) == "465 submissions"
