"""Our own sessions in the servers' logs: whose address stands beside them."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from truehop.live.verify.headers import Address
from truehop.live.verify.ports import Language
from truehop.live.verify.trace import Trace
from truehop.model.addresses import AddressSet

#: Entries kept. All of them hold a word or a lie of ours, so that more would be a log that repeats itself.
MOST_ENTRIES = 20_000
#: Seconds between two looks into a log, and those that lines about forged sessions may come late.
PAUSE = 0.3
GRACE = 1.0
#: RFC 1918, RFC 6598, RFC 4193, and what never leaves a link.
_INNER = tuple(
    AddressSet.parse(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "::1",
    )
)
_LANGUAGES = {
    Language.SMTP: ("smtpd", "postscreen", "submission", "smtp"),
    Language.IMAP: ("imap",),
    Language.POP3: ("pop3",),
    Language.SIEVE: ("sieve",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a log: the program that wrote it as far as known, and the client's address in it."""

    program: str
    address: str
    text: str


@dataclass(slots=True)
class Journal:
    """The lines about us.

    They hold ``stem``, which our names begin with, or the user's ``account``, or are of one of ``addresses``.
    """

    stem: str
    addresses: frozenset[str]
    account: str = ""
    #: By their texts: some logs are read again from the start.
    known: dict[str, Entry] = field(default_factory=dict)

    @property
    def entries(self) -> Collection[Entry]:
        """All that is kept."""
        return self.known.values()

    def add(self, entries: Iterable[Entry]) -> None:
        """Keep those about us."""
        for entry in entries:
            about_us = self._names_us(entry) or plain(entry.address) in self.addresses
            if about_us and len(self.known) < MOST_ENTRIES:
                self.known.setdefault(entry.text, entry)

    def of(self, word: str) -> list[Entry]:
        """The lines that hold a word of ours, and no longer word that begins with it."""
        pattern = re.compile(rf"{re.escape(word)}(?!\d)")
        return [entry for entry in self.entries if pattern.search(entry.text)]

    def sessions(self, trace: Trace) -> list[Entry]:
        """The lines of a session with an address; an account is one on all ports, its servers are not."""
        words = _LANGUAGES.get(trace.kind.language, ()) if trace.word == self.account else ()
        found = self.of(trace.word) if trace.word else []
        return [entry for entry in found if entry.address and _is_of(entry, words)]

    def of_addresses(self, addresses: frozenset[str]) -> list[Entry]:
        """The lines whose client has one of the addresses."""
        return [entry for entry in self.entries if plain(entry.address) in addresses]

    def speaks(self, language: Language) -> bool:
        """Whether a server of a language has named us: then it would have named a lie as well."""
        words = _LANGUAGES.get(language, ())
        return any(self._names_us(entry) and _is_of(entry, words) for entry in self.entries)

    def _names_us(self, entry: Entry) -> bool:
        return self.stem in entry.text or bool(self.account and self.account in entry.text)

    def names(self, trace: Trace) -> list[Entry]:
        """The lines of a language's servers that name the address which a trace really has."""
        words = _LANGUAGES.get(trace.kind.language, ())
        return [entry for entry in self.of_addresses(frozenset({trace.expected})) if _is_of(entry, words)]


def _is_of(entry: Entry, words: tuple[str, ...]) -> bool:
    return not words or any(word in (entry.program or entry.text) for word in words)


def plain(address: str) -> str:
    """An address as Python writes it, IPv4 taken out of its IPv6 form; the text itself if it is none."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def is_translated(address: str) -> bool:
    """Whether an address is one that nobody sees outside its own network."""
    return any(AddressSet.parse(plain(address)).overlaps(network) for network in _INNER)


def gather(
    journal: Journal,
    read: Callable[[], Iterable[Entry]],
    words: Iterable[str],
    seconds: float,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Read a log until it holds every word, and a moment longer, or until time is over."""
    end = now() + seconds
    left = set(words)
    while True:
        journal.add(read())
        left = {word for word in left if not journal.of(word)}
        if not left or now() >= end:
            break
        sleep(PAUSE)
    sleep(min(GRACE, max(0.0, seconds)))
    journal.add(read())
