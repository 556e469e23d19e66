"""Time: deadlines, and a pace that no server takes for an attack."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import Protocol

#: Connections to one port within the window. The images refuse the 21st of a client in a minute.
MOST = 15
WINDOW = 60.0


class OutOfTimeError(Exception):
    """The whole run's time is over."""


class Clock(Protocol):
    """Seconds that only grow, and sleep."""

    def now(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class SystemClock:
    """The machine's own."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


class Pacer:
    """Lets connections to a port begin, at most some of them in any minute.

    ``end`` is the clock's time at which the run is over.
    """

    def __init__(self, clock: Clock, end: float, most: int = MOST, window: float = WINDOW) -> None:
        self._clock, self._end, self._most, self._window = clock, end, most, window
        self._begun: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=most))
        self._lock = threading.Lock()

    def left(self) -> float:
        """Seconds until the run is over."""
        return self._end - self._clock.now()

    def wait(self, port: str) -> None:
        """Wait until another connection to the port may begin.

        Raises:
            OutOfTimeError: the run would be over by then.
        """
        with self._lock:
            begun, now = self._begun[port], self._clock.now()
            when = max(now, begun[0] + self._window) if len(begun) == self._most else now
            if when >= self._end:
                raise OutOfTimeError
            begun.append(when)
        if when > now:
            self._clock.sleep(when - now)
