"""What a line says, as a small tuple, and what the reading of lines remembers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from truehop.live.logs.dictionary import find_message
from truehop.live.logs.frames import LONGEST_LINE, service_of
from truehop.live.logs.times import Minutes

#: An address as logs write it, for patterns; whether it is one is looked at when it is counted.
ADDR = rb"[0-9A-Fa-f:.]{2,45}"
ADDRESS = re.compile(ADDR)
_MOST_SOURCES = 1000
_MOST_WORDS = 400  # bytes of a message that are looked at
K = TypeVar("K")
V = TypeVar("V")
_sources: dict[tuple[str, str, str, str], Source] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Who says what kind of thing. Equal only to itself, so that counting is quick; made by `source_of`."""

    program: str
    service: str
    kind: str
    message: str = ""
    #: For an order of sources that is the same each time.
    order: int = field(default_factory=count().__next__, compare=False, repr=False)


#: Minute since 1970, source, address, account. A plain tuple, since one is made for each line that matters.
Hit = tuple[int | None, Source, bytes, bytes]


def keep(known: dict[K, V], key: K, value: V) -> V:
    """Remember something, of which there may be no end in a log: once there is too much, all is forgotten."""
    if len(known) >= _MOST_SOURCES:
        known.clear()
    return known.setdefault(key, value)


def source_of(program: str, service: str, kind: str, message: str = "") -> Source:
    """The source of these words; the same one each time."""
    key = (program, service, kind, message)
    try:
        return _sources[key]
    except KeyError:
        return keep(_sources, key, Source(*key))


class Told(dict[int, tuple[int, Hit | None]]):
    """What lines say, by where in the buffer they begin, each with the place of the program's name or words.

    What stands first in a line has it: so a line counts once, and a client cannot make a line tell of another
    by having it hold what another program would say, for that stands behind what the server wrote itself.
    """

    def tell(self, start: int, at: int, hit: Hit | None) -> None:
        """Put down what the line that begins at ``start`` says by what stands at ``at``; None for nothing."""
        before = self.get(start)
        if before is None or at < before[0]:
            self[start] = (at, hit)

    def knows(self, start: int, at: int) -> bool:
        """Whether something no later than ``at`` has the line, so that what stands there need not be read.

        Asked before anything that looks at more of the line than a few bytes: else a line that holds the same
        words over and over would be looked through for each of them.
        """
        before = self.get(start)
        return before is not None and before[0] <= at

    def hits(self) -> Iterator[Hit]:
        """All that is said."""
        return (hit for _, hit in self.values() if hit is not None)


@dataclass(slots=True)
class Reader:
    """What the reading of one stream remembers: minutes by their bytes, sources by tags, words and heads."""

    minutes: Minutes = field(default_factory=Minutes)
    tagged: dict[tuple[bytes, int], Source] = field(default_factory=dict)
    faults: dict[tuple[str, bytes], Source | None] = field(default_factory=dict)
    #: What heads of usual lines mean: Postfix' sources by the number of a kind, Dovecot's source and whether
    #: the account belongs to it.
    heads: dict[bytes, tuple[Source, ...]] = field(default_factory=dict)
    endings: dict[bytes, tuple[Source, bool]] = field(default_factory=dict)

    def tag(self, tag: bytes, number: int, kind: str) -> Source:
        """The source that a tag of Postfix and the kind of its line stand for, kept by the kind's number."""
        return keep(self.tagged, (tag, number), source_of("postfix", service_of(tag), kind))

    def fault(self, program: str, service: str, words: bytes) -> Source | None:
        """The source of a message of the dictionary, told by words that come again and again."""
        words = words[:_MOST_WORDS]
        key = (service, words)
        try:
            return self.faults[key]
        except KeyError:
            message = find_message(program, words)
            source = source_of(program, service, "proxy-error", message.id) if message is not None else None
            return keep(self.faults, key, source)


#: Reads all lines of a form in a buffer.
Form = Callable[[Reader, bytes, Told], None]


def places(buffer: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """Where some bytes stand, each with where its line begins."""
    start, before = 0, 0
    at = buffer.find(needle)
    while at >= 0:
        # Back to the place before and no further, lest a long line be looked through for each of its places.
        start = buffer.rfind(b"\n", before, at) + 1 or start
        yield at, start
        before = at
        at = buffer.find(needle, at + len(needle))


def matches(buffer: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[re.Match[bytes], int, int]]:
    """Where a pattern matches: the match, its place and where its line begins."""
    start, before = 0, 0
    for found in pattern.finditer(buffer):
        at = found.start()
        start = buffer.rfind(b"\n", before, at) + 1 or start
        yield found, at, start
        before = at


def line_end(buffer: bytes, at: int, most: int = LONGEST_LINE) -> int:
    """Where the line ends, or the part of it that is looked at: so many bytes from here."""
    furthest = min(at + most, len(buffer))
    end = buffer.find(b"\n", at, furthest)
    return end if end >= 0 else furthest
