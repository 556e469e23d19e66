"""The lines that say something about a client, and what each says.

A form is found by a few bytes that it holds, its needle: whole buffers are searched for these, and only where one
stands is anything read. Sources: Postfix 3.7 to 3.11 (``src/smtpd/smtpd.c``, ``src/smtpd/smtpd_sasl_glue.c``,
``src/postscreen/postscreen.c``), Dovecot 2.3 and 2.4 (``src/login-common/client-common.c``), Traefik v3
(``pkg/middlewares/accesslog``), nginx's ``combined``, Caddy 2 (``modules/caddyhttp/logging.go``), Roundcube 1.6
(``program/include/rcmail.php``, ``log_login``). Each is tested with lines that the program wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from truehop.live.logs.dictionary import find_message, messages
from truehop.live.logs.frames import Tags
from truehop.live.logs.times import Minutes


class Source(NamedTuple):
    """Who says what kind of thing; one object for each, so that millions of lines share a few."""

    program: str
    service: str
    kind: str
    message: str = ""


#: Minute since 1970, source, address, account. A plain tuple, since one is made for each line that matters.
Hit = tuple[int | None, Source, bytes, bytes]
#: Reads a line, given the buffer, the line's begin, the needle's place, and the line's end.
Take = Callable[["Reader", bytes, int, int, int], Hit | None]

_ADDR = rb"[0-9A-Fa-f:.]{2,45}"
_ADDRESS = re.compile(_ADDR)
_POSTFIX = re.compile(
    rb"""
      connect[ ]from[ ][^\s\[]{1,255}\[(?P<connect>ADDR)\]
    | disconnect[ ]from[ ][^\s\[]{1,255}\[(?P<idle>ADDR)\](?:[ ](?:ehlo|helo|quit|rset|noop)=[\d/]+)*[ ]commands=
    | [0-9A-Za-z]{5,20}:[ ]client=[^\s\[]{1,255}\[(?P<accepted>ADDR)\]
    | (?:NOQUEUE|[0-9A-Za-z]{5,20}):[ ](?:milter-)?reject:[ ][^\n]{1,40}?[ ]from[ ][^\s\[]{0,255}\[(?P<rejected>ADDR)\]
    | warning:[ ][^\s\[]{1,255}\[(?P<failed>ADDR)\]:[ ]SASL[ ][^\n]{1,110}?authentication[ ]failed
    | CONNECT[ ]from[ ]\[(?P<screened>ADDR)\]
    | HANGUP[ ]after[ ][\d.]{1,12}[ ]from[ ]\[(?P<left>ADDR)\]:\d+[ ]in[ ]tests[ ]before
    | (?P<fault>(?:warning|fatal):[ ](?:haproxy|ignoring|smtpd_peer))
    """.replace(b"ADDR", _ADDR),
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
_CLF_TIME = re.compile(rb"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}")
_CLF_WIDTH = 17  # 26/Nov/2026:16:15
_ROUNDCUBE = re.compile(
    rb"(?P<how>Successful|Failed) login for (?P<account>\S{1,320}) (?:\(ID: \d+\) )?"
    rb"from (?P<address>[0-9A-Fa-f:.]{2,45})(?: ?\((?P<headers>[^)\n]{1,500})\))?"
)
_EPOCH = re.compile(rb'"ts": ?(\d{9,11})')
_PEER = re.compile(rb"(?:\brip=|\bclient: |\bIP |\[)(?=[0-9A-Fa-f]*[.:])(" + _ADDR + rb")(?=[\s,)\]]|$)")
_LOGINS = {
    b"imap": "imap-login",
    b"pop3": "pop3-login",
    b"managesieve": "managesieve-login",
    b"submission": "submission-login",
}
_MOST_SOURCES = 500


@dataclass(slots=True)
class Reader:
    """What the reading of one stream remembers: minutes by their bytes, services by their tags, sources."""

    minutes: Minutes = field(default_factory=Minutes)
    tags: Tags = field(default_factory=Tags)
    sources: dict[tuple[str, str, str, str], Source] = field(default_factory=dict)

    def source(self, program: str, service: str, kind: str, message: str = "") -> Source:
        """The one source of these words."""
        key = (program, service, kind, message)
        try:
            return self.sources[key]
        except KeyError:
            if len(self.sources) >= _MOST_SOURCES:
                self.sources.clear()
            return self.sources.setdefault(key, Source(*key))


def postfix(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """Lines of ``smtpd`` and ``postscreen``: ``postfix/smtpd[77]: connect from unknown[192.0.2.1]``."""
    words = reader.tags.words(buffer, at, end)
    found = _POSTFIX.match(buffer, words, end) if words else None
    if found is None:
        return None
    service = reader.tags.service(buffer, start, at, words)
    what = found.lastgroup or ""
    if not service:
        return None
    minute = reader.minutes.at(buffer, start, at)
    if what == "fault":
        return _fault(reader, "postfix", service, minute, buffer[words:end])
    kind, account = _POSTFIX_KINDS[what], b""
    if what in {"accepted", "failed"}:
        account = _value(buffer, b"sasl_username=", found.end(), end)
        if account and what == "accepted":
            kind = "login"
    return minute, reader.source("postfix", service, kind), found[what], account


def dovecot(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """``imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, lip=…`` and its failures."""
    begin = max(start, at - 11)  # as long as managesieve
    service = _LOGINS.get(buffer[buffer.rfind(b" ", begin, at) + 1 or begin : at])
    if service is None:
        return None
    words = at + 8
    minute = reader.minutes.at(buffer, start, at)
    place = buffer.find(b"rip=", words, end)
    user = buffer.find(b"user=<", words, end)
    if user < 0 or place < 0:
        return _fault(reader, "dovecot", service, minute, buffer[words:end])
    found = _ADDRESS.match(buffer, place + 4, end)
    if found is None:
        return None
    account = buffer[user + 6 : max(buffer.find(b">", user, end), user + 6)]
    if buffer.startswith(b"Info: ", words):
        words += 6
    if buffer.startswith((b"Login: ", b"Logged in: "), words):
        return minute, reader.source("dovecot", service, "login"), found[0], account
    said = buffer[words:user]
    if b"auth failed" in said:
        return minute, reader.source("dovecot", service, "login-failed"), found[0], account
    fault = _fault(reader, "dovecot", service, minute, said) if b"SSL_accept" in said else None
    if fault is not None:
        return fault[0], fault[1], found[0], b""
    return minute, reader.source("dovecot", service, "idle"), found[0], b""


def common_log(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """``192.0.2.1 - - [26/Nov/2026:16:15:39 +0000] "GET / HTTP/1.1" 200 …``: nginx, Traefik and others."""
    clock = at - 26
    if clock <= start or _CLF_TIME.match(buffer, clock, at) is None:
        return None
    dash = buffer.rfind(b" - ", start, clock - 2)
    address = _first_of_chain(buffer, start, dash) if dash > 0 else b""
    if not address:
        return None
    last = end - 1 if buffer.endswith(b"\r", start, end) else end
    program = "traefik" if buffer.endswith(b"ms", at, last) else "nginx"
    kind, message = "request", ""
    if buffer.startswith(b"PROXY ", at + 3):
        kind, message = "proxy-error", "request-is-header"
    elif buffer.find(b'"kube-probe/', at, end) > 0:
        kind = "probe"
    account = buffer[dash + 3 : clock - 2]
    source = reader.source(program, "http", kind, message)
    minute = reader.minutes.at(buffer, clock, at, _CLF_WIDTH)
    return minute, source, address, b"" if account == b"-" else account


def traefik_json(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """``{"ClientAddr":"192.0.2.1:4321","ClientHost":"192.0.2.1",…}``."""
    found = _ADDRESS.match(buffer, at + 14, end)
    if found is None:
        return None
    account = _text(buffer, b'"ClientUsername":"', start, end)
    clock = buffer.find(b'"time":"', at, end)
    minute = reader.minutes.at(buffer, clock + 8 if clock > 0 else start, end)
    is_probe = buffer.find(b'"request_User-Agent":"kube-probe/', at, end) > 0
    source = reader.source("traefik", "http", "probe" if is_probe else "request")
    return minute, source, found[0], b"" if account == b"-" else account


def caddy_json(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """``{"level":"info","ts":1764173739.1,…,"request":{"remote_ip":"192.0.2.1",…,"client_ip":"192.0.2.1",…``."""
    mark = buffer.find(b'"client_ip":', at, end)  # who the client is after trusted_proxies; since 2.7
    place = buffer.find(b'"', mark + 12 if mark > 0 else at + 11, end) + 1
    found = _ADDRESS.match(buffer, place, end) if place > 0 else None
    if found is None:
        return None
    epoch = _EPOCH.search(buffer, start, at)
    minute = int(epoch[1]) // 60 if epoch is not None else reader.minutes.at(buffer, start, at)
    is_probe = buffer.find(b'"kube-probe/', at, end) > 0
    account = _text(buffer, b'"user_id":"', at, end) or _text(buffer, b'"user_id": "', at, end)
    return minute, reader.source("caddy", "http", "probe" if is_probe else "request"), found[0], account


def roundcube(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
    """``Successful login for a@example.com (ID: 1) from 10.42.0.3 (X-Forwarded-For: 192.0.2.1) in session …``.

    Roundcube logs who connected to it and, in brackets, what the headers say, whomever it trusts. The last address
    of X-Forwarded-For is the one that the proxy next to it wrote.
    """
    found = _ROUNDCUBE.search(buffer, max(start, at - 10), end)
    if found is None:
        return None
    kind = "login" if found["how"] == b"Successful" else "login-failed"
    told = re.findall(rb"X-Forwarded-For: (?:[^),]*, ?)*(" + _ADDR + rb")", found["headers"] or b"")
    source = reader.source("roundcube", "webmail", kind)
    return reader.minutes.at(buffer, start, at), source, (told or [found["address"]])[-1], found["account"]


def fault_of(program: str) -> Take:
    """The reading of a line that a message of the dictionary was found in."""

    def take(reader: Reader, buffer: bytes, start: int, at: int, end: int) -> Hit | None:
        minute = reader.minutes.at(buffer, start, end)
        service = {"nginx": "http", "traefik": "entry"}.get(program, program)
        del at
        return _fault(reader, program, service, minute, buffer[start:end])

    return take


def _fault(reader: Reader, program: str, service: str, minute: int | None, line: bytes) -> Hit | None:
    message = find_message(program, line)
    if message is None:
        return None
    peer = _PEER.search(line)
    source = reader.source(program, service, "proxy-error", message.id)
    return minute, source, peer[1] if peer is not None else b"", b""


def _value(buffer: bytes, key: bytes, start: int, end: int) -> bytes:
    """What follows a key, up to a comma, a blank or the end."""
    at = buffer.find(key, start, end)
    if at < 0:
        return b""
    words = buffer[at + len(key) : min(end, at + len(key) + 320)].replace(b",", b" ").split(None, 1)
    return words[0] if words else b""


def _text(buffer: bytes, key: bytes, start: int, end: int) -> bytes:
    """A JSON text after its key, as written."""
    at = buffer.find(key, start, end)
    close = buffer.find(b'"', at + len(key), end) if at >= 0 else -1
    return buffer[at + len(key) : close] if close > 0 else b""


def _first_of_chain(buffer: bytes, start: int, end: int) -> bytes:
    """The first address of ``192.0.2.1, 10.42.0.3``, as Traefik has a chain of forwarded ones."""
    begin = buffer.rfind(b" ", start, end) + 1 or start
    while begin > start + 1 and buffer[begin - 2 : begin] == b", ":
        end = begin - 2
        begin = buffer.rfind(b" ", start, end) + 1 or start
    found = _ADDRESS.fullmatch(buffer, begin, end)
    return found[0] if found is not None else b""


#: Needle and reading. A needle that stands in few lines makes the rest of them cheap.
FORMS: tuple[tuple[bytes, Take], ...] = (
    (b"smtpd", postfix),
    (b"postscreen", postfix),
    (b"-login: ", dovecot),
    (b'] "', common_log),
    (b'"ClientHost":"', traefik_json),
    (b'"remote_ip"', caddy_json),
    (b" login for ", roundcube),
    *(
        (max(message.holds, key=len), fault_of(message.program))
        for message in messages()
        if message.program not in {"postfix", "dovecot"} and message.id != "request-is-header"
    ),
)
