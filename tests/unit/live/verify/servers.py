"""Small servers on 127.0.0.1 that play a mail stack, right or broken, and log as real ones do."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.unit.live.verify.certificates import make
from tests.unit.live.verify.protocols import http, imap, pop3, sieve, smtp
from tests.unit.live.verify.sessions import Session, Stack

HERE = "127.0.0.1"
Handler = Callable[[Session], None]


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
