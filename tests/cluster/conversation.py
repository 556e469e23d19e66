"""A mail program or browser of the tests, run as a program of its own in some network.

    python conversation.py <ORDER

The order is a JSON object: where to, by which protocol, from which address, who logs in, and what is sent.
Where it names no protocol the client knocks: it leaves as soon as it is connected.
The answer is one as well: the certificate shown, the lines read, and the error where there is one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import sys
from typing import Any

IMPLICIT = {"submissions", "imaps", "pop3s", "https"}
SMTP = {"smtp", "submission", "submissions"}
IMAP = {"imap", "imaps"}
POP3 = {"pop3", "pop3s"}


class Conversation:
    """One connection."""

    def __init__(self, order: dict[str, Any]) -> None:
        """Connects, sends the forged header where one is ordered, and begins TLS where the protocol does."""
        self.order = order
        self.lines: list[str] = []
        self.certificate = ""
        source = (order["source"], 0) if order.get("source") else None
        self.socket = socket.create_connection(
            (order["address"], order["port"]), order.get("seconds", 20), source
        )
        self.socket.sendall(bytes.fromhex(order.get("header", "")))
        if order["protocol"] in IMPLICIT:
            self.start_tls()
        else:
            self.file = self.socket.makefile("rb")

    def start_tls(self) -> None:
        """Goes on in TLS, whatever the certificate."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        wrapped = context.wrap_socket(self.socket, server_hostname=self.order.get("name"))
        shown = wrapped.getpeercert(binary_form=True)
        self.certificate = hashlib.sha256(shown or b"").hexdigest()
        self.socket = wrapped
        self.file = wrapped.makefile("rb")

    def read(self) -> str:
        """A line."""
        line = self.file.readline()
        if not line:
            raise EOFError("closed")
        text = line.decode(errors="replace").rstrip("\r\n")
        self.lines.append(text)
        return text

    def until(self, *beginnings: str) -> str:
        """Reads up to the line that begins so.

        Raises:
            ValueError: the server says no.
        """
        while True:
            line = self.read()
            if line.startswith(beginnings):
                return line
            if line.startswith(("4", "5", "-ERR", "a NO", "a BAD", "NO ")):
                raise ValueError(line)

    def say(self, line: str, *beginnings: str) -> str:
        """Sends a line and reads the answer."""
        self.socket.sendall(f"{line}\r\n".encode())
        return self.until(*beginnings)

    # --- protocols ------------------------------------------------------------------------------

    def smtp(self) -> None:
        """Greets, logs in and hands a message over, each where it is ordered."""
        order = self.order
        self.until("220 ")
        self.say("EHLO client.outside.test", "250 ")
        if not self.certificate and (order["protocol"] == "submission" or order.get("tls")):
            self.say("STARTTLS", "220 ")
            self.start_tls()
            self.say("EHLO client.outside.test", "250 ")
        if order.get("user"):
            self.say(f"AUTH PLAIN {self.plain()}", "235 ")
        if order.get("to"):
            self.say(f"MAIL FROM:<{order['sender']}>", "250 ")
            self.say(f"RCPT TO:<{order['to']}>", "250 ")
            self.say("DATA", "354 ")
            text = f"From: <{order['sender']}>\r\nTo: <{order['to']}>\r\n{order['message']}"
            self.say(f"{text}\r\n.", "250 ")
        self.say("QUIT", "221 ")

    def imap(self) -> None:
        """Logs in and reads all of the inbox."""
        self.until("* OK")
        if self.order["protocol"] == "imap":
            self.say("a STARTTLS", "a OK")
            self.start_tls()
        if self.order.get("user"):
            self.say(f'a LOGIN "{self.order["user"]}" "{self.order["password"]}"', "a OK")
            self.say("a SELECT INBOX", "a OK")
            if not any(line.startswith("* 0 EXISTS") for line in self.lines):
                self.say("a FETCH 1:* (BODY.PEEK[])", "a OK")
        self.say("a LOGOUT", "a OK")

    def pop3(self) -> None:
        """Logs in and counts."""
        self.until("+OK")
        if self.order["protocol"] == "pop3":
            self.say("STLS", "+OK")
            self.start_tls()
        if self.order.get("user"):
            self.say(f"USER {self.order['user']}", "+OK")
            self.say(f"PASS {self.order['password']}", "+OK")
            self.say("STAT", "+OK")
        self.say("QUIT", "+OK")

    def sieve(self) -> None:
        """Logs in and leaves a script where one is ordered."""
        self.until("OK")
        self.say("STARTTLS", "OK")
        self.start_tls()
        self.until("OK")
        if self.order.get("user"):
            self.say(f'AUTHENTICATE "PLAIN" "{self.plain()}"', "OK")
        if self.order.get("script"):
            script = self.order["script"]
            self.say(f'PUTSCRIPT "main" {{{len(script.encode())}+}}\r\n{script}', "OK")
            self.say('SETACTIVE "main"', "OK")
        self.say("LOGOUT", "OK")

    def http(self) -> None:
        """Reads a page."""
        order = self.order
        head = [f"GET {order['path']} HTTP/1.1", f"Host: {order['name']}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in order.get("headers", {}).items()]
        self.socket.sendall("\r\n".join([*head, "", ""]).encode())
        while line := self.file.readline():
            self.lines.append(line.decode(errors="replace").rstrip("\r\n"))

    def plain(self) -> str:
        """What mechanism PLAIN sends."""
        return base64.b64encode(f"\0{self.order['user']}\0{self.order['password']}".encode()).decode()


def hold(order: dict[str, Any]) -> dict[str, object]:
    """The whole conversation."""
    error = ""
    found = None
    try:
        found = Conversation(order)
        protocol = order["protocol"]
        if protocol in SMTP:
            found.smtp()
        elif protocol in IMAP:
            found.imap()
        elif protocol in POP3:
            found.pop3()
        elif protocol == "sieve":
            found.sieve()
        elif protocol == "https":
            found.http()
    except (OSError, EOFError, ValueError) as problem:
        error = f"{type(problem).__name__}: {problem}"
    return {
        "certificate": found.certificate if found else "",
        "lines": found.lines if found else [],
        "error": error,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(hold(json.load(sys.stdin))))
