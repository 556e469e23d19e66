"""Lists that the user writes for truehop itself: addresses and networks, by commas or as a sequence."""

from __future__ import annotations

from collections.abc import Sequence

from truehop.adapters.grammars.entries import plain_entry, split_words
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; anything but an address or a network is a problem."""
    return [plain_entry(part) for piece in pieces for part in split_words(piece)]
