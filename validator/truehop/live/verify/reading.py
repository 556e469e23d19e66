"""Lines of any server's log: whose address is in them, as far as the line is of use to us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from truehop.live.verify.evidence import Entry, plain

#: Where servers name their client. What is no address is cast out by whoever compares.
_CLIENT = re.compile(
    r"(?:\brip=|\b[Cc]lient(?:_ip|Host|Addr)?\"?[=:]\s*\"?|\bfrom \S*\[|\bremote_(?:ip|addr)\"?[=:]\s*\"?)"
    r"(?P<address>[0-9A-Fa-f.:]+)"
)
_FIRST = re.compile(r"^(?:\S+ \S+ [FP] |\[pod/\S+\] |\S+ )??(?P<address>[0-9A-Fa-f.:]+) \S+ \S+ \[")
_PROGRAM = re.compile(r"\b(?P<name>postfix(?:/[\w.-]+)+|(?:imap|pop3|managesieve|submission)-login)\b")


def entry_of(line: str) -> Entry:
    """A line, with the client's address where it has one and the program where it is known."""
    found = _CLIENT.search(line) or _FIRST.search(line)
    program = _PROGRAM.search(line)
    return Entry(program["name"] if program else "", plain(found["address"]) if found else "", line)


def entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The lines, each as an entry."""
    return map(entry_of, lines)
