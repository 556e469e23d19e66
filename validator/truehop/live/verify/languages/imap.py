"""IMAP: ports 143 and 993."""

from __future__ import annotations

import re

from truehop.live.verify.languages.base import SHOWN, Offer, Talk, garbage, plain
from truehop.live.verify.wire import TalkError, Trouble

#: The refusal of a command; one that we have not given bears another tag than ours.
_BAD = re.compile(r"\S* ?BAD\b", re.IGNORECASE)


class Imap(Talk):
    """RFC 9051."""

    def greet(self) -> None:
        """Read the greeting."""
        line = self.wire.read_line()
        if line.upper().startswith("* BYE"):
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {line[:SHOWN]}")
        if not line.upper().startswith(("* OK", "* PREAUTH")):
            raise garbage(line)

    def ask(self) -> Offer:
        """CAPABILITY."""
        self.wire.say("c CAPABILITY")
        words: list[str] = []
        for line in self._lines():
            if line.upper().startswith("* CAPABILITY "):
                words = line.upper().split()[2:]
            if line.startswith("c "):
                break
            if _BAD.match(line) and not self.noise:
                raise garbage(line)
        if not words:
            raise garbage(line)
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
                self.wire.say(plain(user, password))
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
            raise garbage(line)
