"""Checks the configuration against its JSON Schema, with the place and the cure of each fault.

The published schema is the only description of the file. This reads the keywords it uses over
located trees, because a general validator knows neither lines nor what a typo was meant to be; a
test holds it against that validator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TypeAlias

from truehop.errors import UserError
from truehop.source import tree
from truehop.source.tree import Cursor

Schema: TypeAlias = Mapping[str, object]
#: More words than these are not listed in a cure.
MOST_CHOICES = 12
#: The keywords that are understood, besides those that only describe.
KEYWORDS = frozenset(
    {"type", "properties", "additionalProperties", "required", "items", "enum", "pattern", "minLength"}
    | {"minItems", "anyOf", "$ref"}
)


@cache
def config_schema() -> Schema:
    """The schema of ``truehop.yaml``, but for the rules: their own declarations say more."""
    text = resources.files("truehop").joinpath("schemas", "config.schema.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, object]] = json.loads(text)
    found["properties"]["rules"] = {"type": "object"}
    return found


def near(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant, empty if none is close."""
    known = {one.lower(): one for one in words}
    found = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""


def cure(word: str, words: Iterable[str]) -> str:
    """A did-you-mean, or all the words there are."""
    choices = list(words)
    meant = near(word, choices)
    if meant:
        return f"did you mean {meant!r}?"
    more = ", …" if len(choices) > MOST_CHOICES else ""
    return f"one of {', '.join(choices[:MOST_CHOICES])}{more}"


def faults(cursor: Cursor, schema: Schema | None = None) -> Iterator[UserError]:
    """Everything in the tree that the schema does not allow."""
    wanted = _resolve(config_schema() if schema is None else schema)
    options = wanted.get("anyOf")
    if isinstance(options, list):
        yield from _any_of(cursor, [_resolve(option) for option in options])
        return
    choices = wanted.get("enum")
    if isinstance(choices, list):
        yield from _one_of(cursor, choices)
        return
    kind = wanted.get("type")
    if isinstance(kind, str) and not _is(cursor, kind):
        yield fault(cursor, f"{_name(cursor)} must be {_article(kind)}, not {_article(_kind(cursor))}")
    elif cursor.is_mapping:
        yield from _mapping(cursor, wanted)
    elif cursor.is_sequence:
        yield from _sequence(cursor, wanted)
    else:
        yield from _scalar(cursor, wanted)


def fault(cursor: Cursor, message: str, help_: str = "", *, at_key: bool = False) -> UserError:
    """A fault at a place of the configuration."""
    at = cursor.key_location() if at_key else cursor.location()
    return UserError(message, place=str(at), cure=help_)


def _resolve(schema: object) -> Schema:
    if not isinstance(schema, Mapping):
        return {}  # no schema: anything is allowed
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: object = config_schema()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part] if isinstance(found, Mapping) else {}
    return _resolve(found)


def _name(cursor: Cursor) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in cursor.path]
    return "".join(parts).lstrip(".") or "the configuration"


def _kind(cursor: Cursor) -> str:
    if cursor.is_mapping:
        return "object"
    if cursor.is_sequence:
        return "array"
    if cursor.is_null:
        return "null"
    if cursor.is_string:
        return "string"
    if cursor.boolean() is not None:
        return "boolean"
    return "integer" if cursor.integer() is not None else "number"


def _is(cursor: Cursor, kind: str) -> bool:
    found = _kind(cursor)
    return found == kind or (kind == "number" and found == "integer")


def _article(kind: str) -> str:
    words = {"object": "a mapping", "array": "a list", "string": "a text", "boolean": "true or false"}
    words |= {"integer": "a whole number", "number": "a number", "null": "empty"}
    return words[kind]


def _any_of(cursor: Cursor, options: list[Schema]) -> Iterator[UserError]:
    """The faults of the option that has the right type, else what the types would be."""
    for option in options:
        kind = option.get("type")
        if (isinstance(kind, str) and _is(cursor, kind)) or ("enum" in option and cursor.is_scalar):
            yield from faults(cursor, option)
            return
    kinds = [_article(kind) for option in options if isinstance(kind := option.get("type"), str)]
    yield fault(cursor, f"{_name(cursor)} must be {' or '.join(kinds)}, not {_article(_kind(cursor))}")


def _one_of(cursor: Cursor, choices: list[object]) -> Iterator[UserError]:
    words = [str(choice) for choice in choices]
    if not cursor.is_scalar or cursor.string() not in words:
        message = f"{_name(cursor)} must be one of {', '.join(words)}"
        told = f", not {cursor.string()!r}" if cursor.is_scalar else f", not {_article(_kind(cursor))}"
        meant = near(cursor.string(), words)
        yield fault(cursor, message + told, f"did you mean {meant!r}?" if meant else "")


def _mapping(cursor: Cursor, schema: Schema) -> Iterator[UserError]:
    properties = schema.get("properties")
    known: Mapping[str, object] = properties if isinstance(properties, Mapping) else {}
    more = schema.get("additionalProperties", True)
    node = cursor.node
    for _, second in node.duplicates if isinstance(node, tree.Mapping) else ():
        place = f"{cursor.document.source.path}:{second.line}:{second.column}"
        yield UserError("this key is given twice", place=place, value=second.value, cure="remove one of them")
    for name, value in cursor.entries():
        if name in known:
            yield from faults(value, _resolve(known[name]))
        elif more is False:
            words = cure(name, known)
            yield fault(value, f"{_name(cursor)} has no key {name!r}", words, at_key=True)
        elif isinstance(more, Mapping):
            meant = get_close_matches(name.lower(), [word.lower() for word in known], n=1, cutoff=0.75)
            if meant:
                yield fault(value, f"{_name(cursor)} has no key {name!r}", cure(name, known), at_key=True)
            else:
                yield from faults(value, _resolve(more))
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if not cursor.get(str(name)).exists:
            yield fault(cursor, f"{_name(cursor)} lacks {str(name)!r}", f"add `{name}: …`")


def _sequence(cursor: Cursor, schema: Schema) -> Iterator[UserError]:
    entries = list(cursor.items())
    least = schema.get("minItems")
    if isinstance(least, int) and len(entries) < least:
        yield fault(cursor, f"{_name(cursor)} is an empty list", "remove the key, or fill the list")
    for entry in entries:
        yield from faults(entry, _resolve(schema.get("items")))


def _scalar(cursor: Cursor, schema: Schema) -> Iterator[UserError]:
    text = cursor.string()
    least, pattern = schema.get("minLength"), schema.get("pattern")
    if isinstance(least, int) and len(text.strip()) < least:
        yield fault(cursor, f"{_name(cursor)} is empty")
    elif isinstance(pattern, str) and not re.search(pattern, text):
        meaning = str(schema.get("description", pattern)).rstrip(".").lower()
        yield fault(cursor, f"{_name(cursor)}: {text!r} is not {meaning}")
