"""The chart as a part of another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.chart.helm import CHART, FOLDER, merged, render

PARENT = {
    "apiVersion": "v2",
    "name": "parent",
    "version": "1.0.0",
    "dependencies": [
        {"name": "mailstack", "alias": "post", "version": "*", "condition": "post.enabled", "repository": ""}
    ],
}


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charts") / "parent"
    (folder / "charts").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(json.dumps(PARENT), encoding="utf-8")
    (folder / "charts" / "mailstack").symlink_to(CHART)
    return folder


def _values(topology: str) -> dict[str, object]:
    loaded = yaml.safe_load((FOLDER / f"{topology}-values.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("major", [3, 4])
def test_a_part_is_made_as_the_whole(parent: Path, major: int) -> None:
    """The same objects, whatever the chart is called in its parent."""
    part = render("", {"post": {**_values("k3s"), "enabled": True}}, major=major, chart=parent)
    alone = render("k3s", {"nameOverride": "post"}, major=major)
    assert [found["metadata"]["name"] for found in part.objects] == [
        found["metadata"]["name"] for found in alone.objects
    ]


def test_a_part_that_is_off_makes_nothing(parent: Path) -> None:
    assert render("", {"post": {"enabled": False}}, chart=parent).objects == []


def test_the_parent_s_registry_and_pull_secrets_are_used(parent: Path) -> None:
    given = {
        "imageRegistry": "registry.example.com",
        "imagePullSecrets": ["pull"],
        "of": {"another": "chart"},
    }
    part = render("", merged({"global": given}, {"post": {**_values("k3s"), "enabled": True}}), chart=parent)
    images = [line.split()[-1] for line in part.text.splitlines() if line.strip().startswith("image:")]
    assert images
    assert [image for image in images if not image.startswith("registry.example.com/")] == []
    assert "imagePullSecrets" in part.text
