"""Who reaches whom: both ends of connections, run as programs of their own in some network.

    python reach.py listen ADDRESS,ADDRESS… PORT,PORT…
    python reach.py ask

The first answers every client, over TCP and over UDP, until it is ended; it says ``ready`` when it listens.
The second reads questions, a JSON list of [source address or "", address, port, protocol], asks all of them
at once, and writes a list of what became of each: whether a connection or, over UDP, an answer came.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

KINDS = {"TCP": socket.SOCK_STREAM, "UDP": socket.SOCK_DGRAM}
WORD = b"reached\n"
#: How long a client waits; networks that refuse say so at once, those that drop say nothing.
PATIENCE = 2.0
#: Datagrams may be lost.
TRIES = 4


def listen(addresses: Sequence[str], ports: Sequence[int]) -> None:
    """Answers whoever comes."""
    with selectors.DefaultSelector() as found:
        for address in addresses:
            for port in ports:
                for kind in KINDS.values():
                    found.register(_listener(address, port, kind), selectors.EVENT_READ, kind)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            for key, _ in found.select():
                assert isinstance(key.fileobj, socket.socket)
                _answer(key.fileobj, key.data)


def ask(source: str, address: str, port: int, protocol: str) -> bool:
    """Whether somebody takes the connection, or answers."""
    kind = KINDS[protocol]
    tries = TRIES if kind == socket.SOCK_DGRAM else 1
    return any(_is_answered(source, address, port, kind, PATIENCE / tries) for _ in range(tries))


def _listener(address: str, port: int, kind: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    if kind == socket.SOCK_STREAM:
        made.listen(64)
    return made


def _answer(listener: socket.socket, kind: int) -> None:
    try:
        if kind == socket.SOCK_STREAM:
            with listener.accept()[0] as connection:
                connection.sendall(WORD)
        else:
            _, client = listener.recvfrom(64)
            listener.sendto(WORD, client)
    except OSError as error:  # the client has gone
        sys.stderr.write(f"{error}\n")


def _is_answered(source: str, address: str, port: int, kind: int, seconds: float) -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as made:
            made.settimeout(seconds)
            if source:
                made.bind((source, 0))
            made.connect((address, port))
            if kind == socket.SOCK_STREAM:
                return True
            made.send(WORD)
            return made.recv(64) == WORD
    except OSError:
        return False


def _questions(text: str) -> Iterator[tuple[str, str, int, str]]:
    for source, address, port, protocol in json.loads(text):
        yield str(source), str(address), int(port), str(protocol)


def main(words: Sequence[str]) -> None:
    """One of the two."""
    if words[0] == "listen":
        listen(words[1].split(","), [int(port) for port in words[2].split(",")])
    asked = list(_questions(sys.stdin.read()))
    with ThreadPoolExecutor(max(len(asked), 1)) as pool:
        sys.stdout.write(json.dumps(list(pool.map(lambda one: ask(*one), asked))))


if __name__ == "__main__":
    main(sys.argv[1:])
