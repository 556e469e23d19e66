"""Addresses of peers as programs are told them: ``host:port``, with a scheme or in brackets."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(?:inet6?|lmtp|smtp|tcp):(?=.)")
_PEER = re.compile(r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<host>[^\s:/\[\]]+))(?::(?P<port>\d{1,5}))?(?:/.*)?", re.DOTALL)
HIGHEST_PORT = 65_535


def host_and_port(text: str, default: int | None = None) -> tuple[str, int] | None:
    """Host and port of an address, None where there is no host or no port."""
    bare = text.strip()
    while match := _SCHEME.match(bare):
        bare = bare[match.end() :]
    found = _PEER.fullmatch(bare)
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else default
    if port is None or not 0 < port <= HIGHEST_PORT:
        return None
    return found["bracketed"] or found["host"], port
