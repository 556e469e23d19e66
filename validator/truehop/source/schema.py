"""Helm values against their chart's JSON Schema, each violation with its place and a cure in words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from truehop.source.cures import describe, describe_unknown
from truehop.source.location import Location
from truehop.source.scalars import resolve
from truehop.source.tree import Cursor, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    Check = Callable[..., Iterator[ValidationError] | None]

MOST_VIOLATIONS = 100
SECONDS = 10.0
_UNKNOWN_KEYS = frozenset({"additionalProperties", "unevaluatedProperties"})


#: The exception of a Rust extension that gave up; it is no subclass of Exception.
PANIC = "PanicException"


@dataclass(frozen=True, slots=True, eq=False)
class Violation:
    """One value that its schema does not allow: the place, what is wrong, and what to write."""

    cursor: Cursor
    message: str
    help: str
    is_unknown_key: bool = False

    @property
    def at(self) -> Location:
        """The value's span, the key's where the key itself is wrong."""
        return self.cursor.key_location() if self.is_unknown_key else self.cursor.location()


@dataclass(slots=True)
class Verdict:
    """The violations in the order of their places; ``refusal`` says why there may be more, or none."""

    violations: list[Violation] = field(default_factory=list)
    refusal: str = ""


class _TimeIsUpError(Exception):
    pass


def violations(root: Cursor, schema: dict[str, Any]) -> list[Violation]:
    """What in a tree its schema does not allow."""
    return check_schema(root, schema).violations


def check_schema(
    root: Cursor, schema: dict[str, Any], defaults: Cursor | None = None, seconds: float = SECONDS
) -> Verdict:
    """A tree against a schema; nothing a schema refers to is ever fetched. Never raises.

    With ``defaults`` (the chart's own values) the tree is laid over them as Helm does, where null
    takes a key away (helm.sh/docs/chart_template_guide/values_files, "Deleting a default key"), and
    only what the tree itself says or leaves out is told.
    """
    import jsonschema  # noqa: PLC0415 (a tenth of a second)
    from jsonschema.validators import extend, validator_for  # noqa: PLC0415
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped] # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    verdict = Verdict()
    own = _value_of(root.node, {})
    instance = own if defaults is None else _coalesce(_value_of(defaults.node, {}), own)
    try:
        # The stubs know neither this parameter nor the types of the other call.
        kind: Any = validator_for(schema, default=jsonschema.Draft202012Validator)
        kind.check_schema(schema, format_checker=jsonschema.FormatChecker(()))
        keywords = _bounded(dict(kind.VALIDATORS), time.monotonic() + seconds)
        bounded: Any = extend(kind, keywords)  # type: ignore[no-untyped-call]
        validator: Validator = bounded(schema, registry=REGISTRY)
        _collect(validator.iter_errors(instance), root, verdict)
    except jsonschema.SchemaError as error:
        verdict.refusal = f"the schema is no valid schema: {_one_line(error.message)}"
    except Unresolvable as error:
        verdict = Verdict(refusal=f"the schema refers to {_one_line(str(error.ref))}, which is not fetched")
    except _TimeIsUpError:
        verdict.refusal = f"the schema takes longer than {seconds:g} seconds"
    except RecursionError:
        verdict = Verdict(refusal="the schema refers to itself without end")
    except Exception as error:  # noqa: BLE001 (jsonschema trips over odd schemas in many ways)
        verdict = Verdict(refusal=f"the schema cannot be used: {_one_line(str(error))}")
    except BaseException as error:
        # rpds, which jsonschema keeps its registry in, panics where Python's recursion ends inside it.
        if type(error).__name__ != PANIC:
            raise
        verdict = Verdict(refusal="the schema refers to itself without end")
    verdict.violations.sort(key=_order)
    return verdict


def _order(violation: Violation) -> tuple[int, int, str]:
    return violation.at.line, violation.at.column, violation.cursor.pointer


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:117]}..."  # noqa: PLR2004 (what fits on a line)


def _value_of(node: Node | None, known: dict[int, Any]) -> Any:  # noqa: ANN401 (what JSON holds)
    """The value of a tree as Kubernetes' decoder gives it; shared nodes give shared values."""
    if isinstance(node, Scalar):
        return resolve(node.value, node.style, node.tag)
    if id(node) in known:
        return known[id(node)]
    value: Any = None
    if isinstance(node, Mapping):
        value = {name: _value_of(below, known) for name, (_, below) in node.entries.items()}
    elif isinstance(node, Sequence):
        value = [_value_of(below, known) for below in node.items]
    known[id(node)] = value
    return value


def _coalesce(below: Any, above: Any) -> Any:  # noqa: ANN401
    """Values laid over defaults: mappings key by key, null takes away, the rest replaces."""
    if not isinstance(above, dict) or not isinstance(below, dict):
        return above
    merged = {key: value for key, value in below.items() if above.get(key, value) is not None}
    for key, value in above.items():
        if value is not None:
            merged[key] = _coalesce(below[key], value) if key in below else value
    return merged


def _bounded(keywords: dict[str, Any], deadline: float) -> dict[str, Any]:
    """The keywords' checks, each of which ends when the time is up.

    A pattern in a dialect that Python cannot read (ECMA's, RE2's) is not judged.
    """

    def bound(check: Check) -> Check:
        def checked(*arguments: object) -> Iterator[ValidationError]:
            if time.monotonic() > deadline:
                raise _TimeIsUpError
            with suppress(re.error):
                yield from check(*arguments) or ()

        return checked

    return {name: bound(check) for name, check in {**keywords, "properties": _properties}.items()}


def _properties(
    validator: Any,  # noqa: ANN401 (jsonschema's validators have no public type with descend)
    properties: dict[str, Any],
    instance: object,
    schema: object,
) -> Iterator[ValidationError]:
    """As jsonschema's own, which loses the path where a property's schema is ``false``."""
    del schema
    if isinstance(instance, dict):
        for name, below in properties.items():
            if name in instance:
                found = {"not": {}} if below is False else below
                yield from validator.descend(instance[name], found, path=name, schema_path=name)


def _collect(errors: Iterator[ValidationError], root: Cursor, verdict: Verdict) -> None:
    told: set[tuple[Location, str]] = set()
    for error in errors:
        for violation in _violations_of(error, root):
            key = (violation.at, violation.message)
            if key in told:
                continue
            if len(told) == MOST_VIOLATIONS:
                verdict.refusal = f"more than {MOST_VIOLATIONS} violations"
                return
            told.add(key)
            verdict.violations.append(violation)


def _violations_of(error: ValidationError, root: Cursor) -> Iterator[Violation]:
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    best = best_match([error]) if error.context else error
    cursor = root.get(*best.absolute_path)
    if not cursor.exists:
        return  # the defaults' own fault
    if best.validator in _UNKNOWN_KEYS:
        schema = best.schema if isinstance(best.schema, dict) else {}
        for name in _extra(best, schema):
            place = cursor.get(name)
            if place.exists:
                words = describe_unknown(name, place, schema)
                yield Violation(place, words.message, words.help, is_unknown_key=True)
        return
    words = describe(best, cursor)
    yield Violation(cursor, words.message, words.help)


def _extra(error: ValidationError, schema: dict[str, Any]) -> list[str]:
    """The keys that a mapping must not have."""
    keys = list(error.instance) if isinstance(error.instance, dict) else []
    if error.validator == "unevaluatedProperties":
        return [name for name in keys if repr(name) in error.message]
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    return [
        name for name in keys if name not in known and not any(re.search(each, name) for each in patterns)
    ]
