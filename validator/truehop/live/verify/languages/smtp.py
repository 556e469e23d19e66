"""SMTP: ports 25, 465 and 587."""

from __future__ import annotations

from truehop.live.verify.languages.base import SHOWN, Offer, Talk, garbage, plain
from truehop.live.verify.wire import TalkError, Trouble

#: An address of a domain that does not exist (RFC 2606): whoever takes mail for it relays for everybody.
FOREIGN = "truehop@verify.invalid"


class Smtp(Talk):
    """RFC 5321."""

    def greet(self) -> None:
        """Read the greeting; postscreen's begins with a line of its own."""
        code, lines = self._answer()
        if code != "220":
            raise TalkError(Trouble.TURNED_AWAY, f"the server greets with {lines[-1][:SHOWN]}")

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
        self.wire.say(f"AUTH PLAIN {plain(user, password)}")
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
        for _ in range(self.noise):
            if got == code:
                break
            got, lines = self._answer()
        if got != code:
            raise TalkError(Trouble.GARBAGE, f"no {code} but {lines[-1][:SHOWN]}")
        return lines

    def _answer(self) -> tuple[str, list[str]]:
        lines = []
        for line in self._lines():
            if not line[:3].isdecimal():
                raise garbage(line)
            lines.append(line)
            if line[3:4] != "-":
                break
        if lines[-1].startswith("421"):
            raise TalkError(Trouble.BUSY, f"the server says {lines[-1][:SHOWN]}")
        return lines[-1][:3], lines
