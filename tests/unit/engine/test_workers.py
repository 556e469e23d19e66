"""Work is shared, each part is done once, and a worker that fails is noticed."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator

import pytest

from truehop.engine.survey import workers
from truehop.engine.survey.workers import MOST, WorkerError, chosen, shared

HERE = os.getpid()


def work(numbers: Iterator[int]) -> list[int]:
    return list(numbers)


def fail_elsewhere(numbers: Iterator[int]) -> list[int]:
    if os.getpid() != HERE:
        raise ZeroDivisionError
    return list(numbers)


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 7, 3000])
def test_each_number_is_taken_once(count: int, jobs: int) -> None:
    answers = shared(count, work, jobs)
    assert len(answers) == jobs
    assert sorted(number for answer in answers for number in answer) == list(range(count))


def test_numbers_are_taken_in_their_order() -> None:
    assert all(answer == sorted(answer) for answer in shared(3000, work, 3))


def test_a_worker_that_fails_is_noticed() -> None:
    with pytest.raises(WorkerError):
        shared(10, fail_elsewhere, 3)


def test_a_failure_here_leaves_no_worker_behind() -> None:
    def fail_here(numbers: Iterator[int]) -> bytes:
        if os.getpid() == HERE:
            raise ZeroDivisionError
        return bytes(1_000_000) + bytes(numbers)

    with pytest.raises(ZeroDivisionError):
        shared(10, fail_here, 3)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize(("task", "status"), [(work, 0), (fail_elsewhere, 1)])
def test_a_worker_answers_or_ends_with_one(
    task: object, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda *handler: handled.append(handler))
    monkeypatch.setattr("os.getpid", lambda: 0)
    tokens = workers._offer(3)
    answer, out = os.pipe()
    assert workers._answer(tokens, task, out) == status  # type: ignore[arg-type]
    os.close(tokens)
    said = os.read(answer, 1000)
    os.close(answer)
    assert said == (pickle.dumps([0, 1, 2]) if status == 0 else b"")
    assert handled == [(signal.SIGINT, signal.SIG_DFL)]


def test_as_many_processes_are_used_as_asked_for() -> None:
    assert chosen(7) == 7
    assert 1 <= chosen(0) <= MOST


def test_nothing_is_forked_where_that_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert chosen(7) == 1
