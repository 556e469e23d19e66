"""Lists named like a list of trusted proxies, in programs that nobody described.

The name says that somebody on the list is believed; how the program reads it stays unknown, so
only what reads as an address is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from truehop.adapters.grammars import completeness, read_list
from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import Hop, TrustEntry, TrustList, TrustUse
from truehop.source.tree import Cursor, Text

_LIST_NAME = re.compile(
    r"(?:trustedprox(?:y|ies)(?:s|list|ips?|cidrs?|ranges?|networks?)?|trustednetworks|realipfrom|proxywhitelist)\Z"
)
#: What every such name holds, in lower case and without anything but letters and digits.
SIGNS = ("trustedprox", "trustednetworks", "realipfrom", "proxywhitelist")
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
#: Names that belong to one program, with the grammar it reads them in.
GRAMMARS = {"SYMFONY_TRUSTED_PROXIES": ("symfony", TrustUse.FORWARDED)}
_ENV_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]{3,80})[ \t]*=[ \t]*(?P<value>[^\n]*)$",
    re.MULTILINE,
)
_HINT = re.compile(r"trusted.?prox|trusted.?networks|real.?ip.?from|proxy.?whitelist", re.IGNORECASE)
DEEPEST = 64


@lru_cache(maxsize=4096)
def is_list_name(name: str) -> bool:
    """Whether a variable or key is named like a list of trusted proxies, in any spelling."""
    return _LIST_NAME.search(_NOT_LETTERS.sub("", name.lower())) is not None


def may_hold_list(text: str) -> bool:
    """Whether a text mentions such a name at all: a quick look before parsing."""
    return _HINT.search(text) is not None


def named_list(
    name: str, pieces: list[Text], at: Location, hop: Hop | None = None, basis: Basis = Basis.STATED
) -> TrustList | None:
    """A list under such a name; None where no part of it reads as an address."""
    grammar, use = GRAMMARS.get(name, ("lenient", TrustUse.UNKNOWN))
    entries = read_list(grammar, *pieces)
    if not any(_counts(entry) for entry in entries):
        return None
    return TrustList(
        name,
        use,
        at,
        entries,
        is_complete=completeness(entries),
        basis=basis,
        hop=hop,
        is_active=Tri.UNKNOWN if use is TrustUse.UNKNOWN else Tri.YES,
    )


def _counts(entry: TrustEntry) -> bool:
    return bool(entry.networks) or entry.is_everyone


def lists_in_values(root: Cursor) -> list[TrustList]:
    """Every such list below a place: scalars, sequences, and ``name``/``value`` pairs of variables."""
    return [found for place in _below(root, 0) for found in place]


def _below(place: Cursor, depth: int) -> Iterator[list[TrustList]]:
    if depth > DEEPEST:
        return
    for name, value in place.entries():
        if is_list_name(name) and not value.is_mapping:
            yield _at(name, value)
        else:
            yield from _below(value, depth + 1)
    named, value = place.get("name").string(), place.get("value")
    if named and value.is_scalar and is_list_name(named):
        yield _at(named, value)
    for entry in place.items():
        yield from _below(entry, depth + 1)


def _at(name: str, value: Cursor) -> list[TrustList]:
    texts = [value.text] if value.is_scalar else [entry.text for entry in value.items()]
    pieces = [text for text in texts if text is not None]
    place = value.location() if value.is_scalar else value.key_location()
    found = named_list(name, pieces, place) if pieces else None
    return [found] if found else []


def lists_in_env_file(text: Text) -> list[TrustList]:
    """Such lists in ``NAME=value`` lines."""
    found = []
    for match in _ENV_LINE.finditer(text.value):
        if is_list_name(match["name"]):
            value = text.slice(*match.span("value")).strip()
            listed = named_list(match["name"], [value], value.location()) if value.value else None
            found += [listed] if listed else []
    return found
