"""Values, templates, schema and README of the chart agree, each with the others."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.chart.helm import CHART, FOLDER, TOPOLOGIES
from tools import chart_docs

TEXT = (CHART / "values.yaml").read_text(encoding="utf-8")
DEFAULTS: dict[str, Any] = yaml.safe_load(TEXT)
VALUES = chart_docs.read_values(TEXT)
TEMPLATES = sorted(path for path in (CHART / "templates").rglob("*") if path.is_file())
Keys = tuple[str, ...]
USED = re.compile(r"\.Values((?:\.[A-Za-z][A-Za-z0-9]*)+)")
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))


def _paths(values: dict[str, Any], above: Keys = ()) -> Iterator[Keys]:
    for name, value in values.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _paths(value, (*above, name))


# --- README and descriptions ----------------------------------------------------------------------


def test_what_follows_from_the_values_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert (chart_docs.main(["--check"]), capsys.readouterr().out) == (0, "")


def test_every_value_is_described() -> None:
    assert VALUES.bare == ()


def test_the_readme_has_a_place_for_the_tables() -> None:
    assert "<!-- begin generated: values -->" in (CHART / "README.md").read_text(encoding="utf-8")


# --- templates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CHART)))
def test_every_value_that_a_template_reads_exists(path: Path) -> None:
    known = {".".join(found) for found in _paths(DEFAULTS)}
    found = {match[1:] for match in USED.findall(path.read_text(encoding="utf-8"))}
    assert found - known == set()


# --- schema ---------------------------------------------------------------------------------------


def _nodes(node: dict[str, Any], above: Keys = ()) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Every key that the schema declares, with what it says of it."""
    for name, inner in _properties(node).items():
        yield (*above, name), inner
        yield from _nodes(inner, (*above, name))


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    """The keys that a part of the schema declares, references and allOf followed."""
    found: dict[str, Any] = {}
    if "$ref" in node:
        found |= _properties(chart_docs.resolve(SCHEMA, node["$ref"]))
    for part in node.get("allOf", ()):
        found |= _properties(part)
    found |= node.get("properties", {})
    return found


def _is_closed(node: dict[str, Any]) -> bool:
    if "$ref" in node and _is_closed(chart_docs.resolve(SCHEMA, node["$ref"])):
        return True
    return node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False


def _below(path: Keys, above: set[Keys]) -> bool:
    return any(path[:end] in above for end in range(1, len(path)))


def test_the_schema_knows_every_value() -> None:
    declared = dict(_nodes(SCHEMA))
    free = {path for path, node in declared.items() if not _properties(node)}
    assert [path for path in _paths(DEFAULTS) if path not in declared and not _below(path, free)] == []


def test_every_value_that_the_schema_knows_exists() -> None:
    """But for a parent chart's condition, and for what may stand in a mapping or a list that is empty."""
    known = set(_paths(DEFAULTS))
    free = {path for path in known if _at(path) in ({}, [], None)}
    extra = [path for path, _ in _nodes(SCHEMA) if path not in known and not _below(path, free)]
    assert extra == [("enabled",)]


def _at(path: Keys) -> object:
    node: Any = DEFAULTS
    for name in path:
        node = node[name]
    return node


def test_the_schema_is_closed_wherever_it_names_keys() -> None:
    open_ = [path for path, node in _nodes(SCHEMA) if _properties(node) and not _is_closed(node)]
    assert open_ == [("global",)]
    assert _is_closed(SCHEMA)


def test_the_schema_is_itself_valid() -> None:
    jsonschema.validators.validator_for(SCHEMA).check_schema(SCHEMA)


def test_defaults_keep_to_the_schema_but_for_what_must_be_said() -> None:
    validator = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
    wrong = {".".join(map(str, error.absolute_path)) for error in validator.iter_errors(DEFAULTS)}
    assert wrong <= {"hostname", "tls.source"}


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_topology_keeps_to_the_schema(topology: str) -> None:
    given = yaml.safe_load((FOLDER / f"{topology}-values.yaml").read_text(encoding="utf-8"))
    assert _refusals(_with_defaults(given)) == []


#: What a user may take away as a whole by null, and may leave null.
MAY_BE_GONE = {
    "podSecurityContext",
    "securityContext",
    "resources",
    "affinity",
    "nodeSelector",
    "tolerations",
    "topologySpreadConstraints",
    "priorityClassName",
    "imageRegistry",
    "imagePullSecrets",
}


def test_a_key_that_null_takes_away_is_missed() -> None:
    """Helm hands a key that is null to no template, which would then end with an error of Go."""
    known = set(_paths(DEFAULTS))
    kept = []
    for path, _ in _nodes(SCHEMA):
        if path[-1] in MAY_BE_GONE or path not in known or _at(path) is None:
            continue
        whole = _with_defaults({"hostname": "mail.example.com", "tls": {"source": "selfSigned"}})
        node = whole
        for name in path[:-1]:
            node = node[name]
        del node[path[-1]]
        if _judge().is_valid(whole):
            kept.append(".".join(path))
    assert kept == []


def _with_defaults(given: dict[str, Any], below: dict[str, Any] = DEFAULTS) -> dict[str, Any]:
    """Values as Helm judges them."""
    whole = copy.deepcopy(below)
    for name, value in given.items():
        inner = whole.get(name)
        both = isinstance(inner, dict) and isinstance(value, dict)
        whole[name] = _with_defaults(value, inner) if both and inner else value
    return whole


def _refusals(values: dict[str, Any]) -> list[str]:
    return [error.message for error in _judge().iter_errors(values)]


@cache
def _judge() -> jsonschema.protocols.Validator:
    return jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
