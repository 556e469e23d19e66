"""What web servers' lines say: Traefik's access log in both its formats, nginx's ``combined``, Caddy's.

Sources: Traefik v3 (``pkg/middlewares/accesslog``), nginx 1.22 (``src/http/modules/ngx_http_log_module.c``),
Caddy 2 (``modules/caddyhttp/logging.go``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from truehop.live.logs.hits import ADDR, ADDRESS, Reader, Source, Told, line_end, places, source_of

_CR = ord("\r")
_CLF = rb"""
    (?P<address>ADDR)(?:,[ ][^\s,]{1,60})*
    [ ]-[ ](?P<account>[^\[\n]{1,320}|[^\n]{1,320}?)[ ]
    \[(?P<minute>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):\d\d[ ][+-]\d{4}\][ ]"
    """.replace(b"ADDR", ADDR)
#: A line of a web server up to its request; of a chain of addresses that Traefik was told, the first.
#: Anchored at the line's begin, so that none takes long.
_COMMON = re.compile(_CLF, re.VERBOSE)
#: The same behind what kubectl, Compose, CRI or syslog put before it; none of them begins like an address.
_BEHIND = re.compile(
    rb"""
    (?:\[pod/\S{1,300}\][ ])?(?:\S{1,100}[ ]+\|[ ])?
    (?:\d{4}-\d\d-\d\dT\S{1,30}[ ](?:std(?:out|err)[ ][FP][ ])?)?
    (?:[A-Z][a-z]{2}[ ][ \d]\d[ ][\d:]{8}[ ]\S{1,255}[ ]\S{1,60}:[ ])?
    """
    + _CLF,
    re.VERBOSE,
)
_CLF_WIDTH = 17  # 26/Nov/2026:16:15
_EPOCH = re.compile(rb'"ts": ?(\d{9,11})')
_LONGEST = 16_384  # bytes of a line that are looked at
_FURTHEST = 1000  # bytes between Caddy's time and the address


@dataclass(frozen=True, slots=True)
class _Server:
    """The sources of one of the web servers."""

    request: Source
    probe: Source
    #: A request that is a PROXY header.
    proxied: Source


_TRAEFIK, _NGINX, _CADDY = (
    _Server(
        source_of(program, "http", "request"),
        source_of(program, "http", "probe"),
        source_of(program, "http", "proxy-error", "request-is-header"),
    )
    for program in ("traefik", "nginx", "caddy")
)


def common_log(reader: Reader, buffer: bytes, told: Told) -> None:
    """``192.0.2.1 - - [26/Nov/2026:16:15:39 +0000] "GET / HTTP/1.1" 200 …``: nginx, Traefik and others."""
    for at, start in places(buffer, b'] "'):
        found = _COMMON.match(buffer, start, at + 3) or _BEHIND.match(buffer, start, at + 3)
        if found is None or found.end() != at + 3:
            continue
        end = line_end(buffer, at, _LONGEST)
        last = end - 1 if buffer[end - 1] == _CR else end
        by = _TRAEFIK if buffer.endswith(b"ms", at, last) else _NGINX
        if buffer.startswith(b"PROXY ", at + 3):
            source = by.proxied
        elif buffer.find(b'"kube-probe/', at, end) > 0:
            source = by.probe
        else:
            source = by.request
        account = found["account"]
        minute = reader.minutes.at(buffer, found.start("minute"), at, _CLF_WIDTH)
        place = found.start("address")
        told.tell(start, place, (minute, source, found["address"], b"" if account == b"-" else account))


def traefik_json(reader: Reader, buffer: bytes, told: Told) -> None:
    """``{"ClientAddr":"192.0.2.1:4321","ClientHost":"192.0.2.1",…}``."""
    for at, start, begin in _in_objects(buffer, b'"ClientHost":"'):
        found = ADDRESS.match(buffer, at + 14)
        if found is None or told.knows(start, begin):
            continue
        end = line_end(buffer, at, _LONGEST)
        account = _text(buffer, b'"ClientUsername":"', begin, end)
        clock = buffer.find(b'"time":"', at, end)
        minute = reader.minutes.at(buffer, clock + 8 if clock > 0 else start, end)
        is_probe = buffer.find(b'"request_User-Agent":"kube-probe/', at, end) > 0
        source = _TRAEFIK.probe if is_probe else _TRAEFIK.request
        told.tell(start, begin, (minute, source, found[0], b"" if account == b"-" else account))


def caddy_json(reader: Reader, buffer: bytes, told: Told) -> None:
    """``{"level":"info","ts":1764173739.1,…,"request":{"remote_ip":"10.42.0.3",…,"client_ip":"192.0.2.1"``."""
    for at, start, begin in _in_objects(buffer, b'"remote_ip"'):
        if told.knows(start, begin):
            continue
        end = line_end(buffer, at, _LONGEST)
        mark = buffer.find(b'"client_ip":', at, end)  # who the client is after trusted_proxies; since 2.7
        place = buffer.find(b'"', mark + 12 if mark > 0 else at + 11, end) + 1
        found = ADDRESS.match(buffer, place, end) if place > 0 else None
        if found is None:
            continue
        epoch = _EPOCH.search(buffer, max(start, at - _FURTHEST), at)
        minute = int(epoch[1]) // 60 if epoch is not None else reader.minutes.at(buffer, start, at)
        is_probe = buffer.find(b'"kube-probe/', at, end) > 0
        account = _text(buffer, b'"user_id":"', at, end) or _text(buffer, b'"user_id": "', at, end)
        told.tell(start, begin, (minute, _CADDY.probe if is_probe else _CADDY.request, found[0], account))


def _in_objects(buffer: bytes, key: bytes) -> Iterator[tuple[int, int, int]]:
    """Where a key of JSON stands, where its line begins, and where the object does that began before it.

    Most logs of mail hold no brace at all, and one byte is looked for far faster than several.
    """
    if b"{" not in buffer:
        return
    for at, start in places(buffer, key):
        begin = buffer.find(b"{", start, at)
        if begin >= 0:
            yield at, start, begin


def _text(buffer: bytes, key: bytes, start: int, end: int) -> bytes:
    """A JSON text after its key, as written."""
    at = buffer.find(key, start, end)
    close = buffer.find(b'"', at + len(key), end) if at >= 0 else -1
    return buffer[at + len(key) : close] if close > 0 else b""
