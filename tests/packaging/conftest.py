"""What the packaging tests share: the wheels, a copy of the repository, an environment without surprises."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.packaging.samples import ROOT, Runner, commit_all


@pytest.fixture(scope="session")
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment without what git hooks, coverage, Python and pip would slip in."""
    dropped = ("GIT_", "COV", "PYTHON", "PIP_", "VIRTUAL_ENV", "UV_", "TRUEHOP", "PRE_COMMIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    home = tmp_path_factory.mktemp("home")
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
    committer = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    return {
        **kept,
        **identity,
        **committer,
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_NO_CACHE_DIR": "1",
    }


@pytest.fixture(scope="session")
def run(plain_environment: dict[str, str]) -> Runner:
    """Runs a program in a folder."""

    def start(
        *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        words: Sequence[str] = [str(word) for word in command]
        return subprocess.run(
            words,
            cwd=cwd,
            env={**plain_environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    return start


@pytest.fixture(scope="session")
def wheelhouse(run: Runner) -> Path:
    """The folder with the wheels that an installation needs."""
    done = run(ROOT / "scripts/wheelhouse", cwd=ROOT, env={"HOME": os.environ.get("HOME", "")})
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def copy(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the repository as it stands in the work tree, with one commit."""
    folder = tmp_path_factory.mktemp("clone") / "truehop"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    commit_all(run, folder)
    return folder
