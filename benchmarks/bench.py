"""Speed and memory in ratios from one run: truehop beside kubeconform and kube-score.

``make bench`` builds the two from their Go modules. The tree is 15,000 objects in 200 files, the one for
linearity ten times that. Ends with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import logs
from benchmarks.measure import best, peak_memory, timed
from benchmarks.tree import FILES, PER_FILE, WRONG_EVERY, write_tree

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".bench"
TRUEHOP = str(Path(sys.executable).with_name("truehop"))
SKIPPED = "Deployment,Service,IngressRoute"
GROWTH = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: what was measured and how far it may go."""

    name: str
    measured: float
    limit: float
    unit: str
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.limit


def check(*arguments: str) -> list[str]:
    """A ``truehop check`` command; the findings are printed, none fails the run."""
    return [TRUEHOP, "check", "--format", "json", "--fail-on", "never", *arguments]


def against_others(folder: Path, rounds: int) -> Iterator[Bar]:
    """Beside a parser of the same tree, and beside a linter of it."""
    files = [str(path) for path in sorted(folder.iterdir())]
    ours, parser, linter = best(
        [
            check(str(folder)),
            ["kubeconform", "-summary", "-skip", SKIPPED, str(folder)],
            ["kube-score", "score", "--output-format", "ci", *files],
        ],
        rounds,
    )
    detail = f"truehop {ours:.2f} s, kubeconform (only parses) {parser:.2f} s, kube-score {linter:.2f} s"
    yield Bar("time / kubeconform's", ours / parser, 1, "x", detail)
    yield Bar("time / kube-score's", ours / linter, 1 / 3, "x")


def memory(folder: Path) -> Iterator[Bar]:
    """The peak, all processes together."""
    yield Bar("peak memory", peak_memory(check(str(folder))), 300, "MiB", "all processes, shared pages once")


def linearity(folder: Path, larger: Path) -> Iterator[Bar]:
    """Ten times the objects cost ten times as much; a tenth is left for a machine that is not quiet."""
    small, large = best([check(str(folder))], 2)[0], best([check(str(larger))], 1)[0]
    detail = f"{small:.2f} s, then {large:.2f} s for {GROWTH} times the objects"
    yield Bar("growth to 150,000 objects", large / small, GROWTH * 1.1, "x", detail)


def sameness(folder: Path) -> Iterator[Bar]:
    """Scan and worker processes change nothing but the time."""
    quick = _judgement(check(str(folder)))
    plain = _judgement(check("--jobs", "1", "--no-scan", str(folder)))
    found = len(quick["findings"])
    wanted = FILES * PER_FILE // WRONG_EVERY
    yield Bar("differences without scan and workers", int(quick != plain), 0, "", f"{found} findings")
    yield Bar("wrong Deployments missed", abs(wanted - _wrong(quick)), 0, "", f"{wanted} are in the tree")


def _judgement(command: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    run = timed(command)
    if run.status != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {run.status}")
    report = json.loads(run.output)
    return {name: report[name] for name in ("findings", "routes", "unjudged")}


def _wrong(judgement: dict[str, list[dict[str, object]]]) -> int:
    return sum(finding["rule"] == "trust-any-address" for finding in judgement["findings"])


def small_things(rounds: int) -> Iterator[Bar]:
    """Start-up, and one small chart's rendered output."""
    click, version, chart = best(
        [
            [sys.executable, "-c", "import click"],
            [TRUEHOP, "--version"],
            check(str(ROOT / "benchmarks/chart.yaml")),
        ],
        rounds * 5,
    )
    yield Bar("--version / import click", version / click, 4, "x", f"{version:.3f} s, {click:.3f} s")
    yield Bar("a small chart / import click", chart / click, 10, "x", f"{chart:.3f} s")


def main() -> int:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="the best of this many runs counts")
    parser.add_argument(
        "--quick", action="store_true", help="leave out the 150,000 objects and most of the logs"
    )
    parser.add_argument("--logs", action="store_true", help="only truehop logs")
    options = parser.parse_args()

    megabytes = 100 if options.quick else 1000
    if options.logs:
        return int(logs.failures(megabytes, options.rounds) > 0)
    folder, larger = WORK / "tree", WORK / "larger"
    size = write_tree(folder)
    _say(f"{FILES * PER_FILE * 3} objects in {FILES} files, {size / 1e6:.1f} MB")
    parts = [
        against_others(folder, options.rounds),
        memory(folder),
        sameness(folder),
        small_things(options.rounds),
    ]
    if not options.quick:
        write_tree(larger, FILES * GROWTH)
        parts.append(linearity(folder, larger))
    failed = 0
    for part in parts:
        for bar in part:
            failed += not bar.holds
            verdict = "PASS" if bar.holds else "FAIL"
            numbers = f"{bar.measured:8.2f} {bar.unit:<3} (at most {bar.limit:.2f})"
            print(f"{verdict}  {bar.name:<38} {numbers}  {bar.detail}", flush=True)
    failed += logs.failures(megabytes, options.rounds)
    return int(failed > 0)


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
