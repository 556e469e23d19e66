"""The GitHub action: well-formed, its step runs, and nothing in its inputs is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from tests.packaging.samples import BAD, GOOD, ROOT, Runner

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
(CHECK,) = [step for step in STEPS if step.get("id") == "check"]


@pytest.fixture
def runner_folder(tmp_path: Path) -> Path:
    """A runner's temporary folder with truehop in it, as the step before leaves it."""
    folder = tmp_path / "runner"
    (folder / "truehop/bin").mkdir(parents=True)
    (folder / "truehop/bin/truehop").symlink_to(Path(sys.executable).with_name("truehop"))
    return folder


def _inputs(folder: Path, **inputs: str) -> dict[str, str]:
    given = {name: str(described["default"]) for name, described in ACTION["inputs"].items()} | inputs
    named = {name: given[source[len("${{ inputs.") : -len(" }}")]] for name, source in CHECK["env"].items()}
    return {**named, "RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output")}


def test_action_is_composite_and_every_shell_step_names_its_shell() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all("shell" in step for step in STEPS if "run" in step)
    assert all(step["uses"].count("@") == 1 for step in STEPS if "uses" in step)


def test_no_script_of_the_action_holds_an_expression() -> None:
    assert [step for step in STEPS if "${{" in step.get("run", "")] == []


def test_every_input_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text()
    for name, described in ACTION["inputs"].items():
        assert described["description"]
        assert f"inputs.{name} " in text


def test_step_reports_findings_writes_sarif_and_fails(
    tmp_path: Path, runner_folder: Path, run: Runner
) -> None:
    (tmp_path / "webmail.yaml").write_text(BAD)
    done = run(
        "bash", "-e", "-c", CHECK["run"], cwd=tmp_path, env=_inputs(runner_folder, paths="webmail.yaml\n")
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=webmail.yaml,line=17" in done.stdout
    sarif = runner_folder / "truehop.sarif"
    assert "trust-any-address" in sarif.read_text()
    assert (runner_folder / "output").read_text().splitlines() == ["status=1", f"sarif={sarif}"]


def test_step_passes_arguments_and_severity_on(tmp_path: Path, runner_folder: Path, run: Runner) -> None:
    (tmp_path / "my mail.yaml").write_text(BAD)
    inputs = _inputs(
        runner_folder, paths="my mail.yaml", args="--world=open\n--quiet", **{"fail-on": "never"}
    )
    done = run("bash", "-e", "-c", CHECK["run"], cwd=tmp_path, env=inputs)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["paths", "args", "fail-on"])
@pytest.mark.parametrize(
    "evil", ["$(touch pwned)", "`touch pwned`", "; touch pwned", "'; touch pwned; '", "$IFS*"]
)
def test_nothing_in_an_input_is_run(
    name: str, evil: str, tmp_path: Path, runner_folder: Path, run: Runner
) -> None:
    (tmp_path / "webmail.yaml").write_text(GOOD)
    done = run("bash", "-e", "-c", CHECK["run"], cwd=tmp_path, env=_inputs(runner_folder, **{name: evil}))
    assert done.returncode == 2, done.stdout + done.stderr
    assert not (tmp_path / "pwned").exists()
