"""Reads whole buffers of log: finds the few bytes that make a line matter, and reads only there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from truehop.live.logs.forms import COLUMNS, FORMS
from truehop.live.logs.frames import LONGEST_LINE, undock
from truehop.live.logs.hits import Hit, Reader, Told
from truehop.live.logs.summary import Summary

#: Bytes that are searched at once; more would not be faster, and would need more memory.
CHUNK = 1 << 18


def scan(buffer: bytes, reader: Reader) -> list[Hit]:
    """What the lines of a buffer say, at most one thing each; the buffer holds whole lines."""

    def ask(line: bytes) -> Hit | None:
        return next(by_forms(line, reader), None)

    hits: list[Hit] = []
    for columns in COLUMNS:
        found, buffer = columns.read(reader, buffer, ask)
        hits += found
    hits += by_forms(buffer, reader)
    return hits


def by_forms(buffer: bytes, reader: Reader) -> Iterator[Hit]:
    """The same, line by line, whatever the lines look like."""
    told = Told()
    for form in FORMS if buffer else ():
        form(reader, buffer, told)
    return told.hits()


def whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end with a line; a line that is too long is cut into several."""
    rest: list[bytes] = []
    held = 0
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            yield b"".join((*rest, block[:cut]))
            rest, held = [block[cut:]], len(block) - cut
        else:
            rest.append(block)
            held += len(block)
            if held > LONGEST_LINE:
                yield b"".join(rest)
                rest, held = [], 0
    if held:
        yield b"".join(rest)


@dataclass
class Stream:
    """One source of lines on its way into a summary."""

    summary: Summary
    reader: Reader = field(default_factory=Reader)

    def feed(self, buffer: bytes) -> None:
        """Take a buffer of whole lines."""
        hits = scan(undock(buffer), self.reader)
        self.summary.size += len(buffer)
        self.summary.lines += buffer.count(b"\n")
        if hits:
            self.summary.take(hits, int(time.time() // 60))
