"""Trees of YAML nodes that know where they stand, and cursors that walk them.

A node holds raw text and style, never Python objects: whether ``yes`` is a boolean is decided by
the reader that knows the program. A cursor exists even where its key does not; it then points at
the key of the deepest ancestor that exists, which is where a missing setting is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from truehop.source.location import Location, ObjectRef
from truehop.source.nodes import Mapping, Node, Scalar, Sequence, SourceFile
from truehop.source.scalars import NULL_WORDS, resolve

__all__ = ["Cursor", "Document", "Mapping", "Node", "Scalar", "Sequence", "SourceFile", "Text"]

_LINE_BREAK = re.compile(r"\r\n?|\n")
_LONGEST_INTEGER = 19


@dataclass(slots=True, eq=False)
class Document:
    """One YAML document: its number in the file, its tree, and the template it came from.

    ``outer`` is set where the document stands inside a string of another one (a configuration file
    in a ConfigMap, values in a HelmRelease): spans are then told in the outer file.
    ``prefix`` is the pointer to put before paths (items of a ``List``, embedded documents).
    ``relocate`` is set where truehop rendered the document itself: it turns a span of the rendering
    into the place in the user's files (source/render).
    """

    source: SourceFile
    index: int
    root: Node
    template: str | None = None
    outer: Text | None = None
    object: ObjectRef | None = None
    prefix: str = ""
    relocate: Callable[[Cursor, tuple[int, int, int, int]], Location] | None = None

    def cursor(self) -> Cursor:
        """A cursor at the root."""
        return Cursor(self, self.root, ())


def _escape(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


@dataclass(slots=True, frozen=True, eq=False)
class Cursor:
    """A place in a document, present or missing.

    ``path`` is the path asked for; ``key`` the key scalar that leads to it; for a missing place
    ``node`` is None and ``key`` that of the deepest existing ancestor.
    """

    document: Document
    node: Node | None
    path: tuple[str | int, ...]
    key: Scalar | None = None

    @property
    def exists(self) -> bool:
        """Whether the place is there (an explicit null is there)."""
        return self.node is not None

    @property
    def is_mapping(self) -> bool:
        """Whether a mapping stands here."""
        return isinstance(self.node, Mapping)

    @property
    def is_sequence(self) -> bool:
        """Whether a sequence stands here."""
        return isinstance(self.node, Sequence)

    @property
    def is_scalar(self) -> bool:
        """Whether a scalar stands here, null included."""
        return isinstance(self.node, Scalar)

    @property
    def is_null(self) -> bool:
        """Whether an unquoted null (or nothing) is written here."""
        node = self.node
        return (
            isinstance(node, Scalar)
            and node.style == ""
            and node.value in NULL_WORDS
            and resolve(node.value, "", node.tag) is None
        )

    @property
    def is_set(self) -> bool:
        """Whether something other than null is written here."""
        return self.node is not None and not self.is_null

    def get(self, *keys: str | int) -> Cursor:
        """The place below, key by key; never raises."""
        node, key, path = self.node, self.key, self.path
        for part in keys:
            path = (*path, part)
            if isinstance(node, Mapping) and isinstance(part, str) and part in node.entries:
                key, node = node.entries[part]
            elif isinstance(node, Sequence) and isinstance(part, int) and 0 <= part < len(node.items):
                node = node.items[part]
            else:
                node = None
        return Cursor(self.document, node, path, key)

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        """Key and place of each entry of a mapping; nothing for anything else."""
        if isinstance(self.node, Mapping):
            for name, (key, value) in self.node.entries.items():
                yield name, Cursor(self.document, value, (*self.path, name), key)

    def items(self) -> Iterator[Cursor]:
        """The places in a sequence; nothing for anything else."""
        if isinstance(self.node, Sequence):
            for index, item in enumerate(self.node.items):
                yield Cursor(self.document, item, (*self.path, index), self.key)

    @property
    def text(self) -> Text | None:
        """The scalar as text with spans, None where no scalar (or null) stands."""
        node = self.node
        if not isinstance(node, Scalar) or self.is_null:
            return None
        return Text(node.value, self)

    def string(self, default: str = "") -> str:
        """The scalar's text, or the default."""
        node = self.node
        return node.value if isinstance(node, Scalar) and not self.is_null else default

    def integer(self) -> int | None:
        """The scalar as a decimal integer, else None."""
        value = self.string().strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) <= _LONGEST_INTEGER else None

    def boolean(self) -> bool | None:
        """The scalar as a YAML 1.1 boolean as Go's decoder for Kubernetes reads it, else None."""
        node = self.node
        if not isinstance(node, Scalar):
            return None
        value = resolve(node.value, node.style, node.tag)
        return value if isinstance(value, bool) else None

    @property
    def is_string(self) -> bool:
        """Whether the scalar is a string to YAML (quoted, block, or no other plain type)."""
        node = self.node
        if not isinstance(node, Scalar) or self.is_null:
            return False
        return isinstance(resolve(node.value, node.style, node.tag), str)

    @property
    def pointer(self) -> str:
        """Document number, ``#`` and the RFC 6901 path asked for."""
        return self.document.prefix + "".join(f"/{_escape(part)}" for part in self.path)

    def location(self) -> Location:
        """The value's span; where it is missing, the key of the deepest existing ancestor."""
        outer = self.document.outer
        if self.node is None and self.key is None and outer is not None:
            # Missing at the root of a document in a string: the key that holds the string is nearest.
            return replace(outer.cursor.key_location(), pointer=self.pointer)
        return self._locate(self.node if self.node is not None else (self.key or self.document.root))

    def key_location(self) -> Location:
        """The span of the key that leads here (of the value, at a root)."""
        return self._locate(self.key or self.node or self.document.root)

    def _locate(self, node: Node) -> Location:
        return self.span(node.line, node.column, node.end_line, node.end_column)

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Location:
        """A span of this place's document as a location in the user's file."""
        document = self.document
        if document.outer is not None:
            return document.outer.at_lines(line, column, end_line, end_column, self.pointer)
        if document.relocate is not None:
            return document.relocate(self, (line, column, end_line, end_column))
        return Location(
            document.source.path,
            line,
            column,
            end_line,
            end_column,
            self.pointer,
            document.template,
            document.object,
        )


@dataclass(slots=True, frozen=True, eq=False)
class Text:
    """A string that knows where each part of it stands.

    ``start`` is this text's offset in the scalar it was cut from. Where the written form differs
    from the value (escapes, folding), a part is looked for verbatim, else the whole scalar is told.
    """

    value: str
    cursor: Cursor
    start: int = 0

    def __str__(self) -> str:
        """The value itself."""
        return self.value

    def slice(self, start: int, end: int) -> Text:
        """A part by offsets, as with strings."""
        begin, stop, _ = slice(start, end).indices(len(self.value))
        return Text(self.value[begin:stop], self.cursor, self.start + begin)

    def strip(self) -> Text:
        """Without blanks around it."""
        lead = len(self.value) - len(self.value.lstrip())
        return self.slice(lead, lead + len(self.value.strip()))

    def split(self, separators: str = ",", *, keep_empty: bool = False) -> list[Text]:
        """The parts between any of the separator characters, each stripped; empty ones left out."""
        parts: list[Text] = []
        begin = 0
        for position, letter in enumerate(self.value + separators[0]):
            if letter in separators:
                part = self.slice(begin, position).strip()
                if part.value or keep_empty:
                    parts.append(part)
                begin = position + 1
        return parts

    def splitlines(self) -> list[Text]:
        """The lines, without their ends."""
        lines: list[Text] = []
        begin = 0
        for found in _LINE_BREAK.finditer(self.value):
            lines.append(self.slice(begin, found.start()))
            begin = found.end()
        if begin < len(self.value):
            lines.append(self.slice(begin, len(self.value)))
        return lines

    def location(self) -> Location:
        """The span of this part in the user's file."""
        return self._span(self.start, self.start + len(self.value))

    def at_lines(self, line: int, column: int, end_line: int, end_column: int, pointer: str = "") -> Location:
        """The span of inner lines and columns (1-based), with another pointer if given."""
        from truehop.source.spans import offset_of  # noqa: PLC0415 (the two modules need each other)

        begin = offset_of(self.value, line, column)
        end = offset_of(self.value, end_line, end_column)
        found = self._span(self.start + begin, self.start + end)
        if not pointer:
            return found
        return Location(
            found.path,
            found.line,
            found.column,
            found.end_line,
            found.end_column,
            pointer,
            found.template,
            found.object,
        )

    def _span(self, begin: int, end: int) -> Location:
        """Offsets in the scalar's decoded value to a span; see the class for its fallbacks."""
        from truehop.source.spans import span_of  # noqa: PLC0415 (the two modules need each other)

        return span_of(self.cursor, begin, end)
