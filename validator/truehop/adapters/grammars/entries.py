"""Single entries, as most programs read them."""

from __future__ import annotations

import re
from functools import lru_cache

from truehop.model.addresses import parse_network
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

#: What Helm, Jinja, Flux, envsubst, Terraform or Symfony fill in before the program reads it.
_TEMPLATE = re.compile(r"\{\{|\$\{|\$\(|%\{|%env\(")
_PLACEHOLDER = re.compile(r"<[a-zA-Z]")
_BLANKS = ", \t\r\n\f\v"


def split_words(text: Text, apart: str = _BLANKS) -> list[Text]:
    """The parts between these letters; a template's braces hold theirs together."""
    return [text.slice(*match.span()) for match in _words(apart).finditer(text.value)]


@lru_cache(maxsize=4)
def _words(apart: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\{{\{{[^{{}}]*\}}\}}|[^{re.escape(apart)}])+")


def is_template(text: str) -> bool:
    """Whether a variable stands here whose value something else fills in, so that it is unknown."""
    return _TEMPLATE.search(text) is not None


def plain_entry(part: Text) -> TrustEntry:
    """An address or CIDR, host bits cut off; anything else is a problem."""
    network = parse_network(part.value)
    problem = "" if network else problem_of(part.value)
    return TrustEntry(part.value, part.location(), network, problem=problem)


def problem_of(text: str) -> str:
    """Why a text is no network, as a clause; empty where it may become one."""
    if is_template(text):
        return ""
    if _PLACEHOLDER.search(text):
        return "a placeholder that nothing fills in"
    if any(letter.isspace() for letter in text):
        return "blanks make it one entry that is no address"
    return "neither an address nor a network"
