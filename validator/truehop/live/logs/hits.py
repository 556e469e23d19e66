"""What a line says, as a small tuple, and what the reading of lines remembers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from truehop.live.logs.dictionary import find_message
from truehop.live.logs.frames import service_of
from truehop.live.logs.times import Minutes

#: An address as logs write it, for patterns; whether it is one is looked at when it is counted.
ADDR = rb"[0-9A-Fa-f:.]{2,45}"
ADDRESS = re.compile(ADDR)
_MOST_SOURCES = 500
_MOST_WORDS = 200  # bytes of a message that are remembered
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
#: What lines say, by where in the buffer they begin. The form that comes first has the line, and of a form
#: the place that comes first, so that a line counts once.
Told = dict[int, Hit]
#: Reads all lines of a form in a buffer.
Form = Callable[["Reader", bytes, Told], None]


def source_of(program: str, service: str, kind: str, message: str = "") -> Source:
    """The source of these words; the same one each time."""
    key = (program, service, kind, message)
    try:
        return _sources[key]
    except KeyError:
        if len(_sources) >= _MOST_SOURCES:  # names of services in a log have no end
            _sources.clear()
        return _sources.setdefault(key, Source(*key))


@dataclass(slots=True)
class Reader:
    """What the reading of one stream remembers: minutes by their bytes, sources by tags and words."""

    minutes: Minutes = field(default_factory=Minutes)
    tagged: dict[tuple[bytes, int], Source] = field(default_factory=dict)
    faults: dict[tuple[str, bytes], Source | None] = field(default_factory=dict)

    def tag(self, tag: bytes, number: int, kind: str) -> Source:
        """The source that a tag of Postfix and the kind of its line stand for, kept by the kind's number."""
        if len(self.tagged) >= _MOST_SOURCES:
            self.tagged.clear()
        source = source_of("postfix", service_of(tag), kind)
        return self.tagged.setdefault((tag, number), source)

    def fault(self, program: str, service: str, words: bytes) -> Source | None:
        """The source of a message of the dictionary, told by words that come again and again."""
        key = (service, words[:_MOST_WORDS])
        try:
            return self.faults[key]
        except KeyError:
            if len(self.faults) >= _MOST_SOURCES:
                self.faults.clear()
            message = find_message(program, words)
            source = source_of(program, service, "proxy-error", message.id) if message is not None else None
            return self.faults.setdefault(key, source)


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


def line_end(buffer: bytes, at: int) -> int:
    """Where the line ends."""
    end = buffer.find(b"\n", at)
    return end if end >= 0 else len(buffer)
