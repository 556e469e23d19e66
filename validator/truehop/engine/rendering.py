"""Charts and kustomizations become documents by the user's own programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from truehop.source.charts import ChartFolder, Kustomization
from truehop.source.render.calls import Call, Rendering

#: Renders a chart (once per set of values) or a kustomization.
Renderer = Callable[[ChartFolder | Kustomization, Call], Iterable[Rendering]]


def render(folder: ChartFolder | Kustomization, call: Call) -> Iterable[Rendering]:
    """Every rendering of the folder; what fails is told in its problems."""
    if isinstance(folder, ChartFolder):
        from truehop.source.render.helm import render_chart  # noqa: PLC0415 (only where there is a chart)

        return render_chart(folder, call)
    from truehop.source.render.kustomize import render_kustomization  # noqa: PLC0415 (the same)

    return [render_kustomization(folder, call)]
