"""What is kept of a stream of lines: counts and sketches whose size does not grow with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

from truehop.live.logs.hits import Hit, Source, source_of
from truehop.live.logs.hops import Hops
from truehop.live.logs.services import OF_WEBMAIL
from truehop.live.logs.sketches import Distinct, Top
from truehop.live.logs.timeline import Windows

#: Addresses that are told apart, by their lines and by their logins.
MOST_ADDRESSES = 2048
#: Services told apart; a log in which more names stand is not what it seems.
MOST_SERVICES = 48
#: Accounts of an address that are kept by name, and addresses that are kept for a message.
MOST_NAMES = 8
MOST_PEERS = 32
#: Buffers that are gathered before they are counted; fewer would be slower, more would need more memory.
BATCH = 32

#: What one session leaves once in the log, by program.
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
_IDLE = ("postfix", "idle")
_OTHER = "other"


@dataclass(slots=True)
class Logins:
    """The accounts that logged in from an address, by window, and the most of one window."""

    windows: dict[int, Distinct] = field(default_factory=dict)
    most: int = 0
    most_window: int = 0
    is_estimate: bool = False
    names: list[bytes] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    def add(self, window: int, accounts: set[bytes], service: str) -> None:
        """Count accounts."""
        distinct = self.windows.get(window)
        if distinct is None:
            if len(self.windows) > 1:  # two, since several servers' clocks and buffers differ
                del self.windows[min(self.windows)]
            distinct = self.windows[window] = Distinct(p=8, most=64)
        distinct.add(accounts)
        now = len(distinct)
        if now > self.most:
            self.most, self.most_window, self.is_estimate = now, window, not distinct.is_exact
        if len(self.names) < MOST_NAMES:
            new = [account for account in accounts if account not in self.names]
            self.names += sorted(new)[: MOST_NAMES - len(self.names)]
        if len(self.services) < MOST_NAMES:
            self.services.add(service)


class Seen:
    """Kept with an address of which only the count matters."""


@dataclass(slots=True)
class MessageUse:
    """How often a message of the dictionary was seen, when, and about which addresses."""

    first: int
    last: int
    count: int = 0
    peers: Top[bytes, Seen] = field(default_factory=lambda: Top(MOST_PEERS))


@dataclass(slots=True)
class ServiceUse:
    """The sessions of a service: all, those that did nothing, and both by the network they came from."""

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


@dataclass(slots=True)
class _Group:
    """Lines of a source that were not yet counted, and the minutes they span."""

    first: int = 0
    last: int = 0
    addresses: list[bytes] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)


def _groups() -> dict[Source, _Group]:
    return defaultdict(_Group)


def _is_login(source: Source) -> bool:
    return source.kind == "login" and (source.program, source.service) not in OF_WEBMAIL


@dataclass
class Summary:
    """All that is kept; ``width`` is the window's length in minutes."""

    width: int = 10
    hops: Hops = field(default_factory=Hops)
    size: int = 0  # bytes read
    lines: int = 0
    records: Counter[Source] = field(default_factory=Counter)
    services: dict[tuple[str, str], ServiceUse] = field(default_factory=dict)
    addresses: Top[bytes, Seen] = field(default_factory=lambda: Top(MOST_ADDRESSES))
    logins: Top[bytes, Logins] = field(default_factory=lambda: Top(MOST_ADDRESSES))
    messages: dict[str, MessageUse] = field(default_factory=dict)
    windows: Windows = field(default_factory=Windows)
    first: int | None = None
    last: int | None = None
    bad_addresses: int = 0
    source_errors: int = 0
    #: What waits to be counted, by minute: lines of one minute come together, so that few are looked up.
    _batch: dict[int, dict[Source, _Group]] = field(default_factory=lambda: defaultdict(_groups), repr=False)
    _waiting: int = 0

    def take(self, hits: Iterable[Hit], minute: int) -> None:
        """Count what was found; ``minute`` is for what bears no time."""
        last_at: int | None = -1
        groups: dict[Source, _Group] = {}
        for at, source, address, account in hits:
            if at != last_at:  # seldom: lines come in order
                last_at = at
                groups = self._batch[minute if at is None else at]
            group = groups[source]
            group.addresses.append(address)
            if account:
                group.logins.append((address, account))
        self._waiting += 1
        if self._waiting >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Take in what waits.

        Each address is placed and added to the sketches once, however many sources, windows and lines it has.
        """
        self._waiting = 0
        ordered = self._by_window()
        for (_, source), group in ordered:
            self.first = group.first if self.first is None else min(self.first, group.first)
            self.last = group.last if self.last is None else max(self.last, group.last)
            if source.message:
                self._fault(group, source)
        told = [(window, source, group) for (window, source), group in ordered if not source.message]
        seen = Counter(chain.from_iterable(group.addresses for _, _, group in told))
        places = {address: self.hops.place(address) for address in seen}
        bad = {address for address, place in places.items() if not place.is_address}
        inside = {address: place.network for address, place in places.items() if place.network}
        for address in bad:
            self.bad_addresses += seen.pop(address)
        self.addresses.add(seen, Seen)
        logins = chain.from_iterable(group.logins for _, source, group in told if _is_login(source))
        self.logins.add(Counter(map(itemgetter(0), logins)), Logins)
        for window, source, group in told:
            self._add(window, source, group.addresses, bad, inside)
            if _is_login(source):
                self._log_in(window, source, group.logins)

    def _by_window(self) -> list[tuple[tuple[int, Source], _Group]]:
        """What waits, by window and source; nothing waits any more."""
        batch, self._batch = self._batch, defaultdict(_groups)
        found: dict[tuple[int, Source], _Group] = {}
        for minute in sorted(batch):
            for source, group in batch[minute].items():
                whole = found.setdefault((minute // self.width, source), _Group(first=minute))
                whole.last = minute
                whole.addresses += group.addresses
                whole.logins += group.logins
        return sorted(found.items(), key=lambda entry: (entry[0][0], entry[0][1].order))

    def _bounded(self, source: Source) -> Source:
        if (source.program, source.service) not in self.services and len(self.services) >= MOST_SERVICES:
            return source_of(source.program, _OTHER, source.kind, source.message)
        return source

    def _add(
        self,
        window: int,
        source: Source,
        addresses: list[bytes],
        bad: set[bytes],
        inside: Mapping[bytes, str],
    ) -> None:
        """Count the lines of a source in a window; ``bad`` are no addresses, ``inside`` those of networks."""
        source = self._bounded(source)
        service = (source.program, source.service)
        use = self.services.setdefault(service, ServiceUse())
        self.records[source] += len(addresses)
        if bad:
            addresses = [address for address in addresses if address not in bad]
        is_session = (source.program, source.kind) in SESSIONS
        is_idle = (source.program, source.kind) == _IDLE
        if inside and (is_session or is_idle):
            found = Counter(inside[address] for address in addresses if address in inside)
            (use.inside if is_session else use.idle_inside).update(found)
        if is_session:
            use.sessions += len(addresses)
            self.windows.add(service, window, addresses)
        elif is_idle:
            use.idle += len(addresses)

    def _log_in(self, window: int, source: Source, logins: Iterable[tuple[bytes, bytes]]) -> None:
        accounts: dict[bytes, set[bytes]] = defaultdict(set)
        for address, account in set(logins):
            accounts[address].add(account)
        entries = self.logins.entries
        for address, found in accounts.items():
            entry = entries.get(address)  # none where its logins are too few to be kept
            if entry is not None:
                entry.value.add(window, found, source.service)

    def _fault(self, group: _Group, source: Source) -> None:
        source = self._bounded(source)
        counts = Counter(group.addresses)
        self.records[source] += counts.total()
        self.services.setdefault((source.program, source.service), ServiceUse())
        use = self.messages.setdefault(source.message, MessageUse(group.first, group.last))
        use.count += counts.total()
        use.first, use.last = min(use.first, group.first), max(use.last, group.last)
        peers = {address: count for address, count in counts.items() if self.hops.place(address).is_address}
        use.peers.add(peers, Seen)

    @property
    def recognised(self) -> int:
        """Lines that said something."""
        return self.records.total()
