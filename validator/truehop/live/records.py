"""What one line of a server's log says about a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: What a line can tell: a session began; it ended and had done nothing; a login; one that was refused; a
#: message taken; a recipient or message turned away; a request; a probe's; a fault of the PROXY protocol.
KINDS = (
    "connect",
    "idle",
    "login",
    "login-failed",
    "accepted",
    "rejected",
    "request",
    "probe",
    "proxy-error",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One line that a program wrote about a client.

    ``time`` is aware, None where the line bears none; a time without a zone is taken for UTC, one without a
    year for the latest that is not in the future. ``program`` is ``postfix``, ``dovecot``, ``traefik``,
    ``nginx``, ``caddy`` or ``roundcube``, of faults also another of the message dictionary's; ``service``
    what of it spoke: ``smtpd``, ``submission``, ``submissions``, ``postscreen``, ``imap-login``,
    ``pop3-login``, ``managesieve-login``, ``http``, ``webmail``. ``kind`` is one of `KINDS`. ``address`` is
    the client's as written, ``account`` who logged in or tried to, ``name`` the EHLO name or the path of a
    request, ``message`` the id in the message dictionary; ``text`` the whole line, at most 64 KiB of it,
    undecodable bytes as replacement characters.
    """

    time: datetime | None
    program: str
    service: str
    kind: str
    address: str | None = None
    account: str | None = None
    name: str | None = None
    message: str | None = None
    text: str = ""
