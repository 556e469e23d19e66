"""The published pre-commit hook, tried for real: pre-commit clones, installs and runs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

from tests.packaging.samples import BAD, GOOD, ROOT, Runner, commit_all

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")


@pytest.fixture(scope="module")
def hook_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its clones and environments."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.mark.slow
def test_hook_judges_the_whole_folder_even_where_one_file_changed(
    tmp_path: Path, hook_home: Path, copy: Path, wheelhouse: Path, run: Runner
) -> None:
    commit = run("git", "rev-parse", "HEAD", cwd=copy).stdout.strip()
    config = {"repos": [{"repo": str(copy), "rev": commit, "hooks": [{"id": "truehop"}]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "webmail.yaml").write_text(BAD)
    commit_all(run, tmp_path)
    (tmp_path / "service.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: webmail, namespace: mail}\n"
    )
    run("git", "add", "service.yaml", cwd=tmp_path)
    environment = {
        "PRE_COMMIT_HOME": str(hook_home),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(hook_home / "virtualenv"),
    }

    refused = run(PRE_COMMIT, "run", cwd=tmp_path, env=environment)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "trust-any-address" in refused.stdout
    assert "webmail.yaml:17" in refused.stdout

    (tmp_path / "webmail.yaml").write_text(GOOD)
    run("git", "add", "webmail.yaml", cwd=tmp_path)
    passed = run(PRE_COMMIT, "run", cwd=tmp_path, env=environment)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert re.search(r"truehop\.+Passed", passed.stdout)


HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]


@pytest.mark.parametrize(
    "path",
    [
        "values.yaml", "templates/a.yml", "charts/x/templates/_names.tpl", "traefik.toml", "manifest.json",
        "main.cf", "files/master.cf", "dovecot/dovecot.conf", "conf.d/10-master.conf", "auth-sql.conf.ext",
    ],
)  # fmt: skip
def test_hook_wakes_up_for_a_file_that_may_decide(path: str) -> None:
    assert re.search(HOOK["files"], path)


@pytest.mark.parametrize(
    "path", ["README.md", "src/app.py", "yaml", "notes.yaml.txt", "image.png", "a.confetti"]
)
def test_hook_sleeps_for_a_file_that_decides_nothing(path: str) -> None:
    assert not re.search(HOOK["files"], path)


def test_hook_is_serial_and_takes_no_file_names() -> None:
    assert (HOOK["pass_filenames"], HOOK["require_serial"]) == (False, True)
