"""Where lines come from: files, also packed ones, and standard input."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from truehop.errors import UserError
from truehop.live.logs.extras import needed
from truehop.live.logs.frames import LONGEST_LINE

STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
#: Bytes of zstd that are unpacked at once: four of them can become 128 KiB.
_PACKED = 1024


def blocks(name: str, size: int) -> Iterator[bytes]:
    """A file's bytes, unpacked where its first bytes say that it is packed; ``-`` is standard input.

    Raises:
        UserError: it cannot be read, or its packing is broken.
    """
    try:
        with _opened(name) as raw:
            yield from _unpacked(raw, size)
    except (OSError, EOFError, zlib.error) as error:
        place = "standard input" if name == STANDARD_INPUT else name
        words = getattr(error, "strerror", None) or str(error)
        raise UserError("the log cannot be read", place=place, cure=words) from error


@contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    if name == STANDARD_INPUT:
        given: Any = sys.stdin.buffer  # in tests, no buffered reader
        yield given if isinstance(given, io.BufferedReader) else io.BufferedReader(given)
        return
    with Path(name).open("rb") as file:
        yield file


def _unpacked(raw: io.BufferedReader, size: int) -> Iterator[bytes]:
    # read1 gives what is there: a pipe that is followed must not wait for a whole block.
    begin = raw.peek(4)[:4]
    if begin.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw) as file:
            yield from _until_end(lambda: file.read1(size))
    elif begin.startswith(_ZSTD):
        yield from _zstd(raw, size)
    else:
        yield from _until_end(lambda: raw.read1(size))


def _zstd(raw: io.BufferedReader, size: int) -> Iterator[bytes]:
    zstandard = needed("zstandard", "a log packed with zstd")
    # A frame says how large a window it needs: more than this is no log, but an attack on memory.
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    frame = unpacker.decompressobj()
    is_open = False
    try:
        while packed := raw.read(_PACKED):
            while packed:
                unpacked = frame.decompress(packed)
                for at in range(0, len(unpacked), size):
                    yield unpacked[at : at + size]
                packed, is_open = frame.unused_data, not frame.eof
                if frame.eof:
                    frame = unpacker.decompressobj()
    except zstandard.ZstdError as error:
        raise OSError(f"broken zstd data: {error}") from error
    if is_open:
        raise EOFError("the zstd data ends too early")


def _until_end(read: Callable[[], bytes]) -> Iterator[bytes]:
    while block := read():
        yield block


class Tail:
    """A file that grows, and that is moved away and begun anew, as logrotate does."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._file: io.BufferedReader | None = None
        self._rest = b""

    def read(self, size: int) -> bytes:
        """What was written since, in whole lines; empty where there is nothing by now."""
        if self._file is None:
            try:
                self._file = Path(self.name).open("rb")  # noqa: SIM115 (it stays open)
            except OSError:  # between the moving and the beginning anew
                return b""
        block = self._file.read(size)
        if not block:
            self._turn()
            return b""
        lines, newline, rest = (self._rest + block).rpartition(b"\n")
        self._rest = rest if len(rest) <= LONGEST_LINE else b""
        return lines + newline

    def _turn(self) -> None:
        """Begin anew where the name now stands for another file, or for one that was emptied."""
        file = self._file
        if file is None:
            return
        mine = os.fstat(file.fileno())
        try:
            now = Path(self.name).stat()
        except OSError:
            return
        if (now.st_ino, now.st_dev) != (mine.st_ino, mine.st_dev) or now.st_size < file.tell():
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._file, self._rest = None, b""


def follow(names: tuple[str, ...], size: int, stop: threading.Event, pause: float = 0.5) -> Iterator[bytes]:
    """Files as they grow, until ``stop`` is set; empty blocks where nothing was written for a while."""
    with ExitStack() as open_files:
        tails = [Tail(name) for name in names]
        for tail in tails:
            open_files.callback(tail.close)
        while not stop.is_set():
            found = False
            for tail in tails:
                block = tail.read(size)
                if block:
                    found = True
                    yield block
            if not found:
                yield b""
                stop.wait(pause)
