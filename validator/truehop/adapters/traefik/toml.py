"""TOML to a tree of located nodes: the standard library reads values but forgets where they stand."""

from __future__ import annotations

import re
import tomllib

from truehop.source.tree import Mapping, Node, Scalar, Sequence

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]*")
STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
WORD = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")
#: Configuration files are small; deeper nesting than this is no configuration.
LONGEST = 1_000_000


class _Reader:
    """One run over a text that the standard library has accepted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.line_start = 0
        self.counted = 0

    def place(self, position: int) -> tuple[int, int]:
        """Line and column (1-based) of an offset; offsets only grow."""
        lines = self.text.count("\n", self.counted, position)
        if lines:
            self.line += lines
            self.line_start = self.text.rindex("\n", self.counted, position) + 1
        self.counted = max(self.counted, position)
        return self.line, position - self.line_start + 1

    def skip(self, pattern: re.Pattern[str] = BLANK) -> None:
        found = pattern.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def at(self, mark: str) -> bool:
        """Whether the mark comes next; it is passed then."""
        if not self.text.startswith(mark, self.position):
            return False
        self.position += len(mark)
        return True

    def scalar(self, begin: int, end: int, value: str, style: str) -> Scalar:
        line, column = self.place(begin)
        end_line, end_column = self.place(end)
        self.position = end + len(style)
        return Scalar(line, column, end_line, end_column, value, style[:1])

    def string(self) -> Scalar | None:
        found = STRING.match(self.text, self.position)
        if not found:
            return None
        raw = found.group()
        quote = raw[:3] if raw.startswith(('"""', "'''")) else raw[:1]
        value = str(tomllib.loads(f"x={raw}")["x"])
        return self.scalar(found.start() + len(quote), found.end() - len(quote), value, quote)

    def word(self, pattern: re.Pattern[str]) -> Scalar:
        found = pattern.match(self.text, self.position)
        end = found.end() if found else self.position
        return self.scalar(self.position, end, self.text[self.position : end], "")

    def keys(self) -> list[Scalar]:
        """A dotted key."""
        keys: list[Scalar] = []
        while True:
            self.skip(SPACE)
            keys.append(self.string() or self.word(BARE_KEY))
            self.skip(SPACE)
            if not self.at("."):
                return keys

    def value(self) -> Node:
        self.skip()
        line, column = self.place(self.position)
        if self.at("["):
            items: list[Node] = []
            self.skip()
            while not self.at("]"):
                items.append(self.value())
                self.skip()
                self.at(",")
                self.skip()
            return Sequence(line, column, *self.place(self.position), items)
        if self.at("{"):
            table = Mapping(line, column, line, column, {})
            self.skip()
            while not self.at("}"):
                self.pair(table)
                self.skip()
                self.at(",")
                self.skip()
            table.end_line, table.end_column = self.place(self.position)
            return table
        return self.string() or self.word(WORD)

    def pair(self, table: Mapping) -> None:
        keys = self.keys()
        self.at("=")
        value = self.value()
        _reach(table, keys[:-1]).entries.setdefault(keys[-1].value, (keys[-1], value))

    def document(self) -> Mapping:
        whole = Mapping(1, 1, 1, 1, {})
        table = whole
        self.skip()
        while self.position < len(self.text):
            if self.at("[["):
                keys = self.keys()
                self.at("]]")
                table = _append(_reach(whole, keys[:-1]), keys[-1])
            elif self.at("["):
                table = _reach(whole, self.keys())
                self.at("]")
            else:
                self.pair(table)
            self.skip()
        return whole


def _new(key: Scalar) -> Mapping:
    return Mapping(key.line, key.column, key.end_line, key.end_column, {})


def _reach(table: Mapping, keys: list[Scalar]) -> Mapping:
    """The table below, made where it is missing; of an array of tables the last one."""
    for key in keys:
        _, node = table.entries.setdefault(key.value, (key, _new(key)))
        last = node.items[-1] if isinstance(node, Sequence) and node.items else node
        table = last if isinstance(last, Mapping) else _new(key)
    return table


def _append(table: Mapping, key: Scalar) -> Mapping:
    made = _new(key)
    _, node = table.entries.setdefault(
        key.value, (key, Sequence(key.line, key.column, key.end_line, key.end_column, []))
    )
    items = node.items if isinstance(node, Sequence) else []
    items.append(made)
    return made


def parse_toml(text: str) -> Mapping | None:
    """The tree of a TOML text; None where it is none (or no sensible configuration)."""
    text = text.replace("\r\n", " \n")
    if len(text) > LONGEST:
        return None
    try:
        tomllib.loads(text)
        return _Reader(text).document()
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
