"""Where the servers' logs come from: files, standard input, or pods; all that is written from now on."""

from __future__ import annotations

import math
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from truehop.errors import UserError
from truehop.live.kube import Cluster
from truehop.live.logs.frames import LONGEST_LINE
from truehop.live.verify.evidence import Entry
from truehop.live.verify.reading import entries

#: Bytes read in one go, and in one look; of a longer line the rest is passed over.
BLOCK = 65536
MOST_A_LOOK = 32 * 1024 * 1024
#: Seconds between two looks through the API, and those that its clock may be behind ours.
EVERY, SLACK = 1.0, 5.0


class Log(Protocol):
    """A log from some moment on."""

    def begin(self) -> None:
        """Remember this moment."""

    def read(self) -> Iterable[Entry]:
        """What was written since the last look; it ends after some amount even where the log does not."""

    def end(self) -> None:
        """Let go of it."""


@dataclass(slots=True)
class Lines:
    """Cuts bytes into lines; a line without its end waits for it."""

    _rest: bytes = b""

    def cut(self, block: bytes) -> list[bytes]:
        """The lines that are whole now."""
        *whole, self._rest = (self._rest + block).split(b"\n")
        self._rest = self._rest[-LONGEST_LINE:]
        return whole


@dataclass(slots=True)
class Stream:
    """An open file descriptor, of a file or a pipe."""

    descriptor: int
    _lines: Lines = field(default_factory=Lines)

    def begin(self) -> None:
        """Nothing is waited for from now on."""
        os.set_blocking(self.descriptor, False)

    def read(self) -> Iterator[Entry]:
        """All that is there."""
        return entries(self._new())

    def _new(self) -> Iterator[bytes]:
        left = MOST_A_LOOK
        while left > 0:
            try:
                block = os.read(self.descriptor, BLOCK)
            except BlockingIOError:
                return
            if not block:
                return
            left -= len(block)
            yield from self._lines.cut(block)

    def end(self) -> None:
        """Others may wait for it again."""
        os.set_blocking(self.descriptor, True)


@dataclass(slots=True)
class File:
    """A file that grows; one that is made anew, as by rotation, is read from its start."""

    path: Path
    _stream: Stream | None = None
    _identity: tuple[int, int] = (0, 0)

    def begin(self) -> None:
        """Go to its end; a file that is not there yet may come.

        Raises:
            UserError: it may not be read.
        """
        self._open(is_new=False)

    def _open(self, *, is_new: bool) -> None:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError as error:
            if self.path.parent.is_dir():
                return
            raise UserError("there is no such folder", place=f"--log {self.path}") from error
        except OSError as error:
            raise UserError(
                "the log cannot be read", place=f"--log {self.path}", cure=error.strerror or ""
            ) from error
        found = os.fstat(descriptor)
        if not is_new and stat.S_ISREG(found.st_mode):
            os.lseek(descriptor, 0, os.SEEK_END)
        self._identity, self._stream = (found.st_dev, found.st_ino), Stream(descriptor)

    def read(self) -> Iterator[Entry]:
        """What came since."""
        if self._stream is not None:
            yield from self._stream.read()
        if self._is_another():
            self.end()
            self._open(is_new=True)
            if self._stream is not None:
                yield from self._stream.read()

    def _is_another(self) -> bool:
        try:
            found = self.path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) != self._identity

    def end(self) -> None:
        """Close it."""
        if self._stream is not None:
            os.close(self._stream.descriptor)
            self._stream = None


@dataclass(slots=True)
class Pods:
    """The logs of pods, through the Kubernetes API."""

    context: str = ""
    namespace: str = ""
    selector: str = ""
    warn: Callable[[str], None] = lambda _: None
    _cluster: Cluster | None = None
    _begun: float = 0.0
    _read_at: float = -math.inf

    def begin(self) -> None:
        """Find the cluster, and whether its pods show their logs.

        Raises:
            UserError: there is none, or it does not let us read.
        """
        self._cluster = Cluster.connect(self.context, self.namespace, self.selector)
        self._cluster.warn = self.warn
        self._begun = time.monotonic()
        for _ in self._cluster.read(1):
            break

    def read(self) -> Iterator[Entry]:
        """All since the beginning, once a second at most: who reads knows what was there before.

        Raises:
            UserError: the API refuses or cannot be reached.
        """
        now = time.monotonic()
        if self._cluster is None or now - self._read_at < EVERY:
            return
        self._read_at = now
        left = MOST_A_LOOK
        for block in self._cluster.read(now - self._begun + SLACK):
            yield from entries(block.splitlines())
            left -= len(block)
            if left <= 0:
                return

    def end(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class Logs:
    """Several at once."""

    logs: tuple[Log, ...]

    def begin(self) -> None:
        """Remember this moment in each."""
        for log in self.logs:
            log.begin()

    def read(self) -> Iterator[Entry]:
        """What was written since in any of them."""
        for log in self.logs:
            yield from log.read()

    def end(self) -> None:
        """Let go of all."""
        for log in self.logs:
            log.end()
