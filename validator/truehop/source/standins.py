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
_BREAK_STAND_INS = "\uf000\uf001\uf002"
_HIGH, _LOW, _LAST_PAIR = 0xE000, 0xE400, 0xE7FF
_HIGH_SURROGATE, _LOW_SURROGATE = 0xD800, 0xDC00
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_STOOD_PAIR = re.compile(f"[{chr(_HIGH)}-{chr(_LOW - 1)}][{chr(_LOW)}-{chr(_LAST_PAIR)}]")
#: Where the stand-ins themselves are written, they can stand for nothing else.
_TAKEN_BREAK = re.compile(f"[{_BREAK_STAND_INS}]|\\\\u[fF]00[0-2]")
_TAKEN_PAIR = re.compile(f"[{chr(_HIGH)}-{chr(_LAST_PAIR)}]|\\\\u[eE][0-7]")


def replace_breaks(text: str) -> tuple[str, Callable[[str], str] | None]:
    """The text with stand-ins for breaks that are none, and what puts values right (None: nothing to do)."""
    if not any(letter in text for letter in _BREAKS) or _TAKEN_BREAK.search(text):
        return text, None
    there, back = str.maketrans(_BREAKS, _BREAK_STAND_INS), str.maketrans(_BREAK_STAND_INS, _BREAKS)
    return text.translate(there), lambda value: value.translate(back)


def replace_json(text: str) -> tuple[str, Callable[[str], str] | None]:
    """JSON text with blanks for tabs and stand-ins for escaped surrogate pairs.

    JSON allows no raw tab in a string, so every tab is layout. None where there is nothing to do.
    """
    if not text.lstrip("-\n\t ").startswith(("{", "[")) or _TAKEN_PAIR.search(text):
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
