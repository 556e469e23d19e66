"""The catalogue for people and for programs."""

from __future__ import annotations

import json
from difflib import get_close_matches

from truehop.errors import UserError
from truehop.rules.base import Rule
from truehop.rules.catalogue import all_rules


def find_rule(name: str) -> Rule:
    """The rule of that id.

    Raises:
        UserError: there is none.
    """
    rules = {rule.id: rule for rule in all_rules()}
    if name in rules:
        return rules[name]
    near = get_close_matches(name, rules, n=1)
    cure = f"did you mean {near[0]}?" if near else "`truehop rules` lists them"
    raise UserError("there is no such rule", value=name, cure=cure)


def as_table() -> str:
    """A line per rule."""
    rules = all_rules()
    wide = max((len(rule.id) for rule in rules), default=0)
    lines = [f"{rule.id:<{wide}}  {rule.severity:<7}  {rule.group:<8}  {rule.title}" for rule in rules]
    return "\n".join(lines)


def as_json() -> str:
    """The rules with their metadata and settings."""
    return json.dumps(
        [
            {
                "id": rule.id,
                "group": rule.group,
                "severity": rule.severity.value,
                "since": rule.since,
                "title": rule.title,
                "settings": [
                    {"name": setting.name, "default": setting.default, "doc": setting.doc}
                    for setting in rule.settings
                ],
            }
            for rule in all_rules()
        ],
        indent=2,
        ensure_ascii=False,
    )
