"""Files become documents; nothing crashes the loader, and a broken document takes no other along."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from truehop.source.limits import Limits
from truehop.source.problems import NOT_JUDGED
from truehop.source.scalars import resolve
from truehop.source.tree import Mapping, Node, Scalar, Sequence, SourceFile
from truehop.source.yaml import LoadedFile, load_documents, parse_embedded

PIECES = [
    *("---", "...", "\n", "\r\n", "\r", " ", "  ", "a", "b", ":", ": ", "- ", "? ", "{", "}", "[", "]", ","),
    *("&a ", "*a", "<<: ", "!t ", "!!str ", '"', "'", "\\", "|", ">", "|2", ">-", "#", " # Source: x", "\t"),
    *("%YAML 1.1", "\x00", "\ufeff", "\x85", "\u2028", "\ud800", "\\ud83d\\ude00", "kind: List", "items:"),
    *("é", "😀", "@", "`"),
]
CLASHING = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def load(text: str, limits: Limits | None = None) -> LoadedFile:
    return load_documents(SourceFile("f.yaml", text), limits or Limits())


def plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.value


def value_of(node: Node) -> object:
    if isinstance(node, Mapping):
        return {name: value_of(value) for name, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    assert isinstance(node, Scalar)
    return resolve(node.value, node.style, node.tag)


def told(text: str) -> list[str]:
    return [f"{problem.rule} {problem.at}: {problem.message}" for problem in load(text).problems]


# --- nothing crashes it -------------------------------------------------------------------------


@given(st.text() | CLASHING)
@example("%YAML 99999999999.1\n---\n")
@example('"\\UFFFFFFFF"')
@example("!<tag:> x")
@example("- &a [*a]")
@example("? [a]\n: b")
@pytest.mark.usefixtures("_parser")
def test_no_text_whatsoever_crashes_the_loader(text: str) -> None:
    source = SourceFile("f.yaml", text)
    loaded = load_documents(source)
    for document in loaded.documents:
        cursor = document.cursor()
        whole = cursor.text
        if whole is not None:
            for part in whole.split():
                assert 1 <= part.location().line <= len(source.lines)
            parse_embedded(whole)
    for problem in loaded.problems:
        assert 1 <= problem.at.line <= len(source.lines) + 1
        assert problem.message


@given(st.binary())
def test_no_bytes_whatsoever_crash_the_loader(content: bytes) -> None:
    for encoding in ("latin-1", "utf-16-le"):
        load(content.decode(encoding, errors="replace"))
    load(content.decode("utf-8", errors="surrogateescape"))


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "[[", '{"a":', "a: {b: "])
@pytest.mark.usefixtures("_parser")
def test_brackets_nested_25000_deep_are_refused_at_once(opening: str) -> None:
    begin = time.process_time()
    loaded = load(opening * 25_000 + "\n---\na: 1\n")
    # Quadratic time would be minutes; a busy machine's is a few seconds.
    assert time.process_time() - begin < 20
    assert (
        [problem.rule for problem in loaded.problems] == [NOT_JUDGED] or "? " in opening or "a: {" in opening
    )
    assert loaded.problems
    assert [plain(document.root) for document in loaded.documents] == [{"a": "1"}]


def test_lines_indented_ever_deeper_are_refused() -> None:
    text = "\n".join(f"{' ' * depth}a:" for depth in range(1000))
    assert told(text) == ["not-judged f.yaml:201:201: nested deeper than 200 levels"]


@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)),
        "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{a: *a{n - 1}, b: *a{n - 1}}}\n" for n in range(1, 60)),
        "a0: &a0 {x: 1}\n"
        + "".join(f"a{n}: &a{n}\n  <<: [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60)),
    ],
)
def test_an_alias_bomb_is_refused(text: str) -> None:
    (problem,) = load(text).problems
    assert problem.rule == NOT_JUDGED
    assert problem.message == "aliases repeat more than 200000 nodes"
    assert problem.help


def test_too_many_nodes_are_refused() -> None:
    (problem,) = load("[" + "1," * 50 + "]\n", Limits(nodes=50)).problems
    assert problem.message == "more than 50 nodes in one document"


def test_the_collector_is_as_it_was_before() -> None:
    gc.disable()
    try:
        load("a: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()
    load("a: [")
    assert gc.isenabled()
