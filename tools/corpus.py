"""Every file of a folder, judged alone, beside our own table of what should be found.

``make corpus DIR=…``. The table ``tests/corpus/expected.tsv`` is written by reading the files, before
truehop sees them: file, rule, line, severity and why. A file that must be free of errors and
warnings has one row with the rule ``-``. Files that the table does not name are left alone. Ends with 1
where the two disagree.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests/corpus/expected.tsv"
CLEAN = "-"
#: Exit statuses that are no disagreement of themselves, with a word on what they add.
_JUDGED = {0: "", 1: "", 3: " (something in it could not be judged)"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A rule at a line."""

    line: int
    rule: str
    severity: str

    def __str__(self) -> str:
        """``12  header-missing (error)``."""
        return f"{self.line:5}  {self.rule} ({self.severity})"


def read_table(path: Path) -> dict[str, Counter[Finding]]:
    """The expectations by file; none for a clean one."""
    wanted: dict[str, Counter[Finding]] = defaultdict(Counter)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            findings = wanted[row["file"]]
            if row["rule"] != CLEAN:
                findings[Finding(int(row["line"]), row["rule"], row["severity"])] += 1
    return wanted


def judge(path: Path) -> tuple[Counter[Finding], int, str]:
    """What truehop finds in one file, its exit status and what it says on standard error."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from truehop.cli import main; main()",
            "check",
            "--format",
            "json",
            path.name,
        ],
        cwd=path.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        findings = json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        return Counter(), done.returncode, done.stderr or done.stdout
    seen = Counter(
        Finding((finding["location"] or {"line": 0})["line"], finding["rule"], finding["severity"])
        for finding in findings
        if not finding["suppressed"]
    )
    return seen, done.returncode, done.stderr


def disagreements(wanted: Counter[Finding], seen: Counter[Finding]) -> Iterator[str]:
    """What is missed, and which errors and warnings nobody expected; an unexpected info is none."""
    for finding in sorted((wanted - seen).elements()):
        yield f"missed   {finding}"
    for finding in sorted((seen - wanted).elements()):
        if finding.severity != "info":
            yield f"extra    {finding}"


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--table", type=Path, default=TABLE)
    options = parser.parse_args()
    if not options.table.is_file():
        sys.exit(f"corpus: there is no table {options.table}")
    agreed = differing = expected = met = 0
    for name, wanted in sorted(read_table(options.table).items()):
        path = options.folder / name
        if not path.is_file():
            sys.exit(f"corpus: {name} is in the table but not in {options.folder}")
        seen, status, said = judge(path)
        lines = list(disagreements(wanted, seen))
        if status not in _JUDGED:
            lines.append(f"status   {status}: {said.strip()[-300:]}")
        expected += wanted.total()
        met += (wanted & seen).total()
        if not lines:
            agreed += 1
            print(f"agree    {name}: {wanted.total()} as expected{_JUDGED[status]}")
            continue
        differing += 1
        print(f"DIFFER   {name}")
        print("\n".join(f"         {line}" for line in lines))
    print(f"{agreed} files agree, {differing} differ; {met} of {expected} expected findings met")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
