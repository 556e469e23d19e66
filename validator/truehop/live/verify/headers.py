"""PROXY headers: what a balancer writes before a connection's first byte.

haproxy.org, "The PROXY protocol", versions 1 and 2.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
#: Version 2, command LOCAL: it states no address, and the receiver keeps that of the connection.
LOCAL = SIGNATURE + b"\x20\x00\x00\x00"
_SOURCE_PORT = 40000


def v1(source: Address, target: Address, port: int) -> bytes:
    """A header in words; both addresses are of one family."""
    return f"PROXY TCP{source.version} {source} {target} {_SOURCE_PORT} {port}\r\n".encode()


def v2(source: Address, target: Address, port: int) -> bytes:
    """A header in bytes; both addresses are of one family."""
    ports = _SOURCE_PORT.to_bytes(2, "big") + port.to_bytes(2, "big")
    body = source.packed + target.packed + ports
    family = b"\x11" if source.version == 4 else b"\x21"  # noqa: PLR2004 (the version's own number)
    return SIGNATURE + b"\x21" + family + len(body).to_bytes(2, "big") + body
