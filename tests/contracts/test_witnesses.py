"""What a program of the lab does was seen there: each witness that is named is a row that was recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import truehop
from tests.lab.recording import TRUTH
from truehop.profiles.program import KnownFact
from truehop.profiles.registry import programs

PACKAGE = Path(truehop.__file__).parent
NAMED = re.compile(r"^Witness: (.+)$", re.MULTILINE)
#: Whoever states something of these programs' behaviour says which row shows it.
DECIDED = ("dovecot/core@", "vdukhovni/postfix@", "traefik/traefik@")


def _facts() -> Iterator[tuple[str, KnownFact]]:
    for program in programs():
        for name, fact in program.facts.items():
            yield f"{program.id}: {name}", fact


def test_each_witness_is_a_row_that_was_run() -> None:
    named = {where: fact.witness for where, fact in _facts() if fact.witness}
    named |= {
        f"{path.relative_to(PACKAGE)}: {row}": row
        for path in PACKAGE.rglob("*.py")
        for row in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    run = json.loads(TRUTH.read_text(encoding="utf-8"))["rows"]
    assert [where for where, row in named.items() if row not in run] == []


def test_what_a_program_of_the_lab_decides_names_its_witness() -> None:
    unseen = [where for where, fact in _facts() if fact.source.startswith(DECIDED) and not fact.witness]
    assert unseen == []


def test_a_fact_rests_on_a_source_or_a_witness() -> None:
    assert [where for where, fact in _facts() if not (fact.source or fact.witness)] == []
