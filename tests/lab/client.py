"""The clients of all rows at once, run inside the lab's network.

    python -m tests.lab.client ID…

Prints as JSON what each of them saw. A balancer that no program plays is played here: towards the next
hop it is a connection from the balancer's address that begins with the balancer's header.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from tests.lab.proxies import target
from tests.lab.table import Row, rows

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
PATIENCE = 90.0
PACE = 0.05
#: What the server's greeting ends with, what a client says then, and how a server answers that understood it.
TALKS = {
    "smtp": (b"220", b"EHLO client.example\r\n", b"250"),
    "imap": (b"* OK", b"a CAPABILITY\r\n", b"* CAPABILITY"),
    "pop3": (b"+OK", b"CAPA\r\n", b"+OK"),
    "sieve": (b"OK", b"NOOP\r\n", b"OK"),
}
LANGUAGE = {"submission": "smtp", "submissions": "smtp", "imaps": "imap", "pop3s": "pop3"}
PROGRAMS = {"haproxy", "nginx"}


@dataclass
class Seen:
    """What a client saw. After a greeting the answer to its command may be lost: the server has hung up."""

    answer: str = ""
    seconds: float = 0.0
    works: bool = False


def v1(source: str, target: str) -> bytes:
    """A text header."""
    return f"PROXY TCP4 {source} {target} 40000 25\r\n".encode()


def v2(source: str, target: str) -> bytes:
    """A binary header."""
    ports = (40000).to_bytes(2, "big") + (25).to_bytes(2, "big")
    return (
        SIGNATURE
        + b"\x21\x11"
        + (12).to_bytes(2, "big")
        + socket.inet_aton(source)
        + socket.inet_aton(target)
        + ports
    )


def forged(row: Row) -> bytes:
    """What the row's client sends before anything else."""
    lie = (row.address("forged"), row.address("entry"))
    return {
        "honest": b"",
        "v1": v1(*lie),
        "v2": v2(*lie),
        "two": v1(*lie) * 2,
        "local": SIGNATURE + b"\x20\0\0\0",
        "unknown": b"PROXY UNKNOWN\r\n",
    }[row.client]


def played(row: Row) -> bytes:
    """What the row's balancer sends before what it got, where no program plays it."""
    names = (row.address("client"), row.address("balancer"))
    return {"v1": v1(*names), "v2": v2(*names)}.get(row.balancer, b"")


def converse(row: Row, delay: float) -> Seen:
    """One client's conversation, begun after some seconds: not all of them start a process at once."""
    time.sleep(delay)
    seen = Seen()
    began = time.monotonic()
    with contextlib.suppress(OSError), _connect(row) as plain:
        plain.settimeout(PATIENCE)
        plain.sendall(played(row) + forged(row))
        if row.has_tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(plain) as secured:
                _talk(row, secured, seen, began)
        else:
            _talk(row, plain, seen, began)
    seen.seconds = seen.seconds or time.monotonic() - began
    return seen


def _connect(row: Row) -> socket.socket:
    by_program = row.balancer in PROGRAMS
    source = row.address("client" if by_program or row.balancer == "none" else "balancer")
    to = row.address("balancer") if by_program else target(row)
    return socket.create_connection((to, row.port), timeout=PATIENCE, source_address=(source, 0))


def _talk(row: Row, connection: socket.socket, seen: Seen, began: float) -> None:
    greets, command, good = TALKS[LANGUAGE.get(row.server, row.server)]
    lines = connection.makefile("rb")
    line = lines.readline()
    while line.startswith((b"220-", b'"')):  # postscreen's teaser, Sieve's capabilities
        line = lines.readline()
    if not line:
        return
    seen.seconds = time.monotonic() - began
    if not line.startswith(greets):
        seen.answer = line.decode(errors="replace").strip()
        return
    seen.answer = "a greeting, and no understanding"
    connection.sendall(command)
    answer = lines.readline()
    while answer.startswith(b"* OK Waiting"):  # Dovecot's helper for passwords is slow
        answer = lines.readline()
    seen.works = answer.startswith(good)


def _delays() -> Iterator[float]:
    return (number * PACE for number in itertools.count())


def main(wanted: list[str]) -> None:
    """All rows that are asked for, at once."""
    chosen = [row for row in rows() if row.id in set(wanted)]
    with ThreadPoolExecutor(max_workers=max(1, len(chosen))) as pool:
        seen = pool.map(converse, chosen, _delays())
        json.dump({row.id: asdict(one) for row, one in zip(chosen, seen, strict=True)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
