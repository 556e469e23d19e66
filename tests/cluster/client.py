"""A client of the tests, run as a program of its own in some network.

    python client.py ADDRESS PORT SECONDS [SOURCE]

It sends its input to a TCP port, ends its side, and prints all that comes back. Where nobody takes the
connection it tries again for some seconds.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time


def connected(address: str, port: int, seconds: float, source: str) -> socket.socket:
    """A connection.

    Raises:
        OSError: there is none within some seconds.
    """
    deadline = time.monotonic() + seconds
    while True:
        left = max(deadline - time.monotonic(), 0.1)
        try:
            return socket.create_connection((address, port), left, (source, 0) if source else None)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main(address: str, port: int, seconds: float, source: str) -> int:
    """The exchange; status 1 and one line where there is none."""
    said = sys.stdin.buffer.read()
    try:
        with connected(address, port, seconds, source) as connection:
            connection.sendall(said)
            with contextlib.suppress(TimeoutError):
                connection.shutdown(socket.SHUT_WR)
                while block := connection.recv(65536):
                    sys.stdout.buffer.write(block)
                    sys.stdout.buffer.flush()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), (*sys.argv[4:], "")[0]))
