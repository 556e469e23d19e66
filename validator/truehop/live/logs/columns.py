"""Reads the usual lines of a program many at once, for logs in which most lines tell of clients.

A form looks for a few bytes and reads around each place, which costs next to nothing where they are rare and
much where every line holds them. Here one regular expression takes line after line and gives their parts as
rows, with no step of Python's own between them. Of what stands before the parts, the head, the forms are
asked once, so that both say the same of each line: a shape only has to find the parts, not to know what they
mean. Lines of other shapes are given back and left to the forms, and so is a whole buffer where the forms
know a head for something else.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import ClassVar

from truehop.live.logs.hits import ADDR, Hit, Reader
from truehop.live.logs.times import DIGITS, LETTERS

#: Bytes of a buffer that tell whether this is worth it, and the part of their lines that must then be taken.
SAMPLE = 2048
WORTH = 0.2
#: Put at the end of each line: bytes at which the parts end. So no part needs to look for the line's end, and
#: ``[^<]*`` is several times as fast as ``[^<\n]*``. What must follow them does not follow here.
_STOPS = b" <>([\n"
#: The minute, and what may stand before the head and changes from line to line: the rest of the time, the
#: words of CRI and a second time behind these.
_BEGIN = rb"""
    (?:([^\n]{%d})[^ ]*[ ]
    (?:std(?:out|err)[ ][FP][ ])?(?:[A-Z][a-z]{2}[ ][ 0-9]{2}[ ][0-9:]{8}[ ])?
    """
#: The rest of the line; or the whole of one of another shape.
_END = rb"""
    [^\n]*\n?)|([^\n]*\n?)
    """
#: What the forms are asked about a head: a line with a time, the head and this address.
_TIME = b"Jan  1 00:00:00 "
PROBE = b"192.0.2.1"

#: The minute's bytes and the parts, or nothing but, at last, a line of another shape.
Row = tuple[bytes, ...]
#: What the forms say of a line.
Ask = Callable[[bytes], Hit | None]
_KEY, _OTHER = itemgetter(0), itemgetter(-1)


class InDoubtError(Exception):
    """A line whose parts may mean something else than they seem to."""


class Columns(ABC):
    """The usual lines of a program."""

    #: Of these bytes each line holds some.
    needles: ClassVar[tuple[bytes, ...]]
    #: The head and the parts, for a verbose regular expression.
    shape: ClassVar[bytes]
    #: How a head begins: nothing that another program or a client may have said precedes the program's name.
    opening: ClassVar[re.Pattern[bytes]]

    def read(self, reader: Reader, buffer: bytes, ask: Ask) -> tuple[list[Hit], bytes]:
        """What lines of a buffer say, and the lines that were not read, which are all if few could be."""
        end = buffer.find(b"\n", SAMPLE) + 1 or len(buffer)
        sample = buffer[:end]
        if not any(needle in sample for needle in self.needles):
            return [], buffer
        pattern = _compiled(self.shape, LETTERS if buffer[:1] > b"9" else DIGITS)
        rows: list[Row] = pattern.findall(sample.replace(b"\n", _STOPS))
        if sum(map(bool, map(_KEY, rows))) < WORTH * len(rows):
            return [], buffer
        rows += pattern.findall(buffer[end:].replace(b"\n", _STOPS))
        try:
            hits = self.take(reader, buffer, filter(_KEY, rows), ask)
        except InDoubtError:
            return [], buffer
        return hits, b"".join(map(_OTHER, rows)).replace(_STOPS, b"\n")

    @abstractmethod
    def take(self, reader: Reader, buffer: bytes, rows: Iterable[Row], ask: Ask) -> list[Hit]:
        """What rows of a buffer say.

        Raises:
            InDoubtError: a head is not what the shape takes it for.
        """

    @staticmethod
    def minute(reader: Reader, buffer: bytes, key: bytes) -> int | None:
        """The minute that a line's first bytes tell; None where they tell a day that there is not.

        Raises:
            InDoubtError: they tell none.
        """
        try:
            return reader.minutes.of(buffer, key)
        except KeyError:
            raise InDoubtError from None

    def asked(self, ask: Ask, head: bytes, tail: bytes) -> Hit:
        """What the forms say of a head with a tail that names the address `PROBE`.

        Raises:
            InDoubtError: other words precede the program's, or the forms see something else there.
        """
        hit = ask(_TIME + head + tail) if self.opening.match(head) is not None else None
        if hit is None or hit[2] != PROBE:
            raise InDoubtError
        return hit


@lru_cache
def _compiled(shape: bytes, width: int) -> re.Pattern[bytes]:
    """A shape, for lines whose first bytes, so many, tell their minute."""
    return re.compile(_BEGIN % width + shape.replace(b"ADDR", ADDR) + _END, re.VERBOSE)
