"""Versions: exact, moving, ranges."""

from __future__ import annotations

import pytest

from truehop.adapters.traefik.versions import ANY, app_version, at_least, parse_range
from truehop.model.facts import Tri


@pytest.mark.parametrize(
    ("text", "bound", "expected"),
    [
        ("3.6.1", "3.6.1", Tri.YES),
        ("3.6.1", "3.6.2", Tri.NO),
        ("v3.6", "3.6.0", Tri.YES),
        ("3.6", "3.6.14", Tri.UNKNOWN),
        ("3", "3.0.0", Tri.YES),
        ("3", "4.0.0", Tri.NO),
        ("10.x", "10.0.0", Tri.YES),
        ("10.x", "11.0.0", Tri.NO),
        ("^27.1.0", "28.0.0", Tri.NO),
        ("^27.1.0", "27.2.0", Tri.UNKNOWN),
        ("^0.2.3", "0.3.0", Tri.NO),
        ("~27.1.2", "27.2.0", Tri.NO),
        ("~27", "28.0.0", Tri.NO),
        (">=30.0.0", "28.0.0", Tri.YES),
        (">= 30.0.0 < 32.0.0", "33.0.0", Tri.NO),
        (">30.0.0", "30.0.1", Tri.YES),
        ("<28.0.0", "28.0.0", Tri.NO),
        ("<=28.0.0", "28.0.1", Tri.NO),
        ("34.2.1+up34.2.0", "34.2.1", Tri.YES),
        ("3.0.0-rc1", "3.0.0", Tri.YES),
        ("=27.0.0", "27.0.0", Tri.YES),
        (">=27, <28", "28.0.0", Tri.NO),
    ],
)
def test_a_version_text_is_compared_as_far_as_it_tells(text: str, bound: str, expected: Tri) -> None:
    assert at_least(parse_range(text), bound) is expected


@pytest.mark.parametrize("text", [None, "", "latest", "*", "x", "1 || 2", "1.0 - 2.0", "abc 1", ">5 <4"])
def test_texts_that_tell_no_version_are_unknown(text: str | None) -> None:
    assert parse_range(text) is None
    assert at_least(parse_range(text), "1.0.0") is Tri.UNKNOWN


def test_a_release_is_told_exactly_only_by_an_exact_version() -> None:
    exact, moving = parse_range("3.5.2"), parse_range("3.5")
    assert exact
    assert moving
    assert exact.is_exactly("3.5.2") is Tri.YES
    assert exact.is_exactly("3.5.3") is Tri.NO
    assert moving.is_exactly("3.5.2") is Tri.UNKNOWN


@pytest.mark.parametrize(
    ("chart", "app"),
    [
        ("37.1.1", "3.5.2"),
        ("37.1.2", "3.5.3"),
        ("27.0.0", "2.11.0"),
        ("28.0.0", "3.0.0"),
        ("41.3.0", "3.7.11"),
        ("9.1.0", None),
        ("37.x", None),
        (None, None),
    ],
)
def test_a_chart_release_tells_what_it_installs(chart: str | None, app: str | None) -> None:
    assert app_version(parse_range(chart)) == app


def test_every_version_holds_all() -> None:
    assert ANY.at_least("0.0.0") is Tri.YES
