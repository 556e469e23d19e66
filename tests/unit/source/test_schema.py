# ruff: noqa: E501 (a table of sentences reads best with one per line)
"""Values against their schema: the place, what is wrong, and a cure that names what to write."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.schema import MOST_VIOLATIONS, Verdict, check_schema, violations
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents


def root_of(text: str) -> Cursor:
    return load_documents(SourceFile("values.yaml", text)).documents[0].cursor()


def told(text: str, schema: dict[str, Any]) -> list[str]:
    verdict = check_schema(root_of(text), schema)
    assert verdict.refusal == ""
    return [
        f"{found.at.line}:{found.at.column} {found.message} | {found.help}" for found in verdict.violations
    ]


def of(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


@pytest.mark.parametrize(
    ("text", "schema", "wanted"),
    [
        ("a: 1\ntrustedIps: []\n", of(a={}, trustedIPs={}), "2:1 unknown key trustedIps | did you mean trustedIPs?"),
        ("zzz: 1\n", of(a={}, b={}), "1:1 unknown key zzz | known here: a, b"),
        ("zzz: 1\n", {"additionalProperties": False}, "1:1 unknown key zzz | remove it: the schema allows no further keys here"),
        (
            "zzz: 1\n",
            of(**{f"k{number:02}": {} for number in range(14)}),
            "1:1 unknown key zzz | known here: k00, k01, k02, k03, k04, k05, k06, k07, k08, k09, k10, k11 and 2 more",
        ),
        (
            "xa: 1\nzzz: 1\n",
            {"patternProperties": {"^x": {}}, "additionalProperties": False},
            "2:1 unknown key zzz | remove it: the schema allows no further keys here",
        ),
        ("zzz: 1\n", {"properties": {"a": {}}, "unevaluatedProperties": False}, "1:1 unknown key zzz | known here: a"),
        ("a: 1\n", of(a={"type": "string"}), "1:4 a is 1, not a text | put it in quotes"),
        ("a: yes\n", of(a={"type": ["string", "null"]}), "1:4 a is true, not a text or null | put it in quotes"),
        ("a: 'true'\n", of(a={"type": "boolean"}), '1:5 a is "true", not true or false | write it without quotes'),
        ("a: '25'\n", of(a={"type": "integer"}), '1:5 a is "25", not a whole number | write it without quotes'),
        ("a: b\n", of(a={"type": "number"}), '1:4 a is "b", not a number | write a number'),
        ("a: {}\n", of(a={"type": "string"}), "1:4 a is a mapping, not a text | write a text"),
        ("a:\n", of(a={"type": "object"}), "1:3 a is null, not a mapping | write a mapping"),
        (
            "a: 10.0.0.0/8\n",
            of(a={"type": "array"}),
            '1:4 a is "10.0.0.0/8", not a list | write a list: one entry per line, each after a dash',
        ),
        ("a:\n- 1\n- [2]\n", of(a={"items": {"type": "integer"}}), "3:3 a[1] is a list, not a whole number | write a whole number"),
        ("password: 1\n", of(password={"type": "string"}), "1:11 password is its value, not a text | put it in quotes"),
        ("'a b': 1\n", of(**{"a b": {"type": "string"}}), '1:8 ["a b"] is 1, not a text | put it in quotes'),
        ("a: local\n", of(a={"enum": ["Local", "Cluster"]}), '1:4 a is "local", which is not allowed | did you mean Local?'),
        ("a: 7\n", of(a={"enum": ["x", "", 3]}), '1:4 a is 7, which is not allowed | write one of x, "", 3'),
        ("a: 7\n", of(a={"const": True}), "1:4 a is 7, which is not allowed | write true"),
        (
            "a: 99\n",
            of(a={"enum": list(range(14))}),
            "1:4 a is 99, which is not allowed | write one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more",
        ),
        ("a: x\n", of(a={"pattern": "^[0-9]+$"}), '1:4 a is "x", which does not match ^[0-9]+$ | write what matches it'),
        ("a: x\n", of(a={"pattern": "^1$", "description": "one\n or none"}), '1:4 a is "x", which does not match ^1$ | one or none'),
        ("a: x\n", of(a={"pattern": "^1$", "title": "w" * 200}), f'1:4 a is "x", which does not match ^1$ | {"w" * 117}...'),
        ("b: 1\n", {"required": ["a"]}, "1:1 the root lacks a | add a"),
        ("c: {b: 1}\n", of(c={"required": ["b", "a"], "properties": {"a": {"title": "an A"}}}), "1:4 c lacks a | add a: an A"),
        ("a: 0\n", of(a={"minimum": 1}), "1:4 a is 0, which is below 1 | write 1 or more"),
        ("a: [1]\n", of(a={"minItems": 2}), "1:4 a has fewer than 2 entries | give at least 2 entries"),
        ("a: [1, 1]\n", of(a={"uniqueItems": True}), "1:4 a has an entry twice | give each entry once"),
        ("a: 1\n", of(a={"anyOf": [{"type": "string"}, {"type": "array"}]}), "1:4 a fits none of 2 forms | write exactly one of the forms"),
        ("a: {b: 1}\n", of(a={"anyOf": [{"type": "string"}, of(b={"type": "string"})]}), "1:8 a.b is 1, not a text | put it in quotes"),
        ("a: 1\n", of(a={"oneOf": [{"minimum": 0}, {"type": "integer"}]}), "1:4 a fits more than one of 2 forms | write exactly one of the forms"),
        ("a: 1\n", of(a=False), "1:4 a is not allowed here | remove it"),
        ("a: 1\n", of(a={"not": {"minimum": 1}}), "1:4 a breaks the schema's not | see the chart's values.schema.json"),
        ("a: '" + "x" * 50 + "'\n", of(a={"maxLength": 3}), f'1:5 a is "{"x" * 36}..., which is longer than 3 characters | write at most 3 characters'),
    ],
)  # fmt: skip
def test_a_violation_has_its_place_and_a_cure(text: str, schema: dict[str, Any], wanted: str) -> None:
    assert told(text, schema) == [wanted]


@pytest.mark.parametrize(
    "draft", ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema", None]
)
def test_the_schema_says_which_draft_it_is(draft: str | None) -> None:
    schema = {"$ref": "#/definitions/port", "type": "string", "definitions": {"port": {"type": "integer"}}}
    schema |= {"$schema": draft} if draft else {}
    is_old = draft is not None and "draft-07" in draft
    assert len(told("1", schema)) == (0 if is_old else 1)


def test_what_is_allowed_is_silent_and_violations_come_in_order() -> None:
    schema = of(a={"type": "string"}, b={"type": "array"}, c={"type": "string"})
    assert told("a: x\nb: &l [1]\n", schema) == []
    assert [found.cursor.path for found in violations(root_of("c: 1\nb: 1\na: 1\n"), schema)] == [
        ("c",),
        ("b",),
        ("a",),
    ]


def test_shared_nodes_are_values_like_any_other() -> None:
    found = violations(root_of("a: &x {k: 1}\nb: *x\n"), {"additionalProperties": of(k={"type": "string"})})
    assert [violation.cursor.path for violation in found] == [("a", "k"), ("b", "k")]


def test_values_are_laid_over_the_charts_own() -> None:
    schema = {
        "required": ["image", "port"],
        "properties": {
            "port": {"type": "integer"},
            "tls": of(on={"type": "boolean"}),
            "old": {"type": "string"},
        },
    }
    defaults = root_of("image: x\nport: 25\ntls: {on: maybe}\nold: 1\nlist: [1]\n")
    assert check_schema(root_of("tls: {}\n"), schema, defaults).violations == []
    assert [found.message for found in check_schema(root_of("port: x\n"), schema, defaults).violations] == [
        'port is "x", not a whole number'
    ]
    assert [
        found.message
        for found in check_schema(root_of("port: null\nlist: []\n"), schema, defaults).violations
    ] == ["the root lacks port"]


def test_what_the_charts_own_values_break_is_not_the_users_fault() -> None:
    defaults = root_of("a: 1\nzzz: 2\n")
    assert check_schema(root_of("b: 1\n"), of(a={"type": "string"}, b={}), defaults).violations == []


def test_the_same_violation_is_told_once() -> None:
    schema = {"allOf": [of(a={"type": "string"})] * 2}
    assert len(told("a: 1\n", schema)) == 1


def test_only_mappings_have_properties() -> None:
    assert told("[1]\n", {"properties": {"a": {"type": "string"}}}) == []


def test_where_nothing_stands_nothing_is_wrong() -> None:
    assert violations(root_of("a: 1").get("b"), {"type": "object"}) == []


# --- schemas nobody should trust ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "refusal"),
    [
        ({"type": 5}, "the schema is no valid schema: 5 is not valid under any of the given schemas"),
        (
            {"$ref": "https://example.org/x.json"},
            "the schema refers to https://example.org/x.json, which is not fetched",
        ),
        ({"$ref": "#/definitions/no"}, "the schema refers to /definitions/no, which is not fetched"),
        ({"$ref": "#"}, "the schema refers to itself without end"),
        ({"properties": {"a" * 200: {"type": 5}}}, "the schema is no valid schema: "),
    ],
)
def test_a_schema_that_cannot_be_used_is_told(
    schema: dict[str, Any], refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    verdict = check_schema(root_of("a: x\n"), schema)
    assert verdict.violations == []
    assert verdict.refusal.startswith(refusal)
    assert len(verdict.refusal) < 200


@pytest.mark.parametrize(
    "schema", [{"pattern": r"\p{L}+"}, {"additionalProperties": False, "patternProperties": {r"\p{L}": {}}}]
)
def test_a_pattern_in_another_dialect_is_not_judged(schema: dict[str, Any]) -> None:
    assert told("a: {b: x}\n", of(a=schema)) == []


def test_false_forbids_wherever_it_stands() -> None:
    assert told("a: 1\n", {"additionalProperties": {"type": "string"}, "properties": {"a": False}}) == [
        "1:4 a is not allowed here | remove it"
    ]
    assert told("1\n", {"allOf": [False]}) == ["1:1 the root is not allowed here | remove it"]


def test_a_schema_may_refer_to_the_drafts_themselves() -> None:
    schema = {"properties": {"a": {"$ref": "http://json-schema.org/draft-07/schema#"}}}
    assert told("a: {type: string}\n", schema) == []


def test_a_schema_that_takes_too_long_is_left() -> None:
    forms: dict[str, Any] = {"d0": {"type": "string"}}
    for depth in range(1, 40):
        forms[f"d{depth}"] = {"anyOf": [{"$ref": f"#/$defs/d{depth - 1}"}] * 2}
    begin = time.perf_counter()
    verdict = check_schema(root_of("1"), {"$ref": "#/$defs/d39", "$defs": forms}, seconds=0.2)
    assert time.perf_counter() - begin < 3
    assert verdict.refusal == "the schema takes longer than 0.2 seconds"


def test_violations_are_bounded_in_number() -> None:
    verdict = check_schema(root_of("[" + "1," * 500 + "]"), {"items": {"type": "string"}})
    assert len(verdict.violations) == MOST_VIOLATIONS
    assert verdict.refusal == f"more than {MOST_VIOLATIONS} violations"


SCHEMA: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.sampled_from([{}, {"type": "string"}, {"type": "array"}, {"minimum": 2}, {"$ref": "#"}, {"enum": []}, 5, None]),
    lambda inner: st.dictionaries(
        st.sampled_from(["properties", "items", "anyOf", "oneOf", "not", "required", "additionalProperties", "a", "$ref", "$schema"]),
        inner | st.lists(inner, max_size=2) | st.lists(st.just("a")),
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from(["a: 1", "[1, [a]]", "a: {a: {a: b}}", "x"]), SCHEMA)
def test_no_schema_crashes_the_check(text: str, schema: Any) -> None:  # noqa: ANN401
    if isinstance(schema, dict):
        verdict = check_schema(root_of(text), schema, root_of("a: {b: 1}"), seconds=2)
        assert isinstance(verdict, Verdict)
        assert all(found.message and found.help for found in verdict.violations)


def test_a_library_that_gives_up_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def fail(error: type[BaseException]) -> None:
        def collect(*_: object) -> None:
            raise error

        monkeypatch.setattr("truehop.source.schema._collect", collect)

    root = load_documents(SourceFile("values.yaml", "a: 1\n")).documents[0].cursor()
    fail(PanicException)
    assert check_schema(root, {}).refusal == "the schema refers to itself without end"
    fail(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        check_schema(root, {})
