"""TOML inside a string (or a plain file), as the nodes that YAML gives.

``tomllib`` tells no places, so keys and values are found again in the text: a light look at headers
and ``key = value`` lines says where to search, and a value that does not stand there verbatim (for
its escapes) is told by the whole of its line.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Any

from truehop.source.tree import Document, Mapping, Node, Scalar, Sequence, SourceFile, Text

_WORD = r"[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*'"
_KEY = re.compile(_WORD)
_HEADER = re.compile(r"[ \t]*(\[\[?)([^\]\n]*)\]")
_SETTING = re.compile(rf"[ \t]*((?:{_WORD})(?:[ \t]*\.[ \t]*(?:{_WORD}))*)[ \t]*=[ \t]*")
_LONG_QUOTES = ('"""', "'''")

Path = tuple[str | int, ...]


def parse_toml(text: Text) -> Document | None:
    """The document that a text holds, None where it is no TOML; spans are told in the outer file."""
    outer = text.cursor
    source = SourceFile(outer.document.source.path, text.value)
    try:
        root = _Builder(source).build(tomllib.loads(source.text))
    except (ValueError, RecursionError):
        return None
    return Document(
        source, 0, root, outer.document.template, text, outer.document.object, prefix=outer.pointer
    )


class _Places:
    """Where keys and values stand, as offsets, as far as headers and single settings tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self._counts: dict[Path, int] = {}
        self._scan()

    def _scan(self) -> None:
        text, at = self.text, 0
        table: Path = ()
        last: Path | None = None
        while at < len(text):
            stop = text.find("\n", at) + 1 or len(text)
            header = _HEADER.match(text, at, stop)
            setting = None if header else _SETTING.match(text, at, stop)
            if (header or setting) and last is not None:
                self.values[last] = (self.values[last][0], at)
                last = None
            if header:
                table = self._enter((), header, 2, is_list=header[1] == "[[")
            elif setting:
                last = self._enter(table, setting, 1, is_list=False)
                self.values[last] = (setting.end(), len(text))
                quotes = text[setting.end() : setting.end() + 3]
                if quotes in _LONG_QUOTES:
                    stop = text.find(quotes, setting.end() + 3) + 3
                    stop = stop if stop > setting.end() + 3 else len(text)
            at = stop

    def _enter(self, table: Path, found: re.Match[str], group: int, *, is_list: bool) -> Path:
        """The path of a dotted key, each part of which gets its place."""
        words = list(_KEY.finditer(self.text, found.start(group), found.end(group)))
        path = table
        for number, word in enumerate(words):
            path = (*path, word[0].strip("\"'"))
            quote = 1 if word[0][0] in "\"'" else 0
            self.keys.setdefault(path, (word.start() + quote, word.end() - quote))
            if is_list and number == len(words) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path


class _Builder:
    """Nodes of parsed values, with the places found for them."""

    def __init__(self, source: SourceFile) -> None:
        self.text = source.text
        self.places = _Places(source.text)
        self.starts = [0, *(found.end() for found in re.finditer("\n", source.text))]

    def build(self, value: dict[str, Any]) -> Node:
        """The tree of a whole document."""
        node, _ = self._node(value, (), 0, len(self.text))
        return node

    def _node(self, value: Any, path: Path, at: int, end: int) -> tuple[Node, int]:  # noqa: ANN401 (whatever TOML gives)
        """A value's node, searched between two offsets, and the offset behind it."""
        at, end = self.places.values.get(path, (at, end))
        if isinstance(value, dict):
            return self._mapping(value, path, at, end)
        if isinstance(value, list):
            first = at
            nodes: list[Node] = []
            for number, member in enumerate(value):
                node, at = self._node(member, (*path, number), at, end)
                nodes.append(node)
            return Sequence(*self._span(first, at), nodes), at
        return self._scalar(value, at, end)

    def _mapping(self, value: dict[str, Any], path: Path, at: int, end: int) -> tuple[Node, int]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        first = self.places.keys.get(path, (at, at))[0]
        for name, member in value.items():
            below = (*path, name)
            begin = self.text.find(name, at, end)
            key_span = self.places.keys.get(below) or ((begin, begin + len(name)) if begin >= 0 else (at, at))
            node, behind = self._node(member, below, key_span[1], end)
            entries[name] = (Scalar(*self._span(*key_span), name), node)
            at = behind if at <= behind <= end else at
        return Mapping(*self._span(first, max(first, at) if path else len(self.text)), entries), at

    def _scalar(self, value: object, at: int, end: int) -> tuple[Node, int]:
        if isinstance(value, str):
            written, style = value, '"'
        else:
            written, style = str(value).lower() if isinstance(value, bool) else str(value), ""
        found = self.text.find(written, at, end)
        if found >= 0:
            return Scalar(*self._span(found, found + len(written)), written, style), found + len(written)
        stop = self.text.find("\n", at, end)
        stop = stop if stop >= 0 else end
        behind = at + len(self.text[at:stop].rstrip())
        return Scalar(*self._span(at, behind), written, style), behind

    def _span(self, begin: int, end: int) -> tuple[int, int, int, int]:
        first = bisect_right(self.starts, begin)
        last = bisect_right(self.starts, end)
        return first, begin - self.starts[first - 1] + 1, last, end - self.starts[last - 1] + 1
