"""One connection at the side of a server of the tests: its behaviour, its log, the header before it."""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from truehop.live.verify.headers import SIGNATURE

WAIT = 0.4  # seconds that a server waits for a header


@dataclass
class Stack:
    """How a server behaves, and what it has logged.

    ``header``: ``never`` read, ``required``, ``stripped`` or ``believed``; ``hop`` is the address that it
    sees instead of the client's where a proxy hides it; ``believes_inner``: a header inside TLS counts.
    """

    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    header: str = "never"
    hop: str = ""
    believes_inner: bool = False
    logins_in_clear: str = ""
    has_starttls: bool = True
    relays: bool = False
    users: dict[str, str] = field(default_factory=dict)
    page: tuple[str, ...] = ("HTTP/1.1 200 OK", "Strict-Transport-Security: max-age=31536000")
    trusted_header: str = ""
    keeps: bool = True
    limited: bool = False
    log: list[str] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)

    def write(self, line: str) -> None:
        self.log.append(line)


class Session:
    """One connection at the server's side."""

    def __init__(self, raw: socket.socket, peer: str, stack: Stack) -> None:
        self.raw, self.stack = raw, stack
        self.peer = stack.hop or peer
        self.raw.settimeout(5)

    def open(self) -> None:
        stack, raw = self.stack, self.raw
        self._header()
        if stack.is_implicit and stack.tls is not None:
            self.start_tls()
        else:
            self.file: BinaryIO = raw.makefile("rb")

    def close(self) -> None:
        with suppress(AttributeError, OSError):
            self.file.close()
        self.raw.close()

    def start_tls(self) -> None:
        assert self.stack.tls is not None
        secured = self.stack.tls.wrap_socket(self.raw, server_side=True, do_handshake_on_connect=False)
        self.raw = secured
        secured.do_handshake()
        self.file = self.raw.makefile("rb")
        if self.stack.believes_inner:
            self._inner()

    def say(self, *lines: str) -> None:
        self.raw.sendall("".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape"))

    def hear(self) -> str:
        line = self.file.readline()
        if not line:
            raise EOFError
        self.stack.seen.append(line)
        return line.decode(errors="replace").rstrip("\r\n")

    # --- the header -------------------------------------------------------------------------------

    def _header(self) -> None:
        if self.stack.header == "never":
            return
        ready, _, _ = select.select([self.raw], [], [], WAIT if self.stack.header == "required" else 0.1)
        start = self.raw.recv(16, socket.MSG_PEEK) if ready else b""
        claimed = None
        if start.startswith((b"PROXY ", SIGNATURE[:12])):
            claimed = self._claimed()
        elif self.stack.header == "required":
            self.stack.write("warning: haproxy read: timeout error")
            self.raw.sendall(b"421 4.3.2 No system resources\r\n")
            raise EOFError
        if claimed and self.stack.header in ("required", "believed"):
            self.peer = claimed

    def _claimed(self) -> str:
        start = self._exactly(12)
        if start == SIGNATURE[:12]:
            command, family, length = struct.unpack("!BBH", self._exactly(4))
            body = self._exactly(length)
            size = 4 if family >> 4 == 1 else 16
            return str(ipaddress.ip_address(body[:size])) if command & 1 else ""
        while not start.endswith(b"\n"):
            start += self._exactly(1)
        return start.split()[2].decode()

    def _exactly(self, number: int) -> bytes:
        octets = b""
        while len(octets) < number:
            block = self.raw.recv(number - len(octets))
            if not block:
                raise EOFError
            octets += block
        return octets

    def _inner(self) -> None:
        """A proxy that ends TLS hands what is inside to a server that reads a header."""
        with suppress(TimeoutError):
            self.raw.settimeout(0.2)
            start = self.file.peek(12)[:12]  # type: ignore[attr-defined]
            if start == SIGNATURE[:12]:
                head = self.file.read(16)
                body = self.file.read(int.from_bytes(head[14:16], "big"))
                self.peer = str(ipaddress.ip_address(body[: 4 if head[13] >> 4 == 1 else 16]))
        self.raw.settimeout(5)
        self.file = self.raw.makefile("rb")
