"""Single entries, as most programs read them."""

from __future__ import annotations

import re

from truehop.model.addresses import parse_network
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

_PLACEHOLDER = re.compile(r"\{\{|\$\{|\$\(|<[a-zA-Z]|%\{|%env\(")
_WORD = re.compile(r"(?:\{\{[^{}]*\}\}|[^\s,])+")


def split_words(text: Text) -> list[Text]:
    """The parts between commas and blanks; a template's braces hold theirs together."""
    return [text.slice(*match.span()) for match in _WORD.finditer(text.value)]


def is_placeholder(text: str) -> bool:
    """Whether a template or a variable stands here that something else fills in."""
    return _PLACEHOLDER.search(text) is not None


def plain_entry(part: Text) -> TrustEntry:
    """An address or CIDR, host bits cut off; anything else is a problem."""
    network = parse_network(part.value)
    problem = "" if network else problem_of(part.value)
    return TrustEntry(part.value, part.location(), network, problem=problem)


def problem_of(text: str) -> str:
    """Why a text is no network, as a clause."""
    if is_placeholder(text):
        return "a placeholder that nothing fills in"
    if any(letter.isspace() for letter in text):
        return "blanks make it one entry that is no address"
    return "neither an address nor a network"
