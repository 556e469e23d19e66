"""Roundcube's ``proxy_whitelist`` from 1.7 on: addresses and networks, as a JSON array or PHP strings.

Source: roundcube/roundcubemail@1.7.3 config/defaults.inc.php, program/lib/Roundcube/rcube_utils.php
(CIDR since 1.7, #10135).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from truehop.adapters.grammars.entries import plain_entry
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

_STRING = re.compile(r'"([^"\\]*)"')
NO_ARRAY = "is no JSON array, so the list stays empty"


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries of a JSON array, or each piece as one entry where the pieces are PHP strings."""
    return [plain_entry(part) if part.value else _no_array(whole) for whole, part in parts(pieces)]


def parts(pieces: Sequence[Text]) -> list[tuple[Text, Text]]:
    """Each piece with its addresses; an empty text marks what is no list."""
    found: list[tuple[Text, Text]] = []
    for piece in pieces:
        whole = piece.strip()
        if whole.value.startswith("["):
            found += [(whole, whole.slice(*match.span(1)).strip()) for match in _STRING.finditer(whole.value)]
        elif whole.value:
            found.append((whole, whole))
    return found


def _no_array(whole: Text) -> TrustEntry:
    return TrustEntry(whole.value, whole.location(), problem=NO_ARRAY)
