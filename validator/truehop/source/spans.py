"""Where each letter of a scalar's value stands in the file.

A scalar's value is cut into runs: letters that stand side by side in the file as they do in the
value. A plain word is one run, a literal block one per line, a quoted text a new one after each
escape or fold. Every run table is proven by putting the value together again; where that fails a
part is looked for verbatim, and failing that the whole scalar is told.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from truehop.source.location import Location
from truehop.source.tree import Cursor, Node, Scalar, SourceFile

_BLOCKS = frozenset("|>")
_BREAK = re.compile(r"\r\n?|\n")
_FOLD = r"[ \t]*\n[ \t\n]*"
_TURNS = {
    "": re.compile(_FOLD),
    "'": re.compile(rf"''|{_FOLD}"),
    '"': re.compile(
        r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
        r"|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n[ \t]*|.)"
        rf"|{_FOLD}"
    ),
}
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Where runs of a value begin: their offsets in it, and their lines and columns in the file."""

    offsets: list[int]
    places: list[tuple[int, int]]

    def begin(self, offset: int) -> tuple[int, int]:
        """Line and column of a letter."""
        run = bisect_right(self.offsets, offset) - 1
        line, column = self.places[run]
        return line, column + offset - self.offsets[run]

    def end(self, offset: int) -> tuple[int, int]:
        """Line and column just behind the letter before an offset."""
        line, column = self.begin(offset - 1)
        following = self.begin(offset)
        return following if following[0] == line else (line, column + 1)


def span_of(cursor: Cursor, begin: int, end: int) -> Location:
    """The place of a scalar's letters from ``begin`` to ``end`` (exclusive), offsets in its value."""
    node = cursor.node
    if not isinstance(node, Scalar):
        return cursor.location()
    source = cursor.document.source
    begin = min(max(begin, 0), len(node.value))
    end = min(max(end, begin), len(node.value))
    if node.style in _BLOCKS:
        end = begin + len(node.value[begin:end].rstrip("\n"))
    runs = _runs(node, source)
    if runs is not None:
        first = runs.begin(begin)
        last = runs.end(end) if end > begin else first
        return cursor.span(*first, *last)
    found = _find(node, source, node.value[begin:end])
    return cursor.location() if found is None else cursor.span(*found)


@lru_cache(maxsize=64)
def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _BREAK.finditer(text))]


def offset_of(text: str, line: int, column: int) -> int:
    """The offset in a text of a 1-based line and column; beyond its end, the end."""
    starts = _line_starts(text)
    if line > len(starts):
        return len(text)
    mark = 1 if line == 1 and text.startswith("\ufeff") else 0
    return min(starts[line - 1] + column - 1 + mark, len(text))


@lru_cache(maxsize=64)
def _runs(node: Scalar, source: SourceFile) -> Runs | None:
    """The runs of a scalar, None where its written form does not give its value."""
    if node.style == "|":
        return _literal_runs(node, source.lines)
    if node.style == ">":
        return _folded_runs(node, source.lines)
    return _flow_runs(node, source.lines)


def _literal_runs(node: Scalar, lines: list[str]) -> Runs | None:
    offsets: list[int] = []
    places: list[tuple[int, int]] = []
    offset = 0
    for number, text in enumerate(node.value.split("\n"), node.line):
        written = lines[number - 1][node.column - 1 :] if number <= len(lines) else ""
        if text and text != written:
            return None
        offsets.append(offset)
        places.append((number, node.column))
        offset += len(text) + 1
    return Runs(offsets, places)


def _folded_runs(node: Scalar, lines: list[str]) -> Runs | None:
    offsets: list[int] = [0]
    places: list[tuple[int, int]] = [(node.line, node.column)]
    offset = 0
    for number, line in enumerate(lines[node.line - 1 : node.end_line], node.line):
        text = line[node.column - 1 :]
        if not text.strip(" \t"):
            continue
        found = node.value.find(text, offset)
        if found < 0 or node.value[offset:found].strip(" \n"):
            return None
        offsets.append(found)
        places.append((number, node.column))
        offset = found + len(text)
    if node.value[offset:].strip("\n"):
        return None
    offsets.append(offset)
    places.append((node.end_line, node.end_column))
    return Runs(offsets, places)


def _flow_runs(node: Scalar, lines: list[str]) -> Runs | None:
    if node.style not in _TURNS:
        return None
    raw = _cut(node, lines)
    starts = _line_starts(raw)
    offsets: list[int] = []
    places: list[tuple[int, int]] = []
    decoded: list[str] = []
    offset = 0

    def add(text: str, at: int) -> None:
        nonlocal offset
        row = bisect_right(starts, at) - 1
        offsets.append(offset)
        places.append((node.line + row, at - starts[row] + (node.column if row == 0 else 1)))
        decoded.append(text)
        offset += len(text)

    position = 0
    for turn in _TURNS[node.style].finditer(raw):
        if turn.start() > position:
            add(raw[position : turn.start()], position)
        add(_decode(turn[0]), turn.start())
        position = turn.end()
    add(raw[position:], position)
    offsets.append(offset)
    places.append((node.end_line, node.end_column))
    return Runs(offsets, places) if "".join(decoded) == node.value else None


def _decode(turn: str) -> str:
    """What an escape or a fold stands for."""
    if turn == "''":
        return "'"
    if not turn.startswith("\\"):
        breaks = turn.count("\n")
        return " " if breaks == 1 else "\n" * (breaks - 1)
    letter, digits = turn[1], turn[2:]
    if letter == "\n":
        return ""
    if len(turn) == len(r"\ud83d\ude00"):
        return bytes.fromhex(turn[2:6] + turn[8:]).decode("utf-16-be")
    if letter in "xuU" and digits:
        return chr(min(int(digits, 16), sys.maxunicode))
    return _ESCAPES.get(letter, "")


def _cut(node: Node, lines: list[str]) -> str:
    """The text between a node's marks."""
    if node.line == node.end_line:
        return lines[node.line - 1][node.column - 1 : node.end_column - 1] if node.line <= len(lines) else ""
    rows = lines[node.line - 1 : node.end_line]
    rows[:1] = [row[node.column - 1 :] for row in rows[:1]]
    rows[-1:] = [row[: node.end_column - 1] for row in rows[-1:]]
    return "\n".join(rows)


def _find(node: Scalar, source: SourceFile, part: str) -> tuple[int, int, int, int] | None:
    """The place of a part that stands verbatim and once between a scalar's marks."""
    raw = _cut(node, source.lines)
    at = raw.find(part) if part and "\n" not in part else -1
    if at < 0 or raw.find(part, at + 1) >= 0:
        return None
    row = raw.count("\n", 0, at)
    column = at - (raw.rfind("\n", 0, at) + 1) + (node.column if row == 0 else 1)
    return node.line + row, column, node.line + row, column + len(part)
