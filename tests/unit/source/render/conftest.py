"""The programs that render: real ones, as `make test` builds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .hand import built, program


@pytest.fixture
def helm(monkeypatch: pytest.MonkeyPatch) -> str:
    """The real helm, named to truehop."""
    found = built("helm3", "helm")
    monkeypatch.setenv("TRUEHOP_HELM", found)
    return found


@pytest.fixture(params=["kustomize", "kubectl"])
def kustomize(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The real kustomize by both names it goes by."""
    found = built("kustomize", "kustomize")
    if request.param == "kubectl":
        script = f'shift; exec "{found}" build "$@"'
        found = program(tmp_path_factory.mktemp("bin"), "kubectl", script)
    monkeypatch.setenv("TRUEHOP_KUSTOMIZE", found)
    return found


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A folder for programs that misbehave."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder
