"""No port gets more connections than the images allow."""

from __future__ import annotations

import itertools

import pytest

from truehop.live.verify.pace import MOST, WINDOW, OutOfTimeError, Pacer, SystemClock


class Fake:
    """Time passes by sleeping alone."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_no_minute_has_more_than_fifteen_connections() -> None:
    clock = Fake()
    pacer = Pacer(clock, end=10_000)
    begun = []
    for _ in range(60):
        pacer.wait("mail:25")
        begun.append(clock.now())
        clock.sleep(1)
    for first, sixteenth in zip(begun, begun[MOST:], strict=False):
        assert sixteenth - first >= WINDOW
    assert begun[MOST - 1] == 100 + MOST - 1, "the first fifteen need not wait"


def test_ports_have_paces_of_their_own() -> None:
    clock = Fake()
    pacer = Pacer(clock, end=10_000)
    for port, _ in itertools.product(("a:25", "a:465", "b:25"), range(MOST)):
        pacer.wait(port)
    assert clock.now() == 100


def test_waiting_beyond_the_end_of_the_run_is_refused() -> None:
    clock = Fake()
    pacer = Pacer(clock, end=150)
    for _ in range(MOST):
        pacer.wait("a:25")
    with pytest.raises(OutOfTimeError):
        pacer.wait("a:25")
    assert clock.now() == 100, "nobody slept for it"
    assert pacer.left() == 50


def test_the_machines_clock_sleeps() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.01)
    assert clock.now() >= before + 0.009
