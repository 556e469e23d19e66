"""From the paths a user gives to the files, charts and kustomizations behind them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from truehop.source.charts import (
    CHART_FILE,
    CHART_FOLDERS,
    KUSTOMIZATION_FILES,
    TEMPLATES,
    ChartFolder,
    Kustomization,
    kustomization_file,
    read_chart,
    read_kustomization,
)
from truehop.source.kinds import FileKind, kind_of
from truehop.source.limits import DEFAULT_LIMITS, Limits
from truehop.source.problems import Problem
from truehop.source.reading import decode, read_file, refusal
from truehop.source.tree import SourceFile

STANDARD_INPUT = "-"
#: Folders that hold other people's files; whatever begins with a dot is skipped as well.
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
#: Configuration of programs whose formats nothing here reads, where only a path of its own names it.
_FOREIGN = frozenset({".conf", ".cfg", ".ini"})


@dataclass(slots=True, eq=False)
class InputFile:
    """A file to read: its path as told to the user, its place, what it probably is, and its chart.

    ``is_found`` says that nobody named it: it stood in a folder.
    """

    path: str
    absolute: Path
    kind: FileKind
    chart: ChartFolder | None = None
    limits: Limits = DEFAULT_LIMITS
    content: bytes | None = None
    is_found: bool = False

    def read(self) -> SourceFile | Problem:
        """The text, or why there is none; read anew each time."""
        if self.content is not None:
            return decode(self.content, self.path, self.limits)
        return read_file(self.absolute, self.path, self.limits)


@dataclass(slots=True)
class Inputs:
    """What paths lead to, sorted by path; ``missing`` are those that lead to nothing."""

    files: list[InputFile] = field(default_factory=list)
    charts: list[ChartFolder] = field(default_factory=list)
    kustomizations: list[Kustomization] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def collect(
    paths: Iterable[str], base: Path, *, stdin: BinaryIO | None = None, limits: Limits = DEFAULT_LIMITS
) -> Inputs:
    """Everything behind the paths, which count from the current folder.

    What is told of them is relative to ``base``, with ``/``. Files that a kustomization takes in
    belong to it, and the files of a chart to the chart.
    """
    collector = _Collector(base.resolve(), limits)
    for path in paths:
        if path == STANDARD_INPUT:
            collector.add_stdin(stdin)
        else:
            collector.add(path)
    return collector.finish()


class _Collector:
    """One walk over the paths."""

    def __init__(self, base: Path, limits: Limits) -> None:
        self.base = base
        self.limits = limits
        self.found = Inputs()
        self.seen: set[Path] = set()
        self.above: dict[Path, ChartFolder] = {}

    def told(self, path: Path) -> str:
        """A path as the user is told it, printable whatever its bytes."""
        short = Path(os.path.relpath(path, self.base)).as_posix()
        return short.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def refuse(self, path: Path, message: str, cure: str = "") -> None:
        self.found.problems.append(refusal(self.told(path), message, cure))

    def add_stdin(self, stdin: BinaryIO | None) -> None:
        content = stdin.read(self.limits.file_bytes + 1) if stdin is not None else b""
        self.found.files.append(
            InputFile(STANDARD_INPUT, self.base, FileKind.YAML, limits=self.limits, content=content)
        )

    def add(self, given: str) -> None:
        """A path that the user gave: followed wherever it leads."""
        path = Path(os.path.abspath(given))  # noqa: PTH100 (links keep the names the user knows)
        try:
            real = path.resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            self.found.missing.append(given)
            return
        chart = self.chart_above(path)
        if chart is not None and TEMPLATES in path.relative_to(chart.absolute).parts:
            self.refuse(path, f"a template of the chart {chart.path}", "give the chart's folder")
        elif real.is_dir():
            self.walk(path, real, chart)
        elif not real.is_file():
            self.refuse(path, "no regular file", "give a file or a folder")
        elif path.name == CHART_FILE:
            self.found.charts.append(read_chart(path.parent, self.told(path.parent), self.limits))
        elif path.name in KUSTOMIZATION_FILES:
            self.add_kustomization(path.parent)
        else:
            kind = kind_of(path.as_posix())
            if kind is FileKind.OTHER and path.suffix.lower() in _FOREIGN:
                self.refuse(path, "no kind of file that is read here", "give manifests, values or charts")
            else:
                self.add_file(path, real, FileKind.YAML if kind is FileKind.OTHER else kind, chart)

    def chart_above(self, path: Path) -> ChartFolder | None:
        """The chart that a path lies in, looked for up to the repository's folder."""
        for folder in path.parents:
            if (folder / CHART_FILE).is_file():
                if folder not in self.above:
                    self.above[folder] = read_chart(folder, self.told(folder), self.limits)
                return self.above[folder]
            if (folder / ".git").exists():
                break
        return None

    def add_file(
        self, path: Path, real: Path, kind: FileKind, chart: ChartFolder | None, *, is_found: bool = False
    ) -> None:
        if real not in self.seen:
            self.seen.add(real)
            file = InputFile(self.told(path), path, kind, chart, self.limits, is_found=is_found)
            self.found.files.append(file)

    def add_kustomization(self, folder: Path) -> None:
        file = kustomization_file(folder)
        if file is not None and file.resolve() not in self.seen:
            self.seen.add(file.resolve())
            found = read_kustomization(folder, file, self.told(folder), self.limits)
            self.found.problems += found.problems
            self.found.kustomizations.append(found)

    def walk(self, top: Path, root: Path, chart: ChartFolder | None) -> None:
        """A folder and what is below it; links are followed as far as they stay inside."""
        pending = [(top, chart)]
        while pending:
            folder, chart = pending.pop()
            real = folder.resolve()
            if real in self.seen:
                continue
            self.seen.add(real)
            names = self.names_in(folder)
            is_chart = CHART_FILE in names
            if is_chart:
                chart = read_chart(folder, self.told(folder), self.limits)
                self.found.charts.append(chart)
            self.add_kustomization(folder)
            for path, target in self.inside(folder, names, root):
                if target.is_dir():
                    if not (is_chart and path.name in CHART_FOLDERS):
                        pending.append((path, chart))
                elif not target.is_file():
                    self.refuse(path, "no regular file", "leave it out of the folder")
                elif not is_chart and (kind := kind_of(path.as_posix())) is not FileKind.OTHER:
                    self.add_file(path, target, kind, chart, is_found=True)

    def names_in(self, folder: Path) -> list[str]:
        """What is in a folder, without what is hidden or foreign."""
        try:
            names = os.listdir(folder)  # noqa: PTH208 (names are all that is wanted)
        except OSError as error:
            self.refuse(folder, f"cannot be read: {error.strerror}")
            return []
        return sorted(name for name in names if not name.startswith(".") and name not in _SKIPPED)

    def inside(self, folder: Path, names: list[str], root: Path) -> Iterator[tuple[Path, Path]]:
        """The entries that lead nowhere out of the root, with what they lead to."""
        for name in names:
            path = folder / name
            try:
                target = path.resolve(strict=True)
            except (OSError, RuntimeError) as error:
                reason = getattr(error, "strerror", None) or "a link to itself"
                self.refuse(path, f"cannot be read: {reason}")
                continue
            if target.is_relative_to(root):
                yield path, target
            else:
                self.refuse(path, f"a link that leaves {self.told(root)}", "give its target as a path")

    def finish(self) -> Inputs:
        """Leave out what belongs to a kustomization, and sort."""
        found = self.found
        builds = {path for one in found.kustomizations for path in one.builds}
        taken = builds | {path for one in found.kustomizations for path in one.files}
        for one in found.kustomizations:
            one.is_included = one.absolute.resolve() in builds or one.file.resolve() in builds
            taken.add(one.file.resolve())
        _break_circles(found.kustomizations)
        found.files = [
            file for file in found.files if file.content is not None or file.absolute.resolve() not in taken
        ]
        found.files.sort(key=lambda file: file.path)
        found.charts.sort(key=lambda chart: chart.path)
        found.kustomizations.sort(key=lambda one: one.path)
        return found


def _break_circles(kustomizations: list[Kustomization]) -> None:
    """Kustomizations that only include each other are judged too: from the first one of each circle on."""
    by_path = {path: one for one in kustomizations for path in (one.absolute.resolve(), one.file.resolve())}
    reached: set[int] = set()

    def reach(start: Kustomization) -> None:
        pending = [start]
        while pending:
            one = pending.pop()
            if id(one) not in reached:
                reached.add(id(one))
                pending.extend(by_path[path] for path in one.builds if path in by_path)

    for one in sorted(kustomizations, key=lambda each: (each.is_included, each.path)):
        if id(one) not in reached:
            one.is_included = False
            reach(one)
