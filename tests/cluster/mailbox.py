"""A POP3 server with one mailbox of one message, which is gone once somebody has taken it away.

python mailbox.py ADDRESS PORT USER PASSWORD FILE
"""

from __future__ import annotations

import socketserver
import sys
from pathlib import Path

USER, PASSWORD, FILE = sys.argv[3:6]


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    user = ""
    is_taken = False

    def handle(self) -> None:
        """Answers until the client leaves."""
        self.say("+OK mailbox")
        while line := self.rfile.readline():
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            for said in self.answer(word.upper(), rest):
                self.say(said)
            if word.upper() == "QUIT":
                if self.is_taken:
                    Path(FILE).unlink()
                return

    def answer(self, word: str, rest: str) -> list[str]:
        """The lines that follow a command."""
        if word == "USER":
            self.user = rest
            return ["+OK"]
        if word == "PASS":
            return ["+OK" if (self.user, rest) == (USER, PASSWORD) else "-ERR no"]
        if word in {"STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "NOOP", "QUIT", "RSET"}:
            return self.about_messages(word, rest)
        return ["-ERR what?"]

    def about_messages(self, word: str, rest: str) -> list[str]:
        """The same, about what the mailbox holds."""
        messages = [Path(FILE).read_text(encoding="utf-8")] if Path(FILE).exists() else []
        if word == "STAT":
            return [f"+OK {len(messages)} {sum(map(len, messages))}"]
        if word in {"LIST", "UIDL"}:
            told = [str(len(text)) if word == "LIST" else "first" for text in messages]
            if rest:
                return [f"+OK 1 {told[0]}" if told else "-ERR no such message"]
            return ["+OK", *(f"1 {one}" for one in told), "."]
        if word in {"RETR", "TOP"}:
            return ["+OK", *messages[0].split("\r\n"), "."]
        self.is_taken = self.is_taken or word == "DELE"
        return ["+OK"]

    def say(self, line: str) -> None:
        """Sends a line."""
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """It takes each client in a thread of its own."""

    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Server((sys.argv[1], int(sys.argv[2])), Handler) as server:
        server.serve_forever()
