"""What the configuration says of rules, checked against what each rule declares."""

from __future__ import annotations

from collections.abc import Mapping

from truehop.engine.config.shape import cure, fault
from truehop.errors import UserError
from truehop.rules.base import Rule, Setting
from truehop.settings import Place, RuleChoice
from truehop.source.tree import Cursor

SEVERITIES = ("error", "warning", "info", "off")


def rule_choices(cursor: Cursor, rules: Mapping[str, Rule]) -> tuple[dict[str, RuleChoice], list[UserError]]:
    """The choice for each rule that is named, and every fault in them."""
    choices: dict[str, RuleChoice] = {}
    wrong: list[UserError] = []
    for name, entry in cursor.entries():
        if name not in rules:
            wrong.append(fault(entry, f"there is no rule {name!r}", cure(name, rules), at_key=True))
        elif entry.is_mapping:
            choices[name] = _choice(entry, rules[name], wrong)
        else:
            choices[name] = _of_severity(entry, entry, {}, wrong)
    return choices, wrong


def _choice(entry: Cursor, rule: Rule, wrong: list[UserError]) -> RuleChoice:
    declared = {setting.name: setting for setting in rule.settings}
    values: dict[str, object] = {}
    for name, value in entry.entries():
        if name == "severity":
            continue
        if name not in declared:
            words = cure(name, ["severity", *declared])
            wrong.append(fault(value, f"{rule.id} has no setting {name!r}", words, at_key=True))
            continue
        read = _value(value, declared[name])
        if read is None:
            words = f"such as {declared[name].default!r}"
            wrong.append(fault(value, f"{rule.id}: {name} is not of the right type", words))
        else:
            values[name] = read
    return _of_severity(entry.get("severity"), entry, values, wrong)


def _of_severity(
    cursor: Cursor, entry: Cursor, values: Mapping[str, object], wrong: list[UserError]
) -> RuleChoice:
    at = entry.key_location()
    said = Place(at.path, at.line, at.column, at.end_line, at.end_column, at.pointer)
    word = cursor.string()
    if cursor.exists and (not cursor.is_scalar or word not in SEVERITIES):
        wrong.append(fault(cursor, f"a severity is one of {', '.join(SEVERITIES)}", cure(word, SEVERITIES)))
        return RuleChoice(at=said)
    if word == "off":
        return RuleChoice(is_off=True, settings=values, at=said)
    return RuleChoice(severity=word or None, settings=values, at=said)


def _value(cursor: Cursor, setting: Setting) -> object:
    """The value as the default's type, None if it is of another."""
    match setting.default:
        case bool():
            return cursor.boolean()
        case int():
            return cursor.integer()
        case str():
            return cursor.string() if cursor.is_string else None
        case tuple() | list():
            entries = list(cursor.items())
            is_whole = cursor.is_sequence and all(entry.is_scalar for entry in entries)
            return tuple(entry.string() for entry in entries) if is_whole else None
        case _:
            return cursor.string() or None
