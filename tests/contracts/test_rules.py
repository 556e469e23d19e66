"""What every rule owes: an id that is its path, a page, a scenario file."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

import truehop.rules
from truehop.generate import GROUPS
from truehop.rules.base import Rule
from truehop.rules.catalogue import all_rules

ROOT = Path(__file__).parents[2]
PACKAGE = Path(truehop.rules.__file__).parent
RULES = all_rules()
JUDGING = [rule for rule in RULES if rule.group != "input"]
#: Ids of rules that are gone; they are never given to another rule.
RETIRED: frozenset[str] = frozenset()

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def _sections(rule: Rule) -> dict[str, str]:
    page = inspect.cleandoc(rule.doc)
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_module_in_a_group_is_a_rule_of_that_name_and_group() -> None:
    written = {
        (path.parent.name, path.stem.replace("_", "-"))
        for path in PACKAGE.glob("*/*.py")
        if path.stem != "__init__"
    }
    assert written == {(rule.group, rule.id) for rule in RULES}


def test_ids_are_unique() -> None:
    counts = Counter(rule.id for rule in RULES)
    assert [name for name, count in counts.items() if count > 1] == []


def test_retired_ids_are_not_used_again() -> None:
    assert RETIRED.isdisjoint(rule.id for rule in RULES)


@each_rule
def test_id_is_kebab_case(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)


@each_rule
def test_group_is_described(rule: Rule) -> None:
    assert rule.group in GROUPS


@each_rule
def test_since_is_a_version(rule: Rule) -> None:
    assert re.fullmatch(r"\d+\.\d+", rule.since)


@each_rule
def test_summary_is_one_sentence_on_the_first_line(rule: Rule) -> None:
    first, _, rest = inspect.cleandoc(rule.doc).partition("\n")
    assert re.fullmatch(r"[A-Z`].*[^.]\.", first)
    assert rest.startswith("\n")
    assert len(first) <= 110


@each_rule
@pytest.mark.parametrize("section", ["Why", "Bad", "Good", "How to fix"])
def test_page_holds_the_section(rule: Rule, section: str) -> None:
    assert _sections(rule).get(section, "").strip()


@each_rule
@pytest.mark.parametrize("section", ["Bad", "Good"])
def test_page_shows_a_sample(rule: Rule, section: str) -> None:
    assert re.search(r"^```\w+.*?^```$", _sections(rule)[section], flags=re.MULTILINE | re.DOTALL)


@each_rule
def test_scenarios_are_written(rule: Rule) -> None:
    assert (ROOT / "tests/rules" / f"{rule.id}.md").is_file()


def test_no_scenarios_without_a_rule() -> None:
    names = {path.stem for path in (ROOT / "tests/rules").glob("*.md")}
    assert names - {rule.id for rule in RULES} == set()


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_scenarios_hold_one_case_that_fires_and_one_near_miss(rule: Rule) -> None:
    text = (ROOT / "tests/rules" / f"{rule.id}.md").read_text(encoding="utf-8")
    scenarios = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    fires = [scenario for scenario in scenarios if f"# <- {rule.id}" in scenario]
    assert fires
    assert len(fires) < len(scenarios)


@each_rule
def test_settings_have_names_and_words(rule: Rule) -> None:
    for setting in rule.settings:
        assert re.fullmatch(r"[a-z][A-Za-z0-9]*", setting.name)
        assert setting.doc


@each_rule
def test_explains_only_rules_that_exist(rule: Rule) -> None:
    assert rule.explains <= {other.id for other in RULES}
