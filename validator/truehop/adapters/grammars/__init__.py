"""How programs read lists of addresses: one module a grammar, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module

from truehop.model.facts import Tri
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

#: Reads the pieces of one setting; every entry knows its own span.
Grammar = Callable[[Sequence[Text]], list[TrustEntry]]


@lru_cache(maxsize=32)
def _load(name: str) -> Grammar:
    grammar: Grammar = import_module(f"{__name__}.{name}").read
    return grammar


def read_list(name: str, *pieces: Text) -> tuple[TrustEntry, ...]:
    """The entries of a list as the named program reads them."""
    return tuple(_load(name)(pieces))


def completeness(entries: Sequence[TrustEntry]) -> Tri:
    """Unknown where an entry is a table, an exclusion or a word whose meaning the input does not show."""
    is_clear = all(entry.networks or entry.problem or entry.is_everyone for entry in entries)
    return Tri.YES if is_clear else Tri.UNKNOWN
