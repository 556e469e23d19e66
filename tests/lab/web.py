"""A small web that writes down what it is told of its clients, run inside the lab's network.

    python -m tests.lab.web ID…

serves each of these rows at its own address. Each request is a line of JSON on standard output: the row's
number, the peer, the headers that speak of clients, and whom the web believes in. That it reads as Symfony's
documents say: of a peer on its list the rightmost address that is not on the list itself.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

from tests.lab.servers import BELIEVED
from tests.lab.table import Row, rows

#: Headers that somebody may take for the client's address, and twins that CGI cannot tell from them.
TELLING = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "X_Forwarded_For", "X_Real_Ip")
CHAIN = "X-Forwarded-For"
WRITING = threading.Lock()


def believed(peer: str, chain: Sequence[str], trusts: Sequence[str]) -> str:
    """Whose address counts, with a chain of addresses that the peer hands on."""
    networks = [ip_network(one) for one in trusts]

    def is_trusted(address: str) -> bool:
        return any(ip_address(address) in network for network in networks)

    if not is_trusted(peer):
        return peer
    every = [*chain, peer]
    return next((one for one in reversed(every) if not is_trusted(one)), every[0])


class Web(ThreadingHTTPServer):
    """The web of one row."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, row: Row) -> None:
        """Listens at the row's server."""
        self.row = row
        self.address_family = socket.AF_INET6 if ":" in row.address("server") else socket.AF_INET
        super().__init__((row.address("server"), row.port), Request)

    def server_bind(self) -> None:
        """Without the look-up of a name that HTTP servers do by themselves."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)


class Request(BaseHTTPRequestHandler):
    """One request."""

    server: Web
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Writes the request down."""
        peer = self.client_address[0]
        chain = [one.strip() for line in self.headers.get_all(CHAIN, []) for one in line.split(",")]
        told = {
            name: ", ".join(values)
            for name in TELLING
            if (values := [value for given, value in self.headers.items() if given.lower() == name.lower()])
        }
        row = self.server.row
        who = believed(peer, chain, BELIEVED[row.backend])
        line = {"number": row.number, "peer": peer, "believed": who, "headers": told}
        with WRITING:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing besides."""


def main(wanted: Sequence[str]) -> None:
    """Serves until the lab ends."""
    webs = [Web(row) for row in rows() if row.id in set(wanted)]
    threads = [threading.Thread(target=web.serve_forever) for web in webs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1:])
