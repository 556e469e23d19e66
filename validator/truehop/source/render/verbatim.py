"""Words looked for verbatim in texts, as a reader would find them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from truehop.source.location import Location
from truehop.source.nodes import SourceFile
from truehop.source.tree import Text

Span = tuple[int, int, int, int]
#: Words that stand in any file for many things: these need more than standing there once.
_COMMON = re.compile(r"(?:true|false|yes|no|on|off|null|~|[0-9])\Z", re.IGNORECASE)
_OPENING = re.compile(r"\{\{-?[ \t]*\Z")
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*")
_LETTER = re.compile(r"[^\n]")


def is_common(text: str) -> bool:
    """Whether a word may stand for anything: a boolean, a digit, nothing."""
    return _COMMON.match(text) is not None


def span_of(at: Location) -> Span:
    """Lines and columns of a place."""
    return at.line, at.column, at.end_line, at.end_column


def cut(source: SourceFile, span: Span) -> str:
    """The text of a span."""
    line, column, end_line, end_column = span
    rows = source.lines[line - 1 : end_line]
    if not rows:
        return ""
    rows[-1] = rows[-1][: end_column - 1]
    rows[0] = rows[0][column - 1 :]
    return "\n".join(rows)


def spots(written: Text, text: str) -> Iterator[Location]:
    """Where a word stands in a scalar."""
    for found in _pattern(text).finditer(written.value):
        yield written.slice(*found.span()).location()


def matches(source: SourceFile, pattern: str) -> list[Location]:
    """The first group of each match in a text without its comments."""
    return [_at(source, found.span(1)) for found in re.finditer(pattern, _bare(source.text), re.MULTILINE)]


def hits_in(source: SourceFile, text: str, key: str | None) -> list[Location]:
    """The hits in a text that is no YAML (a template, a configuration file), comments left out."""
    if text not in source.text:
        return []
    bare = _bare(source.text)
    hits = [_at(source, found.span()) for found in _pattern(text).finditer(bare)]
    if not is_common(text):
        return hits
    return [hit for hit in hits if key is not None and f"{key}:" in source.lines[hit.line - 1]]


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """The text, not as a part of a longer word, address or number."""
    return re.compile(rf"(?<![\w.:/-]){re.escape(text)}(?![\w-]|[.:/]\w)")


@lru_cache(maxsize=64)
def _bare(text: str) -> str:
    """A text with its comments blanked, each letter in its place."""
    parts: list[str] = []
    done = begin = 0
    while (at := text.find("/*", begin)) >= 0:
        begin = at + 2
        opening = _OPENING.search(text, max(at - 20, done), at)
        if opening is None:
            continue
        end = text.find("*/", begin)
        if end < 0:
            break
        parts += (text[done : opening.start()], _LETTER.sub(" ", text[opening.start() : end + 2]))
        done = begin = end + 2
    parts.append(text[done:])
    return _COMMENT.sub(_blank, "".join(parts))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def spots_in(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Line and column of each place where a word stands in a text."""
    if word in text:
        yield from (_line_and_column(text, found.start()) for found in _pattern(word).finditer(text))


@lru_cache(maxsize=64)
def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    starts = _line_starts(text)
    row = bisect_right(starts, offset) - 1
    return row + 1, offset - starts[row] + 1


def _at(source: SourceFile, span: tuple[int, int]) -> Location:
    line, column = _line_and_column(source.text, span[0])
    return Location(source.path, line, column, line, column + span[1] - span[0])
