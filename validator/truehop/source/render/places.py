"""Where the text of a rendering stands in the user's own files.

Nothing tells which letters of a template or of the values became which letters of a manifest. So a
scalar is looked for verbatim, and only a single hit counts: no line is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from truehop.source.comments import find_ignores
from truehop.source.location import Location
from truehop.source.nodes import Node, SourceFile
from truehop.source.render.trees import Tree, is_overridden
from truehop.source.render.twins import walk_along
from truehop.source.render.verbatim import Span, cut, hits_in, is_common, matches, span_of, spots
from truehop.source.tree import Cursor, Document

_LINE_START = r"^[ \t]*(?:- +)*[\"']?"
_ASKED = re.compile(r"\.([A-Za-z_][\w-]*)")
_MOST_TEXTS = 4096


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
        return list(dict.fromkeys(place for tree in self.trees for place in tree.keys(text)))

    def _verbatim(self, key: str | None, text: str) -> list[Location]:
        """Hits anywhere; two are as good as more."""
        own = [] if self.own is None else [self.own]
        hits = (hit for source in (*own, *self.texts) for hit in hits_in(source, text, key))
        spots: dict[tuple[str, int, int], Location] = {}
        for hit in chain(hits, self._in_trees(text, key)):
            spots.setdefault((hit.path, hit.line, hit.column), hit)
            if len(spots) > 1:
                break
        return list(spots.values())

    def _further(self, key: str | None, text: str) -> list[Location]:
        del key
        return [hit for source in self.further for hit in hits_in(source, text, None)]

    def _in_trees(self, text: str, key: str | None) -> Iterator[Location]:
        is_doubtful = is_common(text)
        for number, tree in enumerate(self.trees):
            later = self.trees[number + 1 :] if self.is_layered else ()
            for cursor, line, column in tree.spots(text):
                if is_doubtful and cursor.path[-1:] != (key,) and not self._asks_for(cursor):
                    continue
                if not is_overridden(tree, cursor, later):
                    yield cursor.span(line, column, line, column + len(text))

    def _asks_for(self, cursor: Cursor) -> bool:
        """Whether the template names what leads to a value."""
        return bool(cursor.path) and str(cursor.path[-1]) in self._asked

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The last parts of what the template asks of the values."""
        return frozenset() if self.own is None else frozenset(_ASKED.findall(self.own.text))

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


@lru_cache(maxsize=8)
def _accepted(rendering: str) -> dict[int, str]:
    """By line of a rendering, the ignore that is about it."""
    return dict(_ignores(SourceFile("", rendering)))


def _ignores(source: SourceFile) -> list[tuple[int, str]]:
    return [(one.line, f"{one.rules} {one.reason}") for one in find_ignores(source).ignores]


__all__ = ["Sources", "Span"]
