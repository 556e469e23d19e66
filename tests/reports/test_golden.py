"""Each format prints what its golden file says; ``--update-golden`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reports.outcomes import EMPTY, FULL
from truehop import __version__
from truehop.findings.outcome import Outcome
from truehop.reports.base import Look, formats

FOLDER = Path(__file__).parent / "golden"
Compare = Callable[[Path, str], None]
ALL = [(command, name) for command in ("check", "path") for name in formats(command)]


@pytest.mark.parametrize(("command", "name"), ALL)
@pytest.mark.parametrize(("case", "outcome"), [("full", FULL), ("empty", EMPTY)])
def test_the_format_prints_its_golden_file(
    command: str, name: str, case: str, outcome: Outcome, golden: Compare
) -> None:
    text = formats(command)[name].write(outcome, Look()).replace(__version__, "0.0.0")
    golden(FOLDER / f"{command}-{name}-{case}.txt", text)


@pytest.mark.parametrize(
    ("case", "look"),
    [
        ("quiet", Look(verbosity=-1)),
        ("verbose", Look(verbosity=1)),
        ("narrow", Look(width=40)),
        ("colour", Look(colour=True, unicode=True)),
        ("wide", Look(width=160, unicode=True)),
    ],
)
@pytest.mark.parametrize("command", ["check", "path"])
def test_text_looks_as_wanted(command: str, case: str, look: Look, golden: Compare) -> None:
    golden(FOLDER / f"{command}-text-{case}.txt", formats(command)["text"].write(FULL, look))
