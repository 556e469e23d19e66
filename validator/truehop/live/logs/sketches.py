"""Counting in bounded memory: how many different things there were, and which of them were the most frequent."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_BITS = 64
_MASK = (1 << _BITS) - 1


class Distinct:
    """How many different keys were added: exact up to a number, then estimated by HyperLogLog.

    With 2**p registers the standard error is 1.04 / sqrt(2**p). Keys are hashed by Python's own keyed hash of
    bytes, so that nobody who writes lines into a log can aim at one register.

    Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, 2007.
    """

    __slots__ = ("_exact", "_most", "_p", "_registers")

    def __init__(self, p: int = 11, most: int = 256) -> None:
        self._p = p
        self._most = most
        self._exact: set[int] | None = set()
        self._registers = b""  # a bytearray once there are too many

    def add(self, key: bytes) -> None:
        """Count a key."""
        self._put(hash(key) & _MASK)

    def _put(self, hashed: int) -> None:
        exact = self._exact
        if exact is not None:
            exact.add(hashed)
            if len(exact) > self._most:
                self._exact = None
                self._registers = bytearray(1 << self._p)
                for one in exact:
                    self._register(one)
            return
        self._register(hashed)

    def _register(self, hashed: int) -> None:
        index = hashed & ((1 << self._p) - 1)
        rank = _BITS - self._p + 1 - (hashed >> self._p).bit_length()
        if rank > self._registers[index]:
            self._registers[index] = rank  # type: ignore[index]  # a bytearray by now

    def merge(self, other: Distinct) -> None:
        """Add all that another one of the same size has seen."""
        if other._exact is not None:
            for hashed in other._exact:
                self._put(hashed)
            return
        if self._exact is not None:
            mine, self._exact = self._exact, None
            self._registers = bytearray(1 << self._p)
            for hashed in mine:
                self._register(hashed)
        self._registers = bytearray(map(max, self._registers, other._registers))

    @property
    def is_exact(self) -> bool:
        """Whether the count is no estimate."""
        return self._exact is not None

    @property
    def error(self) -> float:
        """The standard error, as a part of the count."""
        return 0.0 if self._exact is not None else 1.04 / math.sqrt(1 << self._p)

    def __len__(self) -> int:
        """The number of different keys, or its estimate."""
        if self._exact is not None:
            return len(self._exact)
        size = 1 << self._p
        estimate = 0.7213 / (1 + 1.079 / size) * size * size / sum(2.0**-rank for rank in self._registers)
        empty = self._registers.count(0)
        if estimate <= 2.5 * size and empty:  # the paper's correction for few keys
            estimate = size * math.log(size / empty)
        return round(estimate)


@dataclass(slots=True)
class Counted(Generic[V]):
    """A key's count, at most ``error`` too high, and what is kept with it."""

    value: V
    count: int = 0
    error: int = 0


@dataclass
class Top(Generic[K, V]):
    """The most frequent keys of a stream: each that makes up more than 1/size of it is there.

    Once more than ``size`` keys have come, a new one takes the place of the least frequent and begins with its
    count, which is the error that is stated with it; what was kept with the key begins anew.

    Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements in data streams, 2005
    (Space-Saving). The least frequent is looked for among all only when none of the last search's is left.
    """

    size: int
    entries: dict[K, Counted[V]] = field(default_factory=dict)
    #: Keys that had the least count when they were looked for.
    _least: list[K] = field(default_factory=list)
    _floor: int = 0

    def add(self, key: K, count: int, make: type[V]) -> V:
        """Count a key; what is kept with it."""
        entry = self.entries.get(key)
        if entry is None:
            error = self._make_room() if len(self.entries) >= self.size else 0
            entry = self.entries[key] = Counted(make(), error, error)
        entry.count += count
        return entry.value

    def _make_room(self) -> int:
        """Take out one of the least frequent; its count."""
        while True:
            while self._least:
                key = self._least.pop()
                entry = self.entries.get(key)
                if entry is not None and entry.count <= self._floor:
                    del self.entries[key]
                    return entry.count
            self._floor = min(entry.count for entry in self.entries.values())
            self._least = [key for key, entry in self.entries.items() if entry.count <= self._floor]

    @property
    def is_exact(self) -> bool:
        """Whether no key was ever thrown out."""
        return not any(entry.error for entry in self.entries.values())

    def most(self, number: int) -> Iterator[tuple[K, Counted[V]]]:
        """The most frequent keys, the first first."""
        ranked = sorted(self.entries.items(), key=lambda entry: (-entry[1].count, str(entry[0])))
        yield from ranked[:number]
