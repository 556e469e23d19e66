"""What a program of the lab does was seen there: each witness that is named is a row that was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.lab.bounds import PACKAGE, SOURCE_ONLY, WITNESSES, bounds, named_in_code, programs
from tests.lab.recording import TRUTH, Truth
from tests.lab.table import rows
from truehop.profiles.program import KnownFact
from truehop.profiles.registry import programs as known_programs

KEPT: Truth = json.loads(TRUTH.read_text(encoding="utf-8"))
#: Whoever states something of these programs' behaviour says which row shows it.
DECIDED = {
    "dovecot/core@": "Dovecot",
    "vdukhovni/postfix@": "Postfix",
    "traefik/traefik@": "Traefik",
    "traefik@v": "Traefik",
}
#: Layers that say what programs do. Rules judge, and name on their pages what they rest on.
SAYING = ("adapters/", "model/", "build/")


def _facts() -> Iterator[tuple[str, KnownFact]]:
    for program in known_programs():
        for name, fact in program.facts.items():
            yield f"{program.id}: {name}", fact


def _is_decided(fact: KnownFact) -> bool:
    return fact.source.startswith(tuple(DECIDED))


def _named() -> list[tuple[str, str]]:
    facts = [(where, fact.witness) for where, fact in _facts() if fact.witness]
    return [*facts, *named_in_code(WITNESSES)]


def test_each_witness_is_a_row_that_was_run() -> None:
    assert _named()
    assert [(where, row) for where, row in _named() if row not in KEPT["rows"]] == []


def test_what_a_program_of_the_lab_decides_names_its_witness() -> None:
    unseen = [where for where, fact in _facts() if not fact.witness and _is_decided(fact)]
    assert unseen == []


def test_a_witness_ran_the_program_that_it_speaks_of() -> None:
    ran = {where: " ".join(KEPT["rows"][fact.witness]["ran"]) for where, fact in _facts() if fact.witness}
    wanted = {
        where: program
        for where, fact in _facts()
        for source, program in DECIDED.items()
        if fact.source.startswith(source)
    }
    assert wanted
    assert [where for where, program in wanted.items() if program not in ran[where]] == []


def test_a_module_that_cites_a_program_of_the_lab_names_a_witness_or_says_that_there_is_none() -> None:
    told = {where for kind in (WITNESSES, SOURCE_ONLY) for where, _ in named_in_code(kind)}
    silent = [
        where
        for layer in SAYING
        for path in sorted((PACKAGE / layer).rglob("*.py"))
        if (where := str(path.relative_to(PACKAGE))) not in told
        and any(source in path.read_text(encoding="utf-8") for source in DECIDED)
    ]
    assert silent == []


def test_every_row_says_what_it_ran_and_in_which_version() -> None:
    assert [row.id for row in rows() if KEPT["rows"][row.id]["ran"] != programs(row)] == []
    used = {name for row in rows() for name in programs(row)}
    assert used == KEPT["versions"].keys()


def test_what_rests_on_sources_alone_is_printed() -> None:
    printed = list(bounds())
    for _, text in named_in_code(SOURCE_ONLY):
        assert f"source only: {text}" in printed


def test_a_fact_rests_on_a_source_or_a_witness() -> None:
    assert [where for where, fact in _facts() if not (fact.source or fact.witness)] == []
