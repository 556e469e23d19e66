"""POP3: ports 110 and 995."""

from __future__ import annotations

from truehop.live.verify.languages.base import SHOWN, Offer, Talk, garbage, plain
from truehop.live.verify.wire import TalkError, Trouble


class Pop3(Talk):
    """RFC 1939, RFC 2449, RFC 2595."""

    def greet(self) -> None:
        """Read the greeting."""
        line = self.wire.read_line()
        if line.upper().startswith("-ERR"):
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {line[:SHOWN]}")
        if not line.upper().startswith("+OK"):
            raise garbage(line)

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
            self.wire.say(plain(user, password))
            line = self.wire.read_line()
        return line.upper().startswith("+OK")

    def _bye(self) -> None:
        self.wire.say("QUIT")
        self.wire.read_line()

    def _good(self) -> None:
        line = self.wire.read_line()
        for _ in range(self.noise):
            if line.upper().startswith("+OK"):
                break
            line = self.wire.read_line()
        if not line.upper().startswith("+OK"):
            raise garbage(line)
