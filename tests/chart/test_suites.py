"""The suites of helm-unittest beside the templates pass, and hold every template."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.chart.helm import CHART, ROOT

SUITES = CHART / "tests"
TOOL = "helm-unittest"


@pytest.fixture(scope="module")
def unittest() -> str:
    found = shutil.which(TOOL, path=str(ROOT / ".tools" / "go" / TOOL)) or shutil.which(TOOL)
    assert found, f"{TOOL} is missing: run scripts/tool {TOOL}"
    return found


def _files(folder: Path) -> dict[str, bytes]:
    """The folder's files; folders without any count for nothing."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_suites_pass_and_write_nothing(unittest: str, tmp_path: Path) -> None:
    """In a copy, since a snapshot that is missing would be written."""
    copied = Path(shutil.copytree(CHART, tmp_path / CHART.name))
    done = subprocess.run(
        [unittest, "--strict", "-f", "tests/**/*_test.yaml", str(copied)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert _files(copied / "tests") == _files(SUITES)


def test_every_template_has_a_suite() -> None:
    named: set[str] = set()
    for path in SUITES.rglob("*_test.yaml"):
        named |= set(re.findall(r"[\w./-]+\.(?:yaml|txt)", path.read_text(encoding="utf-8")))
    folder = CHART / "templates"
    own = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in {".yaml", ".txt"}}
    assert own - named == set()
