"""What is derived is fresh, and the published schemas are those of the package."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from truehop import generate

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / generate.SCHEMAS).glob("*.json"))


def test_everything_derived_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    status = generate.main(["--check"])
    said = capsys.readouterr().out.splitlines()
    assert (status, len(said)) == (0, 0), said[:3]


def test_published_schemas_are_copies_of_the_package_s() -> None:
    published = {path.name: path for path in (ROOT / "schemas").glob("*.json")}
    assert sorted(published) == [path.name for path in SCHEMAS]
    assert [path.name for path in SCHEMAS if path.read_bytes() != published[path.name].read_bytes()] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schema_is_itself_valid(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema).check_schema(schema)


@pytest.mark.parametrize(
    "block",
    [
        "begin run: truehop --help",
        "begin run: truehop check --help",
        "begin generated: catalogue",
        "begin generated: exit codes",
    ],
)
def test_readme_holds_what_is_generated(block: str) -> None:
    assert block in (ROOT / "README.md").read_text(encoding="utf-8")
