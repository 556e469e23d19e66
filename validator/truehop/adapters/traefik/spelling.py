"""Names that are almost a setting's name."""

from __future__ import annotations

import re

NOT_LETTERS = re.compile(r"[^a-z0-9]")
#: A misspelling is at most this many letters away.
FARTHEST = 2


def _distance(left: str, right: str) -> int:
    """How many letters have to be put in, taken out or changed."""
    row = list(range(len(right) + 1))
    for count, letter in enumerate(left, 1):
        before, row[0] = row[0], count
        for position, other in enumerate(right, 1):
            before, row[position] = (
                row[position],
                min(row[position] + 1, row[position - 1] + 1, before + (letter != other)),
            )
    return row[-1]


def meant(written: str, names: tuple[str, ...]) -> str:
    """The name that was meant by another spelling of it; empty where none is near, or it is right."""
    if written in names or len(written) > 40:  # noqa: PLR2004 (no setting's name is that long)
        return ""
    plain = NOT_LETTERS.sub("", written.lower())
    for name in names:
        if _distance(plain, name.lower()) <= FARTHEST:
            return name
    return ""
