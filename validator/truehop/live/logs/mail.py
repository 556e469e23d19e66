"""What mail servers' lines say: Postfix' smtpd and postscreen, Dovecot's login services, Roundcube.

Sources: Postfix 3.7 to 3.11 (``src/smtpd/smtpd.c``, ``smtpd_sasl_glue.c``, ``src/postscreen/postscreen.c``),
Dovecot 2.3 and 2.4 (``src/login-common/client-common.c``), Roundcube 1.7 (``program/include/rcmail.php``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.live.logs.frames import service_of
from truehop.live.logs.hits import ADDR, ADDRESS, Hit, Reader, Source, line_end, source_of

_WORD = re.compile(rb"[^\s,]{1,320}")
_S = ord("s")
_POSTFIX = re.compile(
    rb"""
    (?:smtpd|postscreen)(?:\[\d{1,10}\]:[ ]|[ ]\d{1,10}[ ]-[ ](?:-|\[[^\]\n]{0,40}\])[ ](?:\xef\xbb\xbf)?)
    (?:
      connect[ ]from[ ][^\s\[]{1,255}\[(?P<connect>ADDR)\]
    | disconnect[ ]from[ ][^\s\[]{1,255}\[(?P<idle>ADDR)\]
      (?:[ ](?:ehlo|helo|quit|rset|noop)=[\d/]+)*[ ]commands=
    | [0-9A-Za-z]{5,20}:[ ]client=[^\s\[]{1,255}\[(?P<accepted>ADDR)\]
    | (?:NOQUEUE|[0-9A-Za-z]{5,20}):[ ](?:milter-)?reject:[ ]
      [^\n]{1,40}?[ ]from[ ][^\s\[]{0,255}\[(?P<rejected>ADDR)\]
    | warning:[ ][^\s\[]{1,255}\[(?P<failed>ADDR)\]:[ ]SASL[ ][^\n]{1,110}?authentication[ ]failed
    | CONNECT[ ]from[ ]\[(?P<screened>ADDR)\]
    | HANGUP[ ]after[ ][\d.]{1,12}[ ]from[ ]\[(?P<left>ADDR)\]:\d+[ ]in[ ]tests[ ]before
    | (?P<fault>(?:warning|fatal):[ ](?:haproxy|ignoring|smtpd_peer))
    )
    """.replace(b"ADDR", ADDR),
    re.VERBOSE,
)
_POSTFIX_KINDS = {
    "connect": "connect",
    "screened": "connect",
    "idle": "idle",
    "left": "idle",
    "accepted": "accepted",
    "rejected": "rejected",
    "failed": "login-failed",
}
#: Which of Postfix' lines name an account.
_WITH_ACCOUNT = frozenset({"accepted", "failed"})
_DOVECOT = re.compile(
    rb"""
    -login:[ ](?:Info:[ ])?
    (?:(?P<login>Login|Logged[ ]in):[ ]|(?P<other>(?!Info:)[^\n<]{1,300}):[ ])
    user=<(?P<user>[^>\n]{0,320})>[^\n]{0,300}?[ ]rip=(?P<address>ADDR)
    """.replace(b"ADDR", ADDR),
    re.VERBOSE,
)
_PROTOCOLS = (b"imap", b"pop3", b"managesieve", b"submission")
_LONGEST_PROTOCOL = max(map(len, _PROTOCOLS))
_ROUNDCUBE = re.compile(
    rb"(?P<how>Successful|Failed) login for (?P<account>\S{1,320}) (?:\(ID: \d+\) )?"
    rb"from (?P<address>[0-9A-Fa-f:.]{2,45})(?: ?\((?P<headers>[^)\n]{1,500})\))?"
)
_HOW = (b"Successful", b"Failed")
_FORWARDED = re.compile(rb"X-Forwarded-For: (?:[^),]*, ?)*(" + ADDR + rb")$|X-Real-IP: (" + ADDR + rb")$")


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


def postfix(reader: Reader, buffer: bytes, at: int) -> Hit | None:
    """Lines of ``smtpd`` and ``postscreen``: ``postfix/smtpd[77]: connect from unknown[192.0.2.1]``."""
    found = _POSTFIX.match(buffer, at)
    if found is None:
        return None
    start = buffer.rfind(b"\n", 0, at) + 1
    word: str = found.lastgroup  # type: ignore[assignment]  # one of the groups always is
    tag = buffer[buffer.rfind(b" ", start, at) + 1 or start : at + (5 if buffer[at] == _S else 10)]
    minute = reader.minutes.at(buffer, start, at)
    if word == "fault":
        said = buffer[found.start("fault") : line_end(buffer, at)].rstrip(b"\r")
        fault = reader.fault("postfix", service_of(tag), said)
        return (minute, fault, b"", b"") if fault is not None else None
    kind = _POSTFIX_KINDS[word]
    account = b""
    if word in _WITH_ACCOUNT:
        account = _value(buffer, b"sasl_username=", found.end())
        if account and word == "accepted":
            kind = "login"
    source = reader.tagged.get((tag, kind)) or reader.tag(tag, kind)
    return minute, source, found[word], account


def dovecot(reader: Reader, buffer: bytes, at: int) -> Hit | None:
    """``imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, …``, and its failures."""
    start = buffer.rfind(b"\n", 0, at) + 1
    begin = max(start, at - _LONGEST_PROTOCOL)
    known = _LOGINS.get(buffer[buffer.rfind(b" ", begin, at) + 1 or begin : at])
    if known is None:
        return None
    minute = reader.minutes.at(buffer, start, at)
    found = _DOVECOT.match(buffer, at)
    if found is None:
        return _untrusted(reader, buffer, at, known.service, minute)
    login, said, user, address = found.groups()
    if login is not None:
        return minute, known.login, address, user
    if b"auth failed" in said:
        return minute, known.failed, address, user
    fault = reader.fault("dovecot", known.service, said) if b"SSL_accept" in said else None
    return minute, fault or known.idle, address, b""


def _untrusted(reader: Reader, buffer: bytes, at: int, service: str, minute: int | None) -> Hit | None:
    """``imap-login: Warning: haproxy: Client not trusted (rip=10.0.0.3)``, and what else precedes a login."""
    end = line_end(buffer, at)
    mark = buffer.find(b"(rip=", at, end)
    fault = reader.fault("dovecot", service, buffer[at : mark if mark > 0 else end])
    if fault is None:
        return None
    peer = ADDRESS.match(buffer, mark + 5, end) if mark > 0 else None
    return minute, fault, peer[0] if peer is not None else b"", b""


def roundcube(reader: Reader, buffer: bytes, at: int) -> Hit | None:
    """``Successful login for a@example.com (ID: 1) from 10.42.0.3 (X-Forwarded-For: 192.0.2.1) in …``.

    Roundcube logs who connected to it and, in brackets, what the headers say, whomever it trusts. The last
    address of X-Forwarded-For is the one that the proxy next to it wrote.
    """
    start = buffer.rfind(b"\n", 0, at) + 1
    how = next((how for how in _HOW if buffer.endswith(how, start, at)), b"")
    found = _ROUNDCUBE.match(buffer, at - len(how)) if how else None
    if found is None:
        return None
    kind = "login" if found["how"] == b"Successful" else "login-failed"
    told = _FORWARDED.search(found["headers"] or b"")
    address = (told[1] or told[2]) if told is not None else found["address"]
    return (
        reader.minutes.at(buffer, start, at),
        source_of("roundcube", "webmail", kind),
        address,
        found["account"],
    )


def _value(buffer: bytes, key: bytes, start: int) -> bytes:
    """What follows a key in the same line, up to a comma, a blank or the end."""
    at = buffer.find(key, start, line_end(buffer, start))
    found = _WORD.match(buffer, at + len(key)) if at >= 0 else None
    return found[0] if found is not None else b""
