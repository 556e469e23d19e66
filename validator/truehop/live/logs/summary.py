"""What is kept of a stream of lines: counts and sketches whose size does not grow with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from truehop.live.logs.forms import Hit, Source
from truehop.live.logs.hops import Hops
from truehop.live.logs.sketches import Distinct, Top
from truehop.live.logs.timeline import Falls, Timeline

#: Addresses that are told apart, each with the accounts of its last two windows.
MOST_ADDRESSES = 2048
#: Services told apart; a log in which more names stand is not what it seems.
MOST_SERVICES = 48
#: Accounts of an address that are kept by name, and addresses that are kept for a message.
MOST_NAMES = 8
MOST_PEERS = 16

#: What one session leaves once in the log, by program; probes and sessions that did nothing are taken off.
SESSIONS = frozenset(
    {
        ("postfix", "connect"),
        ("dovecot", "login"),
        ("dovecot", "login-failed"),
        ("roundcube", "login"),
        ("roundcube", "login-failed"),
        ("traefik", "request"),
        ("nginx", "request"),
        ("caddy", "request"),
    }
)
_OTHER = "other"


@dataclass(slots=True)
class AddressUse:
    """What one address did: the accounts that logged in from it, by window, and the most of one window."""

    windows: dict[int, Distinct] = field(default_factory=dict)
    most: int = 0
    most_window: int = 0
    is_estimate: bool = False
    names: list[bytes] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    def log_in(self, window: int, account: bytes, service: str) -> None:
        """Count a login."""
        accounts = self.windows.get(window)
        if accounts is None:
            if len(self.windows) > 1:  # two, since several servers' clocks and buffers differ
                del self.windows[min(self.windows)]
            accounts = self.windows[window] = Distinct(p=8, most=64)
        accounts.add(account)
        now = len(accounts) if accounts.is_exact or self.most % 16 == 0 else 0
        if now > self.most:
            self.most, self.most_window, self.is_estimate = now, window, not accounts.is_exact
        if len(self.names) < MOST_NAMES and account not in self.names:
            self.names.append(account[:320])
        if len(self.services) < MOST_NAMES:
            self.services.add(service)


@dataclass(slots=True)
class MessageUse:
    """How often a message of the dictionary was seen, when, and about which addresses."""

    count: int = 0
    first: int | None = None
    last: int | None = None
    peers: Top[bytes, Nothing] = field(default_factory=lambda: Top(MOST_PEERS))


@dataclass(slots=True)
class Nothing:
    """Kept with an address of which only the count matters."""


@dataclass(slots=True)
class ServiceUse:
    """The sessions of a service: all, those that did nothing, and both again by the network they came from."""

    sessions: int = 0
    idle: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    idle_inside: Counter[str] = field(default_factory=Counter)

    @property
    def real(self) -> int:
        """Sessions that did something."""
        return max(0, self.sessions - self.idle)

    def real_inside(self, network: str) -> int:
        """Those of them from inside a network."""
        return max(0, self.inside[network] - self.idle_inside[network])


@dataclass
class Summary:
    """All that is kept; ``width`` is the window's length in minutes."""

    width: int = 10
    hops: Hops = field(default_factory=Hops)
    bytes: int = 0
    lines: int = 0
    records: Counter[Source] = field(default_factory=Counter)
    services: dict[tuple[str, str], ServiceUse] = field(default_factory=dict)
    addresses: Top[bytes, AddressUse] = field(default_factory=lambda: Top(MOST_ADDRESSES))
    messages: dict[str, MessageUse] = field(default_factory=dict)
    distinct: Distinct = field(default_factory=lambda: Distinct(p=12, most=1024))
    timeline: Timeline = field(default_factory=Timeline)
    falls: Falls = field(default_factory=Falls)
    first: int | None = None
    last: int | None = None
    bad_addresses: int = 0

    def take(self, hits: Iterable[Hit], minute: int) -> None:
        """Count what was found; ``minute`` is for what bears no time."""
        counted = Counter(hits)
        timed = [
            (minute if at is None else at, source, address, account, count)
            for (at, source, address, account), count in counted.items()
        ]
        timed.sort(key=itemgetter(0))
        for at, source, address, account, count in timed:
            self._add(at, self._bounded(source), address, account, count)

    def _bounded(self, source: Source) -> Source:
        key = (source.program, source.service)
        if key in self.services:
            return source
        if len(self.services) >= MOST_SERVICES:
            source = Source(source.program, _OTHER, source.kind, source.message)
            key = (source.program, _OTHER)
        self.services.setdefault(key, ServiceUse())
        return source

    def _add(self, at: int, source: Source, address: bytes, account: bytes, count: int) -> None:
        self.records[source] += count
        self.first = at if self.first is None or at < self.first else self.first
        self.last = at if self.last is None or at > self.last else self.last
        if source.message:
            self._fault(at, source, address, count)
            return
        place = self.hops.place(address)
        if not place.is_address:
            self.bad_addresses += count
            return
        program, service, kind, _ = source
        use = self.services[program, service]
        window = at // self.width
        if (program, kind) in SESSIONS:
            use.sessions += count
            if place.network:
                use.inside[place.network] += count
            self.distinct.add(address)
            self.timeline.add(window, address, count)
            self.falls.add((program, service), window, address, count)
        elif kind == "idle" and program == "postfix":
            use.idle += count
            if place.network:
                use.idle_inside[place.network] += count
        seen = self.addresses.add(address, count, AddressUse)
        if kind == "login" and account:
            seen.log_in(window, account, service)

    def _fault(self, at: int, source: Source, address: bytes, count: int) -> None:
        use = self.messages.setdefault(source.message, MessageUse())
        use.count += count
        use.first = at if use.first is None else min(use.first, at)
        use.last = at if use.last is None else max(use.last, at)
        if address:
            use.peers.add(address, count, Nothing)

    @property
    def recognised(self) -> int:
        """Lines that said something."""
        return self.records.total()
