"""The wheel, in clean environments without the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import truehop
from tests.packaging.samples import BAD, ROOT, Runner

VERSIONS = ["3.11", "3.12", "3.13"]
WORKS = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"


def _find_python(version: str) -> Path | None:
    """A Python of that version on this machine: on PATH, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    on_path = shutil.which(f"python{version}")
    candidates = [
        sys.executable,
        *([on_path] if on_path else []),
        *pyenv.glob(f"versions/{version}.*/bin/python"),
    ]
    for candidate in map(str, candidates):
        done = subprocess.run([candidate, "-I", "-c", WORKS], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return Path(candidate)
    return None


PYTHONS = {version: _find_python(version) for version in VERSIONS}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, copy: Path, wheelhouse: Path, run: Runner) -> Path:
    """The wheel, built from a copy of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    words: list[str | Path] = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--find-links",
        wheelhouse,
    ]
    done = run(sys.executable, *words, "--wheel-dir", folder, copy, cwd=folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("truehop-*.whl")
    return built


def _only_from(wheelhouse: Path) -> dict[str, str]:
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheelhouse)}


def test_at_least_one_supported_python_is_here() -> None:
    assert any(PYTHONS.values())


@pytest.mark.slow
def test_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path, copy: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}
    package = copy / "validator"
    assert packed == {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_installed_truehop_works_without_the_repository(
    version: str, wheel: Path, wheelhouse: Path, tmp_path: Path, run: Runner
) -> None:
    python = PYTHONS[version]
    if python is None:
        pytest.skip(f"no Python {version} on this machine: not tried")
    made = run(python, "-m", "venv", "clean", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    bin_folder = tmp_path / "clean/bin"
    words: list[str | Path] = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        wheelhouse,
        wheel,
    ]
    installed = run(bin_folder / "python", *words, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    (tmp_path / "webmail.yaml").write_text(BAD)

    where = run(bin_folder / "python", "-c", "import truehop; print(truehop.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(tmp_path)
    checked = run(bin_folder / "truehop", "check", "webmail.yaml", cwd=tmp_path)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "trust-any-address" in checked.stdout
    (tmp_path / "truehop.yaml").write_text("netwoks: {}\n")
    configured = run(bin_folder / "truehop", "check", "webmail.yaml", cwd=tmp_path)
    assert configured.returncode == 2, configured.stdout + configured.stderr
    assert "netwoks" in configured.stderr
    assert run(bin_folder / "truehop", "explain", "trust-any-address", cwd=tmp_path).returncode == 0
    said = run(bin_folder / "truehop", "--version", cwd=tmp_path)
    assert truehop.__version__ in said.stdout


@pytest.mark.slow
def test_version_is_told_once(wheel: Path) -> None:
    assert wheel.name.startswith(f"truehop-{truehop.__version__}-")
    assert f"version = {truehop.__version__!r}" not in (ROOT / "pyproject.toml").read_text()
