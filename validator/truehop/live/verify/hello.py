"""A TLS client hello of our own making: what old versions and weak suites does the server take?

The machine's own OpenSSL may be built without them, so nothing of it is used. RFC 5246, RFC 4346, RFC 8446.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from truehop.live.verify.wire import TalkError, Trouble, Wire

TLS_1_0, TLS_1_1, TLS_1_2 = 0x0301, 0x0302, 0x0303
VERSIONS = {0x0300: "SSL 3.0", TLS_1_0: "TLS 1.0", TLS_1_1: "TLS 1.1", TLS_1_2: "TLS 1.2"}
_ALERT, _HANDSHAKE, _SERVER_HELLO = 21, 22, 2
_HEAD, _MOST_BODY = 5, 18432
_FORMATS, _GROUPS, _SIGNATURES, _NAME, _RENEGOTIATION = 11, 10, 13, 0, 0xFF01


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version and the suite that the server chose."""

    version: int
    suite: int


def ask_for(wire: Wire, version: int, suites: tuple[int, ...], name: str) -> Chosen | None:
    """What the server chooses of an offer, None where it refuses all of it.

    ``version`` is the highest that is offered, ``name`` goes into SNI unless it is empty.

    Raises:
        TalkError: no answer in time, or one that is no TLS.
    """
    wire.send(client_hello(version, suites, name))
    try:
        kind, body = _record(wire)
    except TalkError as error:
        if error.trouble is Trouble.CLOSED:
            return None
        raise
    return server_hello(body) if kind == _HANDSHAKE else None


def _record(wire: Wire) -> tuple[int, bytes]:
    head = wire.read(_HEAD)
    kind, length = head[0], int.from_bytes(head[3:5], "big")
    if kind not in (_ALERT, _HANDSHAKE) or head[1] != 3 or length > _MOST_BODY:  # noqa: PLR2004 (TLS's major)
        raise TalkError(Trouble.GARBAGE, "the server speaks without TLS")
    return kind, wire.read(length)


def server_hello(body: bytes) -> Chosen:
    """What a server's hello says.

    Raises:
        TalkError: it is none.
    """
    # kind, length (3), version (2), random (32), length of the session's name, the name, suite (2)
    place = 39 + body[38] if len(body) > 38 else 0  # noqa: PLR2004 (see above)
    if not place or body[0] != _SERVER_HELLO or len(body) < place + 2:
        raise TalkError(Trouble.GARBAGE, "no server hello")
    return Chosen(int.from_bytes(body[4:6], "big"), int.from_bytes(body[place : place + 2], "big"))


def client_hello(version: int, suites: tuple[int, ...], name: str) -> bytes:
    """The record."""
    signatures = (
        0x0401,
        0x0403,
        0x0501,
        0x0503,
        0x0601,
        0x0603,
        0x0804,
        0x0805,
        0x0806,
        0x0201,
        0x0203,
        0x0202,
    )
    extensions = b"".join(
        (
            _extension(_NAME, _vector(b"\0" + _vector(name.encode("idna"), 2), 2)) if _is_name(name) else b"",
            _extension(_GROUPS, _vector(_words((0x001D, 0x0017, 0x0018, 0x0019)), 2)),
            _extension(_FORMATS, _vector(b"\0", 1)),
            _extension(_SIGNATURES, _vector(_words(signatures), 2)) if version >= TLS_1_2 else b"",
            _extension(_RENEGOTIATION, b"\0"),
        )
    )
    hello = b"".join(
        (
            version.to_bytes(2, "big"),
            secrets.token_bytes(32),
            _vector(b"", 1),
            _vector(_words(suites), 2),
            _vector(b"\0", 1),
            _vector(extensions, 2),
        )
    )
    return bytes((_HANDSHAKE, 3, 1)) + _vector(b"\x01" + _vector(hello, 3), 2)


def _is_name(name: str) -> bool:
    """Whether SNI may hold it: a name, no address."""
    return bool(name) and ":" not in name and not name.rpartition(".")[2].isdecimal()


def _extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2, "big") + _vector(body, 2)


def _vector(body: bytes, width: int) -> bytes:
    return len(body).to_bytes(width, "big") + body


def _words(numbers: tuple[int, ...]) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)
