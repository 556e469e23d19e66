"""The rules there are, found by walking the package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import truehop.rules
from truehop.rules.base import Rule


def module_names() -> list[str]:
    """The full names of all rule modules: every module inside a group's folder."""
    return [
        f"truehop.rules.{group.name}.{module.name}"
        for group in pkgutil.iter_modules(truehop.rules.__path__)
        if group.ispkg
        for module in pkgutil.iter_modules([f"{folder}/{group.name}" for folder in truehop.rules.__path__])
    ]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id.

    Raises:
        TypeError: a module in a group's folder holds no rule named ``check``.
    """
    found: list[Rule] = []
    for name in module_names():
        rule = getattr(importlib.import_module(name), "check", None)
        if not isinstance(rule, Rule):
            raise TypeError(f"{name} holds no rule named check")
        found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.id))


def find_rule(rule_id: str) -> Rule | None:
    """The rule of that id, importing its module alone; None if there is none."""
    wanted = rule_id.replace("-", "_")
    for name in module_names():
        if name.rpartition(".")[2] == wanted:
            rule: Rule = importlib.import_module(name).check
            return rule
    return None


__all__ = ["all_rules", "find_rule", "module_names"]
