"""HTTP, as far as its head: what a server answers, and nothing of what it serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from truehop.live.verify.names import Names
from truehop.live.verify.wire import TalkError, Trouble, Wire

MOST_HEADERS = 200
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Request:
    """A HEAD request: its answer has no body."""

    host: str
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the headers, their names in small letters; of repeated ones the first."""

    status: int
    headers: Mapping[str, str]
    goes_on: bool  # whether the connection takes another request

    def header(self, name: str) -> str:
        """A header's value, empty without."""
        return self.headers.get(name, "")


def path_of(names: Names) -> str:
    """A path that nobody else asks for."""
    return f"/{names.word()}"


def ask(wire: Wire, request: Request) -> Answer:
    """Ask, and read the head of the answer.

    Raises:
        TalkError: there is none.
    """
    host = f"[{request.host}]" if ":" in request.host else request.host
    lines = [f"HEAD {request.path} HTTP/1.1", f"Host: {host}", "User-Agent: truehop", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    wire.send("\r\n".join([*lines, "", ""]).encode())
    while True:
        answer = _answer(wire)
        if not 100 <= answer.status < 200:  # noqa: PLR2004 (RFC 9110: more is to come)
            return answer


def _answer(wire: Wire) -> Answer:
    line = wire.read_line()
    words = line.split(maxsplit=2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdecimal():  # noqa: PLR2004
        raise TalkError(Trouble.GARBAGE, f"no answer of this protocol: {line[:_SHOWN]}")
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = wire.read_line()
        if not line:
            break
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    else:
        raise TalkError(Trouble.FLOOD, f"more than {MOST_HEADERS} headers")
    goes_on = words[0] == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    return Answer(int(words[1][:3]), headers, goes_on)
