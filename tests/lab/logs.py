"""What the servers' own logs recorded of each row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from tests.lab.places import ADDRESS, place_of
from tests.lab.table import Row

#: Where a server names the client it believes in: Postfix, postscreen, Dovecot.
BELIEVED = re.compile(r"(?:connect from \S+\[|CONNECT from \[|\brip=)(?P<address>[0-9a-f.:]+)")
#: What a server says of a header it does not like.
COMPLAINT = re.compile(r"(?P<words>haproxy(?: read)?: [^:(\[]*[a-z])")
#: Seconds that some program waits, by its settings' defaults; the classes of what is measured.
STALLS = (0, 3, 5, 10, 60)


class Recorded(TypedDict):
    """What is kept of a row; words that are empty are left out."""

    session: str  # works or refused
    when: str  # how long the client waited for the greeting or the end
    ran: list[str]  # the programs, whose versions stand in the recording: what it shows holds for these
    address: NotRequired[str]  # whose address the server's log names
    complaint: NotRequired[str]  # what the log says against the header
    answer: NotRequired[str]  # what a refused client got
    peer: NotRequired[str]  # who connected to the web
    headers: NotRequired[dict[str, str]]  # what the web was told of the client


@dataclass
class Logged:
    """The addresses that the server called the client, its first complaint, and what a web was told."""

    addresses: set[str] = field(default_factory=set)
    complaint: str = ""
    peer: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def read_logs(texts: Iterable[str], rows: Iterable[Row]) -> dict[str, Logged]:
    """What is logged of each row. A line belongs to the row whose number is in its name or addresses."""
    by_number = {row.number: row for row in rows}
    found = {row.id: Logged() for row in by_number.values()}
    for line in (line for text in texts for line in text.splitlines()):
        number = _number(line)
        if number not in by_number:
            continue
        row = by_number[number]
        logged = found[row.id]
        believed = BELIEVED.search(line)
        complaint = COMPLAINT.search(line)
        if complaint is not None:
            logged.complaint = logged.complaint or complaint["words"]
        elif believed is not None and not (row.is_postfix and "disconnect" in line):
            logged.addresses.add(who(believed["address"]))
    return found


def read_web(text: str, rows: Iterable[Row], found: dict[str, Logged]) -> None:
    """Adds what the lab's own web wrote down."""
    by_number = {row.number: row.id for row in rows}
    for line in text.splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            logged = found[by_number[told["number"]]]
            logged.addresses.add(who(told["believed"]))
            logged.peer = who(told["peer"])
            logged.headers = {name: plain(value) for name, value in told["headers"].items()}


def _number(line: str) -> int | None:
    named = re.search(r"\brow-(\d+)/", line)
    if named is not None:
        return int(named[1])
    numbers = {place[1] for found in ADDRESS.finditer(line) if (place := place_of(found[0]))}
    return numbers.pop() if len(numbers) == 1 else None


def who(address: str) -> str:
    """Whose address it is."""
    if address == "::1":
        return "client"
    place = place_of(address.removeprefix("::ffff:"))
    return place[0] if place else address


def start_failure(text: str) -> str:
    """What Traefik says last where it does not start."""
    said = [line for line in text.splitlines() if "no trusted IPs" in line or "parsing" in line]
    return re.sub(r".*?(no trusted IPs provided|parsing CIDR.*?)[\"'\\].*", r"\1", said[-1]) if said else ""


def timing(seconds: float) -> str:
    """Which wait a time was. Nothing waits for less than it is told to; a busy machine adds to it."""
    wait = max(known for known in STALLS if known <= seconds + 0.1)
    return f"stalled {wait} s" if wait else "at once"


def plain(text: str) -> str:
    """A line without what differs from run to run."""
    return ADDRESS.sub(lambda found: who(found[0]), text)
