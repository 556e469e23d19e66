"""Letters that the YAML 1.1 parser takes otherwise than JSON and YAML 1.2 do, and stand-ins for them.

libyaml breaks lines at U+0085, U+2028 and U+2029, which editors and YAML 1.2 do not (its production
26, b-char), and it refuses JSON's escaped surrogate pairs. Each stand-in is as long as what it stands
for, so marks stay true; values are put right afterwards.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BREAKS = "\x85\u2028\u2029"
_FIRST_FREE, _LAST_FREE = "\ue000", "\uf8ff"
_HIGH, _LOW, _LAST_PAIR = 0xE000, 0xE400, 0xE7FF
_HIGH_SURROGATE, _LOW_SURROGATE = 0xD800, 0xDC00
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_STOOD_PAIR = re.compile(f"[{chr(_HIGH)}-{chr(_LOW - 1)}][{chr(_LOW)}-{chr(_LAST_PAIR)}]")
_PRIVATE = re.compile(f"[{_FIRST_FREE}-{_LAST_FREE}]|\\\\u[eEfF]")


def replace_breaks(text: str) -> tuple[str, Callable[[str], str] | None]:
    """The text with stand-ins for breaks that are none, and what puts values right (None: nothing to do)."""
    found = [letter for letter in _BREAKS if letter in text]
    if not found or _PRIVATE.search(text):
        return text, None
    there = {ord(letter): 0xF000 + number for number, letter in enumerate(_BREAKS)}
    back = {stand_in: letter for letter, stand_in in there.items()}
    return text.translate(there), lambda value: value.translate(back)


def replace_json(text: str) -> tuple[str, Callable[[str], str] | None]:
    """JSON text with blanks for tabs and stand-ins for escaped surrogate pairs.

    JSON allows no raw tab in a string, so every tab is layout. None where there is nothing to do.
    """
    if not text.lstrip("-\n\t ").startswith(("{", "[")) or _PRIVATE.search(text):
        return text, None
    replaced = _PAIR.sub(_stand_in, text.replace("\t", " "))
    return replaced, None if replaced == text else lambda value: _STOOD_PAIR.sub(_pair, value)


def _stand_in(found: re.Match[str]) -> str:
    high = int(found[1], 16) - _HIGH_SURROGATE + _HIGH
    low = int(found[2], 16) - _LOW_SURROGATE + _LOW
    return f"\\u{high:04x}\\u{low:04x}"


def _pair(found: re.Match[str]) -> str:
    high, low = (ord(letter) for letter in found[0])
    return chr(0x10000 + ((high - _HIGH) << 10) + (low - _LOW))
