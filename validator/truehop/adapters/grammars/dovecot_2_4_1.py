"""Lists that a variable holds, in Dovecot 2.4.1: commas only; what stands behind a blank is not evaluated.

Seen by running 2.4.1 and 2.4.5 with the same lists; see dovecot/core src/lib-settings. A list that stands in
the file itself is split at blanks by 2.4.1 too.

Witness: v2 absent none imap variable-blanks trixie honest
Witness: v2 absent none imap variable-commas trixie honest
Source only: Dovecot from 2.4.2 on, which splits such a list at blanks too
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truehop.adapters.grammars.dovecot import cut_off
from truehop.adapters.grammars.entries import plain_entry, split_words
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

BLANK = "not read, because this version stops at the first blank"


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; those behind a blank or an unreadable entry trust nobody."""
    good: list[TrustEntry] = []
    lost: list[TrustEntry] = []
    for piece in pieces:
        for number, chunk in enumerate(split_words(piece, apart=" \t\r\n")):
            entries = [plain_entry(part) for part in split_words(chunk, apart=",")]
            if number or good or lost:
                lost += [replace(entry, network=None, problem=BLANK) for entry in entries]
            else:
                good += entries
    return [*cut_off(good), *lost]
