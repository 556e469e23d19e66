"""The lines that say something about a client, and what each says.

A form is found by a few bytes that it holds, its needle: whole buffers are searched for these, and only where
one stands is anything read. Sources: Postfix 3.7 to 3.11 (``src/smtpd/smtpd.c``, ``smtpd_sasl_glue.c``,
``src/postscreen/postscreen.c``), Dovecot 2.3 and 2.4 (``src/login-common/client-common.c``), Traefik v3
(``pkg/middlewares/accesslog``), nginx's ``combined``, Caddy 2 (``modules/caddyhttp/logging.go``), Roundcube
1.7 (``program/include/rcmail.php``, ``log_login``). Each is tested, most with lines that the program wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from truehop.live.logs.dictionary import find_message, messages
from truehop.live.logs.frames import service_of
from truehop.live.logs.times import Minutes


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Who says what kind of thing. Equal only to itself, so that counting is quick; made by `source_of`."""

    program: str
    service: str
    kind: str
    message: str = ""
    #: Brings the hits of a source together when they are sorted.
    order: int = field(default_factory=count().__next__, compare=False, repr=False)


#: Minute since 1970, source, address, account. A plain tuple, since one is made for each line that matters.
Hit = tuple[int | None, Source, bytes, bytes]
#: Reads a line, given the buffer, the line's begin and the needle's place.
Take = Callable[["Reader", bytes, int, int], Hit | None]

_ADDR = rb"[0-9A-Fa-f:.]{2,45}"
_ADDRESS = re.compile(_ADDR)
_WORD = re.compile(rb"[^\s,]{1,320}")
_S = ord("s")
_CR = ord("\r")
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
#: Which of Postfix' lines name an account.
_WITH_ACCOUNT = frozenset({"accepted", "failed"})
_DOVECOT = re.compile(
    rb"""
    -login:[ ](?:Info:[ ])?
    (?:(?P<login>Login|Logged[ ]in):[ ]|(?P<other>(?!Info:)[^\n<]{1,300}):[ ])
    user=<(?P<user>[^>\n]{0,320})>[^\n]{0,300}?[ ]rip=(?P<address>ADDR)
    """.replace(b"ADDR", _ADDR),
    re.VERBOSE,
)
_PROTOCOLS = (b"imap", b"pop3", b"managesieve", b"submission")
_LONGEST_PROTOCOL = max(map(len, _PROTOCOLS))
#: A line of a web server up to its request, behind what kubectl, Compose, CRI or syslog put before it; of a
#: chain of addresses that Traefik was told, the first. Anchored at the line's begin, so that none takes long.
_COMMON = re.compile(
    rb"""
    (?:\[pod/\S{1,300}\][ ])?(?:\S{1,100}[ ]+\|[ ])?
    (?:\d{4}-\d\d-\d\dT\S{1,30}[ ](?:std(?:out|err)[ ][FP][ ])?)?
    (?:[A-Z][a-z]{2}[ ][ \d]\d[ ][\d:]{8}[ ]\S{1,255}[ ]\S{1,60}:[ ])?
    (?P<address>ADDR)(?:,[ ][^\s,]{1,60})*
    [ ]-[ ](?P<account>[^\[\n]{1,320})[ ]
    \[(?P<minute>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):\d\d[ ][+-]\d{4}\][ ]"
    """.replace(b"ADDR", _ADDR),
    re.VERBOSE,
)
_CLF_WIDTH = 17  # 26/Nov/2026:16:15
_ROUNDCUBE = re.compile(
    rb"(?P<how>Successful|Failed) login for (?P<account>\S{1,320}) (?:\(ID: \d+\) )?"
    rb"from (?P<address>[0-9A-Fa-f:.]{2,45})(?: ?\((?P<headers>[^)\n]{1,500})\))?"
)
_FORWARDED = re.compile(rb"X-Forwarded-For: (?:[^),]*, ?)*(" + _ADDR + rb")$|X-Real-IP: (" + _ADDR + rb")$")
_EPOCH = re.compile(rb'"ts": ?(\d{9,11})')
_PEER = re.compile(rb"(?:\brip=|\bclient: |\bIP |\[)(?=[0-9A-Fa-f]*[.:])(" + _ADDR + rb")(?=[\s,)\]]|$)")
_FURTHEST = 1000  # bytes between Caddy's time and the address
_MOST_SOURCES = 500
_MOST_WORDS = 200  # bytes of a message that are remembered
_sources: dict[tuple[str, str, str, str], Source] = {}


def source_of(program: str, service: str, kind: str, message: str = "") -> Source:
    """The source of these words; the same one each time."""
    key = (program, service, kind, message)
    try:
        return _sources[key]
    except KeyError:
        if len(_sources) >= _MOST_SOURCES:  # names of services in a log have no end
            _sources.clear()
        return _sources.setdefault(key, Source(*key))


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


@dataclass(slots=True)
class Reader:
    """What the reading of one stream remembers: minutes by their bytes, sources by tags and words."""

    minutes: Minutes = field(default_factory=Minutes)
    tagged: dict[tuple[bytes, str], Source] = field(default_factory=dict)
    faults: dict[tuple[str, bytes], Source | None] = field(default_factory=dict)

    def tag(self, tag: bytes, word: str) -> Source:
        """The source that a tag of Postfix and the kind of its line stand for."""
        if len(self.tagged) >= _MOST_SOURCES:
            self.tagged.clear()
        source = source_of("postfix", service_of(tag), word)
        return self.tagged.setdefault((tag, word), source)

    def fault(self, program: str, service: str, words: bytes) -> Source | None:
        """The source of a message of the dictionary, told by words that come again and again."""
        key = (service, words[:_MOST_WORDS])
        try:
            return self.faults[key]
        except KeyError:
            if len(self.faults) >= _MOST_SOURCES:
                self.faults.clear()
            message = find_message(program, words)
            source = source_of(program, service, "proxy-error", message.id) if message is not None else None
            return self.faults.setdefault(key, source)


def postfix(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """Lines of ``smtpd`` and ``postscreen``: ``postfix/smtpd[77]: connect from unknown[192.0.2.1]``."""
    found = _POSTFIX.match(buffer, at)
    if found is None:
        return None
    word: str = found.lastgroup  # type: ignore[assignment]  # one of the groups always is
    tag = buffer[buffer.rfind(b" ", start, at) + 1 or start : at + (5 if buffer[at] == _S else 10)]
    minute = reader.minutes.at(buffer, start, at)
    if word == "fault":
        said = buffer[found.start("fault") : _end(buffer, at)].rstrip(b"\r")
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


def dovecot(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """``imap-login: Info: Login: user=<a@example.com>, method=PLAIN, rip=192.0.2.1, …``, and its failures."""
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
    """``imap-login: Warning: haproxy: Client not trusted (rip=10.0.0.3)`` and what else is said before a login."""
    end = _end(buffer, at)
    mark = buffer.find(b"(rip=", at, end)
    fault = reader.fault("dovecot", service, buffer[at : mark if mark > 0 else end])
    if fault is None:
        return None
    peer = _ADDRESS.match(buffer, mark + 5, end) if mark > 0 else None
    return minute, fault, peer[0] if peer is not None else b"", b""


def common_log(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """``192.0.2.1 - - [26/Nov/2026:16:15:39 +0000] "GET / HTTP/1.1" 200 …``: nginx, Traefik and others."""
    found = _COMMON.match(buffer, start, at + 3)
    if found is None or found.end() != at + 3:
        return None
    end = _end(buffer, at)
    last = end - 1 if buffer[end - 1] == _CR else end
    program = "traefik" if buffer[last - 2 : last] == b"ms" else "nginx"
    kind, message = "request", ""
    if buffer.startswith(b"PROXY ", at + 3):
        kind, message = "proxy-error", "request-is-header"
    elif buffer.find(b'"kube-probe/', at, end) > 0:
        kind = "probe"
    account = found["account"]
    minute = reader.minutes.at(buffer, found.start("minute"), at, _CLF_WIDTH)
    source = source_of(program, "http", kind, message)
    return minute, source, found["address"], b"" if account == b"-" else account


def traefik_json(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """``{"ClientAddr":"192.0.2.1:4321","ClientHost":"192.0.2.1",…}``."""
    found = _ADDRESS.match(buffer, at + 14)
    if found is None:
        return None
    end = _end(buffer, at)
    account = _text(buffer, b'"ClientUsername":"', start, end)
    clock = buffer.find(b'"time":"', at, end)
    minute = reader.minutes.at(buffer, clock + 8 if clock > 0 else start, end)
    is_probe = buffer.find(b'"request_User-Agent":"kube-probe/', at, end) > 0
    source = source_of("traefik", "http", "probe" if is_probe else "request")
    return minute, source, found[0], b"" if account == b"-" else account


def caddy_json(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """``{"level":"info","ts":1764173739.1,…,"request":{"remote_ip":"10.42.0.3",…,"client_ip":"192.0.2.1"``."""
    end = _end(buffer, at)
    mark = buffer.find(b'"client_ip":', at, end)  # who the client is after trusted_proxies; since 2.7
    place = buffer.find(b'"', mark + 12 if mark > 0 else at + 11, end) + 1
    found = _ADDRESS.match(buffer, place, end) if place > 0 else None
    if found is None:
        return None
    epoch = _EPOCH.search(buffer, max(start, at - _FURTHEST), at)
    minute = int(epoch[1]) // 60 if epoch is not None else reader.minutes.at(buffer, start, at)
    is_probe = buffer.find(b'"kube-probe/', at, end) > 0
    account = _text(buffer, b'"user_id":"', at, end) or _text(buffer, b'"user_id": "', at, end)
    return minute, source_of("caddy", "http", "probe" if is_probe else "request"), found[0], account


def roundcube(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
    """``Successful login for a@example.com (ID: 1) from 10.42.0.3 (X-Forwarded-For: 192.0.2.1) in …``.

    Roundcube logs who connected to it and, in brackets, what the headers say, whomever it trusts. The last
    address of X-Forwarded-For is the one that the proxy next to it wrote.
    """
    found = _ROUNDCUBE.search(buffer, max(start, at - 10), _end(buffer, at))
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


def fault_of(program: str) -> Take:
    """The reading of a line that a message of the dictionary was found in."""
    service = {"nginx": "http", "traefik": "entry"}.get(program, program)

    def take(reader: Reader, buffer: bytes, start: int, at: int) -> Hit | None:
        return _fault(program, service, reader.minutes.at(buffer, start, at), buffer, start)

    return take


def _fault(program: str, service: str, minute: int | None, buffer: bytes, words: int) -> Hit | None:
    line = buffer[words : _end(buffer, words)]
    message = find_message(program, line)
    if message is None:
        return None
    peer = _PEER.search(line)
    source = source_of(program, service, "proxy-error", message.id)
    return minute, source, peer[1] if peer is not None else b"", b""


def _end(buffer: bytes, at: int) -> int:
    """Where the line ends."""
    end = buffer.find(b"\n", at)
    return end if end >= 0 else len(buffer)


def _value(buffer: bytes, key: bytes, start: int) -> bytes:
    """What follows a key in the same line, up to a comma, a blank or the end."""
    at = buffer.find(key, start, _end(buffer, start))
    found = _WORD.match(buffer, at + len(key)) if at >= 0 else None
    return found[0] if found is not None else b""


def _text(buffer: bytes, key: bytes, start: int, end: int) -> bytes:
    """A JSON text after its key, as written."""
    at = buffer.find(key, start, end)
    close = buffer.find(b'"', at + len(key), end) if at >= 0 else -1
    return buffer[at + len(key) : close] if close > 0 else b""


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
