"""Postfix's address lists where nothing is relayed by them.

An entry with host bits is warned of and left out. Where mail is relayed by it every recipient is put off, and
an entry that looks like a table keeps smtpd from starting either way.

Witness: none absent none smtp host-bits honest
Witness: none absent none smtp host-bits-relay honest
Witness: none absent none smtp bare-ipv6 honest
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from truehop.adapters.grammars import postfix
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; those with host bits do no harm."""
    return [
        replace(entry, is_reinterpreted=True) if entry.problem == postfix.HOST_BITS else entry
        for entry in postfix.read(pieces)
    ]
