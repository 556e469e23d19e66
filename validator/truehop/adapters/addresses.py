"""Addresses of peers as programs are told them: ``host:port``, with a scheme or in brackets."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(?:inet6?|lmtp|smtp|tcp):(?=.)")
_PEER = re.compile(
    r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<host>[^\s:/\[\]]+))(?::(?P<port>\d{1,5}))?(?:/.*)?", re.DOTALL
)
HIGHEST_PORT = 65_535
_NUMBER = re.compile(r"[0-9]{1,5}")


def port_number(text: str) -> int | None:
    """A port written in digits, None for anything else."""
    number = int(text) if _NUMBER.fullmatch(text) else 0
    return number if 0 < number <= HIGHEST_PORT else None


def host_and_port(text: str, default: int | None = None) -> tuple[str, int] | None:
    """Host and port of an address, None where there is no host or no port."""
    bare = text.strip()
    while match := _SCHEME.match(bare):
        bare = bare[match.end() :]
    found = _PEER.fullmatch(bare)
    if found is None:
        return None
    port = port_number(found["port"]) if found["port"] else default
    return None if port is None else (found["bracketed"] or found["host"], port)
