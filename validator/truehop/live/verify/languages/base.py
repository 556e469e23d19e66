"""What a conversation on a mail port is: greeting, what is offered, TLS, login, goodbye."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from truehop.live.verify.wire import TalkError, Trouble, Wire

#: Lines of one answer, and answers that may come before the one that is waited for.
MOST_LINES = 200
NOISE = 16
SHOWN = 120


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers before login: TLS, and ways to log in by their names."""

    has_tls: bool
    logins: tuple[str, ...]


def plain(user: str, password: str) -> str:
    """What mechanism PLAIN sends (RFC 4616)."""
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


def garbage(line: str) -> TalkError:
    """A line that is no answer of the language."""
    return TalkError(Trouble.GARBAGE, f"no answer of this protocol: {line[:SHOWN]}")


class Talk(ABC):
    """A conversation; every method raises TalkError where the other side does not play its part.

    ``name`` is how we call ourselves. Answers to what we have not said are noise: they mean that a server
    took a header for commands. Where we sent the header ourselves, some of it is expected (``noise``).
    """

    def __init__(self, wire: Wire, name: str, noise: int = 0) -> None:
        self.wire = wire
        self.name = name
        self.noise = noise

    @abstractmethod
    def greet(self) -> None:
        """Read the greeting."""

    @abstractmethod
    def ask(self) -> Offer:
        """What the server offers now."""

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
