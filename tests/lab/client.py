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
from typing import BinaryIO

from tests.lab.places import address_of
from tests.lab.proxies import NAME, target
from tests.lab.table import MISWRITTEN, Row, rows

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
#: What a mail server is told besides where it is asked to take a message.
MESSAGE = ((b"MAIL FROM:<>\r\n", b"250"), (b"RCPT TO:<somebody@example.com>\r\n", b"250"))
LANGUAGE = {"submission": "smtp", "submissions": "smtp", "imaps": "imap", "pop3s": "pop3"}
PROGRAMS = {"haproxy", "nginx"}
#: TLS that takes any certificate. It is made once: that takes time, and some servers wait for few seconds.
UNCHECKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE


@dataclass
class Seen:
    """What a client saw. After a greeting the answer to its command may be lost: the server has hung up."""

    answer: str = ""
    seconds: float = 0.0
    works: bool = False


def v1(source: str, target: str) -> bytes:
    """A text header."""
    return f"PROXY TCP{6 if ':' in source else 4} {source} {target} 40000 25\r\n".encode()


def v2(source: str, target: str) -> bytes:
    """A binary header."""
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    names = socket.inet_pton(family, source) + socket.inet_pton(family, target)
    ports = (40000).to_bytes(2, "big") + (25).to_bytes(2, "big")
    kind = b"\x21\x21" if ":" in source else b"\x21\x11"
    return SIGNATURE + kind + len(names + ports).to_bytes(2, "big") + names + ports


def _names(row: Row, part: str) -> tuple[str, str]:
    """What a header says: whose connection it is, and whereto, of the same family."""
    source = row.address(part)
    return source, address_of("entry", row.number, 6 if ":" in source else 4)


def forged(row: Row) -> bytes:
    """What the row's client sends before anything else."""
    lie = _names(row, "forged")
    local = SIGNATURE + b"\x20\0\0\0"
    return {
        "v1": v1(*lie),
        "v2": v2(*lie),
        "two": v1(*lie) * 2,
        "local": local,
        "unknown": b"PROXY UNKNOWN\r\n",
        "unknown-named": f"PROXY UNKNOWN {' '.join(lie)} 40000 25\r\n".encode(),
        "local-v1": local + v1(*lie),
    }.get(row.client, b"")


def request(row: Row) -> bytes:
    """What a browser asks for, with the row's forged headers."""
    lie = row.address("forged")
    named = f'"[{lie}]"' if ":" in lie else lie
    told = {
        "xff": f"X-Forwarded-For: {lie}\r\n",
        "xff-twin": f"X_Forwarded_For: {lie}\r\nX_Real_Ip: {lie}\r\n",
        "real-ip": f"X-Real-Ip: {lie}\r\n",
        "rfc7239": f"Forwarded: for={named}\r\n",
    }.get(row.client, "")
    return f"GET / HTTP/1.1\r\nHost: {NAME}\r\n{told}Connection: close\r\n\r\n".encode()


def played(row: Row) -> bytes:
    """What the row's balancer sends before what it got, where no program plays it."""
    names = _names(row, "client")
    return {"v1": v1(*names), "v2": v2(*names)}.get(row.balancer, b"")


def converse(row: Row, delay: float) -> Seen:
    """One client's conversation, begun after some seconds: not all of them start a process at once."""
    time.sleep(delay)
    seen = Seen()
    began = time.monotonic()
    with contextlib.suppress(OSError), _connect(row) as plain:
        plain.settimeout(PATIENCE)
        plain.sendall(played(row) + forged(row))
        if row.opens_tls:
            with UNCHECKED.wrap_socket(plain, server_hostname=NAME) as secured:
                _talk(row, secured, seen, began)
        else:
            _talk(row, plain, seen, began)
    seen.seconds = seen.seconds or time.monotonic() - began
    return seen


def _connect(row: Row) -> socket.socket:
    by_program = row.balancer in PROGRAMS
    source = row.address("client" if by_program or row.balancer == "none" else "balancer")
    part = "balancer" if by_program else target(row)
    to = (row.address(part), row.port_of(part))
    return socket.create_connection(to, timeout=PATIENCE, source_address=(source, 0))


def _talk(row: Row, connection: socket.socket, seen: Seen, began: float) -> None:
    if row.is_web:
        _browse(row, connection, seen, began)
        return
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
    if row.backend in MISWRITTEN and seen.works:
        while answer[3:4] == b"-":
            answer = lines.readline()
        seen.works = _is_taken(connection, lines, seen)


def _is_taken(connection: socket.socket, lines: BinaryIO, seen: Seen) -> bool:
    """Whether a mail server takes a message."""
    for command, good in MESSAGE:
        connection.sendall(command)
        answer = lines.readline()
        if not answer.startswith(good):
            seen.answer = answer.decode(errors="replace").strip()
            return False
    return True


def _browse(row: Row, connection: socket.socket, seen: Seen, began: float) -> None:
    connection.sendall(request(row))
    line = connection.makefile("rb").readline()
    if line:
        seen.seconds = time.monotonic() - began
        seen.answer = line.decode(errors="replace").strip()
        seen.works = line.startswith(b"HTTP/1.1 200")


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
