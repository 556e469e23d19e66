"""What kustomize printed as documents that know the user's files they were made of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.location import Location
from truehop.source.nodes import Mapping, SourceFile
from truehop.source.problems import Problem
from truehop.source.render.places import Sources
from truehop.source.render.refusals import KustomizationTree
from truehop.source.render.told import told
from truehop.source.render.trees import Tree
from truehop.source.tree import Document
from truehop.source.yaml import load_documents, load_embedded

#: Where an object comes from (kustomize@api/v0.21.1 api/internal/utils/annotations.go).
ORIGIN = "config.kubernetes.io/origin"
_YAML = (".yaml", ".yml", ".json")


@dataclass(slots=True, eq=False)
class Built:
    """The objects of one kustomization; ``folder`` is what was built, ``place`` the kustomization's file."""

    tree: KustomizationTree
    folder: Path
    place: str
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _loaded: dict[Path, list[Document]] = field(default_factory=dict)

    def load(self, text: str) -> None:
        """Read what kustomize printed; documents are numbered as in the file they come from."""
        whole = SourceFile(self.place, text, rendered=True)
        loaded = load_documents(whole)
        # Every file that it is built from may hold a value: patches, sources of generated maps.
        files = dict.fromkeys(self.tree.files)
        trees = [Tree(one) for path in files if path.suffix in _YAML for one in self._documents(path)]
        others = (self.tree.texts.read(path) for path in files if path.suffix not in _YAML)
        texts = [text for text in others if text is not None]
        counts: dict[str, int] = {}
        for document in loaded.documents:
            path = self._origin(document)
            twin = None if path is None else self._twin(path, document)
            shown = self.place if path is None else told(path, self.tree.texts.base)
            number = twin.index if twin is not None else counts.get(shown, 0)
            counts[shown] = counts.get(shown, 0) + 1
            document.source = SourceFile(shown, whole.text, rendered=True, _lines=whole.lines)
            document.index = number
            prefix = f"{number}#" if twin is None else twin.prefix
            document.prefix = prefix + document.prefix.partition("#")[2]
            own = None if path is None or twin is not None else self.tree.texts.read(path)
            places = Sources(shown, own, trees, texts=texts, twin=twin, is_layered=False)
            document.relocate = places.relocate
            self.documents.append(document)
        for problem in loaded.problems:
            at = Location(self.place, 0, 0, 0, 0)
            self.problems.append(Problem(problem.rule, at, f"as built: {problem.message}", problem.help))

    def _origin(self, document: Document) -> Path | None:
        """The file that the object's annotation names, which is then taken off."""
        root = document.root
        metadata = root.entries.get("metadata") if isinstance(root, Mapping) else None
        annotations = (
            metadata[1].entries.get("annotations") if metadata and isinstance(metadata[1], Mapping) else None
        )
        if metadata is None or annotations is None or not isinstance(annotations[1], Mapping):
            return None
        text = document.cursor().get("metadata", "annotations", ORIGIN).text
        if text is None:
            return None
        del annotations[1].entries[ORIGIN]
        if not annotations[1].entries and isinstance(metadata[1], Mapping):
            del metadata[1].entries["annotations"]
        for origin in load_embedded(text).documents:
            cursor = origin.cursor()
            name = cursor.get("path").string() or cursor.get("configuredIn").string()
            path = Path(os.path.normpath(self.folder / name)) if name else None
            if path is not None and not cursor.get("repo").is_set and path in self.tree.files:
                return path
        return None

    def _twin(self, path: Path, document: Document) -> Document | None:
        """The object in the user's file that this one was made of; a prefix or suffix may be on its name."""
        made = document.object
        if made is None or path.suffix not in _YAML:
            return None
        named = [
            (len(ref.name), one)
            for one in self._documents(path)
            if (ref := one.object) is not None and ref.kind == made.kind and ref.name in made.name
        ]
        longest = max((length for length, _ in named), default=0)
        hits = [one for length, one in named if length == longest]
        return hits[0] if len(hits) == 1 else None

    def _documents(self, path: Path) -> list[Document]:
        if path not in self._loaded:
            source = self.tree.texts.read(path)
            self._loaded[path] = [] if source is None else load_documents(source).documents
        return self._loaded[path]
