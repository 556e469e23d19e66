"""What reads simply is what the loader reads without a word."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from truehop.engine.survey.readable import reads_simply
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

OBJECT = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec: {ports: [{port: 80}]}\n"
PIECES = st.sampled_from(
    [
        *"abk:,-[]{}'\"|>#&*!%?\n\t ",
        "\n  ",
        ": ",
        "- ",
        "a: b\n",
        "...\n",
        "k: |\n  x\n",
        "{a: 1}",
        "[1, 2]",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_what_reads_simply_is_one_document_without_problems(text: str) -> None:
    if reads_simply(OBJECT + text):
        loaded = load_documents(SourceFile("a.yaml", OBJECT + text))
        assert (len(loaded.documents), loaded.problems) == (1, [])


def test_a_plain_object_reads_simply() -> None:
    assert reads_simply(OBJECT)


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n",
        "a: *b\n",
        "a: &b 1\n",
        "a: !t 1\n",
        "? a\n",
        "{[a]: 1}\n",
        "a: é\n",
        "a: 1\n...\nb: 2\n",
        "a: " + "[" * 101 + "]" * 101 + "\n",
        "a:\n" + " " * 150 + "b: 1\n",
        "a: " + "x" * 100_000 + "\n",
    ],
)
def test_what_is_involved_is_left_to_the_loader(text: str) -> None:
    assert not reads_simply(text)


def test_without_a_parser_in_c_the_loader_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CBaseLoader")
    assert not reads_simply(OBJECT)
