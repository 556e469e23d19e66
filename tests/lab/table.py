"""The rows of ``table.yaml``: who connects, through what, to which server."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.lab.places import LAST, address_of

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
        "ipv4-list",
        "mapped-list",
        "loopback-list",
    ),
    "router": ("opaque", "tls", "sni", "terminates", "https", "http", "http-tls"),
    "link": ("none", "v1", "v2", "cancelled"),
    "server": ("smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve", "web"),
    "backend": (
        "deaf",
        "demands",
        "untrusted",
        "keyword",
        "ipv4-list",
        "mapped-list",
        "loopback-list",
        "variable-blanks",
        "variable-commas",
        "postscreen",
        "deaf-postscreen",
        "ipv4-only",
        "host-bits",
        "host-bits-relay",
        "bare-ipv6",
        "believes",
        "everyone",
    ),
    "suite": ("bookworm", "trixie"),
    "family": ("ipv4", "ipv6", "ipv6-claimed", "loopback"),
    "forwarded": ("off", "covers", "misses", "insecure"),
    "client": (
        "honest",
        "v1",
        "v2",
        "two",
        "local",
        "unknown",
        "unknown-named",
        "local-v1",
        "xff",
        "xff-twin",
        "real-ip",
        "rfc7239",
    ),
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
    "web": 80,
}
#: Backends whose list of own networks cannot be read as it is written.
MISWRITTEN = ("host-bits", "host-bits-relay", "bare-ipv6")
POSTFIX = ("smtp", "submission", "submissions")
#: Servers that speak TLS from the first byte.
WRAPPED = ("submissions", "imaps", "pop3s")
#: At which port a proxy takes TLS off for a server that speaks none.
TLS_PORTS = {"smtp": 465, "submission": 465, "imap": 993, "pop3": 995, "web": 443}
TAKE_TLS_OFF = {"terminates", "http-tls"}
#: Words that most rows share, which their names leave out.
SHARED = {"opaque", "http", "bookworm", "ipv4", "forwarded-off"}


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
    family: str
    forwarded: str
    client: str

    @property
    def id(self) -> str:
        """The words of all columns but those that most rows share."""
        words = [self.balancer, self.entry, self.router, self.link, self.server, self.backend, self.suite]
        words += [self.family, f"forwarded-{self.forwarded}"]
        return " ".join([*(word for word in words if word not in SHARED), self.client])

    @property
    def port(self) -> int:
        """The server's port."""
        return PORTS[self.server]

    @property
    def door_port(self) -> int:
        """The port of the parts before the server, which is the server's too unless TLS ends before it."""
        return TLS_PORTS.get(self.server, self.port) if self.router in TAKE_TLS_OFF else self.port

    @property
    def is_postfix(self) -> bool:
        """Whether the server is Postfix."""
        return self.server in POSTFIX

    @property
    def is_web(self) -> bool:
        """Whether the server is the lab's own web."""
        return self.server == "web"

    @property
    def is_dovecot(self) -> bool:
        """Whether the server is Dovecot."""
        return not (self.is_postfix or self.is_web)

    @property
    def has_tls(self) -> bool:
        """Whether the server speaks TLS from the first byte."""
        return self.server in WRAPPED

    @property
    def opens_tls(self) -> bool:
        """Whether the client speaks TLS from the first byte."""
        return self.has_tls or self.door_port != self.port

    @property
    def is_alone(self) -> bool:
        """Whether it needs a Traefik of its own: it starts none, or takes all entry points."""
        return self.entry in {"bare", "invalid", "repeated"} or self.router == "https"

    def address(self, part: str) -> str:
        """The address of a part of the row, as it is or as headers claim it."""
        if self.family == "loopback" and part == "client":
            return "::1"
        is_claimed = part == "forged" or (part == "client" and self.balancer in {"v1", "v2"})
        is_six = self.family in {"ipv6", "loopback"} or (self.family == "ipv6-claimed" and is_claimed)
        return address_of(part, self.number, 6 if is_six else 4)

    def socket(self, part: str, port: int | None = None) -> str:
        """Where a part listens; or its address with another port, 0 for any."""
        address = self.address(part)
        number = self.port_of(part) if port is None else port
        return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"

    def port_of(self, part: str) -> int:
        """The port that a part listens on."""
        return self.port if part == "server" else self.door_port


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
