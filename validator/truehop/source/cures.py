"""What a schema's objection means in words, and what to write instead."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from truehop.source.tree import Cursor

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SECRET = re.compile(r"pass|secret|token|key|credential|auth", re.IGNORECASE)
_LONGEST = 40
_MOST_NAMES = 12
_DIGITS = re.compile(r"-?[0-9]+")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NAMES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
#: Keyword, what is wrong with the value, what to write; ``{}`` is the keyword's own value.
_BOUNDS = {
    "minimum": ("is below {}", "write {} or more"),
    "maximum": ("is above {}", "write {} or less"),
    "exclusiveMinimum": ("is not above {}", "write more than {}"),
    "exclusiveMaximum": ("is not below {}", "write less than {}"),
    "multipleOf": ("is no multiple of {}", "write a multiple of {}"),
    "minLength": ("is shorter than {} characters", "write at least {} characters"),
    "maxLength": ("is longer than {} characters", "write at most {} characters"),
    "minItems": ("has fewer than {} entries", "give at least {} entries"),
    "maxItems": ("has more than {} entries", "give at most {} entries"),
    "minProperties": ("has fewer than {} keys", "give at least {} keys"),
    "maxProperties": ("has more than {} keys", "give at most {} keys"),
    "uniqueItems": ("has an entry twice", "give each entry once"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A message without advice, and the advice."""

    message: str
    help: str


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as Helm's users write it: ``ports.smtp.expose[0]``, ``the root`` for an empty one."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}"
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text.removeprefix(".") or "the root"


def shown(value: object, path: tuple[str | int, ...]) -> str:
    """A value in a message: cut short, and never one whose key speaks of secrets."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if any(isinstance(part, str) and _SECRET.search(part) for part in path):
        return "its value"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


@dataclass(frozen=True, slots=True)
class _Fault:
    """An error of jsonschema as the words below need it."""

    keyword: str
    wanted: Any
    instance: Any
    schema: dict[str, Any]
    where: str
    value: str
    message: str
    has_forms: bool


def describe(error: ValidationError, place: Cursor) -> Words:
    """An error of jsonschema about a value, in words."""
    fault = _Fault(
        str(error.validator),
        error.validator_value,
        error.instance,
        error.schema if isinstance(error.schema, dict) else {},
        dotted(place.path),
        shown(error.instance, place.path),
        error.message,
        bool(error.context),
    )
    return _WORDS.get(fault.keyword, _of_anything)(fault)


def describe_unknown(name: str, place: Cursor, schema: dict[str, Any]) -> Words:
    """A key that must not be there, in words."""
    return Words(f"unknown key {dotted(place.path)}", _near_key(name, schema))


def _of_anything(fault: _Fault) -> Words:
    if fault.keyword in _BOUNDS:
        wrong, cure = _BOUNDS[fault.keyword]
        subject = fault.where if wrong.startswith("has ") else f"{fault.where} is {fault.value}, which"
        return Words(f"{subject} {wrong.format(fault.wanted)}", cure.format(fault.wanted))
    message = f"{fault.where} breaks the schema's {fault.keyword}"
    return Words(message, _described(fault.schema, "see the chart's values.schema.json"))


def _of_pattern(fault: _Fault) -> Words:
    message = f"{fault.where} is {fault.value}, which does not match {fault.wanted}"
    return Words(message, _described(fault.schema, "write what matches it"))


def _of_forms(fault: _Fault) -> Words:
    fits = "fits none of" if fault.has_forms else "fits more than one of"
    message = f"{fault.where} {fits} {len(fault.wanted)} forms"
    return Words(message, _described(fault.schema, "write exactly one of the forms"))


def _of_not(fault: _Fault) -> Words:
    if not fault.wanted:
        return Words(f"{fault.where} is not allowed here", "remove it")
    return _of_anything(fault)


def _of_required(fault: _Fault) -> Words:
    lacking = next((name for name in fault.wanted if fault.message.startswith(repr(name))), "a key")
    return Words(f"{fault.where} lacks {lacking}", f"add {lacking}{_told(fault.schema, lacking)}")


def _described(schema: dict[str, Any], otherwise: str) -> str:
    text = schema.get("description") or schema.get("title")
    if not isinstance(text, str) or not text.strip():
        return otherwise
    line = " ".join(text.split())
    return line if len(line) <= 3 * _LONGEST else f"{line[: 3 * _LONGEST - 3]}..."


def _told(schema: dict[str, Any], name: str) -> str:
    properties = schema.get("properties")
    below = properties.get(name) if isinstance(properties, dict) else None
    text = _described(below, "") if isinstance(below, dict) else ""
    return f": {text}" if text else ""


def _near_key(name: str, schema: dict[str, Any]) -> str:
    properties = schema.get("properties")
    known = [key for key in properties if isinstance(key, str)] if isinstance(properties, dict) else []
    if not known:
        return "remove it: the schema allows no further keys here"
    lowered = {key.lower(): key for key in known}
    near = difflib.get_close_matches(name.lower(), lowered, n=1)
    if near:
        return f"did you mean {lowered[near[0]]}?"
    more = f" and {len(known) - _MOST_NAMES} more" if len(known) > _MOST_NAMES else ""
    return f"known here: {', '.join(sorted(known)[:_MOST_NAMES])}{more}"


def _of_type(fault: _Fault) -> Words:
    types = [fault.wanted] if isinstance(fault.wanted, str) else list(fault.wanted)
    words = " or ".join(_NAMES[name] for name in types)
    return Words(f"{fault.where} is {fault.value}, not {words}", _retyped(fault.instance, types, words))


def _retyped(instance: object, types: list[str], words: str) -> str:
    if instance is None or isinstance(instance, dict | list):
        return f"write {words}"
    if isinstance(instance, str):
        is_flag = "boolean" in types and instance.lower() in {"true", "false"}
        is_number = not {"integer", "number"}.isdisjoint(types) and _DIGITS.fullmatch(instance) is not None
        if is_flag or is_number:
            return "write it without quotes"
    elif "string" in types:
        return "put it in quotes"
    return "write a list: one entry per line, each after a dash" if "array" in types else f"write {words}"


def _of_choice(fault: _Fault) -> Words:
    allowed = fault.wanted if fault.keyword == "enum" else [fault.wanted]
    texts = [choice if isinstance(choice, str) else json.dumps(choice) for choice in allowed]
    message = f"{fault.where} is {fault.value}, which is not allowed"
    lowered = {text.lower(): text for text in texts}
    near = difflib.get_close_matches(str(fault.instance).lower(), lowered, n=1)
    if near and isinstance(fault.instance, str):
        return Words(message, f"did you mean {lowered[near[0]]}?")
    more = f" and {len(texts) - _MOST_NAMES} more" if len(texts) > _MOST_NAMES else ""
    listed = ", ".join(text or '""' for text in texts[:_MOST_NAMES])
    return Words(message, f"write {'one of ' if len(texts) > 1 else ''}{listed}{more}")


_WORDS: dict[str, Callable[[_Fault], Words]] = {
    "type": _of_type,
    "required": _of_required,
    "enum": _of_choice,
    "const": _of_choice,
    "pattern": _of_pattern,
    "anyOf": _of_forms,
    "oneOf": _of_forms,
    "not": _of_not,
    "None": _of_not,
}
