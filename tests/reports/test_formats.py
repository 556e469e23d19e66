"""What each format promises, whatever the findings are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from tests.reports.outcomes import EMPTY, FINDINGS, FULL
from truehop.findings.outcome import Excerpt, Outcome
from truehop.reports.base import Look, formats
from truehop.reports.terminal import cells, crop, pad

SARIF = Draft4Validator(
    json.loads((Path(__file__).parents[1] / "data/sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
)
V1 = json.loads(
    resources.files("truehop").joinpath("schemas", "report-v1.schema.json").read_text(encoding="utf-8")
)
ODD = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


def written(name: str, outcome: Outcome, command: str = "check", look: Look | None = None) -> str:
    return formats(command)[name].write(outcome, look or Look())


def with_words(words: str) -> Outcome:
    report = replace(
        FINDINGS[0].report, message=words, help=words, at=replace(FINDINGS[0].at, path=words or "x")
    )
    excerpt = Excerpt(3, (words.replace("\n", " ").replace("\r", " "),))
    return replace(FULL, findings=(replace(FINDINGS[0], report=report, excerpt=excerpt),))


@pytest.mark.parametrize("outcome", [FULL, EMPTY])
def test_sarif_is_valid_against_its_schema(outcome: Outcome) -> None:
    SARIF.validate(json.loads(written("sarif", outcome)))


@pytest.mark.parametrize("outcome", [FULL, EMPTY])
@pytest.mark.parametrize("command", ["check", "path"])
def test_json_is_valid_against_its_schema(outcome: Outcome, command: str) -> None:
    Draft202012Validator.check_schema(V1)
    Draft202012Validator(V1).validate(json.loads(written("json", outcome, command)))


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"more": 1}, {"routes": [{}]}, {"findings": [{"rule": "x"}]}]
)
def test_the_json_schema_refuses_what_is_not_version_1(change: dict[str, Any]) -> None:
    document = json.loads(written("json", FULL)) | change
    assert not Draft202012Validator(V1).is_valid(document)


def test_json_lists_accepted_findings_with_their_reason() -> None:
    document = json.loads(written("json", FULL))
    reasons = [found["suppressed"] for found in document["findings"] if found["suppressed"]]
    assert {"by": "comment", "reason": "a closed network"} in reasons
    assert document["summary"] == {"error": 1, "warning": 1, "info": 1, "suppressed": 2, "unjudged": 2}


def test_json_has_null_lines_where_only_the_file_is_known() -> None:
    document = json.loads(written("json", FULL))
    place = next(
        found["location"] for found in document["findings"] if found["location"]["path"].startswith("charts")
    )
    assert (place["line"], place["column"], place["endLine"], place["endColumn"]) == (None, None, None, None)


def test_sarif_carries_the_way_as_a_code_flow() -> None:
    run = json.loads(written("sarif", FULL))["runs"][0]
    flow = next(found["codeFlows"] for found in run["results"] if "codeFlows" in found)
    steps = [place["location"]["message"]["text"] for place in flow[0]["threadFlows"][0]["locations"]]
    assert steps[0].startswith("front of Service mail/traefik: connects")


def test_sarif_tells_suppressions_by_where_they_stand() -> None:
    run = json.loads(written("sarif", FULL))["runs"][0]
    kinds = {found["suppressions"][0]["kind"] for found in run["results"] if found["suppressions"]}
    assert kinds == {"inSource", "external"}


def test_sarif_paths_are_uris() -> None:
    run = json.loads(written("sarif", FULL))["runs"][0]
    uris = re.findall(r'"uri": "([^"]*)"', json.dumps(run))
    assert "charts/mail/templates/%C3%A4%20b.yaml" in uris
    assert all(re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri) for uri in uris)


def test_junit_counts_what_it_holds() -> None:
    suites = ET.fromstring(written("junit", FULL))  # noqa: S314 (our own text)
    suite = suites[0]
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert suite.get("errors") == str(len(suite.findall("testcase/error")))
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    assert suite.get("tests") == str(len(suite.findall("testcase")))


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("info", 3), ("never", 0)])
def test_junit_fails_from_the_severity_that_fails_the_command(fail_on: str, failures: int) -> None:
    suites = ET.fromstring(written("junit", FULL, look=Look(fail_on=fail_on)))  # noqa: S314 (our own text)
    assert len(suites.findall("testsuite/testcase/failure")) == failures


@given(ODD)
def test_junit_is_xml_whatever_is_said(words: str) -> None:
    ET.fromstring(written("junit", with_words(words)))  # noqa: S314 (our own text)


@given(ODD)
def test_sarif_is_valid_whatever_is_said(words: str) -> None:
    SARIF.validate(json.loads(written("sarif", with_words(words))))


@given(ODD)
def test_github_gives_one_command_per_line(words: str) -> None:
    lines = written("github", with_words(words)).removesuffix("\n").split("\n")
    assert len(lines) == 1 + len(FULL.unjudged) + len(FULL.crashes)
    assert all(line.startswith("::") for line in lines)
    assert not any("\r" in line for line in lines)


@given(ODD)
def test_text_steers_no_terminal(words: str) -> None:
    text = written("text", with_words(words), look=Look(verbosity=1))
    assert all(letter == "\n" or letter.isprintable() for letter in text)


@given(ODD)
def test_path_steers_no_terminal(words: str) -> None:
    routes = tuple(replace(route, owner=words, scope=words) for route in FULL.routes)
    assert "\x1b" not in written("text", replace(FULL, routes=routes), "path")


@given(ODD)
def test_mermaid_labels_end_only_where_they_should(words: str) -> None:
    routes = tuple(replace(route, owner=words, front=words) for route in FULL.routes)
    text = written("mermaid", replace(FULL, routes=routes), "path")
    for line in text.splitlines()[1:]:
        assert re.fullmatch(
            r'  (n\d+\["[^"]*"\]|n\d+ -\.?->(\|"[^"|]*"\|)? n\d+|classDef .*|class n\d+ \w+)', line
        ), line


def test_a_long_line_is_cut_around_the_span() -> None:
    line = "x" * 300 + "0.0.0.0/0" + "y" * 300
    place = replace(FINDINGS[0].at, column=301, end_column=310)
    finding = replace(FINDINGS[0], report=replace(FINDINGS[0].report, at=place), excerpt=Excerpt(3, (line,)))
    lines = written("text", replace(FULL, findings=(finding,)), look=Look(width=60)).splitlines()
    marks = next(line for line in lines if line.endswith("^"))
    shown = lines[lines.index(marks) - 1]
    assert len(shown) <= 60
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "0.0.0.0/0"


def test_a_span_over_many_lines_shows_the_first_ones() -> None:
    place = replace(FINDINGS[0].at, line=1, column=1, end_line=9, end_column=2)
    finding = replace(FINDINGS[0], report=replace(FINDINGS[0].report, at=place))
    shown = replace(finding, excerpt=Excerpt(1, tuple("abcdef")))
    lines = written("text", replace(FULL, findings=(shown,))).splitlines()
    assert [line.strip() for line in lines[3:10]] == ["1 | a", "| ^", "2 | b", "| ^", "3 | c", "| ^", "| ..."]


def test_sarif_tells_findings_of_rules_it_does_not_know() -> None:
    log = json.loads(written("sarif", replace(FULL, rules=())))
    SARIF.validate(log)
    assert all("ruleIndex" not in found for found in log["runs"][0]["results"])


def test_a_span_wider_than_the_terminal_is_cut() -> None:
    place = replace(FINDINGS[0].at, column=5, end_column=400)
    finding = replace(
        FINDINGS[0], report=replace(FINDINGS[0].report, at=place), excerpt=Excerpt(3, ("z" * 500,))
    )
    lines = written("text", replace(FULL, findings=(finding,)), look=Look(width=60)).splitlines()
    assert max(len(line) for line in lines[2:5]) <= 60


def test_wide_letters_take_two_cells() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert pad("日", 4) == "日  "
    assert crop("日本日本日本", 7) == "日本..."
    assert crop("abc", 7) == "abc"


def test_every_format_stands_in_the_help_of_its_command() -> None:
    from truehop.cli import truehop as group

    for command in ("check", "path"):
        options = {option.name: option for option in group.commands[command].params}
        told = str(getattr(options["format_"], "help", ""))
        assert all(re.search(rf"\b{name}\b", told) for name in formats(command))
