"""What a rule declares to read of the graph is what it reads, over all its scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import pytest

from tests.rules.samples import Sample, read_sample, scenarios, section
from truehop.engine import judge_texts
from truehop.model.hops import HopGraph
from truehop.model.walk import Walks
from truehop.rules.base import Report, Rule, RuleSettings
from truehop.rules.catalogue import all_rules

PARTS = frozenset(part.name for part in fields(HopGraph))
JUDGING = [rule for rule in all_rules() if rule.group != "input"]


class RecordingGraph(HopGraph):
    """A graph that notes which of its parts are asked for, also by its own questions."""

    __slots__ = ("seen",)
    seen: set[str]

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 (as the base class answers)
        if name in PARTS:
            self.seen.add(name)
        return super().__getattribute__(name)


class RecordingWalks(Walks):
    """Walks that note that somebody asked."""

    __slots__ = ("seen",)
    seen: set[str]

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 (as the base class answers)
        if name in {"honest", "forgers"}:
            self.seen.add("walks")
        return super().__getattribute__(name)


@contextmanager
def _recording(rule: Rule) -> Iterator[set[str]]:
    """What the rule reads in the meantime."""
    seen: set[str] = set()
    check = rule.check

    def watched(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterable[Report]:
        watched_graph = RecordingGraph(**{name: getattr(graph, name) for name in PARTS})
        watched_walks = RecordingWalks(walks.honest, walks.forgers)
        watched_graph.seen = watched_walks.seen = seen
        return list(check(watched_graph, watched_walks, settings))

    object.__setattr__(rule, "check", watched)  # the engine holds this very rule
    try:
        yield seen
    finally:
        object.__setattr__(rule, "check", check)


def _samples(rule: Rule) -> Iterator[Sample]:
    yield from (sample for name, sample in scenarios() if name == rule.id)
    yield from (read_sample(title, section(rule.doc, title), rule.id) for title in ("Bad", "Good"))


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_a_rule_reads_what_it_declares(rule: Rule) -> None:
    with _recording(rule) as seen:
        for sample in _samples(rule):
            judge_texts(sample.files, sample.config, only=rule.id)
    assert sorted(seen) == sorted(rule.reads)


def test_declared_parts_exist() -> None:
    declared = {part for rule in all_rules() for part in rule.reads}
    assert declared <= PARTS | {"walks"}
