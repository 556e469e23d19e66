"""Every topology renders without a cluster, always alike, and alike in both Helms."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.chart.helm import (
    CHART,
    FOLDER,
    KUBERNETES,
    NAMESPACE,
    RELEASE,
    TOPOLOGIES,
    RefusedError,
    render,
    run,
)

each_topology = pytest.mark.parametrize("topology", TOPOLOGIES)


@each_topology
def test_a_topology_renders_the_same_twice(topology: str) -> None:
    values = FOLDER / f"{topology}-values.yaml"
    again = run(
        3, "template", RELEASE, str(CHART), "-n", NAMESPACE, "--kube-version", KUBERNETES, "-f", str(values)
    )
    assert again.stdout == render(topology).text


def _written(topology: str, major: int) -> list[str]:
    """The lines; Helm 4 puts an empty one behind each document."""
    return [line for line in render(topology, major=major).text.splitlines() if line]


@each_topology
def test_both_helms_render_the_same(topology: str) -> None:
    assert _written(topology, 4) == _written(topology, 3)
    assert render(topology, major=4).objects == render(topology).objects


@pytest.mark.parametrize("major", [3, 4])
def test_helm_finds_nothing_to_complain_about(major: int) -> None:
    linted = run(major, "lint", "--strict", str(CHART), "-f", str(FOLDER / "full-values.yaml"))
    assert linted.returncode == 0, linted.stdout + linted.stderr


@each_topology
def test_a_topology_explains_itself_shortly(topology: str) -> None:
    lines = (FOLDER / f"{topology}-values.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= (25 if topology != "full" else 90)


def test_a_release_is_named_once_in_its_objects() -> None:
    names = [found["metadata"]["name"] for found in render("k3s").objects]
    assert {name for name in names if name != RELEASE and not name.startswith(f"{RELEASE}-")} == set()


def test_long_names_stay_within_what_kubernetes_allows() -> None:
    long = render("full", {"fullnameOverride": "x" * 60, "nameOverride": "y" * 60})
    assert [found["metadata"]["name"] for found in long.objects if len(found["metadata"]["name"]) > 63] == []
    labels = {value for found in long.objects for value in found["metadata"].get("labels", {}).values()}
    assert [value for value in labels if len(value) > 63] == []


def test_kubernetes_older_than_what_is_promised_is_refused() -> None:
    with pytest.raises(RefusedError, match="kubeVersion"):
        render("k3s", None, "--kube-version", "1.27.9")


def test_objects_are_told_apart_by_kind_and_name() -> None:
    for topology in TOPOLOGIES:
        known = [(found["kind"], found["metadata"]["name"]) for found in render(topology).objects]
        assert len(known) == len(set(known)), topology


def test_a_package_renders_the_same_and_holds_neither_tests_nor_topologies(tmp_path: Path) -> None:
    packed = run(3, "package", str(CHART), "--destination", str(tmp_path))
    assert packed.returncode == 0, packed.stderr
    (package,) = tmp_path.glob("*.tgz")
    with tarfile.open(package) as archive:
        folders = {name.split("/")[1] for name in archive.getnames()}
    assert folders - {".helmignore"} == {
        "Chart.yaml",
        "README.md",
        "files",
        "templates",
        "values.schema.json",
        "values.yaml",
    }
    assert render("full", chart=package).text == render("full").text


def test_values_files_stand_where_the_table_looks_for_them() -> None:
    assert {path.name for path in Path(FOLDER).iterdir()} == {f"{name}-values.yaml" for name in TOPOLOGIES}
