"""Values beside a chart: whose they are, of which version, and whether they are there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.engine import Request, load_settings
from truehop.engine.loading import load
from truehop.engine.runner import load_scopes
from truehop.errors import UserError
from truehop.source.charts import read_chart
from truehop.source.inputs import InputFile
from truehop.source.kinds import FileKind

CHART = """\
name: mail
version: 1.2.3
dependencies:
  - {name: traefik, version: 39.0.0, alias: edge}
  - {name: redis, version: 1.0.0}
"""


def found(folder: Path, text: str) -> list[tuple[str, str, str, list[str]]]:
    """Chart, version, pointer and keys of each part of the values."""
    (folder / "Chart.yaml").write_text(CHART)
    (folder / "values.yaml").write_text(text)
    chart = read_chart(folder, "mail")
    made = load(InputFile("mail/values.yaml", folder / "values.yaml", FileKind.VALUES, chart))
    return [
        (one.chart, one.version, one.root.pointer, [name for name, _ in one.root.entries()])
        for one in made.values
    ]


def test_values_of_dependencies_are_for_their_version(tmp_path: Path) -> None:
    assert found(tmp_path, "own: 1\nedge: {ports: {}}\nredis: off\n") == [
        ("mail", "1.2.3", "0#", ["own", "redis"]),
        ("traefik", "39.0.0", "0#/edge", ["ports"]),
    ]


@pytest.mark.parametrize("text", ["own: 1\n", "- edge\n", "edge\n"])
def test_values_that_say_nothing_of_a_dependency_are_the_charts(tmp_path: Path, text: str) -> None:
    assert [name for name, *_ in found(tmp_path, text)] == ["mail"]


def test_values_that_are_not_there_are_the_users_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    request = Request(paths=(".",), values=("none.yaml",))
    with pytest.raises(UserError, match="no such values file"):
        list(load_scopes(request, load_settings(request)))


def test_values_that_the_configuration_names_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "truehop.yaml").write_text("scopes:\n  - {paths: [.], values: [none.yaml]}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="no such values file") as caught:
        list(load_scopes(Request(), load_settings(Request())))
    assert caught.value.place.endswith("truehop.yaml:2:13")
