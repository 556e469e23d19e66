"""What is said on a mail port: greeting, what is offered, TLS, login, goodbye."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from truehop.live.verify.ports import Language
from truehop.live.verify.wire import TalkError, Trouble, Wire

#: Lines of one answer, and answers that may come before the one that is waited for.
MOST_LINES = 200
NOISE = 16
_SHOWN = 120
#: An address of a domain that does not exist (RFC 2606): whoever takes mail for it relays for everybody.
FOREIGN = "truehop@verify.invalid"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers before login: TLS, and ways to log in by their names."""

    has_tls: bool
    logins: tuple[str, ...]


def _plain(user: str, password: str) -> str:
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


def _garbage(line: str) -> TalkError:
    return TalkError(Trouble.GARBAGE, f"no answer of this protocol: {line[:_SHOWN]}")


class Talk(ABC):
    """A conversation; every method raises TalkError where the other side does not play its part.

    ``name`` is how we call ourselves.
    """

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire = wire
        self.name = name

    @abstractmethod
    def greet(self) -> None:
        """Read the greeting."""

    @abstractmethod
    def ask(self) -> Offer:
        """What the server offers now; answers to what it took for commands before are passed over."""

    @abstractmethod
    def demand_tls(self) -> None:
        """Have the server begin TLS."""

    @abstractmethod
    def log_in(self, user: str, password: str) -> bool:
        """Whether the server takes a password."""

    def greet_again(self) -> None:
        """Read what the server says first in TLS after STARTTLS."""
        return  # most say nothing

    def sign(self) -> bool | None:
        """Leave our name in the server's log by what it refuses; whether it did refuse, None for nothing."""
        return None

    def leave(self) -> None:
        """Say goodbye; whatever comes back does not matter any more."""
        with suppress(TalkError):
            self._bye()

    @abstractmethod
    def _bye(self) -> None: ...

    def _lines(self) -> Iterator[str]:
        """The next lines, no more than an answer may have."""
        for _ in range(MOST_LINES):
            yield self.wire.read_line()
        raise TalkError(Trouble.FLOOD, f"an answer of more than {MOST_LINES} lines")


class Smtp(Talk):
    """RFC 5321."""

    def greet(self) -> None:
        """Read the greeting; postscreen's begins with a line of its own."""
        code, lines = self._answer()
        if code != "220":
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {lines[-1][:_SHOWN]}")

    def ask(self) -> Offer:
        """EHLO."""
        self.wire.say(f"EHLO {self.name}")
        lines = self._wanted("250")
        words = [line[4:].upper().replace("AUTH=", "AUTH ", 1).split() for line in lines]
        logins = dict.fromkeys(one for word in words if word[:1] == ["AUTH"] for one in word[1:])
        return Offer(["STARTTLS"] in words, tuple(logins))

    def demand_tls(self) -> None:
        """STARTTLS."""
        self.wire.say("STARTTLS")
        self._wanted("220")

    def log_in(self, user: str, password: str) -> bool:
        """AUTH PLAIN."""
        self.wire.say(f"AUTH PLAIN {_plain(user, password)}")
        return self._answer()[0] == "235"

    def sign(self) -> bool | None:
        """Ask for a mail to a foreign address: the refusal is logged with the name given in EHLO."""
        self.wire.say("MAIL FROM:<>")
        if self._answer()[0] != "250":
            return True
        self.wire.say(f"RCPT TO:<{FOREIGN}>")
        is_refused = not self._answer()[0].startswith("2")
        self.wire.say("RSET")
        self._answer()
        return is_refused

    def _bye(self) -> None:
        self.wire.say("QUIT")
        self._answer()

    def _wanted(self, code: str) -> list[str]:
        got, lines = self._answer()
        for _ in range(NOISE):
            if got == code:
                return lines
            got, lines = self._answer()
        raise TalkError(Trouble.GARBAGE, f"no {code} but {lines[-1][:_SHOWN]}")

    def _answer(self) -> tuple[str, list[str]]:
        lines = []
        for line in self._lines():
            if not line[:3].isdecimal():
                raise _garbage(line)
            lines.append(line)
            if line[3:4] != "-":
                break
        if lines[-1].startswith("421"):
            raise TalkError(Trouble.BUSY, f"the server says {lines[-1][:_SHOWN]}")
        return lines[-1][:3], lines


class Imap(Talk):
    """RFC 9051."""

    def greet(self) -> None:
        """Read the greeting."""
        line = self.wire.read_line()
        if line.upper().startswith("* BYE"):
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {line[:_SHOWN]}")
        if not line.upper().startswith(("* OK", "* PREAUTH")):
            raise _garbage(line)

    def ask(self) -> Offer:
        """CAPABILITY."""
        self.wire.say("c CAPABILITY")
        words: list[str] = []
        for line in self._lines():
            if line.upper().startswith("* CAPABILITY "):
                words = line.upper().split()[2:]
            if line.startswith("c "):
                break
        if not words:
            raise _garbage(line)
        logins = [word.removeprefix("AUTH=") for word in words if word.startswith("AUTH=")]
        return Offer("STARTTLS" in words, (*logins, *(() if "LOGINDISABLED" in words else ("LOGIN",))))

    def demand_tls(self) -> None:
        """STARTTLS."""
        self._do("t", "STARTTLS")

    def log_in(self, user: str, password: str) -> bool:
        """AUTHENTICATE PLAIN."""
        self.wire.say("l AUTHENTICATE PLAIN")
        for line in self._lines():
            if line.startswith("+"):
                self.wire.say(_plain(user, password))
            if line.startswith("l "):
                break
        return line.upper().startswith("L OK")

    def _bye(self) -> None:
        self._do("z", "LOGOUT")

    def _do(self, tag: str, command: str) -> None:
        self.wire.say(f"{tag} {command}")
        for line in self._lines():
            if line.startswith(f"{tag} "):
                break
        if not line.upper().startswith(f"{tag.upper()} OK"):
            raise _garbage(line)


class Pop3(Talk):
    """RFC 1939, RFC 2449, RFC 2595."""

    def greet(self) -> None:
        """Read the greeting."""
        line = self.wire.read_line()
        if line.upper().startswith("-ERR"):
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {line[:_SHOWN]}")
        if not line.upper().startswith("+OK"):
            raise _garbage(line)

    def ask(self) -> Offer:
        """CAPA."""
        self.wire.say("CAPA")
        self._good()
        words: list[list[str]] = []
        for line in self._lines():
            if line == ".":
                break
            words.append(line.upper().split())
        sasl = [one for word in words if word[:1] == ["SASL"] for one in word[1:]]
        return Offer(["STLS"] in words, (*sasl, *(("USER",) if ["USER"] in words else ())))

    def demand_tls(self) -> None:
        """STLS."""
        self.wire.say("STLS")
        self._good()

    def log_in(self, user: str, password: str) -> bool:
        """AUTH PLAIN."""
        self.wire.say("AUTH PLAIN")
        line = self.wire.read_line()
        if line.startswith("+"):
            self.wire.say(_plain(user, password))
            line = self.wire.read_line()
        return line.upper().startswith("+OK")

    def _bye(self) -> None:
        self.wire.say("QUIT")
        self.wire.read_line()

    def _good(self) -> None:
        line = self.wire.read_line()
        for _ in range(NOISE):
            if line.upper().startswith("+OK"):
                return
            line = self.wire.read_line()
        raise _garbage(line)


class Sieve(Talk):
    """RFC 5804."""

    def greet(self) -> None:
        """Read the greeting, which tells what is offered."""
        self._offer = self._capabilities()

    def greet_again(self) -> None:
        """The same once more, in TLS."""
        self._offer = self._capabilities()

    def ask(self) -> Offer:
        """What the greeting told; the server has to answer once more, so that noise is behind us."""
        self.wire.say("CAPABILITY")
        for _ in range(NOISE):
            with suppress(_NoError):
                return self._capabilities()
        raise TalkError(Trouble.GARBAGE, "no capabilities")

    def demand_tls(self) -> None:
        """STARTTLS."""
        self.wire.say("STARTTLS")
        self._capabilities()

    def log_in(self, user: str, password: str) -> bool:
        """AUTHENTICATE "PLAIN"."""
        self.wire.say(f'AUTHENTICATE "PLAIN" "{_plain(user, password)}"')
        with suppress(_NoError):
            self._capabilities()
            return True
        return False

    def _bye(self) -> None:
        self.wire.say("LOGOUT")
        self._capabilities()

    def _capabilities(self) -> Offer:
        """All lines up to the one that ends an answer."""
        has_tls, logins = False, ""
        for line in self._lines():
            word = line.upper()
            if word.startswith("BYE"):
                raise TalkError(Trouble.TURNED_AWAY, f"the server says {line[:_SHOWN]}")
            if word.startswith("NO"):
                raise _NoError(Trouble.GARBAGE, f"the server says {line[:_SHOWN]}")
            if word.startswith("OK"):
                break
            if not word.startswith('"'):
                raise _garbage(line)
            has_tls |= word.startswith('"STARTTLS"')
            if word.startswith('"SASL"'):
                logins = word.removeprefix('"SASL"').strip(' "')
        return Offer(has_tls, tuple(logins.split()))


class _NoError(TalkError):
    """The server says no to one command."""


_LANGUAGES: dict[Language, type[Talk]] = {
    Language.SMTP: Smtp,
    Language.IMAP: Imap,
    Language.POP3: Pop3,
    Language.SIEVE: Sieve,
}


def talk(language: Language, wire: Wire, name: str) -> Talk:
    """A conversation in a mail port's language."""
    return _LANGUAGES[language](wire, name)
