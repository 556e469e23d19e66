"""Texts that are decoded or put together, and references in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.kube.texts import LONGEST, PiecedText, UnknownText, WholeText, expand, join, unknown_parts
from truehop.source.tree import Text

from .hand import cursor_of


def text_of(value: str, line: int = 1) -> Text:
    text = cursor_of("\n" * (line - 1) + f"k: '{value}'").get("k").text
    assert text is not None
    return text


def test_parts_of_a_decoded_text_stand_at_the_whole_scalar() -> None:
    whole = WholeText("10.0.0.0/8, ::1", cursor_of("MTAuMC4wLjAvOCwgOjox"))
    parts = whole.split(",")
    assert [part.value for part in parts] == ["10.0.0.0/8", "::1"]
    assert {part.location() for part in parts} == {whole.cursor.location()}


def test_a_part_of_a_joined_text_stands_where_its_piece_does() -> None:
    first, second = text_of("10.0.0.0/8,", 1), text_of("192.168.1.0/24", 5)
    whole = join([first, second], cursor_of("$(A)$(B)"))
    parts = whole.split(",")
    assert [part.location().line for part in parts] == [1, 5]
    assert parts[1].slice(0, 3).location().end_column == 8


def test_a_part_over_several_pieces_stands_at_the_scalar_that_joins_them() -> None:
    whole = join([text_of("10.0", 3), text_of(".0.0/8", 5)], cursor_of("$(A)$(B)"))
    assert whole.location() == whole.cursor.location()
    assert whole.slice(1, 7).location() == whole.cursor.location()
    assert whole.slice(1, 7).value == "0.0.0."


def test_joining_pieces_of_pieces_keeps_one_level() -> None:
    inner = join([text_of("a"), text_of("b")], cursor_of("x"))
    outer = join([inner, text_of("c")], cursor_of("y"))
    assert isinstance(outer, PiecedText)
    assert [piece.value for piece in outer.pieces] == ["a", "b", "c"]


def test_joining_nothing_is_an_empty_text() -> None:
    assert join([], cursor_of("x")).value == ""


def test_a_dollar_sign_is_escaped_by_another_one() -> None:
    assert expand(text_of("$$(A) $$ $"), lambda _: "asked").value == "$(A) $ $"


def test_a_reference_to_an_empty_value_leaves_nothing() -> None:
    assert expand(text_of("a$(A)"), lambda _: WholeText("", cursor_of("x"))).value == "a"


def test_an_undefined_reference_stays_as_written() -> None:
    found = expand(text_of("a $(NONE) b"), lambda _: None)
    assert found.value == "a $(NONE) b"
    assert unknown_parts(found) == ()


def test_an_open_reference_stays_as_written() -> None:
    assert expand(text_of("$(A $$ $(B"), lambda _: text_of("x")).value == "$(A $ $(B"


def test_a_value_outside_the_input_leaves_a_part_that_says_what_is_wanted() -> None:
    found = expand(text_of("10.0.0.0/8,$(A)"), lambda _: "ConfigMap mail/env, key A")
    unknown = unknown_parts(found)
    assert [(part.value, part.wants) for part in unknown] == [("$(A)", "ConfigMap mail/env, key A")]
    assert isinstance(found.split(",")[1], UnknownText)
    assert unknown[0].location().column == 16


def test_a_lone_unknown_reference_is_found_too() -> None:
    assert unknown_parts(expand(text_of("$(A)"), lambda _: "it"))[0].wants == "it"


@pytest.mark.parametrize("value", ["$(A)" * 5000, "$(A)" * 20])
def test_a_value_too_long_for_a_program_is_unknown(value: str) -> None:
    found = expand(text_of(value), lambda _: text_of("x" * (LONGEST // 10 if len(value) < 100 else 1)))
    assert unknown_parts(found)


def test_many_open_references_are_read_in_linear_time() -> None:
    value = "$(" * 200_000
    assert expand(text_of(value), lambda _: None).value == value
    escaped = ")" + "$(" * 50_000 + "$$"
    assert expand(text_of(escaped), lambda _: None).value == escaped[:-1]


def plainly_expanded(value: str, known: dict[str, str]) -> str:
    """Kubernetes' rules, letter by letter."""
    found, rest = "", value
    while rest:
        reference = re.match(r"\$\(([^)]*)\)", rest)
        if rest.startswith("$$"):
            found, rest = found + "$", rest[2:]
        elif reference:
            found, rest = found + known.get(reference[1], reference[0]), rest[reference.end() :]
        elif rest.startswith("$"):
            found, rest = found + rest[:2], rest[2:]
        else:
            found, rest = found + rest[0], rest[1:]
    return found


@given(
    value=st.text(alphabet="$()AB,x", max_size=24),
    known=st.dictionaries(st.sampled_from(["A", "B", ""]), st.text(alphabet="$(A)1,", max_size=6)),
    cuts=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_references_are_replaced_as_kubernetes_does(
    value: str, known: dict[str, str], cuts: tuple[int, int]
) -> None:
    found = expand(text_of(value), lambda name: text_of(known[name]) if name in known else None)
    wanted = plainly_expanded(value, known)
    assert found.value == wanted
    assert found.slice(*cuts).value == wanted[slice(*cuts)]
    found.slice(*cuts).location()
