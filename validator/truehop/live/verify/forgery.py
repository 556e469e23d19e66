"""Headers that no client may send: PROXY before the first byte, twice, or inside TLS."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from truehop.live.verify.caller import Caller, blind
from truehop.live.verify.checks import Place
from truehop.live.verify.headers import Address, v1, v2
from truehop.live.verify.order import Target
from truehop.live.verify.ports import Language, Tls
from truehop.live.verify.trace import NO_CONNECTION, End, Trace, end_of
from truehop.live.verify.web import Request, ask, path_of
from truehop.live.verify.wire import TalkError, Trouble

_BAD_REQUEST = 400  # what a server says that took the header for a request


@dataclass(frozen=True, slots=True)
class Lie:
    """What is sent before the first byte, and inside TLS, and whose addresses it claims."""

    id: str
    header: bytes
    inner: bytes
    addresses: frozenset[str]


def lies(caller: Caller, target: Target) -> Iterator[Lie]:
    """All that is tried on a port."""
    aim: Address = ipaddress.ip_address(target.address.partition("%")[0])

    def claim() -> Address:
        return caller.names.address(target.version)

    one, two, first, second, inner = (claim() for _ in range(5))
    yield Lie("forged-proxy-v1", v1(one, aim, target.port), b"", frozenset({str(one)}))
    yield Lie("forged-proxy-v2", v2(two, aim, target.port), b"", frozenset({str(two)}))
    both = v2(first, aim, target.port) + v2(second, aim, target.port)
    yield Lie("forged-proxy-doubled", both, b"", frozenset({str(first), str(second)}))
    if target.kind.tls is Tls.IMPLICIT:
        yield Lie("forged-proxy-inside-tls", b"", v2(inner, aim, target.port), frozenset({str(inner)}))


def forge(caller: Caller, target: Target, place: Place) -> Iterator[Trace]:
    """Send every lie, as long as anybody listens; what it leaves in the log is judged later.

    Raises:
        OutOfTimeError: the run is over.
    """
    for lie in lies(caller, target):
        word, answer, end = "", "the server went on as if nothing were", End.WORKS
        try:
            word = _tell(caller, target, lie)
        except TalkError as error:
            if error.trouble in NO_CONNECTION:
                return
            answer, end = error.words, end_of(error)
        yield Trace(lie.id, place, target.kind, word=word, lies=lie.addresses, end=end, answer=answer)


def _tell(caller: Caller, target: Target, lie: Lie) -> str:
    """A session that begins with a lie; the word it leaves in the log, empty for none."""
    if target.kind.language is not Language.HTTP:
        with caller.begin(target, blind(), lie.header, lie.inner) as talk:
            # What is left of a header that nobody took for one ends here, and is answered as a bad command.
            talk.wire.say("")
            talk.ask()
            talk.leave()
        return ""
    path = path_of(caller.names)
    with caller.connect(target, lie.header) as wire:
        if target.kind.tls is Tls.IMPLICIT:
            wire.start_tls(blind(), caller.order.certificate_names[0])
        if lie.inner:
            wire.send(lie.inner)
        said = ask(wire, Request(caller.order.certificate_names[0], path))
    if said.status == _BAD_REQUEST:
        raise TalkError(Trouble.GARBAGE, f"answered with {said.status}")
    return path
