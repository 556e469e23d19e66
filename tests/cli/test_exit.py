"""Every exit code, and what is said with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BROKEN, FAULTY, FOREIGN, SOUND, Run
from truehop.cli import main
from truehop.errors import Exit
from truehop.rules.base import Report


def test_sound_input_ends_with_0(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(SOUND)
    done = run("check")
    assert (done.status, done.err) == (0, "")
    assert done.out == "no findings in 1 file, 1 object, 0 listeners\n"


def test_findings_end_with_1(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    done = run("check", "app.yaml")
    assert done.status == 1
    assert "error[trust-any-address]" in done.out
    assert " --> app.yaml:9:" in done.out.replace("--> app.yaml:10:", "--> app.yaml:9:")


@pytest.mark.parametrize(("fail_on", "status"), [("never", 0), ("info", 1), ("warning", 1), ("error", 1)])
def test_the_threshold_is_the_users(folder: Path, run: Run, fail_on: str, status: int) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    assert run("check", "--fail-on", fail_on).status == status


def test_a_milder_severity_fails_only_where_it_is_asked_for(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    (folder / "truehop.yaml").write_text("rules: {trust-any-address: info}\n")
    assert run("check").status == 0
    assert run("check", "--fail-on", "info").status == 1
    (folder / "truehop.yaml").write_text("rules: {trust-any-address: info}\nfailOn: info\n")
    assert run("check").status == 1
    assert run("check", "--fail-on", "error").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "no such file or folder: 'nowhere'"),
        (["check", "--config", "nowhere.yaml"], "nowhere.yaml: there is no such configuration"),
        (["check", "--format", "nothing"], "not one of text"),
        (["check", "--output", "sarif"], "not FORMAT=FILE"),
        (["check", "--output", "nothing=x"], "not one of text"),
        (["check", "--output", "json=no/such/folder/x.json"], "the report cannot be written"),
        (["check", "--baseline", "nowhere.json"], "there is no such baseline"),
        (["check", "--write-baseline"], "--write-baseline needs a file"),
        (["check", "--write-baseline", "--baseline", "no/such/x.json"], "the baseline cannot be written"),
        (["check", "--nothing"], "No such option"),
        (["nothing"], "No such command"),
        (["explain", "trust-any-adress"], "did you mean trust-any-address?"),
        (["explain", "qqq"], "`truehop rules` lists them"),
    ],
)
def test_wrong_usage_ends_with_2(folder: Path, run: Run, arguments: list[str], words: str) -> None:
    (folder / "app.yaml").write_text(SOUND)
    done = run(*arguments)
    assert done.status == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_typo_in_the_configuration_ends_with_2(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("netwroks: {}\n")
    done = run("check")
    assert done.status == 2
    assert done.err == (
        "truehop: truehop.yaml:1:1: the configuration has no key 'netwroks'\n"
        "  help: did you mean 'networks'?\n"
    )


def test_a_profile_that_is_none_ends_with_2(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("profiles: mine.yaml\n")
    assert "cannot be read" in run("check").err
    (folder / "mine.yaml").write_text("id: x\n")
    done = run("check")
    assert done.status == 2
    assert "mine.yaml:1" in done.err


def test_a_scope_without_its_path_ends_with_2(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("scopes: [{paths: nowhere}]\n")
    done = run("check")
    assert done.status == 2
    assert "truehop.yaml:1:18: no such file or folder" in done.err


def test_a_baseline_that_is_none_ends_with_2(folder: Path, run: Run) -> None:
    (folder / "known.json").write_bytes(b"\xff")
    assert run("check", "--baseline", "known.json").status == 2


def test_input_that_cannot_be_judged_ends_with_3(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    (folder / "broken.yaml").write_text(BROKEN)
    done = run("check", "--fail-on", "never")
    assert done.status == 3
    assert "not judged: broken.yaml:2" in done.out
    assert "error[trust-any-address]" in done.out


def test_an_ignore_takes_that_3_away(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(SOUND)
    (folder / "broken.yaml").write_text(BROKEN)
    (folder / "truehop.yaml").write_text(
        "ignore: [{rule: invalid-yaml, path: broken.yaml, reason: a template}]\n"
    )
    assert run("check").status == 0


@pytest.mark.parametrize("text", ["", FOREIGN])
def test_nothing_relevant_ends_with_3_and_says_so(folder: Path, run: Run, text: str) -> None:
    if text:
        (folder / "other.yaml").write_text(text)
    done = run("check")
    assert done.status == 3
    assert "nothing was checked" in done.err
    assert run("check", "--allow-empty").status == 0


def test_a_crashing_rule_ends_with_4_and_the_others_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    from truehop.rules.catalogue import all_rules

    def crash(*_: object) -> list[Report]:
        raise KeyError("x")

    rules = tuple(replace(rule, check=crash) if rule.id == "trust-nobody" else rule for rule in all_rules())
    monkeypatch.setattr("truehop.engine.runner.all_rules", lambda: rules)
    (folder / "app.yaml").write_text(FAULTY)
    monkeypatch.chdir(folder)
    assert main(["check"]) == Exit.CRASHED
    said = capsys.readouterr()
    assert "error[trust-any-address]" in said.out
    assert "trust-nobody crashed: KeyError: 'x'" in said.err
    assert "a bug in truehop" in said.err


def test_a_crash_of_ours_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ValueError("y")

    monkeypatch.setattr("truehop.engine.runner.run", crash)
    assert main(["check", "--allow-empty"]) == Exit.CRASHED
    assert "a bug in truehop" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt, BrokenPipeError])
def test_an_interruption_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: type[BaseException]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("truehop.engine.runner.run", stop)
    assert main(["check"]) == (130 if error is KeyboardInterrupt else 0)
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(folder: Path) -> None:
    import subprocess
    import sys

    (folder / "app.yaml").write_text(
        "---\n".join(FAULTY.replace("name: app", f"name: a{number}") for number in range(300))
    )
    command = "import sys; from truehop.cli import main; sys.exit(main(['check']))"
    with subprocess.Popen(
        [sys.executable, "-c", command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_baseline_accepts_what_is_there_and_nothing_new(folder: Path, run: Run) -> None:
    (folder / "app.yaml").write_text(FAULTY)
    told = run("check", "--baseline", "known.json", "--write-baseline")
    assert (told.status, told.out) == (0, "1 finding accepted in known.json\n")
    assert run("check", "--baseline", "known.json").status == 0
    (folder / "app.yaml").write_text("# moved down\n" + FAULTY)
    assert run("check", "--baseline", "known.json").status == 0
    written = (folder / "known.json").read_text()
    assert run("check", "--baseline", "known.json", "--write-baseline").status == 0
    assert (folder / "known.json").read_text() == written
    (folder / "more.yaml").write_text(FAULTY.replace("name: app", "name: more"))
    assert run("check", "--baseline", "known.json").status == 1
    (folder / "app.yaml").write_text(SOUND)
    assert "no longer found: 1" in run("check", "-v", "--baseline", "known.json").out


def test_the_configuration_may_name_the_baseline(folder: Path, run: Run) -> None:
    (folder / "truehop.yaml").write_text("baseline: known.json\n")
    (folder / "deploy").mkdir()
    (folder / "deploy" / "app.yaml").write_text(FAULTY)
    assert run("check", "--write-baseline", cwd=folder / "deploy").status == 0
    assert "deploy/app.yaml" in (folder / "known.json").read_text()
    assert run("check", cwd=folder / "deploy").status == 0


def test_writing_a_baseline_leaves_the_higher_codes(folder: Path, run: Run) -> None:
    (folder / "broken.yaml").write_text(BROKEN)
    assert run("check", "--baseline", "known.json", "--write-baseline").status == 3
