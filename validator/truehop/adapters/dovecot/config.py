"""Dovecot's configuration as a tree of blocks and settings, 2.3 and 2.4 alike.

Source: dovecot/core@2.3.21 and @2.4.4 src/config/config-parser.c: comments from ``#`` at a line's
start or after white space, a backslash continues a line, ``key = value``, ``name arg {`` … ``}``,
``!include``, ``$ENV:NAME`` and ``%{env:NAME}``.

Witness: v2 absent none imap variable-commas trixie honest
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.model.facts import Location
from truehop.source.tree import Text

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_BLOCK = re.compile(r"(?P<kind>[^\s={}\"]+)(?:\s+(?P<name>\"[^\"]*\"|[^\s={}]+))?\s*\{\s*")
_SETTING = re.compile(r"(?P<key>[^\s={}]+)\s*(?P<sign>[+]?=)\s*")
_ENV = re.compile(r"\$ENV:(\w+)|%\{env:(\w+)\}")
DEEPEST = 64


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """``key = value``; several pieces where lines are continued."""

    key: Text
    pieces: tuple[Text, ...]

    @property
    def value(self) -> str:
        """The value on one line, without quotes around it."""
        return " ".join(piece.value for piece in self.pieces if piece.value)

    @property
    def at(self) -> Location:
        """The value's span, the key's where it is empty."""
        return next((piece.location() for piece in self.pieces if piece.value), None) or self.key.location()

    @property
    def variable(self) -> str:
        """The environment variable that is the whole value, empty if none is."""
        found = _ENV.fullmatch(self.value)
        return (found[1] or found[2]) if found else ""


@dataclass(slots=True, eq=False)
class Block:
    """A block with its settings and inner blocks in order; the file itself is one without a name."""

    kind: str
    name: str
    head: Text | None
    settings: list[Setting] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    includes: list[Text] = field(default_factory=list)

    def find(self, key: str) -> Setting | None:
        """The last setting with that key; ``blocks`` of list type count through :meth:`words`."""
        return next((one for one in reversed(self.settings) if one.key.value == key), None)

    def of(self, kind: str) -> Iterator[Block]:
        """The inner blocks of a kind."""
        return (block for block in self.blocks if block.kind == kind)

    def words(self, key: str) -> list[Text] | None:
        """A list, written ``key = a b`` or as the list block ``key { a = yes }``; None where unset."""
        setting = self.find(key)
        listed = next((block for block in reversed(self.blocks) if block.kind == key), None)
        if listed is not None:
            return [one.key for one in listed.settings if one.value.lower() not in {"no", "false"}]
        if setting is None:
            return None
        return [word for piece in setting.pieces for word in piece.split(", \t")]

    def place(self, key: str) -> Location | None:
        """Where a setting or list block of that name stands."""
        setting = self.find(key)
        if setting is not None:
            return setting.at
        listed = next((block for block in reversed(self.blocks) if block.kind == key), None)
        return listed.head.location() if listed is not None and listed.head is not None else None


def read_config(text: Text) -> Block:
    """The tree of one file; what is no setting and no block is left out."""
    root = Block("", "", None)
    stack = [root]
    pieces: list[Text] = []
    for match in _LINE.finditer(text.value):
        line = _without_comment(text.slice(match.start(), match.end()))
        is_continued = line.value.endswith("\\")
        piece = line.slice(0, len(line.value) - 1).strip() if is_continued else line
        if piece.value or pieces:
            pieces.append(piece)
        if pieces and not is_continued:
            _statements(tuple(pieces), stack)
            pieces = []
    if pieces:
        _statements(tuple(pieces), stack)
    return root


def _without_comment(line: Text) -> Text:
    """The line up to a comment; a ``#`` inside quotes is none."""
    quotes = 0
    begin = 0
    for match in _COMMENT.finditer(line.value):
        quotes += line.value.count('"', begin, match.start())
        begin = match.start()
        if quotes % 2 == 0:
            return line.slice(0, match.start()).strip()
    return line.strip()


def _statements(pieces: tuple[Text, ...], stack: list[Block]) -> None:
    """The statements on one logical line: usually one; a short block may stand on a line of its own."""
    first = pieces[0]
    while first.value:
        block = _BLOCK.match(first.value)
        if first.value.startswith("}"):
            if len(stack) > 1:
                stack.pop()
            first = first.slice(1, len(first.value)).strip()
        elif block is not None:
            _open(first, block, stack)
            first = first.slice(block.end(), len(first.value)).strip()
        else:
            _setting(first, pieces[1:], stack)
            return


def _open(line: Text, match: re.Match[str], stack: list[Block]) -> None:
    name = (match["name"] or "").strip('"')
    block = Block(
        match["kind"],
        name,
        line.slice(
            match.start("name" if match["name"] else "kind"), match.end("name" if match["name"] else "kind")
        ),
    )
    stack[-1].blocks.append(block)
    if len(stack) < DEEPEST:
        stack.append(block)


def _setting(line: Text, more: tuple[Text, ...], stack: list[Block]) -> None:
    found = _SETTING.match(line.value)
    if line.value.startswith("!include"):
        stack[-1].includes.append(line.slice(line.value.find(" ") + 1, len(line.value)).strip())
    elif found is not None:
        value = line.slice(found.end(), len(line.value))
        closes = 0
        while not more and value.value.endswith("}") and "{" not in value.value and len(stack) > closes + 1:
            value = value.slice(0, len(value.value) - 1).strip()
            closes += 1
        pieces = tuple(_unquoted(piece.strip()) for piece in (value, *more))
        stack[-1].settings.append(Setting(line.slice(*found.span("key")), pieces))
        del stack[len(stack) - closes :]


def _unquoted(text: Text) -> Text:
    value = text.value
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return text.slice(1, len(value) - 1) if is_quoted else text
