"""Text on a terminal: colours, cells, and nothing that could command it."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass

TAB = "    "
_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "good": "1;32",
    "strong": "1",
    "faint": "2",
    "mark": "1;31",
}


def clean(text: str) -> str:
    """The text with what cannot be printed made visible, so that input cannot steer the terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    if letter == "\t":
        return TAB
    if letter.isprintable():
        return letter
    number = ord(letter)
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004 (a byte)


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def pad(text: str, width: int) -> str:
    """The text filled up with blanks to a width in cells."""
    return text + " " * max(0, width - cells(text))


def crop(text: str, width: int) -> str:
    """The text, its end cut off where it is wider."""
    if cells(text) <= width:
        return text
    while text and cells(text) > width - 3:
        text = text[:-1]
    return f"{text}..."


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of a width, with what the first and the others begin with."""
    lines = textwrap.wrap(
        clean(text),
        max(width, 20),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]


def count(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours, where they are wanted."""

    is_on: bool = False

    def __call__(self, text: str, style: str) -> str:
        """The text in a style."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.is_on and text else text
