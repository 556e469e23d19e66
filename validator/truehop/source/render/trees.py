"""YAML texts that a rendering takes values or objects from, searched by word and by key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from truehop.source.location import Location
from truehop.source.nodes import Mapping, Node
from truehop.source.render.verbatim import spots_in
from truehop.source.tree import Cursor, Document


@dataclass(eq=False)
class Tree:
    """One such text; ``base`` is the path of its root among the values as a whole (a subchart's own)."""

    document: Document
    base: tuple[str | int, ...] = ()
    _known: dict[str, list[tuple[Cursor, int, int]]] = field(default_factory=dict)

    @cached_property
    def _places(self) -> list[Cursor]:
        """Every value, shared ones once."""
        found: dict[int, Cursor] = {}
        pending = [self.document.cursor()]
        while pending:
            cursor = pending.pop()
            if id(cursor.node) not in found:
                found[id(cursor.node)] = cursor
                pending += [below for _, below in cursor.entries()]
                pending += cursor.items()
        return list(found.values())

    @cached_property
    def _keys(self) -> dict[str | int, list[Cursor]]:
        """The values by the last part of their path."""
        found: dict[str | int, list[Cursor]] = {}
        for cursor in self._places:
            if cursor.path:
                found.setdefault(cursor.path[-1], []).append(cursor)
        return found

    @cached_property
    def _scalars(self) -> tuple[list[tuple[int, int]], list[Cursor]]:
        """Where the scalars begin, in order, and the scalars themselves."""
        placed = sorted(
            ((cursor.node.line, cursor.node.column), number)
            for number, cursor in enumerate(self._places)
            if cursor.node is not None and cursor.is_scalar
        )
        return [start for start, _ in placed], [self._places[number] for _, number in placed]

    def keys(self, name: str) -> Iterator[Location]:
        """Where a key stands."""
        yield from (cursor.key_location() for cursor in self._keys.get(name, ()))

    def spots(self, text: str) -> list[tuple[Cursor, int, int]]:
        """The values that a word stands in, and line and column where it begins."""
        if text not in self._known:
            self._known[text] = list(self._search(text))
        return self._known[text]

    def _search(self, text: str) -> Iterator[tuple[Cursor, int, int]]:
        starts, scalars = self._scalars
        for line, column in spots_in(self.document.source.text, text):
            number = bisect_right(starts, (line, column)) - 1
            node = scalars[number].node if number >= 0 else None
            if node is not None and (line, column + len(text)) <= (node.end_line, node.end_column):
                yield scalars[number], line, column


def is_overridden(tree: Tree, cursor: Cursor, later: Sequence[Tree]) -> bool:
    """Whether a tree around the value says something else there, as Helm lays values over values."""
    path = (*tree.base, *cursor.path)
    return any(_says(one.document.root, path[len(one.base) :]) for one in later)


def _says(root: Node, path: tuple[str | int, ...]) -> bool:
    node = root
    for part in path:
        if not isinstance(node, Mapping):
            return True
        if not isinstance(part, str) or part not in node.entries:
            return False
        node = node.entries[part][1]
    return True
