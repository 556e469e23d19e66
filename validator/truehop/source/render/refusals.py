"""What a kustomization may not do on its own: fetch from elsewhere, inflate charts, run programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.charts import kustomization_file
from truehop.source.nodes import SourceFile
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.render.told import Texts
from truehop.source.tree import Cursor, Document
from truehop.source.yaml import load_documents, load_embedded

#: kustomize@v5.5 api/types/kustomization.go: the fields that name files or folders.
_FOLDERS = ("resources", "bases", "components")
_LISTS = ("crds", "configurations", "patchesStrategicMerge")
_ENTRIES = ("patches", "patchesJson6902", "replacements")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_PLUGINS = ("generators", "transformers", "validators")
_CHARTS = ("helmCharts", "helmChartInflationGenerator")
#: kustomize@v5.5 api/internal/git/repospec.go: what makes a word a repository.
_REMOTE = re.compile(
    r"[a-z][a-z0-9+.-]*://|git::|[\w.-]+@[\w.-]+:|(?:www\.)?github\.com[/:]|.*\?(?:ref|version)=",
    re.IGNORECASE,
)
_INLINE = re.compile(r"\n|^\s*[\[{]")
_MOST = 500
_REMOTE_CURE = "--allow-remote allows it; or build it yourself: kustomize build … | truehop check -"


@dataclass(slots=True, eq=False)
class KustomizationTree:
    """The kustomizations that one is built from, itself first, with all their files, and what is refused."""

    texts: Texts
    folders: list[Path] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    remote: list[Problem] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)
    namespace: str | None = None

    @property
    def sources(self) -> list[SourceFile]:
        """The texts of the files, each once."""
        found = (self.texts.read(path) for path in dict.fromkeys(self.files))
        return [source for source in found if source is not None]


def read_tree(folder: Path, texts: Texts) -> KustomizationTree:
    """A kustomization with all local ones that it builds on."""
    tree = KustomizationTree(texts)
    pending = [folder.resolve()]
    while pending and len(tree.folders) < _MOST:
        current = pending.pop()
        file = kustomization_file(current)
        if current in tree.folders or file is None:
            continue
        tree.folders.append(current)
        tree.files.append(file)
        source = texts.read(file)
        for document in [] if source is None else load_documents(source).documents[:1]:
            root = document.cursor()
            if current == tree.folders[0]:
                tree.namespace = root.get("namespace").string() or None
            pending += _visit(current, root, tree)
    return tree


def _visit(folder: Path, root: Cursor, tree: KustomizationTree) -> Iterator[Path]:
    """The folders that a kustomization builds on; files and refusals go into the tree."""
    for place in _named(root):
        path = _local(folder, place, tree)
        if path is not None and path.is_dir():
            yield path
        elif path is not None:
            tree.files.append(path)
    for key in _PLUGINS:
        for place in root.get(key).items():
            yield from _plugin(folder, place, tree)
    for key in _CHARTS:
        if root.get(key).is_set:
            _refuse(tree.remote, root.get(key), f"{key} makes kustomize run helm", _REMOTE_CURE)


def _named(root: Cursor) -> Iterator[Cursor]:
    """Every place of a kustomization that names a file or a folder."""
    for key in (*_FOLDERS, *_LISTS):
        yield from root.get(key).items()
    for key in _ENTRIES:
        yield from (entry.get("path") for entry in root.get(key).items())
    for key in _GENERATORS:
        for entry in root.get(key).items():
            yield from (entry.get("env"), *entry.get("envs").items(), *entry.get("files").items())
    yield root.get("openapi", "path")


def _local(folder: Path, place: Cursor, tree: KustomizationTree) -> Path | None:
    """The file or folder that a place names, None where it names none here."""
    text = place.string()
    if not text or _INLINE.search(text):
        return None
    if _REMOTE.match(text):
        _refuse(tree.remote, place, f"kustomize would fetch {_shown(text)}", _REMOTE_CURE)
        return None
    name = text.partition("=")[2] or text if place.path[-2:-1] == ("files",) else text
    try:
        return (folder / name).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        _refuse(tree.missing, place, f"there is no {_shown(name)}", "mend the path")
        return None


def _plugin(folder: Path, place: Cursor, tree: KustomizationTree) -> Iterator[Path]:
    """A generator, transformer or validator: those built into kustomize are harmless."""
    text = place.text
    if text is None:
        return
    if _INLINE.search(text.value):
        _refuse_programs(load_embedded(text).documents, place, tree)
        return
    path = _local(folder, place, tree)
    if path is None:
        return
    if path.is_dir():
        yield path
        return
    tree.files.append(path)
    source = tree.texts.read(path)
    if source is not None:
        _refuse_programs(load_documents(source).documents, place, tree)


def _refuse_programs(documents: list[Document], place: Cursor, tree: KustomizationTree) -> None:
    for document in documents:
        root = document.cursor()
        kind = root.get("kind").string()
        if root.get("apiVersion").string() != "builtin" or kind.startswith("HelmChart"):
            _refuse(tree.remote, place, f"{kind or 'a plug-in'} makes kustomize run a program", _REMOTE_CURE)


def _refuse(into: list[Problem], place: Cursor, message: str, cure: str) -> None:
    into.append(Problem(NOT_JUDGED, place.location(), message, cure))


def _shown(text: str) -> str:
    """A word in a message, without credentials that its address may hold."""
    return re.sub(r"//[^/@\s]*@", "//", text)
