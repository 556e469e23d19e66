"""A span cut out of the text equals what it stands for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.location import Location
from truehop.source.spans import offset_of, span_of
from truehop.source.tree import Cursor, Document, Mapping, Scalar, SourceFile, Text
from truehop.source.yaml import load_documents, parse_embedded, text_document

WORD = st.text(st.sampled_from("abcXYZ019./:-_é😀\u2028\x85"), min_size=1, max_size=8).map(
    lambda word: f"w{word}w"
)
ADDRESSES = st.lists(WORD, min_size=1, max_size=5)
LINE = st.text(st.sampled_from("ab #'\"\\:-,é😀\t"), max_size=12).map(lambda line: line.rstrip())
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
#: What may stand before a document without changing a thing about its spans.
LEAD = st.sampled_from(
    ["", "\ufeff", "---\n", "# é\n---\n", "x: 1\n---\n# Source: a/b.yaml\n", "%YAML 1.1\n---\n"]
)


def load(text: str) -> Document:
    loaded = load_documents(SourceFile("f.yaml", text))
    assert not loaded.problems
    return loaded.documents[-1]


def text_of(cursor: Cursor) -> Text:
    text = cursor.text
    assert text is not None
    return text


def cut(text: str, at: Location) -> str:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = lines[at.line - 1 : at.end_line]
    rows[-1] = rows[-1][: at.end_column - 1]
    rows[0] = rows[0][at.column - 1 :]
    return "\n".join(rows)


@given(
    ADDRESSES,
    st.sampled_from(["", "'", '"']),
    LEAD,
    ENDS,
    st.sampled_from(["", "&a ", "!!str ", "!x &b # c\n    "]),
)
def test_a_span_of_one_line_equals_the_scalar_and_its_parts(
    parts: list[str], quote: str, lead: str, end: str, properties: str
) -> None:
    value = ", ".join(parts)
    text = (
        f"{lead}k:\n- {{b: {properties}{quote}{value}{quote}}}\n"
        if quote
        else f"{lead}k:\n- b: {properties}{value}\n"
    )
    text = text.replace("\n", end)
    found = text_of(load(text).cursor().get("k", 0, "b"))
    assert found.value == value
    assert cut(text, found.location()) == value
    split = found.split()
    assert [part.value for part in split] == parts
    assert [cut(text, part.location()) for part in split] == parts


@given(
    st.lists(LINE, max_size=6),
    st.sampled_from(["", "-", "+"]),
    st.integers(1, 4),
    st.integers(0, 2),
    LEAD,
    ENDS,
)
def test_a_literal_block_is_cut_line_by_line(
    lines: list[str], chomp: str, indent: int, blanks: int, lead: str, end: str
) -> None:
    lines = [*[""] * blanks, "first", *lines]
    body = "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in lines)
    text = f"{lead}k: &a |{chomp} # head\n{body}z: 1\n".replace("\n", end)
    found = text_of(load(text).cursor().get("k"))
    assert found.value.rstrip("\n") == "\n".join(lines).rstrip("\n")
    for line in found.splitlines():
        assert cut(text, line.location()) == line.value
    for at in (found.location(), found.cursor.location()):
        rows = cut(text, at).split("\n")
        assert "\n".join([rows[0], *(row[indent:] for row in rows[1:])]) == found.value.rstrip("\n")


@given(st.lists(LINE, max_size=4), st.integers(1, 3), st.integers(0, 3))
def test_a_literal_block_with_an_indentation_indicator_is_exact(
    lines: list[str], indent: int, more: int
) -> None:
    lines = [f"{' ' * more}first", *lines]
    body = "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in lines)
    text = f"k: |{indent}\n{body}"
    found = text_of(load(text).cursor().get("k"))
    for line in found.splitlines():
        assert cut(text, line.location()) == line.value


@given(
    st.lists(st.lists(WORD, min_size=1, max_size=3).map(" ".join) | st.just(""), min_size=1, max_size=6), ENDS
)
def test_words_of_a_folded_block_have_spans_of_their_own(lines: list[str], end: str) -> None:
    lines = ["first", *lines]
    body = "".join(f"    {line}\n" if line else "\n" for line in lines)
    text = f"k: >-\n{body}z: 1\n".replace("\n", end)
    found = text_of(load(text).cursor().get("k"))
    for word in found.split(" \n"):
        assert cut(text, word.location()) == word.value
    assert cut(text, found.location()).split() == found.value.split()


@given(
    st.lists(WORD, min_size=1, max_size=6),
    st.lists(st.sampled_from([" ", "\n   ", "\n\n  ", " \n  "]), min_size=6),
)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_words_of_a_text_over_several_lines_have_spans_of_their_own(
    quote: str, words: list[str], gaps: list[str]
) -> None:
    body = "".join(word + gap for word, gap in zip(words, gaps, strict=False)).rstrip()
    text = f"k: {quote}{body}{quote}\n"
    found = text_of(load(text).cursor().get("k"))
    assert [cut(text, word.location()) for word in found.split(" \n")] == words


@given(
    st.lists(
        st.sampled_from(["ab", "'", '"', "\\", "\t", "\n", "é", "😀", "\u2028", "x y", "\x07", "/"]),
        max_size=8,
    )
)
def test_parts_of_a_json_string_are_found_behind_escapes(parts: list[str]) -> None:
    for ascii_only in (True, False):
        value = "".join(parts) + "here"
        text = json.dumps({"k": value}, ensure_ascii=ascii_only, indent="\t")
        found = text_of(load(text).cursor().get("k"))
        assert found.value == value
        assert cut(text, found.slice(len(value) - 4, len(value)).location()) == "here"
        assert cut(text, found.location()) == json.dumps(value, ensure_ascii=ascii_only)[1:-1]


@given(st.lists(st.sampled_from(["ab", "''", " c", "''''"]), max_size=6))
def test_parts_of_a_single_quoted_text_are_found_behind_doubled_quotes(parts: list[str]) -> None:
    text = f"k: '{''.join(parts)}here'"
    found = text_of(load(text).cursor().get("k"))
    assert cut(text, found.slice(len(found.value) - 4, len(found.value)).location()) == "here"


@given(ADDRESSES, st.sampled_from(["|", ">-", "'", '"', ""]))
def test_a_document_inside_a_string_is_told_in_the_outer_file(parts: list[str], style: str) -> None:
    value = ",".join(parts)
    inner = f"a: {{b: '{value}'}}" if style != "'" else f'a: {{b: "{value}"}}'
    if style in {"|", ">-"}:
        text = (
            f"data:\n  t.yaml: {style}\n    # why\n\n    {inner}\n"
            if style == "|"
            else f"data:\n  t.yaml: >-\n    {inner}\n"
        )
    else:
        quoted = f"{style}{inner}{style}" if style else f"\n    x{value}"
        text = f"data:\n  t.yaml: {quoted}\n"
    outer = text_of(load(text).cursor().get("data", "t.yaml"))
    if style == "":
        (document,) = parse_embedded(outer)
        assert cut(text, document.cursor().location()) == f"x{value}"
        return
    (document,) = parse_embedded(outer)
    place = document.cursor().get("a", "b")
    assert cut(text, place.location()) == value
    assert [cut(text, part.location()) for part in text_of(place).split()] == [
        part.value for part in text_of(place).split()
    ]
    assert place.pointer == "0#/data/t.yaml/a/b"


def test_a_document_inside_a_document_inside_a_document_keeps_its_place() -> None:
    text = "a: |\n  b: \"c: 'x,\\n  yz'\"\n"
    middle = parse_embedded(text_of(load(text).cursor().get("a")))[0]
    inner = parse_embedded(text_of(middle.cursor().get("b")))[0]
    assert cut(text, text_of(inner.cursor().get("c")).split()[1].location()) == "yz"


def test_a_part_that_cannot_be_aligned_is_looked_for_verbatim() -> None:
    source = SourceFile("f", "k: one two, three, three\n")
    node = Scalar(1, 4, 1, 25, "two THREE three", '"')
    cursor = Cursor(Document(source, 0, node), node, ())
    assert cut(source.text, span_of(cursor, 0, 3)) == "two"
    assert cut(source.text, span_of(cursor, 4, 9)) == "one two, three, three"
    assert cut(source.text, span_of(cursor, 10, 15)) == "one two, three, three"
    assert cut(source.text, span_of(cursor, 3, 3)) == "one two, three, three"


def test_a_folded_text_that_cannot_be_aligned_is_looked_for_verbatim() -> None:
    source = SourceFile("f", "k: >\n  one\n  two\n")
    for value in ("one TWO", "one two three", "one,two"):
        node = Scalar(2, 3, 3, 6, value, ">")
        assert cut(source.text, span_of(Cursor(Document(source, 0, node), node, ()), 0, 3)) == "one"


def test_a_line_that_goes_on_behind_a_backslash_is_one() -> None:
    text = 'k: "one\\\n   two here"\n'
    found = text_of(load(text).cursor().get("k"))
    assert found.value == "onetwo here"
    assert cut(text, found.split(" ")[1].location()) == "here"


def test_a_part_on_a_later_line_is_looked_for_verbatim() -> None:
    source = SourceFile("f", "k: one\n  two\n")
    node = Scalar(1, 4, 2, 6, "?? two", "")
    assert cut(source.text, span_of(Cursor(Document(source, 0, node), node, ()), 3, 6)) == "two"


@pytest.mark.parametrize("style", ["", "'", '"', "|", ">", "?"])
def test_marks_beyond_the_text_are_told_as_they_are(style: str) -> None:
    source = SourceFile("f", "a\n")
    node = Scalar(7, 4, 8, 6, "value", style)
    at = span_of(Cursor(Document(source, 0, node), node, ()), 1, 3)
    assert (at.line, at.column, at.end_line, at.end_column) == (7, 4, 8, 6)


def test_what_is_no_scalar_is_told_whole() -> None:
    node = Mapping(1, 1, 1, 3, {})
    cursor = Cursor(Document(SourceFile("f", "{}"), 0, node), node, ())
    assert span_of(cursor, 0, 1) == cursor.location()


def test_offsets_beyond_the_value_are_cut_to_it() -> None:
    text = "k: abc\n"
    cursor = load(text).cursor().get("k")
    assert cut(text, span_of(cursor, -5, 99)) == "abc"


@given(st.text(max_size=40))
def test_each_line_of_a_plain_file_has_its_place(text: str) -> None:
    source = SourceFile("main.cf", text)
    whole = text_document(source).cursor().text
    assert whole is not None
    for line in whole.splitlines():
        assert cut(text, line.location()) == line.value


@given(st.text(max_size=30), st.integers(1, 9), st.integers(1, 9))
def test_offsets_of_places_stay_inside_the_text(text: str, line: int, column: int) -> None:
    assert 0 <= offset_of(text, line, column) <= len(text)


def test_the_byte_order_mark_is_no_column() -> None:
    assert offset_of("\ufeffab\ncd", 1, 2) == 2
    assert offset_of("\ufeffab\ncd", 2, 1) == 4
