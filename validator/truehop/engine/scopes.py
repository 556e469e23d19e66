"""Inputs are split into scopes, each judged alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from truehop.engine.loading import LoadedText, load
from truehop.engine.rendering import Renderer
from truehop.engine.scope import ScopeInput
from truehop.findings.conclude import ScopeResult
from truehop.model.facts import Tri
from truehop.settings import Scope, Settings
from truehop.source.charts import ChartFolder, Kustomization
from truehop.source.inputs import InputFile, Inputs
from truehop.source.kinds import FileKind, kind_of
from truehop.source.problems import Problem
from truehop.source.render.calls import Call, Rendering

#: Judges a large input without reading all of it; None where that cannot be done.
Survey = Callable[[ScopeInput, Sequence[InputFile]], ScopeResult | None]


@dataclass(slots=True, eq=False)
class Plan:
    """What is needed to make scopes of inputs."""

    settings: Settings
    renderer: Renderer
    call: Call
    #: A folder was given: what is missing in it is taken to be missing.
    has_folder: bool = False
    survey: Survey | None = None


def automatic(inputs: Inputs, plan: Plan) -> Iterator[ScopeInput]:
    """One scope per chart rendering, one per kustomization that no other includes, one for the rest."""
    own = {
        chart.absolute: [file for file in inputs.files if _belongs(file, chart)] for chart in inputs.charts
    }
    taken = {id(file) for files in own.values() for file in files}
    for chart in inputs.charts:
        if not chart.is_library:
            yield from _of_chart(chart, own[chart.absolute], plan)
    parts = {one.absolute.resolve(): one for one in inputs.kustomizations}
    for kustomization in inputs.kustomizations:
        if not kustomization.is_included:
            yield from _of_kustomization(kustomization, parts, plan)
    yield from _plain([file for file in inputs.files if id(file) not in taken], inputs.problems, plan)


def declared(inputs: Inputs, scope: Scope, plan: Plan) -> ScopeInput:
    """A scope of the configuration: everything behind its paths together."""
    made = _scope(plan, scope.name or ", ".join(scope.paths))
    folders: list[ChartFolder | Kustomization] = [
        *(chart for chart in inputs.charts if not chart.is_library),
        *(one for one in inputs.kustomizations if not one.is_included),
    ]
    for folder in folders:
        for rendering in plan.renderer(folder, plan.call):
            _take(made, rendering)
            if isinstance(folder, ChartFolder) and not rendering.is_done:
                add_texts(made, (load(file) for file in _values(folder, folder.values)))
    made.problems += inputs.problems
    add_texts(made, (load(file) for file in inputs.files))
    made.namespace = scope.namespace or made.namespace
    return made


def call_of(scope: Scope, folder: Path, base: Call) -> Call:
    """What a configured scope wants of its renderings; the command line's words come last and win."""
    return replace(
        base,
        values=(*(folder / name for name in scope.values), *base.values),
        set=(*scope.set, *base.set),
        set_string=(*scope.set_string, *base.set_string),
        release=base.release or scope.release,
        namespace=base.namespace or scope.namespace,
        is_sampled=False,
    )


def _of_chart(chart: ChartFolder, files: list[InputFile], plan: Plan) -> Iterator[ScopeInput]:
    """A scope per rendering; what could not be rendering is judged by its values alone."""
    for rendering in plan.renderer(chart, plan.call):
        scope = _scope(plan, rendering.name)
        _take(scope, rendering)
        add_texts(scope, (load(file) for file in files))
        if not rendering.is_done:
            add_texts(scope, (load(file) for file in _values(chart, chart.values)))
        yield scope
    for file in _values(chart, *(() if plan.call.is_own else chart.other_values)):
        scope = _scope(plan, file.path)
        scope.is_whole = Tri.NO  # it only changes some of the defaults
        add_texts(scope, [load(file)])
        yield scope


def _of_kustomization(
    whole: Kustomization, parts: dict[Path, Kustomization], plan: Plan
) -> Iterator[ScopeInput]:
    """A scope for what is built; of what cannot be built each part is judged alone, taken once.

    A part then misses what the rest would add to it, so nothing counts as missing there. A component
    is made for others to include: that it cannot be built alone is no problem of it.
    """
    for rendering in plan.renderer(whole, plan.call):
        if whole.is_component and not rendering.is_done:
            rendering.problems.clear()
        scope = _scope(plan, rendering.name)
        _take(scope, rendering)
        if rendering.is_done or not whole.builds:
            yield scope
            continue
        add_texts(scope, map(load, _resources(whole)))
        scope.is_whole = Tri.NO
        yield scope
        for path in whole.builds:
            part = parts.pop(path, None)
            for inner in _of_kustomization(part, parts, plan) if part is not None else ():
                inner.is_whole = Tri.NO
                yield inner


def _resources(whole: Kustomization) -> Iterator[InputFile]:
    """The files of objects that a kustomization names itself."""
    for path in whole.builds:
        kind = kind_of(path.name)
        if kind in {FileKind.YAML, FileKind.JSON, FileKind.VALUES} and path.is_file():
            told = PurePosixPath(os.path.normpath(f"{whole.path}/{_relative(path, whole)}"))
            yield InputFile(str(told), path, FileKind.YAML, is_found=True)


def _relative(path: Path, whole: Kustomization) -> str:
    return Path(os.path.relpath(path, whole.absolute.resolve())).as_posix()


def _values(chart: ChartFolder, *paths: Path | None) -> Iterator[InputFile]:
    """Values files beside a chart, as inputs."""
    prefix = "" if chart.path == "." else f"{chart.path}/"
    for path in paths:
        if path is not None:
            yield InputFile(f"{prefix}{path.name}", path, FileKind.VALUES, chart)


def _belongs(file: InputFile, chart: ChartFolder) -> bool:
    return file.chart is not None and file.chart.absolute == chart.absolute


def _scope(plan: Plan, name: str) -> ScopeInput:
    return ScopeInput(plan.settings, name, namespace=plan.call.namespace or None)


def _take(scope: ScopeInput, rendering: Rendering) -> None:
    """A rendering's documents, and the texts they were made of."""
    scope.documents += rendering.documents
    scope.problems += rendering.problems
    scope.originals += rendering.originals
    scope.namespace = rendering.namespace or scope.namespace


def _plain(files: list[InputFile], problems: list[Problem], plan: Plan) -> Iterator[ScopeInput]:
    """The remaining files; renderings that define the same objects twice are judged apart."""
    if plan.survey is not None:
        scope = _scope(plan, "")
        scope.problems += problems
        scope.is_whole = Tri.UNKNOWN if plan.has_folder else Tri.NO
        scope.judged = plan.survey(scope, files)
        if scope.judged is not None:
            yield scope
            return
    loaded = [load(file) for file in files]
    identities = Counter(ref for one in loaded for ref in one.objects)
    apart = [one for one in loaded if one.is_rendering and any(identities[ref] > 1 for ref in one.objects)]
    together = [one for one in loaded if one not in apart]
    if together or problems or not apart:
        scope = _scope(plan, "")
        scope.problems += problems
        add_texts(scope, together)
        is_whole = plan.has_folder or any(one.is_rendering for one in together)
        scope.is_whole = Tri.UNKNOWN if is_whole else Tri.NO
        yield scope
    for one in apart:
        scope = _scope(plan, one.source.path if one.source else "")
        add_texts(scope, [one])
        yield scope


def add_texts(scope: ScopeInput, texts: Iterable[LoadedText]) -> None:
    """Put what texts hold into a scope."""
    for one in texts:
        if one.source is not None:
            scope.sources.append(one.source)
        scope.documents += one.documents
        scope.values += one.values
        scope.files += one.files
        scope.problems += one.problems
