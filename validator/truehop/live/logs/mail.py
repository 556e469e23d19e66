"""What mail servers' lines say: Postfix' smtpd and postscreen, Dovecot's login services, Roundcube.

Sources: Postfix 3.7 to 3.11 (``src/smtpd/smtpd.c``, ``smtpd_sasl_glue.c``, ``src/postscreen/postscreen.c``),
Dovecot 2.3 and 2.4 (``src/login-common/client-common.c``), Roundcube 1.7 (``program/include/rcmail.php``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.live.logs.frames import service_of
from truehop.live.logs.hits import ADDR, ADDRESS, Reader, Source, Told, line_end, matches, places, source_of

_WORD = re.compile(rb"[^\s,]{1,320}")
#: What stands behind a program's name; each group is a kind, in the order of `_KINDS`.
_SAYS = rb"""
    (?:\[\d{1,10}\]:[ ]|[ ]\d{1,10}[ ]-[ ](?:-|\[[^\]\n]{0,40}\])[ ](?:\xef\xbb\xbf)?)
    (?:
      connect[ ]from[ ][^\s\[]{1,255}\[(ADDR)\]
    | disconnect[ ]from[ ][^\s\[]{1,255}\[(ADDR)\]
      (?:[ ](?:ehlo|helo|quit|rset|noop)=[\d/]+)*[ ]commands=
    | CONNECT[ ]from[ ]\[(ADDR)\]
    | HANGUP[ ]after[ ][\d.]{1,12}[ ]from[ ]\[(ADDR)\]:\d+[ ]in[ ]tests[ ]before
    | warning:[ ][^\s\[]{1,255}\[(ADDR)\]:[ ]SASL[ ][^\n]{1,110}?authentication[ ]failed
    | (?:warning|fatal):[ ]((?=haproxy|ignoring|smtpd_peer))
    | [0-9A-Za-z]{5,20}:[ ](?:
        client=[^\s\[]{1,255}\[(ADDR)\]
      | (?:milter-)?reject:[ ][^\n]{1,40}?[ ]from[ ][^\s\[]{0,255}\[(ADDR)\]
      )
    )
    """.replace(b"ADDR", ADDR)
_CONNECT, _IDLE, _SCREENED, _LEFT, _FAILED, _FAULT, _ACCEPTED, _REJECTED, _LOGIN = range(1, 10)
_KINDS = {
    _CONNECT: "connect",
    _IDLE: "idle",
    _SCREENED: "connect",
    _LEFT: "idle",
    _FAILED: "login-failed",
    _ACCEPTED: "accepted",
    _REJECTED: "rejected",
    _LOGIN: "login",
}
#: Each begins with its name: a pattern that begins with plain bytes is looked for without a step of Python's,
#: so that lines which only hold these bytes cost next to nothing. And the name, for buffers without it.
_PROGRAMS = tuple((re.compile(name + _SAYS, re.VERBOSE), name) for name in (b"smtpd", b"postscreen"))
_DOVECOT = re.compile(
    rb"""
    -login:[ ](?:
      (?:Info:[ ])?
      (?:(?P<login>Login|Logged[ ]in):[ ]|(?P<other>(?!Info:)[^\n<]{1,300}):[ ])
      # What stands between in nearly all lines; the general way to the same place takes longer.
      user=<(?P<user>[^>\n]{0,320})>(?:,(?:[ ]method=[^\s,]{1,40},)?|[^\n]{0,300}?)[ ]rip=(?P<address>ADDR)
    | (?P<fault>(?:Warning|Error):[ ]haproxy[^\n(]{0,200})\(rip=(?P<peer>ADDR)
    | )
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
_WEBMAIL = {
    how: source_of("roundcube", "webmail", kind)
    for how, kind in zip(_HOW, ("login", "login-failed"), strict=True)
}
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


def postfix(reader: Reader, buffer: bytes, told: Told) -> None:
    """Lines of ``smtpd`` and ``postscreen``: ``postfix/smtpd[77]: connect from unknown[192.0.2.1]``."""
    minute_at, sources = reader.minutes.at, reader.tagged
    for pattern, name in _PROGRAMS:
        if name not in buffer:
            continue
        for found, at, start in matches(buffer, pattern):
            kind: int = found.lastindex  # type: ignore[assignment]  # one of the groups always is
            tag = buffer[buffer.rfind(b" ", start, at) + 1 or start : at + len(name)]
            account = b""
            if kind == _FAULT:
                fault = _fault(reader, tag, buffer, found.end())
                if fault is not None:
                    told.setdefault(start, (minute_at(buffer, start, at), fault, b"", b""))
                continue
            if kind in (_ACCEPTED, _FAILED):
                account = _value(buffer, b"sasl_username=", found.end())
            address = found[kind]
            if account and kind == _ACCEPTED:
                kind = _LOGIN
            source = sources.get((tag, kind)) or reader.tag(tag, kind, _KINDS[kind])
            told.setdefault(start, (minute_at(buffer, start, at), source, address, account))


def _fault(reader: Reader, tag: bytes, buffer: bytes, at: int) -> Source | None:
    """What a warning is, if the dictionary has it."""
    return reader.fault("postfix", service_of(tag), buffer[at : line_end(buffer, at)].rstrip(b"\r"))


def dovecot(reader: Reader, buffer: bytes, told: Told) -> None:
    """``imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, …``, and its failures."""
    if b"-login: " not in buffer:
        return
    minute_at = reader.minutes.at
    for found, at, start in matches(buffer, _DOVECOT):
        begin = max(start, at - _LONGEST_PROTOCOL)
        known = _LOGINS.get(buffer[buffer.rfind(b" ", begin, at) + 1 or begin : at])
        if known is None:
            continue
        login, said, user, address, words, peer = found.groups()
        source: Source | None
        if peer is not None:  # as below, but for the haste: where a proxy is not trusted, these are all lines
            source, address, user = reader.fault("dovecot", known.service, words), peer, b""
            if source is None:
                continue
        elif address is None:
            hit = _untrusted(reader, buffer, at, known.service)
            if hit is None:
                continue
            source, address, user = *hit, b""
        elif login is not None:
            source = known.login
        elif b"auth failed" in said:
            source = known.failed
        else:
            fault = reader.fault("dovecot", known.service, said) if b"SSL_accept" in said else None
            source, user = fault or known.idle, b""
        told.setdefault(start, (minute_at(buffer, start, at), source, address, user))


def _untrusted(reader: Reader, buffer: bytes, at: int, service: str) -> tuple[Source, bytes] | None:
    """``imap-login: Warning: haproxy: Client not trusted (rip=10.0.0.3)``, and what else precedes a login."""
    end = line_end(buffer, at)
    mark = buffer.find(b"(rip=", at, end)
    fault = reader.fault("dovecot", service, buffer[at : mark if mark > 0 else end])
    if fault is None:
        return None
    peer = ADDRESS.match(buffer, mark + 5, end) if mark > 0 else None
    return fault, peer[0] if peer is not None else b""


def roundcube(reader: Reader, buffer: bytes, told: Told) -> None:
    """``Successful login for a@example.com (ID: 1) from 10.42.0.3 (X-Forwarded-For: 192.0.2.1) in …``.

    Roundcube logs who connected to it and, in brackets, what the headers say, whomever it trusts. The last
    address of X-Forwarded-For is the one that the proxy next to it wrote.
    """
    for at, start in places(buffer, b" login for "):
        how = next((how for how in _HOW if buffer.endswith(how, start, at)), b"")
        found = _ROUNDCUBE.match(buffer, at - len(how)) if how else None
        if found is None:
            continue
        source = _WEBMAIL[how]
        forwarded = _FORWARDED.search(found["headers"] or b"")
        address = (forwarded[1] or forwarded[2]) if forwarded is not None else found["address"]
        told.setdefault(start, (reader.minutes.at(buffer, start, at), source, address, found["account"]))


def _value(buffer: bytes, key: bytes, start: int) -> bytes:
    """What follows a key in the same line, up to a comma, a blank or the end."""
    at = buffer.find(key, start, line_end(buffer, start))
    found = _WORD.match(buffer, at + len(key)) if at >= 0 else None
    return found[0] if found is not None else b""
