"""Dovecot's lists: commas or blanks; the first bad entry ends the reading.

Source: dovecot/core@2.4.4 src/lib-master/master-service-settings.c and master-service-haproxy.c.

Witness: v1 absent none imap keyword honest
Witness: v1 absent none imap keyword trixie honest
Witness: v1 absent none imap demands trixie honest
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truehop.adapters.grammars.entries import plain_entry, split_words
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

LOST = "not read, because an entry before it cannot be read"


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; those behind an unreadable one trust nobody."""
    return cut_off([plain_entry(part) for piece in pieces for part in split_words(piece)])


def cut_off(entries: list[TrustEntry], because: str = LOST) -> list[TrustEntry]:
    """The entries, with all behind the first unreadable one marked as lost."""
    for index, entry in enumerate(entries):
        if entry.network is None:
            rest = [replace(one, network=None, problem=because) for one in entries[index + 1 :]]
            return [*entries[: index + 1], *rest]
    return entries
