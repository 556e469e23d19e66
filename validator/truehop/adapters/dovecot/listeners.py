"""The inet listeners of Dovecot's services: those it starts by itself, and those it is told of.

Source: dovecot/core@2.3.21 and @2.4.4 src/imap-login/imap-login-settings.c, src/pop3-login/…,
src/submission-login/…; dovecot/pigeonhole@0.5.21 src/managesieve-login/managesieve-login-settings.c.

Witness: v2 absent none sieve demands honest
Source only: Dovecot's submission service
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from truehop.adapters.addresses import port_number
from truehop.adapters.dovecot.config import Block, Setting
from truehop.model.facts import Location
from truehop.model.hops import Serves

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "[::1]"})


@dataclass(frozen=True, slots=True, eq=False)
class InetListener:
    """One listener: its service and name, port, and the settings that say so (None: a default)."""

    service: str
    name: str
    port: int
    ssl: bool = False
    haproxy: Setting | None = None
    address: str = ""
    at: Location | None = None
    #: The program of the image gave it already.
    is_known: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only the pod itself can reach it."""
        return self.address in LOOPBACK

    @property
    def serves(self) -> Serves:
        """The protocol, by service and TLS."""
        plain, implicit = PROTOCOLS.get(self.service, (Serves.INTERNAL, Serves.INTERNAL))
        return implicit if self.ssl else plain

    @property
    def is_login(self) -> bool:
        """Whether users log in here."""
        return self.service in LOGIN


PROTOCOLS = {
    "imap-login": (Serves.IMAP, Serves.IMAPS),
    "pop3-login": (Serves.POP3, Serves.POP3S),
    "managesieve-login": (Serves.SIEVE, Serves.SIEVE),
    "submission-login": (Serves.SUBMISSION, Serves.SUBMISSIONS),
    "lmtp": (Serves.LMTP, Serves.LMTP),
    "auth": (Serves.AUTH, Serves.AUTH),
    "doveadm": (Serves.DOVEADM, Serves.DOVEADM),
}
LOGIN = frozenset({"imap-login", "pop3-login", "managesieve-login", "submission-login"})
#: What each protocol starts without being told.
STARTED = {
    "imap": (InetListener("imap-login", "imap", 143), InetListener("imap-login", "imaps", 993, ssl=True)),
    "pop3": (InetListener("pop3-login", "pop3", 110), InetListener("pop3-login", "pop3s", 995, ssl=True)),
    "sieve": (InetListener("managesieve-login", "sieve", 4190),),
    "submission": (
        InetListener("submission-login", "submission", 587),
        InetListener("submission-login", "submissions", 465, ssl=True),
    ),
}


def started_by(config: Block) -> list[InetListener]:
    """The listeners that the protocols of a whole configuration start."""
    names = config.words("protocols") or []
    return [one for name in names for one in STARTED.get(name.value, ())]


def listeners_of(config: Block, known: list[InetListener]) -> list[InetListener]:
    """The known listeners as this configuration changes them, and those it adds.

    A listener with port 0 is off. A block without a port leaves a known listener's port alone.
    """
    found = {(one.service, one.name): one for one in known}
    for service in config.of("service"):
        for block in service.of("inet_listener"):
            key = (service.name, block.name)
            changed = _changed(block, found.get(key) or InetListener(_program(service), block.name, 0))
            if changed is not None:
                found[key] = changed
    return [one for one in found.values() if one.port]


def _program(service: Block) -> str:
    """What a service runs: one of any name may run another's program (`executable = imap-login -o …`).

    Source: dovecot/core@2.4.4 src/master/service.c (the executable's first word is the program).
    """
    executable = service.find("executable")
    words = executable.value.split() if executable else []
    program = words[0].rsplit("/", 1)[-1] if words else ""
    return program if program in PROTOCOLS and service.name not in PROTOCOLS else service.name


def _changed(block: Block, before: InetListener) -> InetListener | None:
    port, ssl = block.find("port"), block.find("ssl")
    address = block.find("address") or block.find("listen")
    number = None if port is None else 0 if port.value == "0" else port_number(port.value)
    if port is not None and number is None:
        return None
    return replace(
        before,
        port=before.port if number is None else number,
        ssl=ssl.value.lower() == "yes" if ssl else before.ssl,
        haproxy=block.find("haproxy") or before.haproxy,
        address=address.value if address else before.address,
        at=port.at if port else before.at or (block.head.location() if block.head else None),
        is_known=False,
    )
