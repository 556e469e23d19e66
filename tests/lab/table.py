"""The rows of ``table.yaml``: who connects, through what, to which server."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("table.yaml")
#: Each column with its words; the first one is meant where a line of the table is silent.
COLUMNS = {
    "balancer": ("none", "silent", "v1", "v2", "haproxy", "nginx"),
    "entry": (
        "absent",
        "deaf",
        "bare",
        "covers",
        "misses",
        "insecure",
        "insecure-list",
        "invalid",
        "repeated",
    ),
    "router": ("opaque", "tls", "https"),
    "link": ("none", "v1", "v2", "cancelled"),
    "server": ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve"),
    "backend": ("deaf", "demands", "untrusted", "keyword", "postscreen", "deaf-postscreen"),
    "suite": ("bookworm", "trixie"),
    "client": ("honest", "v1", "v2", "two", "local", "unknown"),
}
PORTS = {
    "smtp": 25,
    "submission": 587,
    "submissions": 465,
    "imap": 143,
    "imaps": 993,
    "pop3": 110,
    "pop3s": 995,
    "sieve": 4190,
}
POSTFIX = ("smtp", "submission", "submissions")
#: The network of each part, of 16 bits. A row's number is the rest of all its addresses, so that a log line
#: tells its row by any address in it. Clients come from the networks for tests of speed (RFC 2544).
NETWORKS = {
    "client": "198.18",
    "forged": "198.19",
    "balancer": "10.1",
    "proxy": "10.42",
    "server": "10.43",
    "entry": "10.44",
}
#: The highest number of a row; what is above is for the lab itself.
LAST = 0xFF00


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation: a client's, through at most a balancer and a Traefik, with a server."""

    number: int
    balancer: str
    entry: str
    router: str
    link: str
    server: str
    backend: str
    suite: str
    client: str

    @property
    def id(self) -> str:
        """The words of all columns but those that most rows share."""
        words = [self.balancer, self.entry, self.router, self.link, self.server, self.backend, self.suite]
        shared = {"opaque", "bookworm"}
        return " ".join([*(word for word in words if word not in shared), self.client])

    @property
    def port(self) -> int:
        """The server's port, which every part of the row listens on."""
        return PORTS[self.server]

    @property
    def is_postfix(self) -> bool:
        """Whether the server is Postfix, else it is Dovecot."""
        return self.server in POSTFIX

    @property
    def has_tls(self) -> bool:
        """Whether the server speaks TLS from the first byte."""
        return self.server in {"submissions", "imaps", "pop3s"}

    @property
    def is_alone(self) -> bool:
        """Whether it needs a Traefik of its own: it starts none, or takes all entry points."""
        return self.entry in {"bare", "invalid", "repeated"} or self.router == "https"

    def address(self, part: str) -> str:
        """The address of a part of the row."""
        return address_of(part, self.number)


def address_of(part: str, number: int) -> str:
    """The address of a part in the row of a number."""
    return f"{NETWORKS[part]}.{number >> 8}.{number & 0xFF}"


def network_of(part: str) -> str:
    """The network that holds a part's addresses in every row."""
    return f"{NETWORKS[part]}.0.0/16"


def place_of(address: str) -> tuple[str, int] | None:
    """The part and the number of the row whose address it is; None for every other one."""
    for part, network in NETWORKS.items():
        if address.startswith(f"{network}."):
            high, low = address.removeprefix(f"{network}.").split(".")
            return part, int(high) << 8 | int(low)
    return None


@cache
def rows() -> tuple[Row, ...]:
    """Every row. A line of the table may name several words in a column: each of them with each."""
    found: dict[str, Row] = {}
    for line in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        assert line.keys() <= COLUMNS.keys(), line
        choices = [line.get(column, words[0]) for column, words in COLUMNS.items()]
        for chosen in itertools.product(*(one if isinstance(one, list) else [one] for one in choices)):
            named = dict(zip(COLUMNS, chosen, strict=True))
            for column, word in named.items():
                assert word in COLUMNS[column], (column, word)
            row = Row(number=len(found) + 1, **named)
            assert row.id not in found, f"twice in the table: {row.id}"
            found[row.id] = row
    assert len(found) <= LAST
    return tuple(found.values())
