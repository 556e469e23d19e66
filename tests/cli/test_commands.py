"""What each command prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import FAULTY, SOUND, Run
from truehop import __version__
from truehop.cli.execution import Wishes, look, progress


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"truehop {__version__}\n"


def test_help_teaches_with_examples_and_exit_codes(run: Run) -> None:
    told = run("--help").out
    assert "helm template" in told
    assert re.search(r"^ +3  some input could not be judged", told, re.MULTILINE)
    assert "--write-baseline" in run("check", "--help").out
    assert "mermaid" in run("path", "--help").out


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    done = run()
    assert "Examples:" in done.out + done.err


def test_standard_input_is_judged(run: Run) -> None:
    done = run("check", "-", stdin=FAULTY)
    assert done.status == 1
    assert " --> -:10:" in done.out


def test_several_reports_at_once(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    done = run("check", "--format", "json", "--output", "sarif=a.sarif", "--output", "text=a.txt")
    assert json.loads(done.out)["summary"]["error"] == 1
    assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"
    assert "error[trust-any-address]" in (folder / "a.txt").read_text()


def test_quiet_is_one_line_per_finding(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    done = run("check", "-q")
    assert re.fullmatch(r"app\.yaml:10:\d+: error\[trust-any-address\] .*\n", done.out)


def test_verbose_tells_what_was_accepted(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    (folder / "truehop.yaml").write_text("ignore: [{rule: trust-any-address, reason: a lab}]\n")
    assert "accepted by config (a lab)" in run("check", "-v").out


def test_paths_are_relative_to_the_configuration(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("")
    (folder / "deploy").mkdir()
    (folder / "deploy" / "app.yaml").write_text(FAULTY)
    assert "deploy/app.yaml:10" in run("check", "-q", cwd=folder / "deploy").out


def test_each_scope_of_the_configuration_is_judged_alone(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("scopes: [{paths: a}, {paths: [b]}]\n")
    for name in ("a", "b", "c"):
        (folder / name).mkdir()
        (folder / name / "app.yaml").write_text(FAULTY)
    found = [line.partition(":")[0] for line in run("check", "-q").out.splitlines()]
    assert found == ["a/app.yaml", "b/app.yaml"]
    found = [line.partition(":")[0] for line in run("check", "-q", "a", "c").out.splitlines()]
    assert found == ["a/app.yaml", "c/app.yaml"]
    assert run("check", "-q", "-", stdin=FAULTY).out.startswith("-:")


def test_the_world_may_be_closed_on_the_command_line(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(SOUND)
    assert run("check", "--world", "closed").status in {0, 1}
    assert run("check", "--world", "shut").status == 2


def test_the_path_is_drawn_and_told_as_json(folder: Path, run: Run) -> None:
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: mta, namespace: mail}\n"
        "spec: {type: LoadBalancer, ports: [{port: 25}]}\n"
    )
    (folder / "service.yaml").write_text(service)
    assert run("path").out.startswith("port 25 smtp\n")
    assert run("path", "--format", "mermaid").out.startswith("flowchart LR\n")
    assert run("path", "--format", "json").out == run("check", "--format", "json").out
    verbose = run("path", "-v").out
    assert "\nhops\n  pods of Service mail/mta: other\n    :25: smtp as assumed" in verbose
    assert "\ndoors\n  LoadBalancer :25 of Service mail/mta" in verbose
    assert "\nhops\n" not in run("path").out


def test_a_rule_is_explained(run: Run) -> None:
    told = run("explain", "trust-wide-range").out
    assert told.startswith("trust-wide-range (warning, group trust, since 0.1)\n")
    assert "## Why" in told


def test_a_rule_without_settings_says_nothing_of_them(run: Run) -> None:
    rules = json.loads(run("rules", "--format", "json").out)
    plain = next(rule for rule in rules if not rule["settings"])
    assert "## Settings" not in run("explain", plain["id"]).out


def test_progress_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress("judging")
    progress("")
    assert capsys.readouterr().err == "\r\x1b[Kjudging\r\x1b[K"


def test_the_settings_of_a_rule_are_explained(run: Run) -> None:
    rules = json.loads(run("rules", "--format", "json").out)
    settled = next(rule for rule in rules if rule["settings"])
    assert f"- {settled['settings'][0]['name']} (default" in run("explain", settled["id"]).out


def test_the_catalogue_is_listed(run: Run) -> None:
    table = run("rules").out.splitlines()
    listed = json.loads(run("rules", "--format", "json").out)
    assert [line.split()[0] for line in table] == [rule["id"] for rule in listed]


def test_formats_are_completed_by_the_shell(run: Run) -> None:
    done = run(_TRUEHOP_COMPLETE="bash_complete", COMP_WORDS="truehop check --format s", COMP_CWORD="3")
    assert "sarif" in done.out


class Terminal:
    """A stream that says it is a terminal, or not."""

    def __init__(self, *, is_terminal: bool, encoding: str | None = "UTF-8") -> None:
        self.is_terminal = is_terminal
        self.encoding = encoding

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize(
    ("is_terminal", "environment", "no_color", "colour"),
    [
        (True, {}, False, True),
        (False, {}, False, False),
        (True, {"NO_COLOR": "1"}, False, False),
        (True, {"NO_COLOR": ""}, False, True),
        (True, {"TERM": "dumb"}, False, False),
        (True, {}, True, False),
        (False, {"FORCE_COLOR": "1"}, False, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colours_are_for_terminals(
    is_terminal: bool, environment: dict[str, str], no_color: bool, colour: bool
) -> None:
    stream = Terminal(is_terminal=is_terminal)
    assert look(Wishes("check", no_color=no_color), "error", stream, environment).colour is colour  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("is_terminal", "encoding", "lines"),
    [(True, "utf-8", True), (True, "ascii", False), (True, None, False), (False, "utf-8", False)],
)
def test_lines_are_drawn_where_they_can_be_shown(
    is_terminal: bool, encoding: str | None, lines: bool
) -> None:
    stream = Terminal(is_terminal=is_terminal, encoding=encoding)
    assert look(Wishes("path"), "error", stream, {}).unicode is lines  # type: ignore[arg-type]
