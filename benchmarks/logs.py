"""``truehop logs`` beside grep, pflogsumm and GoAccess, on logs made of lines that the lab's programs wrote.

``python -m benchmarks.logs`` makes a log of 1 GB, and smaller ones of lines that tell of clients, of lines
that do not, and of web requests. Processor time is what counts, so that other programs on the machine count
less. The Debian packages ``pflogsumm`` and ``goaccess`` are needed for their rows alone.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import peak_memory
from truehop.live.logs.reading import read

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".bench"
SAMPLES = ROOT / "tests" / "data" / "logs"
TRUEHOP = str(Path(sys.executable).with_name("truehop"))
MEGABYTE = 1_000_000
#: Bytes that are made line by line; the rest of a log is the same hour again, on later days.
BLOCK = 8 * MEGABYTE
ADDRESSES, ACCOUNTS = 4000, 1500

_TIME = re.compile(rb"^\w{3} \d\d \d\d:\d\d:\d\d|\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d")
_ADDRESS = re.compile(rb"(?:192\.0\.2|203\.0\.113|198\.51\.100|127\.0\.0)\.\d+")
_ACCOUNT = re.compile(rb"(?:alice|bob|eve)@example\.com")
_QUEUE = re.compile(rb"\b[0-9A-F]{7}\b")


@dataclass(frozen=True, slots=True)
class Sized:
    """A log that was made: where, of how many bytes."""

    path: Path
    size: int

    @property
    def megabytes(self) -> float:
        """Its size."""
        return self.size / MEGABYTE


def lines_of(*names: str, telling: bool | None = None) -> list[bytes]:
    """Lines of samples; only those that tell of clients, or only those that do not."""
    lines = [line for name in names for line in (SAMPLES / name).read_bytes().splitlines()]
    return [line for line in lines if telling is None or bool(list(read([line]))) == telling]


def make(name: str, forms: Sequence[bytes], size: int) -> Sized:
    """A log of about a size: forms with other times, addresses, accounts and ids; always the same one."""
    path = WORK / name
    if path.is_file() and path.stat().st_size >= size:
        return Sized(path, path.stat().st_size)
    chance = random.Random(1)  # noqa: S311 (a sample, no secret)
    hour = _hour(forms, chance, min(BLOCK, size))
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for number in range(-(-size // len(hour))):
            day, clock = divmod(number, 24)
            moved = hour.replace(b"Nov 26 08:", b"Nov %02d %02d:" % (day % 28 + 1, clock))
            file.write(moved.replace(b"26/Nov/2026:08:", b"%02d/Nov/2026:%02d:" % (day % 28 + 1, clock)))
    return Sized(path, path.stat().st_size)


def _hour(forms: Sequence[bytes], chance: random.Random, size: int) -> bytes:
    """An hour of lines; some addresses come far more often than others."""
    made: list[bytes] = []
    length = 0
    per_second = max(1, size // 3600 // max(1, sum(map(len, forms)) // len(forms)))
    while length < size:
        second = len(made) // per_second % 3600
        who = int(ADDRESSES ** chance.random())
        line = _changed(chance.choice(forms), second, who, chance)
        made.append(line)
        length += len(line)
    return b"".join(made)


def _changed(form: bytes, second: int, who: int, chance: random.Random) -> bytes:
    minute, rest = divmod(second, 60)

    def moment(found: re.Match[bytes]) -> bytes:
        clock = b"%02d:%02d" % (minute, rest)
        return b"26/Nov/2026:08:" + clock if b"/" in found[0] else b"Nov 26 08:" + clock

    line = _TIME.sub(moment, form, count=1)
    line = _ADDRESS.sub(b"198.51.%d.%d" % divmod(who, 250), line)
    line = _ACCOUNT.sub(b"user%d@example.com" % (who * 7 % ACCOUNTS), line)
    return _QUEUE.sub(b"%07X" % chance.randrange(1 << 28), line) + b"\n"


def processor_seconds(command: Sequence[str], rounds: int = 1) -> float:
    """The least processor time of a command, its children's included."""
    seen: list[float] = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        silent = subprocess.DEVNULL
        # To a pipe: grep stops at the first match where nobody can read what it says.
        subprocess.run(command, stdin=silent, stdout=subprocess.PIPE, stderr=silent, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seen.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(seen)


def ours(log: Sized) -> list[str]:
    """Our command over a log."""
    return [TRUEHOP, "logs", "--fail-on", "never", "--allow-empty", "--format", "json", str(log.path)]


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement; ``limit`` is the most it may be, None where there is no promise."""

    name: str
    measured: float
    limit: float | None
    unit: str
    detail: str = ""


def rows(megabytes: int, rounds: int) -> Iterator[Row]:
    """Everything that is measured, for a log of a size."""
    mail = ["postfix.log", "dovecot-2.3.log", "dovecot-2.4.log"]
    part = max(megabytes // 4, 1) * MEGABYTE
    idle = processor_seconds([TRUEHOP, "logs", "--allow-empty", str(SAMPLES / "postfix.log")], rounds)
    quiet = make("quiet.log", lines_of(*mail, telling=False), part)
    seconds = processor_seconds(ours(quiet), rounds) - idle
    grep = processor_seconds(["grep", "-c", "connect from", str(quiet.path)], rounds)
    detail = f"{quiet.megabytes / seconds:.0f} MB/s; grep -c {grep:.2f} s, we {seconds:.2f} s"
    yield Row("lines that tell nothing, s / 100 MB", seconds / quiet.megabytes * 100, 1, "s", detail)
    busy = make("busy.log", lines_of(*mail, telling=True), part)
    seconds = processor_seconds(ours(busy), rounds) - idle
    grep = processor_seconds(["grep", "-c", "connect from", str(busy.path)], rounds)
    detail = f"{busy.megabytes / seconds:.0f} MB/s; grep -c {grep:.2f} s, we {seconds:.2f} s"
    yield Row("lines that tell of clients, s / 20 MB", seconds / busy.megabytes * 20, 1, "s", detail)
    whole = make("mail.log", lines_of(*mail), megabytes * MEGABYTE)
    seconds = processor_seconds(ours(whole))
    yield from _beside(whole, seconds, "pflogsumm", ["pflogsumm", str(whole.path)])
    web = make("access.log", lines_of("nginx-access.log")[:2], part)
    page = str(WORK / "goaccess.json")
    goaccess = ["goaccess", "--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", page]
    yield from _beside(web, processor_seconds(ours(web)), "goaccess", [*goaccess, str(web.path)])
    yield Row("peak memory", peak_memory(ours(whole)), 200, "MiB", f"{whole.megabytes:.0f} MB of mail log")


def _beside(log: Sized, seconds: float, program: str, command: Sequence[str]) -> Iterator[Row]:
    name = f"time / {program}'s"
    speed = f"{log.megabytes:.0f} MB, we {seconds:.2f} s ({log.megabytes / seconds:.0f} MB/s)"
    if shutil.which(program) is None:
        yield Row(name, 0, None, "x", f"{speed}; {program} is not installed")
        return
    theirs = processor_seconds(command)
    yield Row(
        name, seconds / theirs, 1 if program == "pflogsumm" else None, "x", f"{speed}, it {theirs:.2f} s"
    )


def failures(megabytes: int, rounds: int) -> int:
    """Measure and print a table; how many promises are not kept."""
    failed = 0
    for row in rows(megabytes, rounds):
        holds = row.limit is None or row.measured <= row.limit
        failed += not holds
        limit = f"(at most {row.limit:g})" if row.limit is not None else ""
        numbers = f"{row.measured:8.2f} {row.unit:<3} {limit:<14}"
        print(f"{'PASS' if holds else 'FAIL'}  logs: {row.name:<38} {numbers} {row.detail}", flush=True)
    return failed


def main() -> int:
    """Everything; 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=1000, help="the size of the mail log")
    parser.add_argument("--rounds", type=int, default=2, help="the best of this many runs counts")
    options = parser.parse_args()
    return int(failures(options.megabytes, options.rounds) > 0)


if __name__ == "__main__":
    sys.exit(main())
