"""Set-up: on a bare machine what is missing is named in one line; once set up, nothing is done twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.packaging.samples import ROOT, Runner

PLAIN = ["sh", "cat", "cksum", "dirname", "mkdir", "sed", "printf", "grep", "rm", "tr"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout without environment, and beside it a PATH with next to nothing on it."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("scripts", "tools"):
        shutil.copytree(ROOT / name, checkout / name)
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy2(ROOT / name, checkout / name)
    path = tmp_path / "bin"
    path.mkdir()
    for name in PLAIN:
        found = shutil.which(name)
        if found:
            (path / name).symlink_to(found)
    return checkout


def _program(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _run(run: Runner, checkout: Path, *command: str) -> tuple[int, str]:
    done = run("/bin/sh", *command, cwd=checkout, env={"PATH": str(checkout.parent / "bin")})
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_setup_names_a_missing_python(bare: Path, run: Runner) -> None:
    status, said = _run(run, bare, "scripts/bootstrap")
    assert status == 1
    assert said.splitlines()[-1].startswith("set-up: Python 3.11 or newer is missing (Debian")


def test_setup_does_not_take_an_old_python(bare: Path, run: Runner) -> None:
    _program(bare.parent / "bin", "python3", "exit 1")
    status, said = _run(run, bare, "scripts/bootstrap", "python")
    assert (status, said.count("\n")) == (1, 1)
    assert "Python 3.11 or newer is missing" in said


def test_setup_names_a_missing_venv_module(bare: Path, run: Runner) -> None:
    script = 'case "$2" in *ensurepip*) exit 1 ;; *sys.executable*) echo python3 ;; esac'
    _program(bare.parent / "bin", "python3", script)
    status, said = _run(run, bare, "scripts/bootstrap", "uv")
    assert status == 1
    assert (
        said.splitlines()[-1]
        == "set-up: python3-venv is missing (Debian, Ubuntu: apt-get install python3-venv)"
    )


@pytest.mark.parametrize("version", ["uv 0.4.30", "pyenv: uv: command not found"])
def test_setup_passes_over_a_uv_that_is_too_old_or_broken(version: str, bare: Path, run: Runner) -> None:
    _program(bare.parent / "bin", "uv", f"echo '{version}'")
    status, said = _run(run, bare, "scripts/bootstrap", "uv")
    assert status == 1
    assert "Python 3.11 or newer is missing" in said


def test_setup_is_silent_and_needs_nothing_where_all_is_fresh(bare: Path, run: Runner) -> None:
    python = bare / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    _program(python.parent, "python", "exit 0")
    _program(
        bare.parent / "bin", "uv", 'if [ "$1" = --version ]; then echo uv 0.13.9; else echo "$@" >>asked; fi'
    )
    first = _run(run, bare, "scripts/bootstrap")
    assert first == (0, "set-up: installing the locked packages into .venv\nset-up: done\n")
    assert _run(run, bare, "scripts/bootstrap") == (0, "")
    assert (bare / "asked").read_text() == "sync --frozen --quiet\n"


def test_setup_starts_again_when_the_lock_changed(bare: Path, run: Runner) -> None:
    python = bare / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    _program(python.parent, "python", "exit 0")
    _program(
        bare.parent / "bin", "uv", 'if [ "$1" = --version ]; then echo uv 0.13.9; else echo "$@" >>asked; fi'
    )
    _run(run, bare, "scripts/bootstrap")
    (bare / "uv.lock").write_text("")
    _run(run, bare, "scripts/bootstrap")
    assert (bare / "asked").read_text().count("sync") == 2


def test_tools_take_a_program_on_path_for_what_it_is(bare: Path, run: Runner) -> None:
    _program(bare.parent / "bin", "helm", "exit 0")
    assert _run(run, bare, "scripts/tool", "--unless-on-path", "helm3") == (0, "")


def test_tools_are_built_once_with_the_go_on_path(bare: Path, run: Runner) -> None:
    build = 'while [ "$1" != -o ]; do shift; done; echo "#!/bin/sh" >"$2"; chmod +x "$2"'
    (bare.parent / "bin/chmod").symlink_to(str(shutil.which("chmod")))
    _program(
        bare.parent / "bin",
        "go",
        f'if [ "$1" = env ]; then echo go1.26.8; else {build}; echo built >>../../asked; fi',
    )
    assert _run(run, bare, "scripts/tool", "helm3") == (
        0,
        "tools: building helm from its Go module (a few minutes the first time)\n",
    )
    assert _run(run, bare, "scripts/tool", "helm3") == (0, "")
    assert (bare / "asked").read_text() == "built\n"


def test_tools_name_a_module_that_does_not_exist(bare: Path, run: Runner) -> None:
    assert _run(run, bare, "scripts/tool", "nothing") == (1, "tools: tools/nothing/go.mod does not exist\n")
