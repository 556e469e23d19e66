"""Time and memory of a command, all its processes together."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_POLL = 0.01  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Run:
    """A command's wall time in seconds, its exit status and what it printed."""

    seconds: float
    status: int
    output: str


def timed(command: Sequence[str]) -> Run:
    """One run with the clock."""
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return Run(time.perf_counter() - start, done.returncode, done.stdout)


def best(commands: Sequence[Sequence[str]], rounds: int) -> list[float]:
    """The best wall time of each command; taken in turns, so that a slow moment hits all of them."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for seen, command in zip(times, commands, strict=True):
            seen.append(timed(command).seconds)
    return [min(seen) for seen in times]


def peak_memory(command: Sequence[str]) -> float:
    """The peak of a command's memory in MiB: the proportional set sizes of all its processes, added up.

    Pages that several processes share count once. Looked up every hundredth of a second.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_proportional, _family(process.pid))))
            time.sleep(_POLL)
    return peak / 1024


def _family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in _read(children).split()]
    return found


def _proportional(pid: int) -> int:
    """The proportional set size in KiB; 0 for a process that is gone."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # the process has ended
