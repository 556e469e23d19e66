"""One finding per rule and place over all scopes."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.model.hand import at
from truehop.findings.conclude import merge
from truehop.findings.outcome import RANK, Finding, highest, lowest
from truehop.rules.base import ERROR, INFO, WARNING, Report, Severity


def finding(message: str = "m", severity: Severity = WARNING, *words: str, line: int = 1) -> Finding:
    related = tuple((at(9), word) for word in words)
    return Finding("r", severity, Report(at=at(line), message=message, related=related))


def test_equal_findings_of_two_scopes_are_one() -> None:
    assert merge([finding(), finding()]) == [finding()]


def test_the_worse_one_speaks_and_the_other_is_kept_in_words() -> None:
    [made] = merge([finding("mild"), finding("bad", ERROR)])
    assert (made.severity, made.report.message) == (ERROR, "bad")
    assert made.report.related == ((at(1), "mild"),)


def test_related_places_are_joined() -> None:
    [made] = merge([finding("a", WARNING, "x"), finding("b", WARNING, "x", "y")])
    assert [word for _, word in made.report.related] == ["x", "y"]


def test_other_places_stay_apart() -> None:
    assert len(merge([finding(), finding(line=2), replace(finding(), rule="s")])) == 3


def test_severities_are_ranked() -> None:
    assert (highest([INFO, ERROR, WARNING]), lowest([ERROR, INFO])) == (ERROR, INFO)
    assert (highest([]), lowest([])) == (INFO, ERROR)
    assert sorted(RANK, key=RANK.__getitem__) == [INFO, WARNING, ERROR]
