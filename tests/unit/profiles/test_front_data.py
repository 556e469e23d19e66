"""The data of balancer profiles, and profiles that users bring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from truehop.errors import UserError
from truehop.model.facts import Tri
from truehop.profiles.folder import read_folder
from truehop.profiles.front_grammars import GRAMMARS
from truehop.profiles.front_registry import front_ids, front_profiles
from truehop.profiles.fronts import front_of
from truehop.profiles.registry import read_schema

from .balancers import kept, manifest, told, world_of

OWN = """
id: example
role: front
title: a balancer of our own
detect: {prefixes: [lb.example.org/]}
keeps_source:
- {when: {policy: Local}, value: true, basis: documented, source: our handbook}
can_send: true
proxy:
- {key: lb.example.org/proxy, grammar: bool, sends: v2, source: our handbook}
"""
MTA = """
id: own-mta
role: mta
facts: {works: {value: it works, source: our handbook}}
detect: {images: ["*/mta"]}
"""


def documents() -> list[Any]:
    return [pytest.param(document, id=document["id"]) for document in read_folder("fronts")]


@pytest.mark.parametrize("document", documents())
def test_profile_is_of_the_schemas_form(document: dict[str, Any]) -> None:
    assert list(Draft202012Validator(read_schema()).iter_errors(document)) == []


@pytest.mark.parametrize("document", documents())
def test_last_case_of_keeping_the_source_holds_always(document: dict[str, Any]) -> None:
    assert ["when" in case for case in document["keeps_source"]][-1] is False


def test_schema_and_code_know_the_same_grammars() -> None:
    schema = read_schema()["$defs"]["front"]["properties"]["proxy"]["items"]
    assert set(schema["properties"]["grammar"]["enum"]) == GRAMMARS


def test_ids_are_unique_and_files_are_named_after_them() -> None:
    folder = Path(__file__).parents[3] / "validator/truehop/profiles/data/fronts"
    assert sorted(path.stem for path in folder.iterdir()) == sorted(front_ids())


def test_profile_of_the_users_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"{OWN}---{MTA}", encoding="utf-8")
    known = front_profiles((str(path),))
    assert "example" in front_ids((str(path),))
    annotations = {"lb.example.org/proxy": "true"}
    for spec, answer in (("", "unknown unknown"), ("externalTrafficPolicy: Local", "yes default")):
        reading = front_of(world_of(manifest(annotations, spec=spec)).services[0], profiles=known)
        assert (reading.kind, told(reading), kept(reading)) == ("example", "v2 stated", answer)


def test_profile_of_the_users_own_replaces_the_packages(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("id: example", "id: metallb"), encoding="utf-8")
    (profile,) = [one for one in front_profiles((str(path),)) if one.id == "metallb"]
    assert (profile.title, profile.can_send) == ("a balancer of our own", Tri.YES)


def test_profile_without_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(", sends: v2, source: our handbook", ""), encoding="utf-8")
    with pytest.raises(UserError, match="'source' is a required property"):
        front_profiles((str(path),))
