"""Every profile has manifests of its own, and what they are understood to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from truehop.build import BuildRequest, build_graph
from truehop.findings.graph_text import graph_lines, walk_lines
from truehop.kube.objects import build_world
from truehop.model.facts import Tri
from truehop.model.walk import walk_all
from truehop.profiles.front_registry import front_ids
from truehop.profiles.registry import programs
from truehop.source.tree import SourceFile
from truehop.source.yaml import load_documents

FOLDER = Path(__file__).parent
CASES = sorted(folder for folder in FOLDER.iterdir() if folder.is_dir() and folder.name != "__pycache__")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_manifests_of_a_profile_make_its_graph(case: Path, golden: Callable[[Path, str], None]) -> None:
    text = (case / "manifests.yaml").read_text(encoding="utf-8")
    loaded = load_documents(SourceFile("manifests.yaml", text))
    assert not loaded.problems
    graph = build_graph(
        BuildRequest(build_world(loaded.documents, is_closed=Tri.YES, default_namespace=None))
    )
    lines = [*graph_lines(graph), *walk_lines(graph, walk_all(graph))]
    golden(case / "graph.txt", "".join(f"{line}\n" for line in lines))


def test_every_profile_has_its_folder() -> None:
    known = {profile.id for profile in programs()} | set(front_ids())
    assert known <= {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_graph_of_a_profile_speaks_of_it(case: Path) -> None:
    text = (case / "graph.txt").read_text(encoding="utf-8")
    assert f", {case.name}" in text or f"front {case.name}," in text
