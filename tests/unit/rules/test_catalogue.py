"""Finding the rules."""

from __future__ import annotations

import pytest

from truehop.rules import catalogue


def test_rules_are_sorted_by_id_and_found_one_by_one() -> None:
    rules = catalogue.all_rules()
    assert [rule.id for rule in rules] == sorted(rule.id for rule in rules)
    assert all(catalogue.find_rule(rule.id) is rule for rule in rules)


def test_an_unknown_id_is_no_rule() -> None:
    assert catalogue.find_rule("trust-me") is None


def test_a_module_without_a_rule_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "module_names", lambda: ["truehop.rules.base"])
    with pytest.raises(TypeError, match=r"truehop\.rules\.base holds no rule named check"):
        catalogue.all_rules.__wrapped__()
