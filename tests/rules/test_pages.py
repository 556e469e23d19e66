"""Each rule's page: what it calls bad is reported, what it calls good is not."""

from __future__ import annotations

import pytest

from tests.rules.samples import read_sample, section
from truehop.engine import judge_texts
from truehop.rules.base import Rule
from truehop.rules.catalogue import all_rules
from truehop.source.problems import NOT_JUDGED

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)


@each_rule
def test_the_bad_sample_is_reported(rule: Rule) -> None:
    sample = read_sample("bad", section(rule.doc, "Bad"), rule.id)
    outcome = judge_texts(sample.files, sample.config, only=rule.id)
    told = [finding.rule for finding in outcome.findings]
    told += [lost.rule for lost in outcome.unjudged if lost.rule == NOT_JUDGED]
    assert set(told) == {rule.id}


@each_rule
def test_the_good_sample_is_silent(rule: Rule) -> None:
    sample = read_sample("good", section(rule.doc, "Good"), rule.id)
    assert sample.files
    outcome = judge_texts(sample.files, sample.config, only=rule.id)
    assert [f"{finding.report.at}: {finding.report.message}" for finding in outcome.findings] == []
    assert not outcome.unjudged
    assert not outcome.crashes


def test_what_is_not_judged_is_told_once() -> None:
    outcome = judge_texts({"a.yaml": "name: {{ .Release.Name }}\n"})
    assert [(lost.rule, lost.line) for lost in outcome.unjudged] == [(NOT_JUDGED, 1)]
    assert outcome.findings == ()
