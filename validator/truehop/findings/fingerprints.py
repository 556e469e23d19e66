"""Fingerprints: a finding's identity across edits that do not touch the defect."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from truehop.findings.outcome import Excerpt, Finding
from truehop.model.facts import Location, ObjectRef
from truehop.source.tree import Document, Node, Scalar, Sequence, SourceFile
from truehop.source.tree import Mapping as MappingNode

SECRET_KIND = "Secret"  # noqa: S105 (a kind of object, not a password)
#: A finding that covers more lines than this shows the first ones only.
MOST_LINES = 6


class Trees:
    """The texts and trees of one scope, to name places by."""

    def __init__(self, documents: Iterable[Document], sources: Iterable[SourceFile] = ()) -> None:
        self._roots: dict[str, dict[str, Document]] = {}
        self._objects: dict[ObjectRef, Document] = {}
        self._sources: dict[str, SourceFile] = {source.path: source for source in sources}
        for document in documents:
            self._sources.setdefault(document.source.path, document.source)
            if document.outer is None:
                prefix = document.prefix or f"{document.index}#"
                self._roots.setdefault(document.source.path, {})[prefix] = document
                if document.object is not None:
                    self._objects.setdefault(document.object, document)

    def text(self, at: Location) -> str:
        """The offending text; empty where no line is known or a Secret holds it."""
        excerpt = self.excerpt(at, most=at.end_line - at.line + 1)
        if excerpt is None:
            return ""
        lines = list(excerpt.lines)
        lines[-1] = lines[-1][: at.end_column - 1] if len(lines) == at.end_line - at.line + 1 else lines[-1]
        lines[0] = lines[0][at.column - 1 :]
        return "\n".join(lines)

    def excerpt(self, at: Location, *, most: int = MOST_LINES) -> Excerpt | None:
        """The lines of a place; None where they are not known or must not be shown."""
        source = self._sources.get(at.path)
        if source is None or at.line < 1 or (at.object is not None and at.object.kind == SECRET_KIND):
            return None
        lines = tuple(source.lines[at.line - 1 : min(at.end_line, at.line + most - 1)])
        return Excerpt(at.line, lines) if lines else None

    def stable_pointer(self, at: Location) -> str:
        """The pointer with entries of lists by name, plain strings in lists by nothing.

        Where the object is known, the pointer starts at the object: a document put before it, or
        another entry of a ``List``, changes nothing.
        """
        prefix, document = self._document_of(at)
        if document is None:
            return at.pointer
        start = "" if at.object is not None else prefix
        return start + _named(document.root, at.pointer[len(prefix) :])

    def _document_of(self, at: Location) -> tuple[str, Document | None]:
        roots: Mapping[str, Document] = self._roots.get(at.path, {})
        prefix = at.pointer
        while prefix:
            if prefix in roots:
                return prefix, roots[prefix]
            prefix = prefix.rpartition("/")[0]
        made = self._objects.get(at.object) if at.object is not None else None
        if made is not None and made.relocate is not None and at.pointer.startswith(f"{made.prefix}/"):
            return made.prefix, made  # rendered: told in a text of the user that holds no such tree
        return "", None

    def identity(self, rule: str, at: Location) -> str:
        """What the fingerprint is made of, but for the counter."""
        place = at.object
        named = f"{place.kind}/{place.namespace or ''}/{place.name}" if place else ""
        return "\0".join((rule, at.path, named, self.stable_pointer(at), self.text(at)))


def _named(root: Node | None, pointer: str) -> str:
    parts: list[str] = []
    node = root
    for token in pointer.split("/")[1:]:
        name = token
        if (
            isinstance(node, Sequence)
            and token.isascii()
            and token.isdigit()
            and len(token) < 9  # noqa: PLR2004 (no list is longer, and no number harder to read)
            and int(token) < len(node.items)
        ):
            node = node.items[int(token)]
            if isinstance(node, MappingNode):
                name = _name_of(node) or token
            elif isinstance(node, Scalar):
                name = "-"
        elif isinstance(node, MappingNode):
            found = node.entries.get(token.replace("~1", "/").replace("~0", "~"))
            node = found[1] if found else None
        else:
            node = None
        parts.append(name)
    return "".join(f"/{part}" for part in parts)


def _name_of(node: MappingNode) -> str:
    entry = node.entries.get("name")
    if entry is None or not isinstance(entry[1], Scalar):
        return ""
    return "name=" + entry[1].value.replace("~", "~0").replace("/", "~1")


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in telling order, each with its fingerprint; equals are counted."""
    seen: Counter[str] = Counter()
    marked: list[Finding] = []
    for finding in sorted(findings, key=lambda one: one.order):
        text = f"{finding.identity}\0{seen[finding.identity]}"
        seen[finding.identity] += 1
        marked.append(replace(finding, fingerprint=hashlib.sha256(text.encode()).hexdigest()))
    return marked
