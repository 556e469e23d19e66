"""What a renderer is: it makes manifests of charts and kustomizations with the user's own programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from truehop.model.facts import Location
from truehop.source.charts import CHART_FILE, ChartFolder, Kustomization
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.tree import SourceFile


@dataclass(frozen=True, slots=True)
class RenderWishes:
    """What the user wants of a rendering; handed on as arguments, never through a shell."""

    values: tuple[Path, ...] = ()
    set: tuple[str, ...] = ()
    set_string: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    allow_remote: bool = False


@dataclass(slots=True, eq=False)
class Rendered:
    """One rendering: its manifests, and where findings in them are told.

    ``originals`` are the user's own texts (templates, values, resources) that ``relocate`` leads to.
    """

    name: str
    sources: list[SourceFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    originals: list[SourceFile] = field(default_factory=list)
    relocate: Callable[[Location], Location] | None = None
    namespace: str | None = None


#: Renders a chart (once per set of values) or a kustomization.
Renderer = Callable[[ChartFolder | Kustomization, RenderWishes], Sequence[Rendered]]


def no_renderer(folder: ChartFolder | Kustomization, wishes: RenderWishes) -> Sequence[Rendered]:
    """Says that nothing is rendered; what the folder holds is then not judged."""
    del wishes
    if isinstance(folder, ChartFolder):
        kind, program, name = "chart", "helm template", CHART_FILE
    else:
        kind, program, name = "kustomization", "kubectl kustomize", folder.file.name
    path = name if folder.path == "." else f"{folder.path}/{name}"
    cure = f"render it yourself: {program} … | truehop check -"
    problem = Problem(NOT_JUDGED, Location(path, 1, 1, 1, 1), f"the {kind} is not rendered", cure)
    return [Rendered(folder.path, problems=[problem])]
