"""Small servers on 127.0.0.1 that play a mail stack, right or broken, and log as real ones do."""

from __future__ import annotations

import base64
import ipaddress
import select
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from tests.unit.live.verify.certificates import make
from truehop.live.verify.headers import SIGNATURE

HERE = "127.0.0.1"
WAIT = 0.4  # seconds that a server waits for a header
Handler = Callable[["Session"], None]


@dataclass
class Stack:
    """How a server behaves, and what it has logged.

    ``header``: ``never`` read, ``required``, ``stripped`` or ``believed``; ``hop`` is the address that it
    sees instead of the client's where a proxy hides it; ``believes_inner``: a header inside TLS counts.
    """

    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    header: str = "never"
    hop: str = ""
    believes_inner: bool = False
    logins_in_clear: str = ""
    has_starttls: bool = True
    relays: bool = False
    users: dict[str, str] = field(default_factory=dict)
    page: tuple[str, ...] = ("HTTP/1.1 200 OK", "Strict-Transport-Security: max-age=31536000")
    trusted_header: str = ""
    keeps: bool = True
    limited: bool = False
    log: list[str] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)

    def write(self, line: str) -> None:
        self.log.append(line)


class Session:
    """One connection at the server's side."""

    def __init__(self, raw: socket.socket, peer: str, stack: Stack) -> None:
        self.raw, self.stack = raw, stack
        self.peer = stack.hop or peer
        self.raw.settimeout(5)

    def open(self) -> None:
        stack, raw = self.stack, self.raw
        self._header()
        if stack.is_implicit and stack.tls is not None:
            self.start_tls()
        else:
            self.file: BinaryIO = raw.makefile("rb")

    def close(self) -> None:
        with suppress(AttributeError, OSError):
            self.file.close()
        self.raw.close()

    def start_tls(self) -> None:
        assert self.stack.tls is not None
        secured = self.stack.tls.wrap_socket(self.raw, server_side=True, do_handshake_on_connect=False)
        self.raw = secured
        secured.do_handshake()
        self.file = self.raw.makefile("rb")
        if self.stack.believes_inner:
            self._inner()

    def say(self, *lines: str) -> None:
        self.raw.sendall("".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape"))

    def hear(self) -> str:
        line = self.file.readline()
        if not line:
            raise EOFError
        self.stack.seen.append(line)
        return line.decode(errors="replace").rstrip("\r\n")

    # --- the header -------------------------------------------------------------------------------

    def _header(self) -> None:
        if self.stack.header == "never":
            return
        ready, _, _ = select.select([self.raw], [], [], WAIT if self.stack.header == "required" else 0.1)
        start = self.raw.recv(16, socket.MSG_PEEK) if ready else b""
        claimed = None
        if start.startswith((b"PROXY ", SIGNATURE[:12])):
            claimed = self._claimed()
        elif self.stack.header == "required":
            self.stack.write("warning: haproxy read: timeout error")
            self.raw.sendall(b"421 4.3.2 No system resources\r\n")
            raise EOFError
        if claimed and self.stack.header in ("required", "believed"):
            self.peer = claimed

    def _claimed(self) -> str:
        start = self._exactly(12)
        if start == SIGNATURE[:12]:
            command, family, length = struct.unpack("!BBH", self._exactly(4))
            body = self._exactly(length)
            size = 4 if family >> 4 == 1 else 16
            return str(ipaddress.ip_address(body[:size])) if command & 1 else ""
        while not start.endswith(b"\n"):
            start += self._exactly(1)
        return start.split()[2].decode()

    def _exactly(self, number: int) -> bytes:
        octets = b""
        while len(octets) < number:
            block = self.raw.recv(number - len(octets))
            if not block:
                raise EOFError
            octets += block
        return octets

    def _inner(self) -> None:
        """A proxy that ends TLS hands what is inside to a server that reads a header."""
        with suppress(TimeoutError):
            self.raw.settimeout(0.2)
            start = self.file.peek(12)[:12]  # type: ignore[attr-defined]
            if start == SIGNATURE[:12]:
                head = self.file.read(16)
                body = self.file.read(int.from_bytes(head[14:16], "big"))
                self.peer = str(ipaddress.ip_address(body[: 4 if head[13] >> 4 == 1 else 16]))
        self.raw.settimeout(5)
        self.file = self.raw.makefile("rb")


def smtp(session: Session) -> None:
    """As Postfix: it logs who connects, and the name of whom it turns away."""
    stack, helo = session.stack, ""
    stack.write(f"Nov 26 16:00:00 mail postfix/smtpd[1]: connect from unknown[{session.peer}]")
    if stack.limited:
        session.say("421 4.7.0 mail Error: too many connections from you")
        return
    session.say("220-mail.example.com waits", "220 mail.example.com ESMTP")
    while True:
        line = session.hear()
        word = line.upper()
        if word.startswith("EHLO"):
            helo = line[5:]
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            lines = ["PIPELINING"]
            lines += ["STARTTLS"] if is_clear and stack.has_starttls else []
            lines += [f"AUTH {stack.logins_in_clear}"] if is_clear and stack.logins_in_clear else []
            lines += ["AUTH PLAIN LOGIN"] if not is_clear else []
            session.say("250-mail.example.com", *(f"250-{one}" for one in lines), "250 8BITMIME")
        elif word == "STARTTLS":
            session.say("220 2.0.0 Ready")
            session.start_tls()
        elif word.startswith("MAIL"):
            session.say("250 2.1.0 Ok")
        elif word.startswith("RCPT"):
            session.say(_recipient(session, helo))
        elif word.startswith("AUTH PLAIN"):
            session.say("235 2.7.0 Ok" if _knows(stack, line.split()[2]) else "535 5.7.8 no")
        elif word == "RSET":
            session.say("250 2.0.0 Ok")
        elif word == "QUIT":
            session.say("221 2.0.0 Bye")
            return
        else:
            session.say("502 5.5.2 Error: command not recognized")


def _recipient(session: Session, helo: str) -> str:
    if session.stack.relays:
        return "250 2.1.5 Ok"
    where = f"Nov 26 16:00:00 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[{session.peer}]"
    session.stack.write(f"{where}: 554 5.7.1 Relay access denied; from=<> proto=ESMTP helo=<{helo}>")
    return "554 5.7.1 Relay access denied"


def _knows(stack: Stack, word: str) -> bool:
    _, user, password = base64.b64decode(word).decode().split("\0")
    return stack.users.get(user) == password


def _left(session: Session, protocol: str, user: str) -> None:
    words = "auth failed, 1 attempts in 2 secs" if user else "no auth attempts in 0 secs"
    session.stack.write(
        f"Nov 26 16:00:01 {protocol}-login: Info: Disconnected ({words}): user=<{user}>, "
        f"method=PLAIN, rip={session.peer}, lip=127.0.0.1, session=<x>"
    )


def imap(session: Session) -> None:
    """As Dovecot: it logs who leaves."""
    user = ""
    try:
        session.say("* OK [CAPABILITY IMAP4rev1] Dovecot ready.")
        while True:
            tag, _, command = session.hear().partition(" ")
            word, stack = command.upper(), session.stack
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            if word == "CAPABILITY":
                more = "STARTTLS LOGINDISABLED" if is_clear and not stack.logins_in_clear else "AUTH=PLAIN"
                session.say(f"* CAPABILITY IMAP4rev1 {more}", f"{tag} OK done")
            elif word == "STARTTLS":
                session.say(f"{tag} OK begin")
                session.start_tls()
            elif word == "AUTHENTICATE PLAIN":
                session.say("+ ")
                user = base64.b64decode(session.hear()).split(b"\0")[1].decode()
                session.say(f"{tag} OK in" if user in stack.users else f"{tag} NO [AUTHENTICATIONFAILED] no")
            elif word == "LOGOUT":
                session.say("* BYE out", f"{tag} OK done")
                return
            else:
                session.say(f"{tag or '*'} BAD Error in IMAP command")
    finally:
        _left(session, "imap", user)


def pop3(session: Session) -> None:
    """As Dovecot."""
    user = ""
    try:
        session.say("+OK Dovecot ready.")
        while True:
            word, stack = session.hear().upper(), session.stack
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            if word == "CAPA":
                more = ["STLS"] if is_clear else ["USER", "SASL PLAIN"]
                more += ["USER"] if is_clear and stack.logins_in_clear else []
                session.say("+OK", "TOP", *more, ".")
            elif word == "STLS":
                session.say("+OK begin")
                session.start_tls()
            elif word == "AUTH PLAIN":
                session.say("+ ")
                user = base64.b64decode(session.hear()).split(b"\0")[1].decode()
                session.say("+OK in" if user in stack.users else "-ERR [AUTH] no")
            elif word == "QUIT":
                session.say("+OK out")
                return
            else:
                session.say("-ERR Unknown command.")
    finally:
        _left(session, "pop3", user)


def sieve(session: Session) -> None:
    """As Dovecot's Pigeonhole."""
    user = ""
    try:
        _capabilities(session)
        while True:
            line, stack = session.hear(), session.stack
            word = line.upper()
            if word == "CAPABILITY":
                _capabilities(session)
            elif word == "STARTTLS":
                session.say('OK "Begin TLS negotiation now."')
                session.start_tls()
                _capabilities(session)
            elif word.startswith("AUTHENTICATE"):
                user = base64.b64decode(line.split('"')[3]).split(b"\0")[1].decode()
                session.say("OK" if user in stack.users else 'NO "no"')
            elif word == "LOGOUT":
                session.say('OK "Logout completed."')
                return
            else:
                session.say('NO "Error in MANAGESIEVE command"')
    finally:
        _left(session, "managesieve", user)


def _capabilities(session: Session) -> None:
    is_clear = not isinstance(session.raw, ssl.SSLSocket)
    offered = session.stack.logins_in_clear if is_clear else "PLAIN"
    more = ['"STARTTLS"'] if is_clear and session.stack.has_starttls else []
    session.say(
        '"IMPLEMENTATION" "Pigeonhole"', f'"SASL" "{offered}"', *more, '"VERSION" "1.0"', 'OK "ready"'
    )


def http(session: Session) -> None:
    """As Traefik with its access log; it believes one header where it is told to."""
    stack = session.stack
    while True:
        request = session.hear()
        headers = {}
        while line := session.hear():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        words = request.split()
        if len(words) != 3:
            session.say("HTTP/1.1 400 Bad Request", "Connection: close", "")
            return
        said = headers.get(stack.trusted_header.lower(), "") if stack.trusted_header else ""
        address = said.removeprefix("for=") or session.peer
        stack.write(
            f'{address} - - [26/Nov/2026:16:00:00 +0000] "{request}" 404 0 "-" "truehop" 1 "web" "-" 0ms'
        )
        session.say(*stack.page, "Content-Length: 0", *(() if stack.keeps else ("Connection: close",)), "")
        if not stack.keeps:
            return


@contextmanager
def serving(handler: Handler, stack: Stack) -> Iterator[int]:
    """A server's port; whatever a client does to it stays in its thread."""

    class Request(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError, EOFError, ValueError):
                session = Session(self.request, self.client_address[0], stack)
                try:
                    session.open()
                    handler(session)
                finally:
                    session.close()

    with serving_raw(Request) as port:
        yield port


@contextmanager
def serving_raw(request: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    """A server of any behaviour."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 64

    with Server((HERE, 0), request) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


HANDLERS: dict[int, tuple[Handler, bool]] = {
    25: (smtp, False),
    465: (smtp, True),
    587: (smtp, False),
    143: (imap, False),
    993: (imap, True),
    110: (pop3, False),
    995: (pop3, True),
    4190: (sieve, False),
    443: (http, True),
    80: (http, False),
}
REDIRECT = ("HTTP/1.1 308 Permanent Redirect", "Location: https://mail.example.com/")


@contextmanager
def mail_stack(
    numbers: tuple[int, ...] = tuple(HANDLERS), **behaviour: object
) -> Iterator[tuple[dict[int, int], dict[int, Stack]]]:
    """A server on each public port: where each is reached, and how each behaves."""
    ports: dict[int, int] = {}
    stacks: dict[int, Stack] = {}
    with ExitStack() as exits:
        for number in numbers:
            handler, is_implicit = HANDLERS[number]
            stack = Stack(tls=make().context(), is_implicit=is_implicit)
            if number == 80:
                stack.page = REDIRECT
            for name, value in behaviour.items():
                setattr(stack, name, value)
            stacks[number] = stack
            ports[number] = exits.enter_context(serving(handler, stack))
        yield ports, stacks
