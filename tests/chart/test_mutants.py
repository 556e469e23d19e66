"""Whatever is changed on the way of a mail port, truehop notices; what it lets pass is proved harmless.

The ordinary run judges a part of the mutants, always the same; ``make chart`` judges every one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from tests.chart.judging import Judgement, Part, judge
from tests.chart.mutants import Mutant, mutants
from tests.chart.topologies import TOPOLOGIES, judgement_of, parts_of

LIST = Path(__file__).with_name("survivors.txt")
#: One of so many mutants is judged in the ordinary run.
PART = 32


@dataclass(frozen=True)
class Survivor:
    """A line of the list: which mutants may pass, in which topologies, and why that is no harm."""

    pattern: str
    topologies: str
    reason: str

    def explains(self, topology: str, mutant: Mutant) -> bool:
        """Whether the line is about a topology's mutant."""
        return fnmatchcase(topology, self.topologies) and fnmatchcase(mutant.name, self.pattern)


@cache
def survivors() -> tuple[Survivor, ...]:
    """The list's lines; others are headings."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return tuple(_survivor(line) for line in lines if line and not line.startswith("#"))


def _survivor(line: str) -> Survivor:
    pattern, _, reason = line.partition(" | ")
    name, _, topologies = pattern.partition(" @")
    return Survivor(name.strip(), topologies.strip() or "*", reason.strip())


@cache
def made(topology: str) -> tuple[Mutant, ...]:
    """Every mutant of a topology."""
    return tuple(mutants(list(parts_of(topology))))


def passes(topology: str, mutant: Mutant) -> bool:
    """Whether truehop finds nothing in a mutant, and every port as right as before."""
    parts = list(parts_of(topology))
    name = parts[mutant.number].name
    parts[mutant.number : mutant.number + 1] = [Part.of(mutant.content, name)] if mutant.content else []
    judged: Judgement = judge(parts)
    return not judged.findings and all(judged.ports.get(port) for port in judgement_of(topology).ports)


def _chosen(topology: str, *, every: bool) -> Iterator[Mutant]:
    for mutant in made(topology):
        if every or zlib.crc32(f"{topology} {mutant.name}".encode()) % PART == 0:
            yield mutant


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_what_passes_unnoticed_is_explained(topology: str, request: pytest.FixtureRequest) -> None:
    every = bool(request.config.getoption("--every-mutant"))
    unknown = [
        mutant.name
        for mutant in _chosen(topology, every=every)
        if not any(line.explains(topology, mutant) for line in survivors()) and passes(topology, mutant)
    ]
    assert unknown == []


@pytest.mark.parametrize("line", survivors(), ids=lambda line: line.pattern)
def test_a_line_of_the_list_is_still_needed(line: Survivor) -> None:
    assert line.reason
    matching = (
        (topology, mutant)
        for topology in TOPOLOGIES
        for mutant in made(topology)
        if line.explains(topology, mutant)
    )
    assert any(passes(topology, mutant) for topology, mutant in matching)


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_there_is_something_to_change_on_every_way(topology: str) -> None:
    kinds = {mutant.kind for mutant in made(topology)}
    assert kinds >= {"Service", "NetworkPolicy", "StatefulSet"}
    assert len(made(topology)) > 90
