"""Words are looked for as a reader would, in no time."""

from __future__ import annotations

import time

import pytest

from truehop.source.nodes import SourceFile
from truehop.source.render.verbatim import cut, hits_in

from .hand import spot


def test_a_comment_that_never_ends_and_globs_hide_nothing() -> None:
    text = "a/*: {{/* x\nword: 1\n"
    assert [spot(hit) for hit in hits_in(SourceFile("t", text), "word", None)] == ["t:2:1-5"]


@pytest.mark.parametrize("opening", ["{{/*", "/*", "{{- /*x", "#"])
def test_comments_are_found_in_no_time(opening: str) -> None:
    text = opening * 200_000 + "\nword"
    begun = time.monotonic()
    assert len(hits_in(SourceFile("t", text), "word", None)) == 1
    assert time.monotonic() - begun < 2


def test_a_span_beyond_the_text_is_empty() -> None:
    assert cut(SourceFile("t", "a"), (5, 1, 5, 2)) == ""
