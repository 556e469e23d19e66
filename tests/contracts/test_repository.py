"""The repository: short files, links that lead somewhere, nothing of the machine it was written on."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
CODE = ("validator", "tests", "benchmarks", "tools")
#: Folders of one person's machine, in parts, or this file would find itself. Programs in containers do look
#: into a root user's .config.
MACHINE = re.compile(
    "|".join(["/ro" + r"ot/(?!\.config/)", "/ho" + r"me/[a-z]\w*/", "/Us" + r"ers/\w+/", "/wo" + "rk/"])
)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + r"ME|XX" + r"X)\b")


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=_plain_environment(),
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _plain_environment() -> dict[str, str]:
    # A git hook that runs the tests tells git where its repository is; these ask about ours.
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _texts() -> Iterator[tuple[str, str]]:
    for path in _tracked():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a sample of bytes that are no text


def test_no_file_of_code_is_longer_than_the_limit() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in CODE
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_folder_of_tests_is_passed_over_for_its_name(request: pytest.FixtureRequest) -> None:
    patterns = request.config.getini("norecursedirs")
    folders = {path.parent for path in _tracked() if path.is_relative_to(ROOT / "tests")}
    named = {folder for folder in folders if any(fnmatch(folder.name, pattern) for pattern in patterns)}
    hook = request.config.hook.pytest_ignore_collect
    assert {folder for folder in named if hook(collection_path=folder, config=request.config)} == set()


def test_no_path_of_a_machine_is_written_down() -> None:
    assert {name: found[0] for name, text in _texts() if (found := MACHINE.search(text))} == {}


def test_nothing_is_marked_as_unfinished() -> None:
    assert {name: found[0] for name, text in _texts() if (found := UNFINISHED.search(text))} == {}


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\((?!https?://|mailto:)([^)#\s]+)", prose)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_scripts_may_be_run() -> None:
    scripts = [path for path in _tracked() if path.read_bytes().startswith(b"#!")]
    assert scripts
    assert [path.name for path in scripts if not os.access(path, os.X_OK)] == []
