"""The ten public ports of a mail stack: which language each speaks, and how it comes to TLS."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """What is spoken on a port, TLS aside."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    SIEVE = "sieve"
    HTTP = "http"


class Tls(Enum):
    """How a connection comes to TLS."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Kind:
    """A public port: its number and name, its language, its TLS, and whether users log in there."""

    number: int
    name: str
    language: Language
    tls: Tls
    has_login: bool = True

    def __str__(self) -> str:
        """The number and the name."""
        return f"{self.number} {self.name}"


#: RFC 8314 (submissions, imaps, pop3s), RFC 5804 (sieve); 25 is for mail servers, which do not log in.
KINDS: tuple[Kind, ...] = (
    Kind(25, "smtp", Language.SMTP, Tls.STARTTLS, has_login=False),
    Kind(465, "submissions", Language.SMTP, Tls.IMPLICIT),
    Kind(587, "submission", Language.SMTP, Tls.STARTTLS),
    Kind(143, "imap", Language.IMAP, Tls.STARTTLS),
    Kind(993, "imaps", Language.IMAP, Tls.IMPLICIT),
    Kind(110, "pop3", Language.POP3, Tls.STARTTLS),
    Kind(995, "pop3s", Language.POP3, Tls.IMPLICIT),
    Kind(4190, "sieve", Language.SIEVE, Tls.STARTTLS),
    Kind(443, "https", Language.HTTP, Tls.IMPLICIT, has_login=False),
    Kind(80, "http", Language.HTTP, Tls.PLAIN, has_login=False),
)
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(word: str) -> Kind | None:
    """The port of a number or a name."""
    return BY_NUMBER.get(int(word)) if word.isdecimal() and len(word) < 6 else BY_NAME.get(word)  # noqa: PLR2004 (65535)
