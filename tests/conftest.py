"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Repeatable where nobody watches, a wide search where somebody does.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what is printed today as the expectation"
    )
    parser.addoption(
        "--every-mutant", action="store_true", help="judge every mutant of the chart, not a part of them"
    )


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Nothing of ours is passed over for its name, as pytest does with every folder called build."""
    return False if collection_path.name == "build" and collection_path.is_dir() else None


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a file, or writes the file where that is asked for."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} is missing; write it with --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare
