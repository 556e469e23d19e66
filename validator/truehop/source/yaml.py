"""YAML and JSON files to documents; what cannot be read becomes a problem and the rest go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from truehop.source.collector import paused
from truehop.source.compose import UnreadableError, compose
from truehop.source.limits import DEFAULT_LIMITS, Limits
from truehop.source.location import Location, ObjectRef
from truehop.source.problems import INVALID, NOT_JUDGED, Problem
from truehop.source.split import RawDocument, split
from truehop.source.tree import Document, Mapping, Node, Scalar, Sequence, SourceFile, Text

_TEMPLATE = re.compile(r"\{\{|\{%|%\{|^[ \t]*\$\{\w+\}[ \t]*$", re.MULTILINE)
_UNRENDERED = "render it first; of a chart, give the folder"
_BEYOND_LIMIT = "split the file, or leave it out"


@dataclass(slots=True)
class LoadedFile:
    """What became of a file: its documents in order, and the parts that cannot be read."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_documents(source: SourceFile, limits: Limits = DEFAULT_LIMITS) -> LoadedFile:
    """All documents of a file; members of a ``List`` are documents of their own. Never raises."""
    return load_all(split(source), limits)


def load_all(raws: Iterable[RawDocument], limits: Limits = DEFAULT_LIMITS) -> LoadedFile:
    """Several documents as :func:`load_raw` loads each."""
    loaded = LoadedFile()
    with paused():
        for raw in raws:
            one = load_raw(raw, limits)
            loaded.documents += one.documents
            loaded.problems += one.problems
    return loaded


def load_raw(raw: RawDocument, limits: Limits = DEFAULT_LIMITS) -> LoadedFile:
    """One document that was cut out of its file, with the file's lines and its own number."""
    try:
        root = compose(raw.text, raw.line, limits)
    except UnreadableError as error:
        return LoadedFile(problems=[_problem(raw, error)])
    if root is None or (isinstance(root, Scalar) and not root.value):
        return LoadedFile()
    template = raw.template
    prefix = f"{raw.index}#"
    return LoadedFile(
        [
            Document(raw.source, raw.index, member, template, None, _object_of(member), place)
            for member, place in _members(root, prefix)
        ]
    )


def is_unrendered(text: str) -> bool:
    """Whether a text looks like a template: the braces of Helm, Jinja or Terraform, a variable as a line."""
    return _TEMPLATE.search(text) is not None


def _problem(raw: RawDocument, error: UnreadableError) -> Problem:
    at = Location(
        raw.source.path, error.line, error.column, error.line, error.column, f"{raw.index}#", raw.template
    )
    if error.is_limit:
        return Problem(NOT_JUDGED, at, error.reason, _BEYOND_LIMIT)
    if is_unrendered(raw.text):
        return Problem(NOT_JUDGED, at, f"an unrendered template: {error.reason}", _UNRENDERED)
    return Problem(INVALID, at, error.reason, error.cure)


def _members(root: Node, prefix: str) -> Iterator[tuple[Node, str]]:
    """The node itself, or the objects of a Kubernetes ``List``, with their pointers."""
    if not isinstance(root, Mapping):
        yield root, prefix
        return
    members = root.entries.get("items")
    kind = _word(root, "kind")
    if members is None or not isinstance(members[1], Sequence) or not kind.endswith("List"):
        yield root, prefix
        return
    nodes = members[1].items
    if kind != "List" and not all(_word(node, "kind") and _word(node, "apiVersion") for node in nodes):
        yield root, prefix
        return
    for number, node in enumerate(nodes):
        yield from _members(node, f"{prefix}/items/{number}")


def _word(node: Node, key: str) -> str:
    """The text of a scalar entry, empty where there is none."""
    if not isinstance(node, Mapping) or key not in node.entries:
        return ""
    value = node.entries[key][1]
    return value.value if isinstance(value, Scalar) else ""


def _object_of(root: Node) -> ObjectRef | None:
    """What Kubernetes would call the object, None for anything else."""
    kind = _word(root, "kind")
    if not kind or not isinstance(root, Mapping) or "metadata" not in root.entries:
        return None
    metadata = root.entries["metadata"][1]
    name = _word(metadata, "name") or _word(metadata, "generateName")
    return ObjectRef(kind, name, _word(metadata, "namespace") or None) if name else None


def parse_embedded(text: Text) -> list[Document]:
    """The YAML or JSON documents in a string of another document; unreadable ones are left out."""
    return load_embedded(text).documents


def load_embedded(text: Text, limits: Limits = DEFAULT_LIMITS) -> LoadedFile:
    """The documents in a string of another one, spans and problems told in the outer file.

    Pointers go on through the string; from the second document on with its number between.
    """
    outer = text.cursor
    inner = load_documents(SourceFile(outer.document.source.path, text.value), limits)
    for document in inner.documents:
        own = document.prefix.partition("#")
        number = f"/{document.index}" if document.index else ""
        document.prefix = f"{outer.pointer}{number}{own[2]}"
        document.outer = text
        document.template = outer.document.template
    inner.problems = [
        Problem(
            problem.rule,
            text.at_lines(problem.at.line, problem.at.column, problem.at.end_line, problem.at.end_column),
            problem.message,
            problem.help,
        )
        for problem in inner.problems
    ]
    return inner


def text_document(source: SourceFile) -> Document:
    """A file that is no YAML as a document: one text, each letter of which has its place."""
    lines = source.lines
    root = Scalar(1, 1, len(lines), len(lines[-1]) + 1, source.text, "|")
    return Document(source, 0, root, prefix="0#")
