from __future__ import annotations

import json

import pytest

from tests.unit.model.hand import at
from truehop.errors import UserError
from truehop.findings.baseline import ACCEPTED, accept, dump, load
from truehop.findings.outcome import Finding, Suppression
from truehop.rules.base import ERROR, Report


def finding(fingerprint: str, path: str = "a.yaml", suppressed: Suppression | None = None) -> Finding:
    report = Report(at=at(1, path), message=f"message {fingerprint}")
    return Finding("some-rule", ERROR, report, fingerprint=fingerprint, suppressed_by=suppressed)


def test_what_is_written_is_read() -> None:
    assert load(dump([finding("b"), finding("a")]), "x") == {"a", "b"}


def test_the_order_is_stable() -> None:
    one, two, three = finding("1", "b.yaml"), finding("2"), finding("3")
    assert dump([one, two, three]) == dump([three, one, two])
    assert [entry["path"] for entry in json.loads(dump([one, two]))["findings"]] == ["a.yaml", "b.yaml"]


def test_an_entry_says_what_it_is_about() -> None:
    [entry] = json.loads(dump([finding("1")]))["findings"]
    assert entry == {"rule": "some-rule", "path": "a.yaml", "message": "message 1", "fingerprint": "1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "findings": []}',
        '{"version": 1}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"fingerprint": 1}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        load(text, "known.json")
    assert caught.value.place == "known.json"
    assert "--write-baseline" in caught.value.cure


def test_known_findings_are_accepted_and_lost_ones_counted() -> None:
    other = Suppression("comment", "because")
    marked, stale = accept(
        [finding("a"), finding("b"), finding("c", suppressed=other)], frozenset({"a", "c", "gone"})
    )
    assert [one.suppressed_by for one in marked] == [ACCEPTED, None, other]
    assert stale == 1
