"""The packages of lab and cluster: installed with no service started, or named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.samples import ROOT, Runner

INSTALLER = """\
case "$*" in
  *$WITHOUT*) echo "E: no such package"; exit 100 ;;
esac
sh "$POLICY_RC"; echo "$* (services: $?)" >>"$0.log"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lab wants two packages and whose cluster one of them and another."""
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/system-packages"
    script.write_bytes((ROOT / "scripts/system-packages").read_bytes())
    script.chmod(0o755)
    _program(tmp_path / "scripts/bootstrap", ":")
    _program(tmp_path / ".venv/bin/python", 'case "$2" in *lab*) echo "b\nc" ;; *) echo "a\nb" ;; esac')
    _program(tmp_path / "bin/id", "echo 0")
    _program(tmp_path / "bin/apt-get", INSTALLER)
    return tmp_path


def _program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def _run(run: Runner, checkout: Path, without: str = "nothing") -> tuple[int, str]:
    path = f"{checkout / 'bin'}:/usr/bin:/bin"
    env = {"PATH": path, "POLICY_RC": str(checkout / "policy"), "WITHOUT": without}
    done = run(str(checkout / "scripts/system-packages"), cwd=checkout, env=env)
    assert not (checkout / "policy").exists()
    return done.returncode, done.stderr


def test_what_is_missing_is_installed_and_no_service_started(checkout: Path, run: Runner) -> None:
    assert _run(run, checkout) == (0, "packages: installing a b c\n")
    assert (checkout / "bin/apt-get.log").read_text().splitlines() == [
        "update (services: 101)",
        "install --yes --no-install-recommends a b c (services: 101)",
    ]


def test_nothing_is_done_where_nothing_is_missing(checkout: Path, run: Runner) -> None:
    _program(checkout / ".venv/bin/python", ":")
    assert _run(run, checkout) == (0, "")
    assert not (checkout / "bin/apt-get.log").exists()


def test_others_than_root_are_told_what_they_lack(checkout: Path, run: Runner) -> None:
    _program(checkout / "bin/id", "echo 1000")
    assert _run(run, checkout) == (1, "packages: root is needed to install a b c\n")


def test_what_apt_says_is_shown_when_it_fails(checkout: Path, run: Runner) -> None:
    status, said = _run(run, checkout, without="install")
    assert status == 1
    assert said.endswith("E: no such package\npackages: apt-get could not install a b c\n")


def test_a_question_that_cannot_be_answered_ends_it(checkout: Path, run: Runner) -> None:
    _program(checkout / ".venv/bin/python", "echo broken >&2; exit 1")
    status, said = _run(run, checkout)
    assert (status, said) == (1, "broken\n")
