"""Ignores are found where a comment stands, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truehop.source.comments import UNUSED, find_ignores
from truehop.source.tree import SourceFile


def lines_of(text: str) -> list[tuple[int, int]]:
    """The line each ignore stands on and the line it is about."""
    return [(ignore.at.line, ignore.line) for ignore in find_ignores(SourceFile("f.yaml", text)).ignores]


def test_an_ignore_tells_its_rules_its_reason_and_its_place() -> None:
    found = find_ignores(
        SourceFile("f.yaml", "a: 1\nb: 2 # truehop: ignore[trust-wide-range, header-missing] the lab \n")
    )
    assert found.problems == []
    (ignore,) = found.ignores
    assert ignore.rules == ("trust-wide-range", "header-missing")
    assert ignore.reason == "the lab"
    assert ignore.line == 2
    assert (ignore.at.column, ignore.at.end_column) == (6, 65)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# truehop: ignore[x] r\na: 1\n", [(1, 2)]),
        ("a:\n  # truehop: ignore[x] r\n  # why\n\n  # truehop: ignore[y] r\n  b: 1\n", [(2, 6), (5, 6)]),
        ("# truehop: ignore[x] r\n---\na: 1\n", [(1, 3)]),
        ("a: 1\n...\n# truehop: ignore[x] r\n", [(3, 3)]),
        ("a: 1\n#truehop:ignore [x]: r\n", [(2, 2)]),
        ("a: | # truehop: ignore[x] r\n  b\n", [(1, 1)]),
        ("a: |\n  # truehop: ignore[x] r\n  mynetworks = all\n", [(2, 3)]),
        ("a: >\n  b\n  c # truehop: ignore[x] r\n", [(3, 3)]),
        ("a: [1, # truehop: ignore[x] r\n  2]\n", [(1, 1)]),
        ("a: 'b' # truehop: ignore[x] r\n", [(1, 1)]),
        ("a: 1\r\nb: 2 # truehop: ignore[x] r\r\nc: 3\r\n", [(2, 2)]),
        ("a: 'it # truehop: ignore[x] r'\n", []),
        ('a: "it # truehop: ignore[x] r"\n', []),
        ('a: "it\n  # truehop: ignore[x] r"\n', []),
        ("a: b# truehop: ignore[x] r\n", []),
        ("a: |\n  b# truehop: ignore[x] r\n", []),
        ("a: [\n# truehop: ignore[invalid-yaml] r\n---\nb: 1 # truehop: ignore[x] r\n", [(2, 4), (4, 4)]),
        ("a: {{ b }} # truehop: ignore[x] r\n", [(1, 1)]),
        ("mynetworks = all\n# truehop: ignore[x] r\nsmtpd: \x00\n", [(2, 3)]),
        ("# truehop is a linter\na: 1 # truehop: see the docs\n", []),
        ("a: 1\n", []),
    ],
)
def test_a_comment_counts_on_its_line_or_for_the_next_one(text: str, wanted: list[tuple[int, int]]) -> None:
    assert lines_of(text) == wanted
    assert find_ignores(SourceFile("f.yaml", text)).problems == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# truehop: ignore", "not understood: # truehop: ignore"),
        ("# truehop: ignroe[x] r", "not understood: # truehop: ignroe[x] r"),
        ("# truehop: ignore[] r", "ignore names no rule: # truehop: ignore[] r"),
        ("# truehop: ignore[All Rules] r", "ignore 'All Rules' is no rule: # truehop: ignore[All Rules] r"),
        ("# truehop: ignore[x]", "ignore without a reason: # truehop: ignore[x]"),
        ("# truehop: ignore[x] - ", "ignore without a reason: # truehop: ignore[x] -"),
    ],
)
def test_an_ignore_that_says_too_little_is_reported(comment: str, message: str) -> None:
    found = find_ignores(SourceFile("f.yaml", f"a: 1 {comment}\n"))
    assert found.ignores == []
    (problem,) = found.problems
    assert (problem.rule, problem.message, str(problem.at)) == (UNUSED, message, "f.yaml:1:6")
    assert problem.help


@given(
    st.lists(
        st.sampled_from(
            ["# truehop: ignore[x] r", "\n", "a: ", "'", '"', "|", "- ", " ", "---", "...", "[", "\x00"]
        )
    )
)
def test_no_text_crashes_the_search(pieces: list[str]) -> None:
    text = "".join(pieces)
    for ignore in find_ignores(SourceFile("f", text)).ignores:
        assert text.split("\n")[ignore.at.line - 1][ignore.at.column - 1 :].startswith("# truehop:")
        assert ignore.line >= ignore.at.line
