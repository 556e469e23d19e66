"""What a run is asked, and the targets it comes to."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from truehop.errors import UserError
from truehop.live.verify.ports import KINDS, Kind, kind_of

LOOKUP_SECONDS = 10.0
_MOST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Account:
    """A user who may log in. The password is never shown."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """One run of ``verify``.

    ``host`` is what the user named. ``open`` and ``closed`` are public ports by number; ``ports`` those
    looked at. ``elsewhere`` says where a public port is reached if not at the host under its own number.
    ``demanding`` are ports that turn away who sends no PROXY header, ``local`` those that get a LOCAL one.
    """

    host: str
    ports: tuple[Kind, ...] = KINDS
    open: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()
    closed_elsewhere: tuple[tuple[str, int], ...] = ()
    elsewhere: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    demanding: frozenset[int] = frozenset()
    local: frozenset[int] = frozenset()
    is_inside: bool = False
    forges: bool = True
    families: tuple[int, ...] = (4, 6)
    expected: tuple[str, ...] = ()
    logins: int = 4
    account: Account | None = None
    ca_file: Path | None = None
    judges_chain: bool = True
    days: int = 14
    patience: float = 10.0
    deadline: float = 300.0

    @property
    def certificate_names(self) -> tuple[str, ...]:
        """The names that a certificate has to hold; the first goes into SNI."""
        return self.names or (self.host,)


@dataclass(frozen=True, slots=True)
class Target:
    """A public port where it is reached: the host as named, and the address of one family."""

    kind: Kind
    host: str
    port: int
    address: str
    is_first: bool = True  # the first address of its port

    @property
    def version(self) -> int:
        """The family of its address."""
        return 6 if ":" in self.address else 4


def host_of(word: str) -> str:
    """A host as the user gave it: a name or an address, without brackets.

    Raises:
        UserError: it is neither.
    """
    host = word.strip().removeprefix("[").removesuffix("]").rstrip(".")
    if not host or len(host) > 253 or any(letter in host for letter in "/@ \t\r\n#?"):  # noqa: PLR2004 (RFC 1035)
        raise UserError(
            "HOST is a name or an address", value=word, cure="write mail.example.com or 198.51.100.7"
        )
    return host


def ports_of(option: str, word: str) -> frozenset[int]:
    """Public ports by number or name, separated by commas; ``all`` is each of them.

    Raises:
        UserError: a word that is no port of a mail stack.
    """
    if word == "all":
        return frozenset(kind.number for kind in KINDS)
    return frozenset(_kind(option, one).number for one in word.split(",") if one)


def _kind(option: str, word: str) -> Kind:
    kind = kind_of(word.strip())
    if kind is None:
        known = ", ".join(str(kind.number) for kind in KINDS)
        raise UserError(
            "no port of a mail stack", place=option, value=word, cure=f"one of {known}, or its name"
        )
    return kind


def place_of(option: str, word: str) -> tuple[str, int]:
    """``HOST:PORT``.

    Raises:
        UserError: it is none.
    """
    host, colon, port = word.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) <= _MOST_PORT:
        raise UserError("no HOST:PORT", place=option, value=word, cure="write mta:25 or [2001:db8::7]:25")
    return host_of(host), int(port)


def elsewhere_of(words: Iterable[str]) -> dict[int, tuple[str, int]]:
    """Where ports are reached, by ``PORT=HOST:PORT``.

    Raises:
        UserError: a word of another form.
    """
    found = {}
    for word in words:
        port, equals, place = word.partition("=")
        if not equals:
            cure = "write 25=mta:25: the public port, and where it is reached"
            raise UserError("no PORT=HOST:PORT", place="--port", value=word, cure=cure)
        found[_kind("--port", port).number] = place_of("--port", place)
    return found


def addresses_of(host: str, families: tuple[int, ...], seconds: float = LOOKUP_SECONDS) -> tuple[str, ...]:
    """A host's addresses of the families, one of each; empty where there are none or nobody tells.

    The system's resolver knows no time limit, so it is asked in a thread that may stay behind.
    """
    found: list[str] = []
    asked = threading.Thread(target=_ask, args=(host, found), daemon=True)
    asked.start()
    asked.join(seconds)
    by_family = {ipaddress.ip_address(one.partition("%")[0]).version: one for one in reversed(tuple(found))}
    return tuple(by_family[version] for version in families if version in by_family)


def _ask(host: str, found: list[str]) -> None:
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    found += [str(answer[4][0]) for answer in answers]
