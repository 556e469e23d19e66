"""Each scenario of ``tests/rules/<id>.md``: exactly the marked lines are reported."""

from __future__ import annotations

import pytest

from tests.rules.samples import Sample, scenarios
from truehop.engine import judge_texts
from truehop.source.problems import NOT_JUDGED


@pytest.mark.parametrize(
    ("rule", "sample"), scenarios(), ids=[f"{rule}: {sample.name}" for rule, sample in scenarios()]
)
def test_scenario_reports_exactly_the_marked_lines(rule: str, sample: Sample) -> None:
    outcome = judge_texts(sample.files, sample.config, only=rule)
    assert not outcome.crashes
    found = {(finding.report.at.path, finding.report.at.line): finding for finding in outcome.findings}
    assert {finding.rule for finding in outcome.findings} <= {rule}
    left_out = {(lost.path, lost.line) for lost in outcome.unjudged if lost.rule == rule == NOT_JUDGED}
    assert sorted(found.keys() | left_out) == sorted({(mark.path, mark.line) for mark in sample.expected}), [
        f"{finding.report.at}: {finding.report.message}" for finding in outcome.findings
    ]
    told = {(mark.path, mark.line): mark.severity for mark in sample.expected if mark.severity}
    assert {place: str(found[place].severity) for place in told} == told


def test_every_sample_has_files() -> None:
    assert all(sample.files for _, sample in scenarios())
