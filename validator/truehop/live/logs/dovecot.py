"""What the lines of Dovecot's login services say.

Source: Dovecot 2.3 and 2.4 (``src/login-common/client-common.c``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from truehop.live.logs.columns import PROBE, Ask, Columns, Row
from truehop.live.logs.hits import (
    ADDR,
    ADDRESS,
    Hit,
    Reader,
    Source,
    Told,
    keep,
    line_end,
    matches,
    source_of,
)

_DOVECOT = re.compile(
    rb"""
    -login:[ ](?:
      (?:Info:[ ])?
      ((?!Info:)[^\n<]{1,300}):[ ]
      # The last rip, since a name may hold what looks like the end of it and another one.
      user=<([^>\n]{0,320})>[^\n]{0,400}[ ]rip=(ADDR)
    | ((?:Warning|Error):[ ]haproxy[^\n(]{0,200})\(rip=(ADDR)
    | )
    """.replace(b"ADDR", ADDR),
    re.VERBOSE,
)
_LOGIN = b"-login: "
#: What follows a head, for asking what it means.
_TAIL = b"<a>, rip=%b" % PROBE
_SHORT = b"(rip=%b" % PROBE
_LOGGED_IN = (b"Login", b"Logged in")
_PROTOCOLS = (b"imap", b"pop3", b"managesieve", b"submission")
_LONGEST_PROTOCOL = max(map(len, _PROTOCOLS))


@dataclass(frozen=True, slots=True)
class _Login:
    """The sources of one of Dovecot's login services."""

    service: str
    login: Source
    failed: Source
    idle: Source


_LOGINS = {
    protocol: _Login(
        f"{protocol.decode()}-login",
        *(
            source_of("dovecot", f"{protocol.decode()}-login", kind)
            for kind in ("login", "login-failed", "idle")
        ),
    )
    for protocol in _PROTOCOLS
}


def dovecot(reader: Reader, buffer: bytes, told: Told) -> None:
    """``imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, …``, and its failures."""
    if _LOGIN not in buffer:
        return
    minute_at = reader.minutes.at
    for found, at, start in matches(buffer, _DOVECOT):
        begin = max(start, at - _LONGEST_PROTOCOL)
        known = _LOGINS.get(buffer[buffer.rfind(b" ", begin, at) + 1 or begin : at])
        if known is None or told.knows(start, at):
            continue
        said, user, address, words, peer = found.groups()
        source: Source | None
        is_users = False
        if said is not None:
            source, is_users = _ended(reader, known, said)
        elif peer is not None:  # as below, in haste: where a proxy is not trusted, all lines are such
            source, address = reader.fault("dovecot", known.service, words), peer
        else:
            source, address = _untrusted(reader, buffer, at, known.service)
        account = user if is_users else b""
        hit = (minute_at(buffer, start, at), source, address, account) if source is not None else None
        told.tell(start, at, hit)


class DovecotColumns(Columns):
    """The usual lines of login services; the head goes up to the user's name, or to the peer's address."""

    needles = (_LOGIN,)
    opening = re.compile(rb"(?:[^\s:{]+ )?(?:dovecot(?:\[\d{1,10}\])?: )?[a-z0-9]+-login: ")
    shape = rb"""
        (?:([^<]*+)<([^>]{0,320}+)>,(?:[ ]method=[^ ]{0,100}+)?[ ]rip=(ADDR)(?![^\n]*[ ]rip=)
        |([^(]*+)\(rip=(ADDR))
        """

    def take(self, reader: Reader, buffer: bytes, rows: Iterable[Row], ask: Ask) -> list[Hit]:
        """As the form says it."""
        hits: list[Hit] = []
        endings = reader.endings
        latest, minute = b"", None
        for key, head, user, address, short_head, peer, _ in rows:
            if key != latest:
                latest, minute = key, self.minute(reader, buffer, key)
            said = head or short_head
            source, is_users = endings.get(said) or keep(
                endings, said, self._meant(ask, said, _TAIL if head else _SHORT)
            )
            hits.append((minute, source, address or peer, user if is_users else b""))
        return hits

    def _meant(self, ask: Ask, head: bytes, tail: bytes) -> tuple[Source, bool]:
        """What lines with a head mean, and whether their user is said to be the account."""
        hit = self.asked(ask, head, tail)
        return hit[1], bool(hit[3])


def _ended(reader: Reader, known: _Login, said: bytes) -> tuple[Source, bool]:
    """How a login ended, and whether somebody's name belongs to it."""
    if said in _LOGGED_IN:
        return known.login, True
    if b"auth failed" in said:
        return known.failed, True
    fault = reader.fault("dovecot", known.service, said) if b"SSL_accept" in said else None
    return fault or known.idle, False


def _untrusted(reader: Reader, buffer: bytes, at: int, service: str) -> tuple[Source | None, bytes]:
    """``imap-login: Warning: haproxy: Client not trusted (rip=10.0.0.3)``, and what else precedes a login."""
    end = line_end(buffer, at)
    mark = buffer.find(b"(rip=", at, end)
    fault = reader.fault("dovecot", service, buffer[at : mark if mark > 0 else end])
    peer = ADDRESS.match(buffer, mark + 5, end) if mark > 0 else None
    return fault, peer[0] if peer is not None else b""
