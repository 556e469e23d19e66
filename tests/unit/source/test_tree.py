"""Cursors exist where nothing stands, and texts know their parts."""

from __future__ import annotations

import pytest

from truehop.source.location import ObjectRef
from truehop.source.tree import Cursor, SourceFile, Text
from truehop.source.yaml import load_documents, parse_embedded


def root_of(text: str) -> Cursor:
    return load_documents(SourceFile("f.yaml", text)).documents[0].cursor()


def test_a_missing_place_is_told_at_the_key_of_its_deepest_ancestor() -> None:
    root = root_of("kind: Pod\nmetadata: {name: a, namespace: n}\nspec:\n  a/b~c: [x]\n")
    missing = root.get("spec", "a/b~c", 3, "deep")
    assert not missing.exists
    assert not missing.is_set
    assert (missing.location().line, missing.location().column) == (4, 3)
    assert missing.pointer == "0#/spec/a~1b~0c/3/deep"
    assert missing.location().object == ObjectRef("Pod", "a", "n")
    assert str(missing.location()) == "f.yaml:4:3"
    assert root.get("nothing").location() == root.get("nothing").key_location()
    assert missing.text is None
    assert (list(missing.items()), list(missing.entries())) == ([], [])


def test_lists_have_no_negative_places() -> None:
    assert not root_of("a: [1]").get("a", -1).exists
    assert not root_of("a: [1]").get("a", "0").exists


def test_what_stands_somewhere_is_known() -> None:
    root = root_of(
        "m: {a: 1}\ns: [1, 2]\nn: ~\nt: ' '\nb: Off\ni: '25'\nf: 2.5\nh: abc\nbig: 99999999999999999999\n"
    )
    assert (root.get("m").is_mapping, root.get("s").is_sequence, root.get("n").is_scalar) == (
        True,
        True,
        True,
    )
    assert (root.get("n").is_null, root.get("n").is_set, root.get("t").is_set) == (True, False, True)
    assert [place.string() for place in root.get("s").items()] == ["1", "2"]
    assert [(name, place.integer()) for name, place in root.get("m").entries()] == [("a", 1)]
    assert (root.get("b").boolean(), root.get("m").boolean(), root.get("t").boolean()) == (False, None, None)
    assert (root.get("i").integer(), root.get("big").integer(), root.get("h").integer()) == (25, None, None)
    assert [root.get(key).is_string for key in "mntbifh"] == [False, False, True, False, True, False, True]
    assert (root.get("n").text, root.get("n").string("x"), root.get("h").string("x")) == (None, "x", "abc")


def text_of(value: str) -> Text:
    root = root_of(f"a: |-\n  {value}\n")
    text = root.get("a").text
    assert text is not None
    return text


def test_a_text_is_sliced_as_strings_are() -> None:
    text = text_of("abcdef")
    for start, end in [(1, 3), (-3, -1), (4, 99), (5, 2), (-99, 2)]:
        part = text.slice(start, end)
        assert part.value == "abcdef"[start:end]
    assert str(text.slice(2, 4).slice(1, 2)) == "d"
    assert text.slice(2, 4).slice(1, 2).location().column == 6


def test_a_text_is_split_at_each_separator() -> None:
    parts = text_of("a, b ,,c;d").split(",;")
    assert [part.value for part in parts] == ["a", "b", "c", "d"]
    assert [part.value for part in text_of("a,,b").split(keep_empty=True)] == ["a", "", "b"]
    assert [part.location().column for part in parts] == [3, 6, 10, 12]


def test_a_text_without_blanks_keeps_its_place() -> None:
    part = text_of("x  y ").slice(1, 5).strip()
    assert (part.value, part.location().column) == ("y", 6)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\n\rb\n\nc", ["a", "", "b", "", "c"]),
        ("a\x0cb\u2028c", ["a\x0cb\u2028c"]),
    ],
)
def test_lines_end_where_programs_end_them(value: str, wanted: list[str]) -> None:
    assert [line.value for line in Text(value, root_of("a")).splitlines()] == wanted


def test_an_object_without_a_namespace_is_named_without() -> None:
    assert str(ObjectRef("Pod", "a")) == "Pod a"
    assert str(ObjectRef("Pod", "a", "n")) == "Pod n/a"


def test_what_is_missing_at_the_root_of_a_string_stands_at_the_strings_key() -> None:
    document = load_documents(SourceFile("f.yaml", "kind: x\nvaluesContent: |\n  a: 1\n")).documents[0]
    text = document.cursor().get("valuesContent").text
    assert text is not None
    inner = parse_embedded(text)[0].cursor()
    missing = inner.get("service", "spec").location()
    assert (missing.line, missing.column, missing.end_column) == (2, 1, 14)
    assert missing.pointer == "0#/valuesContent/service/spec"
    assert inner.get("a").location().line == 3
