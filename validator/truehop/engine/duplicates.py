"""Keys given twice, in documents that are read for mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from truehop.source.problems import Problem
from truehop.source.tree import Document, Mapping, Node, Scalar, Sequence

DUPLICATE = "duplicate-key"


def duplicates(documents: Iterable[Document]) -> Iterator[Problem]:
    """Every key that stands a second time in its mapping, where one reading or the other matters here."""
    for document in documents:
        found = list(_pairs(document.root))
        if found and _matters(document):
            for first, second in found:
                yield _problem(document, first, second)


def _pairs(root: Node) -> Iterator[tuple[Scalar, Scalar]]:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Sequence):
            stack.extend(node.items)
        elif isinstance(node, Mapping):
            stack.extend(value for _, value in node.entries.values())
            yield from node.duplicates


def _matters(document: Document) -> bool:
    """Whether the document's text has a sign of mail: a platform's other objects are not our subject."""
    from truehop.engine.survey.signs import built_in, is_concerned, squeeze  # noqa: PLC0415 (the survey judges scopes, which ask here)

    root = document.root
    text = "\n".join(document.source.lines[root.line - 1 : root.end_line])
    squeezed = squeeze(text)
    if any(built_in().concern(squeezed, is_pod=is_pod) for is_pod in (True, False)):
        return True
    return document.object is not None and is_concerned(text, document.object.kind)


def _problem(document: Document, first: Scalar, second: Scalar) -> Problem:
    at, before = (
        document.cursor().span(key.line, key.column, key.end_line, key.end_column) for key in (second, first)
    )
    return Problem(
        DUPLICATE,
        at,
        f"the key {second.value!r} is given twice; the first is in line {before.line}",
        "remove one of them: which of the two counts differs between programs",
    )


__all__ = ["DUPLICATE", "duplicates"]
