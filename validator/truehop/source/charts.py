"""Chart folders and kustomizations: folders that are one thing, not a heap of manifests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.kinds import FileKind, kind_of
from truehop.source.limits import DEFAULT_LIMITS, Limits
from truehop.source.problems import Problem
from truehop.source.reading import read_file
from truehop.source.tree import Cursor
from truehop.source.yaml import load_documents

CHART_FILE = "Chart.yaml"
#: sigs.k8s.io/kustomize api/konfig/general.go: RecognizedKustomizationFileNames.
KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
#: What Helm itself gives a meaning below a chart's folder (helm.sh/docs/topics/charts).
TEMPLATES, SUBCHARTS = "templates", "charts"
CHART_FOLDERS = frozenset({TEMPLATES, SUBCHARTS, "crds", "ci", "tests", "files"})


@dataclass(frozen=True, slots=True)
class Dependency:
    """A chart that another one needs: its name, the version (or range) asked for, and its alias if any."""

    name: str
    version: str = ""
    alias: str = ""

    @property
    def key(self) -> str:
        """The key of its values in those of the chart that needs it; its templates are told by it too."""
        return self.alias or self.name


@dataclass(slots=True, eq=False)
class ChartFolder:
    """A folder with a ``Chart.yaml``: rendered as a whole, or judged by its values."""

    path: str
    absolute: Path
    name: str = ""
    version: str = ""
    is_library: bool = False
    dependencies: tuple[Dependency, ...] = ()

    @property
    def values(self) -> Path | None:
        """The chart's default values, None where it has none."""
        return _there(self.absolute / "values.yaml")

    @property
    def other_values(self) -> tuple[Path, ...]:
        """Further values files beside the default ones (``values-prod.yaml``), sorted."""
        return tuple(path for path in _listed(self.absolute) if _is_further(path.name) and _there(path))

    @property
    def schema(self) -> Path | None:
        """The chart's ``values.schema.json``, None where it has none."""
        return _there(self.absolute / "values.schema.json")

    @property
    def ci_values(self) -> tuple[Path, ...]:
        """The values files that chart-testing renders the chart with, sorted."""
        folder = self.absolute / "ci"
        return tuple(path for path in _listed(folder) if path.name.endswith("-values.yaml") and _there(path))


@dataclass(slots=True, eq=False)
class Kustomization:
    """A folder with a kustomization file.

    ``builds`` are the folders and files it takes in, ``files`` all local files it refers to (patches,
    generator sources), ``remote`` what stands nowhere here. ``is_included``: another one of
    the input builds on it. A component (``kind: Component``) cannot be built alone.
    """

    path: str
    absolute: Path
    file: Path
    builds: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    remote: tuple[str, ...] = ()
    is_included: bool = False
    is_component: bool = False
    problems: list[Problem] = field(default_factory=list)


def _there(path: Path) -> Path | None:
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_further(name: str) -> bool:
    return kind_of(name) is FileKind.VALUES and name != "values.yaml"


def read_chart(folder: Path, path: str, limits: Limits = DEFAULT_LIMITS) -> ChartFolder:
    """A chart folder with what its ``Chart.yaml`` says; one that cannot be read is a chart all the same."""
    chart = ChartFolder(path, folder)
    source = read_file(folder / CHART_FILE, CHART_FILE, limits)
    if isinstance(source, Problem):
        return chart
    for document in load_documents(source, limits).documents[:1]:
        root = document.cursor()
        chart.name, chart.version = root.get("name").string(), root.get("version").string()
        chart.is_library = root.get("type").string() == "library"
        chart.dependencies = tuple(
            Dependency(one.get("name").string(), one.get("version").string(), one.get("alias").string())
            for one in root.get("dependencies").items()
        )
    return chart


def kustomization_file(folder: Path) -> Path | None:
    """The folder's kustomization file, None where it has none."""
    return next((found for name in KUSTOMIZATION_FILES if (found := _there(folder / name))), None)


def read_kustomization(folder: Path, file: Path, path: str, limits: Limits = DEFAULT_LIMITS) -> Kustomization:
    """A kustomization with what it refers to."""
    found = Kustomization(path, folder, file)
    source = read_file(file, f"{path}/{file.name}" if path != "." else file.name, limits)
    if isinstance(source, Problem):
        found.problems.append(source)
        return found
    loaded = load_documents(source, limits)
    found.problems += loaded.problems
    builds: list[Path] = []
    remote: list[str] = []
    files: list[Path] = []
    for document in loaded.documents:
        root = document.cursor()
        found.is_component = found.is_component or root.get("kind").string() == "Component"
        for word in _builds(root):
            local = _local(folder, word)
            if local is not None:
                builds.append(local)
            else:
                remote.append(word)
        files += [local for word in _files(root) if (local := _local(folder, word)) is not None]
        remote += [word for chart in root.get("helmCharts").items() if (word := chart.get("repo").string())]
    found.builds, found.files, found.remote = tuple(builds), tuple(files), tuple(remote)
    return found


def _local(folder: Path, word: str) -> Path | None:
    """The file or folder that a word of a kustomization names, None where there is none."""
    if not word:
        return None
    try:
        return (folder / word).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None


def _words(cursor: Cursor) -> Iterator[str]:
    for place in cursor.items():
        if word := place.string():
            yield word


def _builds(root: Cursor) -> Iterator[str]:
    for key in ("resources", "bases", "components"):
        yield from _words(root.get(key))


def _files(root: Cursor) -> Iterator[str]:
    for key in (
        "patchesStrategicMerge", "crds", "configurations", "generators", "transformers", "validators",
    ):  # fmt: skip
        yield from _words(root.get(key))
    for key in ("patches", "patchesJson6902", "replacements"):
        for place in root.get(key).items():
            yield place.get("path").string()
    for key in ("configMapGenerator", "secretGenerator"):
        for place in root.get(key).items():
            yield place.get("env").string()
            for word in (*_words(place.get("envs")), *_words(place.get("files"))):
                yield word.partition("=")[2] or word
    for place in root.get("helmCharts").items():
        yield place.get("valuesFile").string()
        yield from _words(place.get("additionalValuesFiles"))
    yield root.get("openapi", "path").string()
