"""A list in a program that nobody described: what reads as an address counts, the rest is left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from truehop.adapters.grammars.symfony import PRIVATE_SUBNETS
from truehop.model.addresses import parse_network
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

#: Words that mean whoever connects, wherever they are understood.
EVERYONE = frozenset({"*", "**", "REMOTE_ADDR"})
_PRIVATE = frozenset({"private_ranges", "PRIVATE_SUBNETS"})
_AROUND = re.compile(r"""["'\[\](){}]+""")


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; an unknown word is no problem, for its program may know it."""
    return [
        _entry(bare) for piece in pieces for part in piece.split(", ;\t\r\n") if (bare := _bare(part)).value
    ]


def _bare(part: Text) -> Text:
    """Without the quotes and brackets of JSON and its like, but with those of an IPv6 address inside."""
    begin, end = 0, len(part.value)
    while begin < end and _AROUND.fullmatch(part.value[begin]):
        begin += 1
    while end > begin and _AROUND.fullmatch(part.value[end - 1]):
        end -= 1
    return part.slice(begin, end)


def _entry(part: Text) -> TrustEntry:
    if part.value in EVERYONE:
        return TrustEntry(part.value, part.location(), is_everyone=True)
    if part.value in _PRIVATE:
        return TrustEntry(part.value, part.location(), means=PRIVATE_SUBNETS)
    return TrustEntry(part.value, part.location(), parse_network(part.value))
