"""From the parser's marks to the span of the text itself.

A mark of PyYAML counts anchors, tags, quotes and a block scalar's header as part of the node, and
ends a block where the next token begins.
"""

from __future__ import annotations

import re

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*|[ \t\n]+(?:#[^\n]*)?)+")
_FIRST_LETTER = re.compile(r" *")


def place(text: str, at: int) -> tuple[int, int]:
    """Lines before an offset, and its column (1-based)."""
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at)


def behind_properties(text: str, at: int) -> int:
    """The offset of a node's own text, behind anchor, tag, blanks and comments."""
    found = _PROPERTIES.match(text, at)
    return found.end() if found else at


def moved(text: str, line: int, column: int, at: int, to: int) -> tuple[int, int]:
    """Line and column of an offset, counted on from those of an earlier one: marks are many, texts long."""
    breaks = text.count("\n", at, to)
    return (line + breaks, to - text.rfind("\n", at, to)) if breaks else (line, column + to - at)


def block_span(
    text: str, value: str, style: str, header: tuple[int, int], at: int, end: int
) -> tuple[int, int, int, int]:
    """Lines (from 0) and columns (from 1) of a block scalar's text, without its header and indentation.

    It begins on the first line behind the header (which stands at ``header``, offset ``at``), and
    ends behind the last letter that is no line break.
    """
    line, column = header
    begin = text.find("\n", at) + 1 or len(text)
    content = value.strip("\n")
    if not content:
        return line, column + 1, line, column + 1
    skipped = len(value) - len(value.lstrip("\n"))
    first = begin
    for _ in range(skipped):
        first = text.find("\n", first) + 1
    letters = _FIRST_LETTER.match(text, first)
    indent = (letters.end() - first if letters else 0) - (len(content) - len(content.lstrip(" ")))
    if style == "|":
        end_line = line + 1 + skipped + content.count("\n")
        return line + 1, indent + 1, end_line, indent + len(content) - content.rfind("\n")
    stop = begin + len(text[begin:end].rstrip())
    stop = min(text.find("\n", stop) + 1 or len(text) + 1, end + 1) - 1
    end_line, end_column = moved(text, line + 1, 1, begin, stop)
    return line + 1, indent + 1, end_line, end_column
