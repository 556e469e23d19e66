"""Opens connections to targets: paced, bounded, with what has to come before the first byte."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from truehop.errors import UserError
from truehop.live.verify.headers import LOCAL
from truehop.live.verify.languages import talk
from truehop.live.verify.languages.base import NOISE, Talk
from truehop.live.verify.names import Names
from truehop.live.verify.order import Order, Target
from truehop.live.verify.pace import Clock, Pacer, SystemClock
from truehop.live.verify.ports import Tls
from truehop.live.verify.wire import Endpoint, Wire, connected

#: All of one connection may take so many times the patience for one answer.
STEPS = 4


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """A context that demands a certificate with an authority behind it; names are judged elsewhere.

    Raises:
        UserError: the file holds no certificates.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise UserError("no certificates can be read", place=str(ca_file), cure="give a PEM file") from error
    context.check_hostname = False
    return context


@cache
def blind() -> ssl.SSLContext:
    """A context that takes any certificate: its faults are told, and the rest is still looked at."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(slots=True)
class Caller:
    """What every probe needs. ``stopped`` tells whether the run is over early."""

    order: Order
    names: Names
    pacer: Pacer
    trusts: ssl.SSLContext
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = print

    @contextmanager
    def connect(self, target: Target, header: bytes = b"") -> Iterator[Wire]:
        """A connection; it begins with the header, or with LOCAL where that is ordered.

        Raises:
            TalkError: there is none.
            OutOfTimeError: the run is over.
        """
        order = self.order
        self.pacer.wait(f"{target.host}:{target.port}")
        endpoint = Endpoint(target.address, target.port)
        patience = min(order.patience, self.pacer.left())
        with connected(endpoint, patience, min(STEPS * patience, self.pacer.left())) as wire:
            if header or target.kind.number in order.local:
                wire.send(header or LOCAL)
            yield wire

    @contextmanager
    def begin(
        self, target: Target, context: ssl.SSLContext, header: bytes = b"", inner: bytes = b""
    ) -> Iterator[Talk]:
        """A conversation on a mail port up to its greeting; with TLS, and a header in it, where it begins so.

        Raises:
            TalkError: it does not come so far.
            OutOfTimeError: the run is over.
            ssl.SSLCertVerificationError: the context does not trust the certificate.
        """
        with self.connect(target, header) as wire:
            if target.kind.tls is Tls.IMPLICIT:
                wire.start_tls(context, self.order.certificate_names[0])
            if inner:
                wire.send(inner)
            noise = NOISE if header or inner else 0
            found = talk(target.kind.language, wire, self.names.host(), noise)
            found.greet()
            yield found

    def expected(self, wire: Wire) -> str:
        """The address that the server has to record for a connection."""
        own = wire.own_address
        return next((one for one in self.order.expected if (":" in one) == (":" in own)), own)
