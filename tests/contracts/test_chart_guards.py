"""Every guard of the chart is asked, and each of its texts has a test that it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from tests.chart.helm import CHART

TEMPLATES = sorted((CHART / "templates").rglob("_guard*.tpl"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
#: Templates of the guards that are none themselves.
HELPERS = {"findNetwork", "frontIsKnown", "largerType"}
DEFINED = set(re.findall(r'define "mailstack\.guard\.(\w+)"', SOURCE)) - HELPERS
COMMENT = re.compile(r"\{\{-? ?/\*.*?\*/ ?-?\}\}", re.DOTALL)
ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
#: How a refusal begins: the path of a value, parts of which may be filled in.
TEXT = re.compile(r"^(?:[\w.]|\{\{.*?\}\})+: ")


def _listed() -> list[str]:
    found = re.search(r'define "mailstack\.guards" -\}\}\n(.*?)\{\{- end', SOURCE, re.DOTALL)
    assert found
    return list(yaml.safe_load(found[1]))


def _texts() -> Iterator[str]:
    """Each refusal as it stands in the templates; what is filled in is cut out."""
    for line in COMMENT.sub("", SOURCE).splitlines():
        if TEXT.match(line):
            yield ACTION.sub("\0", line)


def _patterns() -> set[str]:
    """What the suites look for in refusals."""
    found = set()
    for path in (CHART / "tests/guards").glob("*_test.yaml"):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for claim in test["asserts"]:
                if "failedTemplate" in claim:
                    found.add(claim["failedTemplate"]["errorPattern"])
    return found


TEXTS = list(_texts())
PATTERNS = _patterns()


def test_every_guard_is_asked_once() -> None:
    assert sorted(_listed()) == sorted(DEFINED)


def test_a_helper_is_one() -> None:
    assert set(re.findall(r'include "mailstack\.guard\.(\w+)"', SOURCE)) == HELPERS


def _pieces(text: str) -> list[str]:
    return [piece for piece in text.split("\0") if len(piece) > 1]


@pytest.mark.parametrize("text", TEXTS)
def test_a_suite_sees_the_refusal(text: str) -> None:
    """By words that stand in one piece and in no other refusal."""
    others = [piece for other in TEXTS if other != text for piece in _pieces(other)]
    telling = [found for found in PATTERNS if any(re.search(found, piece) for piece in _pieces(text))]
    assert [found for found in telling if not any(re.search(found, piece) for piece in others)] != []


@pytest.mark.parametrize("text", TEXTS)
def test_a_refusal_says_what_to_do(text: str) -> None:
    assert "; " in text
