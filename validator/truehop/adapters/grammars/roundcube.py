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


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries of a JSON array, or each piece as one entry where the pieces are PHP strings."""
    return [plain_entry(part) for piece in pieces for part in _parts(piece.strip()) if part.value]


def _parts(piece: Text) -> list[Text]:
    if not piece.value.startswith("["):
        return [piece]
    return [piece.slice(*match.span(1)).strip() for match in _STRING.finditer(piece.value)]
