"""Lines of any server's log: whose address is in them, as far as the line is of use to us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from truehop.live.logs.reading import read
from truehop.live.records import Record
from truehop.live.verify.evidence import Entry, plain

#: How servers that ``truehop logs`` does not know name their client. What is no address fits nobody's.
_CLIENT = re.compile(
    r"(?:\brip=|\b[Cc]lient(?:_ip|Host)?\"?[=:]\s*\"?|\bfrom \S*\[|\bremote_?(?:ip|addr|Ip)\"?[=:]\s*\"?)"
    r"(?P<address>[0-9A-Fa-f.:]+)"
)


def entries(lines: Iterable[bytes]) -> Iterator[Entry]:
    """The lines, each as an entry."""
    for line in lines:
        known = next(read([line]), None)
        yield _other(line.decode("utf-8", "replace")) if known is None else _entry(known)


def _entry(record: Record) -> Entry:
    """A line that is understood. Who is refused for a header that he did not send was no client yet."""
    address = "" if record.kind == "proxy-error" else record.address or ""
    return Entry(f"{record.program} {record.service}".strip(), plain(address), record.text)


def _other(line: str) -> Entry:
    found = _CLIENT.search(line)
    return Entry("", plain(found["address"]) if found else "", line)
