"""One text of the input to what it holds: objects, values, or a configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from truehop.build.request import ConfigFile, ValuesInput
from truehop.engine.schemas import against_chart
from truehop.model.facts import ObjectRef
from truehop.source.charts import ChartFolder
from truehop.source.inputs import InputFile
from truehop.source.kinds import FileKind
from truehop.source.problems import Problem
from truehop.source.split import split
from truehop.source.tree import Cursor, Document, Mapping, SourceFile
from truehop.source.yaml import is_unrendered, load_documents, text_document

_YAML = frozenset({FileKind.YAML, FileKind.JSON, FileKind.VALUES})


@dataclass(slots=True, eq=False)
class LoadedText:
    """What a text holds; ``is_rendering`` says that Helm printed it."""

    source: SourceFile | None = None
    documents: list[Document] = field(default_factory=list)
    values: list[ValuesInput] = field(default_factory=list)
    files: list[ConfigFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, source: SourceFile, kind: FileKind, chart: ChartFolder | None = None) -> LoadedText:
        """What a text of a kind holds; a document that names neither kind nor API is taken for values."""
        made = cls(source)
        if kind not in _YAML:
            text = text_document(source).cursor().text
            if text is not None:
                made.files.append(ConfigFile(source.path.rpartition("/")[2], text))
            return made
        loaded = load_documents(source)
        made.problems = loaded.problems
        for document in loaded.documents:
            if kind is FileKind.VALUES or _is_values(document):
                made.values += _values_in(document.cursor(), chart)
            else:
                made.documents.append(document)
        return made

    @property
    def is_rendering(self) -> bool:
        """Whether a document says which template it comes from."""
        return any(document.template for document in self.documents)

    @property
    def objects(self) -> Iterator[ObjectRef]:
        """The objects in it."""
        return (document.object for document in self.documents if document.object is not None)


def load(file: InputFile) -> LoadedText:
    """A file's text, or the problem with it."""
    source = file.read()
    if isinstance(source, Problem):
        return LoadedText(problems=[source])
    made = LoadedText.of(source, file.kind, file.chart)
    if file.is_found and made.problems:
        made.problems = list(of_weight(made.problems, source))
    if file.chart is not None:
        for document in dict.fromkeys(values.root.document for values in made.values):
            made.problems += against_chart(document.cursor(), file.chart)
    return made


def of_weight(problems: list[Problem], source: SourceFile) -> Iterator[Problem]:
    """The problems that matter to somebody who gave a folder.

    Folders hold templates, and JSON with comments: of those only what looks like an object, or has a
    sign of mail or of lists, would have been read.
    """
    from truehop.engine.survey.signs import may_matter  # noqa: PLC0415 (only where something is broken)

    raws = {f"{raw.index}#": raw for raw in split(source)}
    for problem in problems:
        raw = raws.get(problem.at.pointer)
        is_foreign = raw is not None and (source.path.endswith(".json") or is_unrendered(raw.text))
        if raw is None or not is_foreign or (raw.kind and raw.api_version) or may_matter(raw.text):
            yield problem


def _values_in(root: Cursor, chart: ChartFolder | None) -> Iterator[ValuesInput]:
    """The chart's own values, and those it hands to its dependencies, each with the version it is for."""
    if chart is None:
        yield ValuesInput(root)
        return
    handed = {one.key: one for one in chart.dependencies if root.get(one.key).is_mapping}
    node = root.node
    if isinstance(node, Mapping):
        entries = {key: entry for key, entry in node.entries.items() if key not in handed}
        node = replace(node, entries=entries)
    yield ValuesInput(replace(root, node=node), chart.name, chart.version)
    for key, dependency in handed.items():
        yield ValuesInput(root.get(key), dependency.name, dependency.version)


def _is_values(document: Document) -> bool:
    root = document.root
    return isinstance(root, Mapping) and "kind" not in root.entries and "apiVersion" not in root.entries
