"""The configuration against its published schema, and where it is found."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from truehop.engine.config.find import find_config
from truehop.engine.config.read import read_config
from truehop.engine.config.shape import KEYWORDS, config_schema, faults
from truehop.errors import UserError
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

from .test_config import RULES


def test_the_schema_uses_only_what_is_understood() -> None:
    described = {"$schema", "$defs", "title", "description", "default"}

    def words(schema: object) -> set[str]:
        if isinstance(schema, list):
            return set().union(*(words(one) for one in schema))
        if not isinstance(schema, dict):
            return set()
        found = set(schema)
        for key, value in schema.items():
            nested = value.values() if key in {"properties", "$defs"} else [value]
            found |= set().union(*(words(one) for one in nested))
        return found

    assert words(config_schema()) <= KEYWORDS | described


def published() -> dict[str, Any]:
    text = resources.files("truehop").joinpath("schemas", "config.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    schema["properties"]["rules"] = {"type": "object"}  # judged by what each rule declares
    return schema


VALIDATOR = Draft202012Validator(published())
SCALARS = st.sampled_from(
    ["k3s", "v1", "none", "10.0.0.0/8", "a/*", True, False, 3, 1.5, None, "", "open", "2030-01-01"]
)
KEYS = st.sampled_from(
    [
        "networks",
        "front",
        "ignore",
        "scopes",
        "world",
        "failOn",
        "pods",
        "nodes",
        "preset",
        "datapath",
        "service",
        "kind",
        "sends",
        "keepsSource",
        "from",
        "rule",
        "path",
        "object",
        "reason",
        "until",
        "paths",
        "values",
        "set",
    ]
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_our_reading_of_the_schema_agrees_with_jsonschema(tree: dict[str, object]) -> None:
    text = yaml.safe_dump(tree, default_flow_style=True, width=10_000)
    root = load_documents(SourceFile("truehop.yaml", text)).documents
    found = [list(faults(document.cursor())) for document in root]
    ours = not any(found)
    stripped = VALIDATOR.is_valid(tree)
    # Ours is stricter in two ways: near misses of known networks, and blanks where a text is needed.
    if ours:
        assert stripped
    else:
        words = str(found)
        assert not stripped or "has no key" in words or "is empty" in words


def test_the_configuration_is_found_above_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "repo" / "deploy" / "mail"
    inner.mkdir(parents=True)
    (tmp_path / "truehop.yaml").write_text("")
    assert find_config([str(inner)]) == tmp_path / "truehop.yaml"
    (tmp_path / "repo" / ".git").mkdir()
    assert find_config([str(inner)]) is None
    (tmp_path / "repo" / "truehop.yaml").write_text("")
    assert find_config([str(inner / "x.yaml")]) == tmp_path / "repo" / "truehop.yaml"
    monkeypatch.chdir(inner)
    assert find_config([]) == find_config(["-"]) == tmp_path / "repo" / "truehop.yaml"


def test_the_root_of_all_folders_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert find_config(["/"]) is None


def test_a_configuration_on_another_drive_keeps_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> str:
        raise ValueError("another drive")

    monkeypatch.setattr("os.path.relpath", refuse)
    (tmp_path / "truehop.yaml").write_text("")
    assert read_config(tmp_path / "truehop.yaml", RULES).path == (tmp_path / "truehop.yaml").as_posix()


def test_paths_of_two_configurations_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "truehop.yaml").write_text("")
    with pytest.raises(UserError, match="two configurations"):
        find_config([str(tmp_path / "a"), str(tmp_path / "b")])


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "truehop.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UserError, match="cannot be read"):
        read_config(path, RULES)


def test_the_folder_of_the_file_is_what_paths_are_relative_to(tmp_path: Path) -> None:
    path = tmp_path / "truehop.yaml"
    path.write_text("\ufeffworld: open\n", encoding="utf-8")
    found = read_config(path, RULES)
    assert (found.folder, found.world) == (str(tmp_path), "open")
