"""Facts about the outside world name where they were found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import truehop.profiles

DATA = Path(truehop.profiles.__file__).parent / "data"
#: What identifies a profile, which is no claim about the program's behaviour.
NAMES = {"id", "role", "title", "detect"}


def _profiles(folder: str) -> list[Path]:
    return sorted((DATA / folder).glob("*.yaml"))


def _load(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _name(path: Path) -> str:
    return path.relative_to(DATA).as_posix()


def _claims(profile: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The statements of a front's profile: each entry of a list, else the whole value."""
    for key in profile.keys() - NAMES:
        value = profile[key]
        if isinstance(value, list):
            # Plain words in a list say where a setting stands, not what it does.
            yield from (
                (f"{key}[{place}]", entry) for place, entry in enumerate(value) if isinstance(entry, dict)
            )
        elif isinstance(value, dict):
            yield key, value


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.yaml")), ids=_name)
def test_profile_s_id_is_its_file_name(path: Path) -> None:
    profile = _load(path)
    assert profile.get("id", path.stem) == path.stem


@pytest.mark.parametrize("path", _profiles("programs"), ids=_name)
def test_each_fact_of_a_program_has_value_and_source(path: Path) -> None:
    facts = _load(path).get("facts", {})
    assert facts
    assert {name for name, fact in facts.items() if not (fact.get("source") and "value" in fact)} == set()


@pytest.mark.parametrize("path", _profiles("fronts"), ids=_name)
def test_each_statement_about_a_balancer_has_a_source(path: Path) -> None:
    profile = _load(path)
    unsourced = [name for name, claim in _claims(profile) if not claim.get("source", profile.get("source"))]
    assert unsourced == []


@pytest.mark.parametrize("path", _profiles("cdns"), ids=_name)
def test_published_networks_name_the_page_they_are_published_on(path: Path) -> None:
    assert _load(path)["source"].startswith("https://")


@pytest.mark.parametrize("path", _profiles("platforms"), ids=_name)
def test_each_network_of_a_distribution_has_a_source(path: Path) -> None:
    parts = {f"{name} {what}": part for name, given in _load(path).items() for what, part in given.items()}
    assert parts
    assert [name for name, part in parts.items() if not part.get("source")] == []
