"""Counting in bounded memory: how many different things there were, and which were the most frequent."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_BITS = 64
_MASK = (1 << _BITS) - 1
_PARTS = [2.0**-rank for rank in range(_BITS + 1)]


class Distinct:
    """How many different keys were added: exact up to a number, then estimated by HyperLogLog.

    With 2**p registers the standard error is 1.04 / sqrt(2**p). Keys are hashed by Python's own keyed hash of
    bytes, so that nobody who writes lines into a log can aim at one register.

    Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, 2007.
    """

    __slots__ = ("_estimate", "_exact", "_most", "_p", "_registers")

    def __init__(self, p: int = 11, most: int = 256) -> None:
        self._p = p
        self._most = most
        self._exact: set[int] | None = set()
        self._registers = bytearray()  # filled once there are too many
        self._estimate: int | None = None  # of the registers as they are; few keys change them later on

    def add(self, keys: Iterable[bytes]) -> None:
        """Count keys."""
        self._put(map(hash, keys))

    def _put(self, hashes: Iterable[int]) -> None:
        exact = self._exact
        if exact is not None:
            exact.update(hashes)
            if len(exact) <= self._most:
                return
            hashes, self._exact = exact, None
            self._registers = bytearray(1 << self._p)
        registers, p = self._registers, self._p
        mask, top = (1 << p) - 1, _BITS - p + 1
        for signed in hashes:
            hashed = signed & _MASK
            rank = top - (hashed >> p).bit_length()
            if rank > registers[hashed & mask]:
                registers[hashed & mask] = rank
                self._estimate = None

    def merge(self, other: Distinct) -> None:
        """Add all that another one of the same size has seen."""
        if other._exact is not None:
            self._put(other._exact)
            return
        mine, self._exact = self._exact, None
        self._registers = self._registers or bytearray(1 << self._p)
        self._put(mine or ())
        self._registers = bytearray(map(max, self._registers, other._registers))
        self._estimate = None

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
        if self._estimate is None:
            self._estimate = self._estimated()
        return self._estimate

    def _estimated(self) -> int:
        size = 1 << self._p
        numbers = map(self._registers.count, range(_BITS - self._p + 2))  # of the registers with each rank
        harmonic = sum(number * part for number, part in zip(numbers, _PARTS, strict=False))
        estimate = 0.7213 / (1 + 1.079 / size) * size * size / harmonic
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

    Counts come in batches. A key that is new once others were thrown out begins with the greatest count that
    was, and that is the error stated with it; what was kept with the key begins anew.

    Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements in data streams, 2005
    (Space-Saving), with the merging of Agarwal and others: Mergeable summaries, 2012.
    """

    size: int
    entries: dict[K, Counted[V]] = field(default_factory=dict)
    #: The greatest count that was thrown out.
    floor: int = 0

    def add(self, counts: Mapping[K, int], make: Callable[[], V]) -> None:
        """Count a batch."""
        entries, floor = self.entries, self.floor
        for key, count in counts.items():
            entry = entries.get(key)
            if entry is None:
                entries[key] = Counted(make(), floor + count, floor)
            else:
                entry.count += count
        if len(entries) > self.size:
            ranked = sorted(entries.items(), key=_count, reverse=True)
            self.floor = ranked[self.size][1].count
            self.entries = dict(ranked[: self.size])

    @property
    def is_exact(self) -> bool:
        """Whether no key was ever thrown out."""
        return not self.floor

    def most(self, number: int) -> list[tuple[K, Counted[V]]]:
        """The most frequent keys, the first first."""
        return sorted(self.entries.items(), key=lambda entry: (-entry[1].count, str(entry[0])))[:number]


def _count(entry: tuple[object, Counted[V]]) -> int:
    return entry[1].count
