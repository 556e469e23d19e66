"""ManageSieve: port 4190."""

from __future__ import annotations

from contextlib import suppress

from truehop.live.verify.languages.base import SHOWN, Offer, Talk, garbage, plain
from truehop.live.verify.wire import TalkError, Trouble


class _NoError(TalkError):
    """The server says no to one command."""


class Sieve(Talk):
    """RFC 5804."""

    def greet(self) -> None:
        """Read the greeting, which tells what is offered."""
        self._offer = self._capabilities()

    def greet_again(self) -> None:
        """The same once more, in TLS."""
        self._offer = self._capabilities()

    def ask(self) -> Offer:
        """CAPABILITY: what the greeting has told already, now as an answer to us."""
        self.wire.say("CAPABILITY")
        for _ in range(self.noise):
            with suppress(_NoError):
                return self._capabilities()
        return self._capabilities()

    def demand_tls(self) -> None:
        """STARTTLS."""
        self.wire.say("STARTTLS")
        self._capabilities()

    def log_in(self, user: str, password: str) -> bool:
        """AUTHENTICATE "PLAIN"."""
        self.wire.say(f'AUTHENTICATE "PLAIN" "{plain(user, password)}"')
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
                raise TalkError(Trouble.TURNED_AWAY, f"the server says {line[:SHOWN]}")
            if word.startswith("NO"):
                raise _NoError(Trouble.GARBAGE, f"the server says {line[:SHOWN]}")
            if word.startswith("OK"):
                break
            if not word.startswith('"'):
                raise garbage(line)
            has_tls |= word.startswith('"STARTTLS"')
            if word.startswith('"SASL"'):
                logins = word.removeprefix('"SASL"').strip(' "')
        return Offer(has_tls, tuple(logins.split()))
