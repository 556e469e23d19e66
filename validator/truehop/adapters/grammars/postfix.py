"""Postfix's address lists: commas or blanks, IPv6 in brackets, tables and exclusions.

Source: vdukhovni/postfix@3.12-20260821 postfix/proto/postconf.proto (mynetworks) and
postfix/src/util/cidr_match.c, which refuses a pattern with host bits set.

Witness: none absent none smtp host-bits-relay honest
Witness: none absent none smtp bare-ipv6 honest
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from truehop.adapters.grammars.entries import problem_of, split_words
from truehop.model.addresses import parse_network
from truehop.model.hops import TrustEntry
from truehop.source.tree import Text

_BRACKETS = re.compile(r"\[([^\[\]]*)\](/\d+)?")
_TABLE = re.compile(r"/|[a-z]+:(?!:)[^:]*$")
HOST_BITS = "address bits are set below its prefix, which Postfix refuses"
BARE_IPV6 = "an IPv6 address without brackets, which Postfix takes for a table"


def read(pieces: Sequence[Text]) -> list[TrustEntry]:
    """The entries; tables and exclusions are neither networks nor problems."""
    return [_entry(part) for piece in pieces for part in split_words(piece)]


def _entry(part: Text) -> TrustEntry:
    text, at = part.value, part.location()
    bracketed = _BRACKETS.fullmatch(text)
    plain = f"{bracketed[1]}{bracketed[2] or ''}" if bracketed else text
    network = parse_network(plain)
    if network is None:
        is_open = text.startswith("!") or _TABLE.match(text)
        return TrustEntry(text, at, problem="" if is_open else problem_of(text))
    if parse_network(plain, strict=True) is None:
        return TrustEntry(text, at, problem=HOST_BITS)
    if ":" in plain and not bracketed:
        return TrustEntry(text, at, problem=BARE_IPV6)
    return TrustEntry(text, at, network)
