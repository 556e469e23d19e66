"""References to other parameters: ``$name``, ``${name}``, ``$(name)``, ``${name?text}``, ``${name:text}``.

Source: vdukhovni/postfix@3.12-20260821 postfix/man/man5/postconf.5.

Source only: how references to other parameters are expanded
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from truehop.source.location import Location
from truehop.source.tree import Text

_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\}|\((\w+)\))")
DEEPEST = 8
LONGEST = 4096


@dataclass(slots=True, frozen=True, eq=False)
class MadeText(Text):
    """A word put together from several; each part of it stands where the word does."""

    written: Location | None = None

    def slice(self, start: int, end: int) -> Text:
        """A part by offsets, with the place of the whole word."""
        return MadeText(self.value[start:end], self.cursor, 0, self.written)

    def _span(self, begin: int, end: int) -> Location:  # noqa: ARG002 (each part has the same place)
        return self.written or self.cursor.location()


def expand_words(
    words: list[Text], look_up: Callable[[str], list[Text] | None], depth: int = DEEPEST
) -> list[Text]:
    """The words with references replaced; what refers to nothing known stays as written."""
    found: list[Text] = []
    for word in words:
        if "$" not in word.value or depth == 0 or len(found) > LONGEST:
            found.append(word)
            continue
        whole = _REFERENCE.fullmatch(word.value)
        values = look_up(_name(whole)) if whole and _name(whole) else None
        if values is not None:
            found += expand_words(values, look_up, depth - 1)
        else:
            found.append(_replace(word, look_up, depth))
    return found[:LONGEST]


def _name(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""


def _replace(word: Text, look_up: Callable[[str], list[Text] | None], depth: int) -> Text:
    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        values = look_up(_name(match))
        if values is None:
            return match[0]
        return " ".join(one.value for one in expand_words(values, look_up, depth - 1))[:LONGEST]

    replaced = _REFERENCE.sub(value, word.value)
    return word if replaced == word.value else MadeText(replaced, word.cursor, 0, word.location())
