"""From options as they were given to an order; nothing is connected to here."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from truehop.errors import UserError
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.order import Account, Order, elsewhere_of, host_of, place_of, ports_of
from truehop.live.verify.ports import BY_NUMBER, KINDS, Kind

PASSWORD = "TRUEHOP_PASSWORD"  # noqa: S105 (the name of a variable)
_MOST_PASSWORD = 4096


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command line."""

    host: str = ""
    ports: str = ""
    elsewhere: Sequence[str] = ()
    expect_open: str = ""
    expect_closed: str = ""
    demanding: str = ""
    local: str = ""
    names: Sequence[str] = ()
    families: tuple[int, ...] = (4, 6)
    expected: Sequence[str] = ()
    is_inside: bool = False
    forges: bool = True
    logins: int = 4
    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    judges_chain: bool = True
    days: int = 14
    patience: float = 10.0
    deadline: float = 300.0


def order_of(asked: Asked, knowledge: Knowledge, environment: Mapping[str, str]) -> Order:
    """What is to be done.

    Raises:
        UserError: an option that says nothing, or options that contradict each other.
    """
    host = _host(asked, knowledge)
    elsewhere = elsewhere_of(asked.elsewhere)
    opened = ports_of("--expect-open", asked.expect_open)
    closed, closed_elsewhere = _closed(asked.expect_closed)
    both = opened & closed
    if both:
        raise UserError("a port cannot be expected open and closed", value=", ".join(map(str, sorted(both))))
    if knowledge.open:
        opened |= knowledge.open - closed
        closed |= frozenset(BY_NUMBER) - knowledge.open - opened
    ports = _ports(asked, frozenset(elsewhere) | opened | closed)
    return Order(
        host=host,
        ports=ports,
        open=opened,
        closed=closed,
        closed_elsewhere=closed_elsewhere,
        elsewhere=elsewhere,
        names=tuple(host_of(name) for name in asked.names),
        demanding=ports_of("--demands-header", asked.demanding),
        local=ports_of("--local-header", asked.local),
        is_inside=asked.is_inside,
        # Only what the user names himself is lied to: manifests may name anybody's host.
        forges=asked.forges and bool(asked.host),
        families=asked.families,
        expected=tuple(_address(one) for one in asked.expected),
        logins=asked.logins,
        account=_account(asked, environment),
        ca_file=Path(asked.ca_file) if asked.ca_file else None,
        judges_chain=asked.judges_chain,
        days=asked.days,
        patience=asked.patience,
        deadline=asked.deadline,
    )


def _host(asked: Asked, knowledge: Knowledge) -> str:
    if asked.host:
        return host_of(asked.host)
    if not knowledge.hosts:
        cure = "write truehop verify mail.example.com"
        if knowledge.open:
            raise UserError("the manifests name no host", cure=cure)
        raise UserError("no host is named", cure=cure)
    return knowledge.hosts[0]


def _closed(words: str) -> tuple[frozenset[int], tuple[tuple[str, int], ...]]:
    """Public ports, and ports of others as HOST:PORT."""
    elsewhere = [word for word in words.split(",") if ":" in word]
    own = [word for word in words.split(",") if ":" not in word]
    places = tuple(place_of("--expect-closed", word) for word in elsewhere)
    return ports_of("--expect-closed", ",".join(own)), places


def _ports(asked: Asked, named: frozenset[int]) -> tuple[Kind, ...]:
    """Those looked at: listed ones, else those that options speak of where --port is given, else all."""
    if asked.ports:
        wanted = ports_of("--ports", asked.ports)
    elif asked.elsewhere:
        wanted = named
    else:
        return KINDS
    return tuple(kind for kind in KINDS if kind.number in wanted)


def _address(word: str) -> str:
    try:
        return str(ipaddress.ip_address(word))
    except ValueError as error:
        raise UserError("no address", place="--expect-ip", value=word, cure="write 203.0.113.7") from error


def _account(asked: Asked, environment: Mapping[str, str]) -> Account | None:
    if not asked.user:
        if asked.password_file:
            raise UserError(
                "a password without a user", place="--password-file", cure="name the user by --user"
            )
        return None
    if asked.password_file:
        try:
            with Path(asked.password_file).open(encoding="utf-8") as file:
                password = file.read(_MOST_PASSWORD).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError("the password cannot be read", place=asked.password_file) from error
    else:
        password = environment.get(PASSWORD, "")
    if not password:
        cure = f"give it by --password-file FILE or by the variable {PASSWORD}"
        raise UserError("there is no password", place=f"--user {asked.user}", cure=cure)
    return Account(asked.user, password)
