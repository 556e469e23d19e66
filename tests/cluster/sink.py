"""A mail server somewhere in the world that takes everything and says what it got, in lines of JSON.

python sink.py ADDRESS PORT
"""

from __future__ import annotations

import json
import socketserver
import sys

OK = "250 ok"


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Takes mail until the client leaves."""
        self.say("220 sink")
        sender = ""
        recipients: list[str] = []
        while line := self.rfile.readline():
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            answer = OK
            if word.upper() == "MAIL":
                sender, recipients = _address(rest), []
            elif word.upper() == "RCPT":
                recipients.append(_address(rest))
            elif word.upper() == "DATA":
                self.say("354 go on")
                told = {"from": sender, "to": recipients, "text": self.message()}
                sys.stdout.write(f"{json.dumps(told)}\n")
                sys.stdout.flush()
            elif word.upper() == "QUIT":
                answer = "221 bye"
            self.say(answer)

    def message(self) -> str:
        """All lines up to the single dot."""
        lines = []
        while (line := self.rfile.readline().decode(errors="replace").rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def say(self, line: str) -> None:
        """Sends a line."""
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """It takes each client in a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True


def _address(words: str) -> str:
    return words.partition("<")[2].partition(">")[0]


if __name__ == "__main__":
    with Server((sys.argv[1], int(sys.argv[2])), Handler) as server:
        server.serve_forever()
