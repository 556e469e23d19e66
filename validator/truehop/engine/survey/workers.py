"""Work shared among copies of this process, which take parts of it as they come to them."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")
#: More processes than this hardly help: the parent's own start-up is not shared.
MOST = 4
_TOKEN = struct.Struct("=II")
#: What any pipe holds without anybody reading it: one page, where a user has many pipes (pipe(7)).
_TOKENS = 4096 // _TOKEN.size


class WorkerError(Exception):
    """A worker ended without an answer."""


def chosen(jobs: int) -> int:
    """How many processes to use: as asked for, else a processor each; one where forking is not safe."""
    if sys.platform != "linux":
        return 1
    return jobs or min(len(os.sched_getaffinity(0)), MOST)


def shared(count: int, work: Callable[[Iterator[int]], T], jobs: int) -> list[T]:
    """What each of ``jobs`` processes makes of the numbers below ``count`` that it takes.

    Each number is taken once. One of the processes is this one; answers of the others are pickled.

    Raises:
        WorkerError: a worker failed; whatever the reason, the work can be done here.
    """
    if jobs == 1:
        return [work(iter(range(count)))]
    tokens = _offer(count)
    workers = [_fork(tokens, work) for _ in range(jobs - 1)]
    try:
        own = work(_take(tokens))
        answers = [_read(pipe) for _, pipe in workers]
    finally:
        os.close(tokens)
        for _, pipe in workers:  # whoever still writes is told that nobody reads
            os.close(pipe)
        statuses = [os.waitpid(worker, 0)[1] for worker, _ in workers]
    if any(statuses):
        raise WorkerError
    return [own, *(pickle.loads(answer) for answer in answers)]  # noqa: S301 (our own workers wrote it)


def _offer(count: int) -> int:
    """A pipe full of tokens, each a range of numbers."""
    step = -(-count // _TOKENS)
    ranges = [(begin, min(begin + step, count)) for begin in range(0, count, step or 1)]
    tokens, offer = os.pipe()
    os.write(offer, b"".join(_TOKEN.pack(*one) for one in ranges))
    os.close(offer)
    return tokens


def _take(tokens: int) -> Iterator[int]:
    """Numbers nobody else takes; so small a read is never split between processes."""
    while token := os.read(tokens, _TOKEN.size):
        yield from range(*_TOKEN.unpack(token))


def _fork(tokens: int, work: Callable[[Iterator[int]], object]) -> tuple[int, int]:
    """A worker: its process, and the pipe it answers through."""
    answer, out = os.pipe()
    worker = os.fork()
    if worker == 0:  # pragma: no cover (runs in a process of its own, which never returns from here)
        os.close(answer)
        os._exit(_answer(tokens, work, out))
    os.close(out)
    return worker, answer


def _answer(tokens: int, work: Callable[[Iterator[int]], object], out: int) -> int:
    """A worker's life; the parent tells of interruptions, and does itself what fails."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        with open(out, "wb") as pipe:
            pickle.dump(work(_take(tokens)), pipe)
    except BaseException:  # noqa: BLE001 (an exception must not go up in a copy of the parent)
        return 1
    return 0


def _read(pipe: int) -> bytes:
    with open(pipe, "rb", closefd=False) as answer:
        return answer.read()
