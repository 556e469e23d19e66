"""Texts are cut into documents without parsing them, and scanned by what they mention."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.scan import RawDocument, load_all, load_raw, scan, split
from truehop.source.tree import Document, Node, Scalar, SourceFile
from truehop.source.yaml import load_documents

LINES = st.sampled_from(
    [
        *("---", "--- # c", "--- {a: 1}", "---x", "...", "... # end", "# c", "# Source: t.yaml", "%YAML 1.1"),
        *("", "a: 1", "b: |", "  ---", "  x", "c: 'x", " y'", "- 1", "[", "\tx"),
        *("kind: List", "items: [{a: 1}]", '{"kind": "Pod"}'),
    ]
)
TEXTS = st.lists(LINES, max_size=14).map("\n".join)


def raws_of(text: str) -> list[RawDocument]:
    return split(SourceFile("f.yaml", text))


def shape(document: Document) -> tuple[object, ...]:
    found: list[tuple[object, ...]] = []

    def add(node: Node) -> None:
        found.append((node.line, node.column, node.end_line, node.end_column, getattr(node, "value", None)))

    add(document.root)
    for _, place in document.cursor().entries():
        if place.node is not None:
            add(place.node)
    return (document.index, document.prefix, document.template, document.object, tuple(found))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("# nothing\n\n", []),
        ("a: 1", [(0, 1, "a: 1")]),
        ("---", [(0, 1, "---")]),
        ("---\n---\n", [(0, 1, "---\n"), (1, 2, "---\n")]),
        ("---\na: 1\n---\nb: 2\n", [(0, 1, "---\na: 1\n"), (1, 3, "---\nb: 2\n")]),
        ("# c\n---\na: 1\n", [(0, 2, "---\na: 1\n")]),
        ("a: 1\n---- b\n---c\n--- d\n", [(0, 1, "a: 1\n---- b\n---c\n"), (1, 4, "--- d\n")]),
        ("%YAML 1.1\n# c\n---\na: 1\n", [(0, 1, "%YAML 1.1\n# c\n---\na: 1\n")]),
        ("a: 1\n...\n# c\n...\nb: 2\n", [(0, 1, "a: 1\n"), (1, 5, "b: 2\n")]),
        ("a: 1\n...\n%YAML 1.1\n---\nb: 2", [(0, 1, "a: 1\n"), (1, 3, "%YAML 1.1\n---\nb: 2")]),
        ("a: 1\n...", [(0, 1, "a: 1\n")]),
        ("%YAML 1.1\n...\n", []),
        ("a: |\n  ---\n  ...\n---\nb", [(0, 1, "a: |\n  ---\n  ...\n"), (1, 4, "---\nb")]),
        ("a: 1\r\n---\r\nb: 2\r\n", [(0, 1, "a: 1\n"), (1, 2, "---\nb: 2\n")]),
    ],
)
def test_documents_begin_at_markers(text: str, wanted: list[tuple[int, int, str]]) -> None:
    assert [(raw.index, raw.line, raw.text) for raw in raws_of(text)] == wanted


@given(TEXTS)
def test_documents_stand_in_order_at_their_lines(text: str) -> None:
    raws = raws_of(text)
    for raw, following in pairwise(raws):
        assert raw.end <= following.start
    for number, raw in enumerate(raws):
        assert raw.index == number
        assert raw.line == text.count("\n", 0, raw.start) + 1


@given(TEXTS, st.sets(st.integers(0, 6)))
def test_what_is_admitted_loads_as_without_the_scan(text: str, wanted: set[int]) -> None:
    source = SourceFile("f.yaml", text)
    admitted = scan(source, lambda raw: raw.index in wanted)
    found = load_all(admitted)
    whole = load_documents(SourceFile("f.yaml", text))
    assert [shape(document) for document in found.documents] == [
        shape(document) for document in whole.documents if document.index in wanted
    ]
    assert found.problems == [
        problem for problem in whole.problems if int(problem.at.pointer.partition("#")[0]) in wanted
    ]
    assert [len(load_raw(raw).documents) for raw in admitted] == [
        sum(document.index == raw.index for document in found.documents) for raw in admitted
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n", ("Pod", "v1", "a")),
        (
            "---\napiVersion: 'v1' # x\nkind: \"Pod\"\nmetadata: {labels: {},\n  name: b}\n",
            ("Pod", "v1", "b"),
        ),
        ('{"apiVersion": "v1", "kind": "Pod", "metadata": {\n"name": "c"}}', ("Pod", "v1", "c")),
        ("---\nspec:\n  kind: No\n", ("", "", "")),
        ("metadata: {}\nkind:", ("", "", "")),
    ],
)
def test_kind_version_and_name_are_seen_at_a_glance(text: str, wanted: tuple[str, str, str]) -> None:
    (raw,) = raws_of(text)
    assert (raw.kind, raw.api_version, raw.name) == wanted


def test_a_document_mentions_what_stands_in_it_only() -> None:
    first, second = raws_of("a: x\n---\nb: y\n")
    assert first.mentions("zz", "x")
    assert not first.mentions("y")
    assert second.mentions("y")
    assert not second.mentions()


def test_five_megabytes_are_split_and_searched_in_a_moment() -> None:
    text = "".join(
        f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: s{number}\n" + "  # some words\n" * 20
        for number in range(15_000)
    )
    source = SourceFile("f.yaml", text)
    begin = time.process_time()
    found = scan(
        source, lambda raw: raw.mentions("TRUSTED", "proxyProtocol", "kind: Deployment", "name: s77\n")
    )
    assert time.process_time() - begin < 1
    assert [raw.name for raw in found] == ["s77"]
    (document,) = load_all(found).documents
    assert isinstance(document.cursor().get("kind").node, Scalar)
    assert document.cursor().get("kind").location().line == 77 * 25 + 3
