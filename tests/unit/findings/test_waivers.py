"""Ignores in the configuration, in comments and in annotations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from truehop.engine import judge_texts
from truehop.findings.outcome import Finding, Outcome, Suppression, Unjudged
from truehop.findings.waivers import Waiver, apply, from_settings, of_annotation
from truehop.model.facts import ObjectRef
from truehop.settings import Ignore
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

ANY = "trust-any-address"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: mail
spec:
  template:
    spec:
      containers:
        - name: app
          image: example.org/app:1
          env:
            - name: TRUSTED_PROXIES
              value: 0.0.0.0/0
"""
LINE = "              value: 0.0.0.0/0"


def judged(text: str = MANIFEST, config: str = "", path: str = "mail/app.yaml") -> Outcome:
    return judge_texts({path: text}, config or None)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def accepted(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [
        (found.rule, found.suppressed_by.by, found.suppressed_by.reason)
        for found in outcome.suppressed
        if found.suppressed_by
    ]


def test_without_an_ignore_the_sample_has_its_finding() -> None:
    assert rules(judged().findings) == [ANY]


@pytest.mark.parametrize(
    "text",
    [
        MANIFEST.replace(LINE, f"{LINE}  # truehop: ignore[{ANY}] a lab"),
        MANIFEST.replace(LINE, f"              # truehop: ignore[{ANY}] a lab\n{LINE}"),
        MANIFEST.replace(LINE, f"              # truehop: ignore[other-rule, {ANY}] a lab\n{LINE}"),
    ],
)
def test_a_comment_on_or_above_the_line_accepts(text: str) -> None:
    assert accepted(judged(text)) == [(ANY, "comment", "a lab")]


def test_a_comment_elsewhere_accepts_nothing_and_is_told() -> None:
    outcome = judged(f"# truehop: ignore[{ANY}] a lab\n{MANIFEST}")
    assert rules(outcome.findings) == ["unused-ignore", ANY]
    assert "it matches nothing" in outcome.findings[0].report.message
    assert (outcome.findings[0].at.line, outcome.findings[0].at.column) == (1, 1)


def test_a_comment_that_names_no_rule_is_told_with_what_was_meant() -> None:
    outcome = judged(MANIFEST.replace(LINE, f"{LINE}  # truehop: ignore[trust-any-adress] a lab"))
    [told] = [found for found in outcome.findings if found.rule == "unused-ignore"]
    assert "there is no such rule" in told.report.message
    assert told.report.help == f"did you mean {ANY}?"


def test_a_rule_like_nothing_points_at_the_catalogue() -> None:
    outcome = judged(MANIFEST.replace(LINE, f"{LINE}  # truehop: ignore[qqqq] a lab"))
    assert (
        "truehop rules"
        in next(found for found in outcome.findings if found.rule == "unused-ignore").report.help
    )


def test_a_comment_without_reason_accepts_nothing() -> None:
    outcome = judged(MANIFEST.replace(LINE, f"{LINE}  # truehop: ignore[{ANY}]"))
    assert sorted(rules(outcome.findings)) == [ANY, "unused-ignore"]


def annotated(words: str) -> str:
    return MANIFEST.replace(
        "  name: app\n", f"  name: app\n  annotations: {{truehop/ignore: '{words}'}}\n", 1
    )


def test_an_annotation_accepts_for_its_object() -> None:
    outcome = judged(annotated(f"{ANY}: a lab; "))
    assert accepted(outcome) == [(ANY, "annotation", "a lab")]
    assert outcome.findings == ()


def test_an_annotation_is_only_for_its_object() -> None:
    other = MANIFEST.replace("name: app", "name: other", 1)
    outcome = judged(f"{annotated(f'{ANY}: a lab')}---\n{other}")
    assert rules(outcome.findings) == [ANY]
    assert str(outcome.findings[0].at.object) == "Deployment mail/other"


def test_each_idle_part_of_an_annotation_is_told() -> None:
    outcome = judged(annotated(f"{ANY}; trust-wide-range: because"))
    told = [found for found in outcome.findings if found.rule == "unused-ignore"]
    assert [found.report.message.partition(": ")[2] for found in told] == [
        "it gives no reason",
        "it matches nothing",
    ]
    assert told[0].at.column < told[1].at.column


@pytest.mark.parametrize(
    "entry",
    [
        f"{{rule: {ANY}, reason: a lab}}",
        f"{{rule: [{ANY}], path: 'mail/**', reason: a lab}}",
        "{path: mail, reason: a lab}",
        f"{{rule: {ANY}, object: 'Deployment mail/*', reason: a lab}}",
        f"{{rule: {ANY}, reason: a lab, until: 9999-12-31}}",
    ],
)
def test_an_entry_of_the_configuration_accepts(entry: str) -> None:
    outcome = judged(config=f"ignore: [{entry}]")
    assert accepted(outcome) == [(ANY, "config", "a lab")]
    assert outcome.findings == ()


@pytest.mark.parametrize(
    "entry",
    [
        f"{{rule: {ANY}, object: 'Service mail/*', reason: a lab}}",
        f"{{rule: {ANY}, object: app, path: mail/other.yaml, reason: a lab}}",
        "{rule: trust-wide-range, reason: a lab}",
    ],
)
def test_an_entry_that_does_not_match_accepts_nothing(entry: str) -> None:
    assert ANY in rules(judged(config=f"ignore: [{entry}]").findings)


def test_an_entry_for_files_that_were_not_given_is_not_called_idle() -> None:
    assert rules(judged(config=f"ignore: [{{rule: {ANY}, path: web, reason: a lab}}]").findings) == [ANY]


def test_an_entry_is_for_its_path_only() -> None:
    texts = {"a.yaml": MANIFEST, "b.yaml": "a: b"}
    outcome = judge_texts(texts, f"ignore: [{{rule: {ANY}, path: b.yaml, reason: a lab}}]")
    assert rules(outcome.findings) == [ANY, "unused-ignore"]


def test_an_idle_entry_is_told_where_it_stands() -> None:
    outcome = judged(config="ignore:\n  - rule: trust-wide-range\n    reason: a lab\n")
    told = next(found for found in outcome.findings if found.rule == "unused-ignore")
    assert str(told.at) == "truehop.yaml:2:11"


def test_an_entry_past_its_last_day_accepts_nothing_and_is_told() -> None:
    outcome = judged(config=f"ignore: [{{rule: {ANY}, reason: a lab, until: 2020-02-01}}]")
    assert sorted(rules(outcome.findings)) == [ANY, "unused-ignore"]
    assert any("it ended on 2020-02-01" in found.report.message for found in outcome.findings)


@pytest.mark.parametrize(("today", "is_over"), [(date(2020, 2, 1), False), (date(2020, 2, 2), True)])
def test_the_last_day_counts(today: date, is_over: bool) -> None:
    [waiver] = from_settings([Ignore((ANY,), "a lab", until=date(2020, 2, 1))], today)
    assert bool(waiver.flaw) is is_over


def test_an_idle_ignore_may_be_accepted_itself() -> None:
    config = "ignore: [{rule: trust-wide-range, reason: later}, {rule: unused-ignore, reason: we know}]"
    outcome = judged(config=config)
    assert ("unused-ignore", "config", "we know") in accepted(outcome)


def test_idle_ignores_are_silent_where_their_rule_is_off() -> None:
    assert rules(
        judged(config="rules: {unused-ignore: off}\nignore: [{rule: trust-wide-range, reason: a}]").findings
    ) == [ANY]


def test_an_ignore_of_a_rule_that_did_not_run_is_not_idle() -> None:
    config = "rules: {trust-wide-range: off}\nignore: [{rule: trust-wide-range, reason: a lab}]"
    assert rules(judged(config=config).findings) == [ANY]


def test_an_ignore_takes_the_failure_of_an_unreadable_file_away() -> None:
    broken = {"broken.yaml": "a: [", "app.yaml": MANIFEST}
    config = "ignore: [{rule: invalid-yaml, path: broken.yaml, reason: a template}]"
    assert [lost.path for lost in judge_texts(broken).unjudged] == ["broken.yaml"]
    outcome = judge_texts(broken, config)
    assert outcome.unjudged == ()
    assert accepted(outcome) == [("invalid-yaml", "config", "a template")]


def test_an_ignored_cause_hides_its_consequence_too() -> None:
    config = f"ignore: [{{rule: {ANY}, reason: a lab}}]"
    assert {found.rule for found in judged(config=config).findings} == set()


def test_findings_already_accepted_keep_their_first_reason() -> None:
    text = MANIFEST.replace(LINE, f"{LINE}  # truehop: ignore[{ANY}] in source")
    outcome = judged(text, f"ignore: [{{rule: {ANY}, reason: in config}}]")
    assert accepted(outcome) == [(ANY, "config", "in config")]
    assert outcome.findings == ()


def test_an_annotation_in_a_template_accepts_what_is_told_in_the_values() -> None:
    [waiver] = of_annotation_text(f"{ANY}: a lab")
    finding = judged().findings[0]
    place = replace(finding.at, path="values.yaml", template="templates/a.yaml")
    moved = replace(finding, report=replace(finding.report, at=place))
    rendered = replace(waiver, ref=place.object, at=replace(waiver.at, path="x", template="templates/a.yaml"))
    assert rendered.covers(moved)
    assert not replace(rendered, at=replace(rendered.at, template="other.yaml")).covers(moved)


def of_annotation_text(words: str) -> list[Waiver]:
    document = load_documents(SourceFile("x", f"a: '{words}'")).documents[0]
    text = document.cursor().get("a").text
    assert text is not None
    return list(of_annotation(text, ObjectRef("Deployment", "app", "mail")))


def test_only_the_configuration_accepts_what_cannot_be_judged() -> None:
    lost = Unjudged("a.yaml", "x", rule="invalid-yaml")
    [comment] = of_annotation_text("invalid-yaml: x")
    [entry] = from_settings([Ignore(("invalid-yaml",), "x")], date(2020, 1, 1))
    assert not comment.covers_input(lost)
    assert entry.covers_input(lost)
    assert not replace(entry, object="app").covers_input(lost)


def test_an_accepted_finding_is_not_accepted_again() -> None:
    finding = judged().findings[0]
    first = replace(finding, suppressed_by=Suppression("baseline", "known"))
    [entry] = from_settings([Ignore((ANY,), "x")], date(2020, 1, 1))
    waived = apply([entry], [first], [], known={ANY}, ran=frozenset({ANY}))
    assert waived.findings == [first]
    assert waived.unused == []


def test_a_finding_without_object_matches_no_object_glob() -> None:
    [waiver] = from_settings([Ignore((), "x", object="*")], date(2020, 1, 1))
    finding = judged().findings[0]
    bare = replace(finding, report=replace(finding.report, at=replace(finding.at, object=None)))
    assert waiver.covers(finding)
    assert not waiver.covers(bare)
