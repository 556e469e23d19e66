"""Runs every row of the table on the real programs and compares with what was recorded before.

python -m tests.lab            fails on any difference that is still there when its rows are run by themselves
python -m tests.lab --write    records instead
python -m tests.lab --new      runs and records the rows alone that were not recorded yet
"""

from __future__ import annotations

import json
import sys
import time

from tests.lab.bounds import bounds
from tests.lab.recording import TRUTH, Truth, differences, run
from tests.lab.table import rows


def main(arguments: list[str]) -> int:
    """The table, whole."""
    began = time.monotonic()
    before: Truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    table = {row.id for row in rows()}
    wanted = [row for row in rows() if "--new" not in arguments or row.id not in before["rows"]]
    now = run(wanted, {} if "--write" in arguments else before["rows"])
    versions = ", ".join(f"{name} {version}" for name, version in sorted(now["versions"].items()))
    say(f"{len(wanted)} rows in {time.monotonic() - began:.0f} s: {versions}")
    for line in bounds():
        say(line)
    if "--new" in arguments:
        now["rows"] |= {name: kept for name, kept in before["rows"].items() if name in table}
    if {"--write", "--new"} & {*arguments}:
        text = json.dumps(now, indent=1, sort_keys=True, ensure_ascii=False)
        TRUTH.write_text(f"{text}\n", encoding="utf-8")
        return 0
    told = tell(before, now)
    again = [row for row in wanted if before["rows"].get(row.id) != now["rows"][row.id]]
    if again:
        # On a machine that stalls, a client that is refused may be gone before it is told why.
        say(f"{len(again)} rows once more, by themselves")
        now["rows"] |= run(again, before["rows"])["rows"]
        told = tell(before, now)
    say(f"{len(told)} differences from {TRUTH.name}" if told else "all as recorded")
    return 1 if told else 0


def tell(before: Truth, now: Truth) -> list[str]:
    """The differences, each of them printed."""
    told = differences(before, now)
    for line in told:
        say(line)
    return told


def say(line: str) -> None:
    """One line of what is printed."""
    print(f"lab: {line}")  # noqa: T201 (it is what the command is for)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
