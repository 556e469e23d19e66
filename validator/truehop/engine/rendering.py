"""What a renderer is: it makes manifests of charts and kustomizations with the user's own programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from truehop.model.facts import Location
from truehop.source.charts import ChartFolder, Kustomization
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
    is_chart = isinstance(folder, ChartFolder)
    kind, cure = (
        ("chart", "render it yourself: helm template … | truehop check -")
        if is_chart
        else ("kustomization", "render it yourself: kubectl kustomize … | truehop check -")
    )
    at = Location(f"{folder.path}/Chart.yaml" if isinstance(folder, ChartFolder) else folder.path, 1, 1, 1, 1)
    return [Rendered(folder.path, problems=[Problem(NOT_JUDGED, at, f"the {kind} is not rendered", cure)])]
