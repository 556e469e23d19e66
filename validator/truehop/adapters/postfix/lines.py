"""Logical lines of main.cf and master.cf.

A line that begins with white space continues the one before; empty lines and comments in between
are skipped. Source: vdukhovni/postfix@3.12-20260821 postfix/src/util/readlline.c.

Witness: none absent none smtp demands honest
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.source.tree import Text

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True, slots=True, eq=False)
class LogicalLine:
    """One logical line: its first line's number (from 1) and the pieces it is made of.

    Comments and blank lines that no logical line holds are logical lines without pieces.
    """

    number: int
    pieces: tuple[Text, ...]
    #: The numbers of all lines that belong to it, those skipped inside it included.
    covers: tuple[int, ...]


def logical_lines(text: Text) -> list[LogicalLine]:
    """Every line of a file, in order, each in exactly one logical line."""
    found: list[LogicalLine] = []
    pieces: list[Text] = []
    covers: list[int] = []
    skipped: list[int] = []
    for number, match in enumerate(_LINE.finditer(text.value), 1):
        line = match[0].rstrip("\r\n")
        bare = line.strip()
        if not bare or bare.startswith("#"):
            skipped.append(number)
            continue
        piece = text.slice(match.start(), match.start() + len(line))
        if line[0] in " \t" and pieces:
            covers += [*skipped, number]
            pieces.append(piece)
        else:
            _close(found, pieces, covers, skipped)
            pieces, covers = [piece], [number]
        skipped = []
    _close(found, pieces, covers, skipped)
    return found


def _close(found: list[LogicalLine], pieces: list[Text], covers: list[int], skipped: list[int]) -> None:
    if pieces:
        found.append(LogicalLine(covers[0], tuple(pieces), tuple(covers)))
    found.extend(LogicalLine(number, (), (number,)) for number in skipped)
