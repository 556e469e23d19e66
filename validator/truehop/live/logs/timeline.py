"""Distinct addresses over time, and where they suddenly became few."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

from truehop.live.logs.sketches import Distinct

#: Windows of the picture; once there are more, two each become one.
MOST_SLOTS = 240
#: Windows of a service that are remembered to tell what is usual, and how many that takes.
MOST_WINDOWS = 14
FEWEST_WINDOWS = 3
MOST_FALLS = 20
#: A fall: at most this part of the usual addresses, which are so many, at this part of the usual traffic.
FALLS_TO = 0.25
USUAL_AT_LEAST = 20
TRAFFIC_STAYS = 0.5


@dataclass(slots=True)
class Slot:
    """What was counted in a stretch of time."""

    sessions: int = 0
    addresses: Distinct = field(default_factory=lambda: Distinct(p=11, most=128))

    def merge(self, other: Slot) -> None:
        """Add what another one has counted."""
        self.sessions += other.sessions
        self.addresses.merge(other.addresses)


@dataclass(slots=True)
class Timeline:
    """Sessions and distinct addresses by time; a slot is ``step`` windows."""

    step: int = 1
    slots: dict[int, Slot] = field(default_factory=dict)

    def add(self, window: int, other: Slot) -> None:
        """Add what a window's slot has counted."""
        slot = self.slots.get(window // self.step)
        if slot is None:
            while len(self.slots) >= MOST_SLOTS:
                self._coarsen()
            slot = self.slots.setdefault(window // self.step, Slot())
        slot.merge(other)

    def _coarsen(self) -> None:
        self.step *= 2
        before, self.slots = self.slots, {}
        for number, slot in before.items():
            self.slots.setdefault(number // 2, Slot()).merge(slot)

    def series(self) -> list[tuple[int, int, int]]:
        """Windows' numbers with their sessions and distinct addresses, also where nothing was."""
        if not self.slots:
            return []
        first, last = min(self.slots), max(self.slots)
        # A line with a year of its own must not make a picture of centuries.
        is_dense = last - first < MOST_SLOTS * 4
        numbers = list(range(first, last + 1)) if is_dense else sorted(self.slots)
        empty = Slot()
        return [
            (number * self.step, slot.sessions, len(slot.addresses))
            for number in numbers
            for slot in (self.slots.get(number, empty),)
        ]


@dataclass(frozen=True, slots=True)
class Fall:
    """A window in which a service saw far fewer addresses than before, though not far less traffic."""

    program: str
    service: str
    window: int
    addresses: int
    usual: int


@dataclass(slots=True)
class Windows:
    """The last windows of each service: looks for falls as they end, then adds them to the timeline."""

    timeline: Timeline = field(default_factory=Timeline)
    services: dict[tuple[str, str], dict[int, Slot]] = field(default_factory=dict)
    falls: list[Fall] = field(default_factory=list)
    #: How many falls there were, those that are not kept included.
    fall_count: int = 0

    def add(self, service: tuple[str, str], window: int, addresses: Collection[bytes]) -> None:
        """Count sessions with a service, each by its address."""
        slots = self.services.setdefault(service, {})
        slot = slots.get(window)
        if slot is None:
            slot = self._open(service, slots, window)
        slot.sessions += len(addresses)
        slot.addresses.add(set(addresses))

    def _open(self, service: tuple[str, str], slots: dict[int, Slot], window: int) -> Slot:
        if not slots or window > max(slots):
            self._end(service, slots)
        slot = slots[window] = Slot()
        while len(slots) > MOST_WINDOWS:
            oldest = min(slots)
            self.timeline.add(oldest, slots.pop(oldest))
        return slot

    def close(self) -> None:
        """Judge the windows that the stream ended in."""
        for service, slots in self.services.items():
            self._end(service, slots)

    def whole(self) -> Timeline:
        """The timeline, with the windows that are still open."""
        whole = Timeline(self.timeline.step)
        for number, slot in self.timeline.slots.items():
            whole.add(number * self.timeline.step, slot)
        for slots in self.services.values():
            for window, slot in slots.items():
                whole.add(window, slot)
        return whole

    def _end(self, service: tuple[str, str], slots: dict[int, Slot]) -> None:
        """Judge the last window by those before."""
        before = sorted(slots)[:-1]
        if len(before) < FEWEST_WINDOWS:
            return
        last = max(slots)
        usual = median(len(slots[number].addresses) for number in before)
        traffic = median(slots[number].sessions for number in before)
        now, addresses = slots[last], len(slots[last].addresses)
        is_fall = addresses <= FALLS_TO * usual and usual >= USUAL_AT_LEAST
        if is_fall and now.sessions >= TRAFFIC_STAYS * traffic:
            self.fall_count += 1
            if len(self.falls) < MOST_FALLS:
                self.falls.append(Fall(*service, last, addresses, round(usual)))
