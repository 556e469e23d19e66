"""Where the text of a rendering stands in the user's own files.

Nothing tells which letters of a template or of the values became which letters of a manifest. So a
scalar is looked for verbatim, and only a single hit counts: no line is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from truehop.source.comments import find_ignores
from truehop.source.location import Location
from truehop.source.nodes import Mapping, Node, SourceFile
from truehop.source.render.twins import walk_along
from truehop.source.render.verbatim import Span, cut, hits_in, is_common, matches, span_of, spots
from truehop.source.tree import Cursor, Document

_LINE_START = r"^[ \t]*(?:- +)*[\"']?"
_MOST_TEXTS = 4096


@dataclass(slots=True, eq=False)
class Tree:
    """A YAML text that a rendering takes values or objects from.

    ``base`` is the path of its root among the values as a whole (a subchart's own values).
    """

    document: Document
    base: tuple[str | int, ...] = ()


@dataclass(eq=False)
class Sources:
    """What a document was rendered from: a text of its own, and what others share with it.

    ``trees`` are ordered as they override each other, the last one wins, unless they are not
    layered; ``further`` are looked at only where the others hold nothing; ``twin`` is the user's own
    object that this one was made of.
    """

    path: str
    own: SourceFile | None
    trees: Sequence[Tree] = ()
    texts: Sequence[SourceFile] = ()
    further: Sequence[SourceFile] = ()
    template: str | None = None
    twin: Document | None = None
    is_layered: bool = True
    _found: dict[tuple[object, ...], Location | None] = field(default_factory=dict)

    def relocate(self, cursor: Cursor, span: Span) -> Location:
        """The place of a span of the rendering; the file alone where nothing single is found."""
        document = cursor.document
        asked = (span, cursor.pointer)
        if asked not in self._found:
            if len(self._found) > _MOST_TEXTS:
                self._found.clear()
            self._found[asked] = self._find(cursor, span)
        found = self._found[asked]
        pointer = found.pointer if found is not None and found.pointer else cursor.pointer
        path = self.path if found is None else found.path
        lines = (0, 0, 0, 0) if found is None else span_of(found)
        return Location(path, *lines, pointer, self.template, document.object)

    def _find(self, cursor: Cursor, span: Span) -> Location | None:
        text = cut(cursor.document.source, span)
        found = self._at_ignore(cursor, span) or self._in_twin(cursor, span, text)
        if found is not None or "\n" in text or not text.strip():
            return found
        key = _key(cursor, span)
        is_key = key is None and _is_at(cursor.key, span)
        searches = (
            (self._keys_of_own, self._keys_of_trees)
            if is_key
            else (self._under_key, self._verbatim, self._further)
        )
        for search in searches:
            hits = search(key, text)
            if len(hits) == 1:
                return hits[0]
            if hits:
                break
        return None

    def _in_twin(self, cursor: Cursor, span: Span, text: str) -> Location | None:
        """The same place in the object that this one was made of, where the same stands there."""
        if self.twin is None:
            return None
        twin = walk_along(self.twin.cursor(), cursor.document.root, cursor.path)
        if not _is_at(cursor.node, span) and _is_at(cursor.key, span):
            at = twin.key_location()
            return at if cut(self.twin.source, span_of(at)) == text else None
        whole, written = cursor.text, twin.text
        if whole is None or written is None:
            return None
        if _is_at(cursor.node, span):
            return written.location() if whole.value == written.value else None
        hits = list(spots(written, text))
        return hits[0] if len(hits) == 1 else None

    def _under_key(self, key: str | None, text: str) -> list[Location]:
        """Hits where the text is all that stands behind the key, which is computed nowhere."""
        if key is None or self.own is None or text not in self.own.text:
            return []
        start = rf"(?<![\w.-]){re.escape(key)}[\"']?(?::[ \t]+|=)[\"']?"
        if re.search(start + r"\{\{", self.own.text):
            return []
        return matches(self.own, rf"{start}({re.escape(text)})(?=[\"']?[ \t]*(?:$|[,}}\]\"']))")

    def _keys_of_own(self, key: str | None, text: str) -> list[Location]:
        """Lines of the template that begin with the key."""
        del key
        return (
            [] if self.own is None else matches(self.own, rf"{_LINE_START}({re.escape(text)})[\"']?:(?!\S)")
        )

    def _keys_of_trees(self, key: str | None, text: str) -> list[Location]:
        """The same key in values that go into the rendering as they are."""
        del key
        places = (place for tree in self.trees for place in _places(tree.document.cursor()))
        return list(dict.fromkeys(place.key_location() for place in places if place.path[-1:] == (text,)))

    def _verbatim(self, key: str | None, text: str) -> list[Location]:
        own = [] if self.own is None else [self.own]
        hits = [hit for source in (*own, *self.texts) for hit in hits_in(source, text, key)]
        spots = {(hit.path, hit.line, hit.column): hit for hit in (*hits, *self._in_trees(text, key))}
        return list(spots.values())

    def _further(self, key: str | None, text: str) -> list[Location]:
        del key
        return [hit for source in self.further for hit in hits_in(source, text, None)]

    def _in_trees(self, text: str, key: str | None) -> Iterator[Location]:
        is_doubtful = is_common(text)
        for number, tree in enumerate(self.trees):
            if text not in tree.document.source.text:
                continue
            later = self.trees[number + 1 :] if self.is_layered else ()
            for place in _places(tree.document.cursor()):
                if is_doubtful and not self._is_same(key, place):
                    continue
                whole = (*tree.base, *place.path)
                if not any(_overrides(one, whole) for one in later):
                    written = place.text
                    yield from () if written is None else spots(written, text)

    def _is_same(self, key: str | None, place: Cursor) -> bool:
        """Whether a value is likely meant: under the same key, or of a name that the template asks for."""
        name = str(place.path[-1]) if place.path else ""
        return name == key or (
            self.own is not None and re.search(rf"\.{re.escape(name)}(?![\w-])", self.own.text) is not None
        )

    def _at_ignore(self, cursor: Cursor, span: Span) -> Location | None:
        """The template's line whose comment accepts what is rendered here; the comment is rendered too."""
        if self.own is None:
            return None
        words = _accepted(cursor.document.source.text).get(span[0])
        lines = [] if words is None else [line for line, word in _ignores(self.own) if word == words]
        if len(lines) != 1:
            return None
        line = self.own.lines[lines[0] - 1]
        begin = len(line) - len(line.lstrip()) + 1
        return Location(self.own.path, lines[0], begin, lines[0], len(line.rstrip()) + 1)


def _is_at(node: Node | None, span: Span) -> bool:
    return node is not None and (node.line, node.column, node.end_line, node.end_column) == span


def _key(cursor: Cursor, span: Span) -> str | None:
    """The key that the whole value of a span stands under; None for parts of values and for keys."""
    last = cursor.path[-1] if cursor.path else None
    return last if isinstance(last, str) and _is_at(cursor.node, span) else None


def _places(root: Cursor) -> Iterator[Cursor]:
    """Every value of a tree, shared ones once."""
    seen: set[int] = set()
    pending = [root]
    while pending:
        cursor = pending.pop()
        if id(cursor.node) in seen:
            continue
        seen.add(id(cursor.node))
        yield cursor
        pending += [below for _, below in cursor.entries()]
        pending += cursor.items()


def _overrides(tree: Tree, path: tuple[str | int, ...]) -> bool:
    """Whether a tree around a path of the whole says something else there."""
    node: Node | None = tree.document.root
    for part in path[len(tree.base) :]:
        if not isinstance(node, Mapping):
            return True
        if not isinstance(part, str) or part not in node.entries:
            return False
        node = node.entries[part][1]
    return True


@lru_cache(maxsize=8)
def _accepted(rendering: str) -> dict[int, str]:
    """By line of a rendering, the ignore that is about it."""
    return dict(_ignores(SourceFile("", rendering)))


def _ignores(source: SourceFile) -> list[tuple[int, str]]:
    return [(one.line, f"{one.rules} {one.reason}") for one in find_ignores(source).ignores]


__all__ = ["Sources", "Span", "Tree"]
