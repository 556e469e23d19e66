"""A connection that can neither hang nor fill anything, whatever is at its other end."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import NoReturn

#: Bytes of one line, and of all that is read in one connection.
LONGEST_LINE = 8192
MOST_BYTES = 262144
_BLOCK = 4096


class Trouble(Enum):
    """What a connection ended with."""

    REFUSED = "refused"  # nobody listens
    UNREACHABLE = "unreachable"  # no answer at all
    NO_WAY = "no way"  # this machine has no way there
    CLOSED = "closed"  # the other side hung up
    SILENT = "silent"  # no word in time
    FLOOD = "flood"  # more than anybody reads
    GARBAGE = "garbage"  # no answer of this language
    TURNED_AWAY = "turned away"  # the server says that it does not serve us
    BUSY = "busy"  # the server says 421: later, maybe
    TLS = "tls"  # no TLS came about


class TalkError(Exception):
    """A conversation that did not come to its end, and why."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble
        self.words = words


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to connect: an address of either family and a port."""

    address: str
    port: int

    def __str__(self) -> str:
        """As people write it."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(slots=True)
class Wire:
    """One connection. Every step ends within ``patience`` seconds, all of it within ``longest``."""

    socket: socket.socket
    patience: float
    end: float
    left: int = MOST_BYTES
    pending: bytearray = field(default_factory=bytearray)
    #: TLS works on bytes alone: what comes from the socket for it is counted and timed as all else.
    tls: ssl.SSLObject | None = None
    _to_tls: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _from_tls: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)

    @property
    def own_address(self) -> str:
        """The address that this connection has at our side."""
        return str(self.socket.getsockname()[0]).partition("%")[0]

    def send(self, octets: bytes) -> None:
        """Send all of it.

        Raises:
            TalkError: it cannot be sent, or not in time.
        """
        until = time.monotonic() + self.patience
        with self._step(until):
            if self.tls is None:
                self.socket.sendall(octets)
            else:
                self.tls.write(octets)
                self._flush()

    def say(self, line: str) -> None:
        """Send a line.

        Raises:
            TalkError: it cannot be sent, or not in time.
        """
        self.send(f"{line}\r\n".encode())

    def read_line(self) -> str:
        """The next line without its end; what is no UTF-8 becomes replacement signs.

        Raises:
            TalkError: there is none in time, or it is too long.
        """
        until = time.monotonic() + self.patience
        while (place := self.pending.find(b"\n")) < 0:
            if len(self.pending) > LONGEST_LINE:
                raise TalkError(Trouble.FLOOD, f"a line longer than {LONGEST_LINE} bytes")
            self._fill(until)
        line = bytes(self.pending[:place])
        del self.pending[: place + 1]
        return line.rstrip(b"\r").decode(errors="replace")

    def read(self, number: int) -> bytes:
        """Exactly so many bytes.

        Raises:
            TalkError: they do not come in time.
        """
        until = time.monotonic() + self.patience
        while len(self.pending) < number:
            self._fill(until)
        octets = bytes(self.pending[:number])
        del self.pending[:number]
        return octets

    def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Go on in TLS; what the server said before it is dropped.

        Raises:
            TalkError: TLS does not come about.
            ssl.SSLCertVerificationError: the context does not trust the certificate.
        """
        self.pending.clear()
        until = time.monotonic() + self.patience
        with self._step(until):
            tls = context.wrap_bio(self._to_tls, self._from_tls, server_hostname=name)
        while True:
            try:
                with self._step(until):
                    tls.do_handshake()
                    self._flush()
                    break
            except ssl.SSLWantReadError:
                pass
            except (ssl.SSLError, TalkError):
                self._flush_alert()
                raise
            with self._step(until):
                self._flush()
            self._feed(until)
        self.tls = tls

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self.socket.close()

    def _fill(self, until: float) -> None:
        if self.tls is None:
            self.pending += self._receive(until)
            return
        while True:
            try:
                with self._step(until):
                    self.pending += self.tls.read(_BLOCK) or self._closed()
                    return
            except ssl.SSLWantReadError:
                self._feed(until)

    def _receive(self, until: float) -> bytes:
        """Bytes from the socket itself."""
        if self.left <= 0:
            raise TalkError(Trouble.FLOOD, f"more than {MOST_BYTES} bytes")
        with self._step(until):
            block = self.socket.recv(min(_BLOCK, self.left)) or self._closed()
        self.left -= len(block)
        return block

    def _feed(self, until: float) -> None:
        """Bytes for TLS."""
        self._to_tls.write(self._receive(until))

    def _flush(self) -> None:
        if self._from_tls.pending:
            self.socket.sendall(self._from_tls.read())

    def _flush_alert(self) -> None:
        """Let the server know why it failed, if it still listens."""
        with suppress(OSError):
            self._flush()

    def _closed(self) -> NoReturn:
        raise TalkError(Trouble.CLOSED, "the server closed the connection")

    def _seconds(self, until: float) -> float:
        return min(until, self.end) - time.monotonic()

    @contextmanager
    def _step(self, until: float) -> Iterator[None]:
        """Something with the socket, until some time; its failure in our words."""
        seconds = self._seconds(until)
        if seconds <= 0:
            raise TalkError(Trouble.SILENT, self._silence())
        self.socket.settimeout(seconds)
        try:
            yield
        except (ssl.SSLCertVerificationError, ssl.SSLWantReadError):
            raise
        except TimeoutError as error:
            raise TalkError(Trouble.SILENT, self._silence()) from error
        except ssl.SSLError as error:
            trouble = Trouble.CLOSED if isinstance(error, _ENDS) else Trouble.TLS
            raise TalkError(trouble, _reason(error)) from error
        except OSError as error:
            raise TalkError(Trouble.CLOSED, "the server closed the connection") from error

    def _silence(self) -> str:
        return f"no answer within {self.patience:g} s"


def _reason(error: ssl.SSLError) -> str:
    """What OpenSSL says, without its internals."""
    if isinstance(error, _ENDS):
        return "the server closed the connection"
    reason = (error.reason or "no TLS").lower().replace("_", " ")
    return "the server speaks without TLS" if reason in _NO_TLS else reason


_ENDS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
_NO_TLS = frozenset(
    {"wrong version number", "http request", "record layer failure", "packet length too long"}
)


_NO_WAY = frozenset({errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@contextmanager
def connected(endpoint: Endpoint, patience: float, longest: float) -> Iterator[Wire]:
    """A connection, closed in the end.

    Raises:
        TalkError: there is none.
    """
    family = socket.AF_INET6 if ":" in endpoint.address else socket.AF_INET
    try:
        raw = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise TalkError(Trouble.NO_WAY, "this machine has no such address family") from error
    wire = Wire(raw, patience, time.monotonic() + longest)
    try:
        _connect(raw, endpoint, patience)
        yield wire
    finally:
        wire.close()


def own_address(address: str) -> str:
    """This machine's address on the way to another one, empty where there is no way; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as raw:
            raw.connect((address, 25))
            return str(raw.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""


def _connect(raw: socket.socket, endpoint: Endpoint, patience: float) -> None:
    raw.settimeout(patience)
    try:
        raw.connect((endpoint.address, endpoint.port))
    except ConnectionRefusedError as error:
        raise TalkError(Trouble.REFUSED, "nobody listens") from error
    except TimeoutError as error:
        raise TalkError(Trouble.UNREACHABLE, f"no answer within {patience:g} s") from error
    except OSError as error:
        trouble = Trouble.NO_WAY if error.errno in _NO_WAY else Trouble.UNREACHABLE
        raise TalkError(trouble, (error.strerror or "it cannot be reached").lower()) from error
