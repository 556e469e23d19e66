"""A text cut into its YAML documents, without parsing any of them.

A ``---`` or ``...`` at the beginning of a line, with a blank or nothing behind it, always ends what
stands before it: YAML allows it neither in quoted text nor in a block scalar (YAML 1.2.2, 9.1.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truehop.source.tree import SourceFile

_SOURCE = "# Source: "
_AFTER_MARKER = frozenset(("", " ", "\t", "\n"))
_DOCUMENT, _DIRECTIVES, _COMMENTS = "document", "directives", "comments"
_MARKER_LENGTH = 3
_NAME = re.compile(r"\n[ \t]*\"?name\"?:[ \t]*\"?([^\s\"',}]+)")


@dataclass(slots=True, eq=False)
class RawDocument:
    """One document as text: offsets in its file, the line it begins on (from 1), its number (from 0)."""

    source: SourceFile
    index: int
    start: int
    end: int
    line: int
    hint: str | None = None

    @property
    def text(self) -> str:
        """The document with its ``---`` line."""
        return self.source.text[self.start : self.end]

    def mentions(self, *needles: str) -> bool:
        """Whether any of the needles stands in the document."""
        find, start, end = self.source.text.find, self.start, self.end
        return any(find(needle, start, end) >= 0 for needle in needles)

    @property
    def kind(self) -> str:
        """The object's kind by a quick look, empty where there is none; a guess, for skipping only."""
        return self._quick("kind")

    @property
    def api_version(self) -> str:
        """The object's apiVersion by a quick look."""
        return self._quick("apiVersion")

    @property
    def name(self) -> str:
        """The first name below ``metadata`` by a quick look."""
        text = self.source.text
        at = text.find("metadata", self.start, self.end)
        found = _NAME.search(text, at, self.end) if at >= 0 else None
        return found[1] if found else ""

    @property
    def template(self) -> str | None:
        """The chart file that Helm says the document was rendered from."""
        at = self.source.text.find(_SOURCE, self.start, self.end)
        if at < 0:
            return self.hint
        return _told(self.source.text, self.start, self.end) or self.hint

    def _quick(self, key: str) -> str:
        text, start, end = self.source.text, self.start, self.end
        at = start if text.startswith(f"{key}:", start, end) else text.find(f"\n{key}:", start, end) + 1
        if at == 0 and not text.startswith(f"{key}:"):
            at = text.find(f'"{key}":', start, end)
            if at < 0:
                return ""
        stop = text.find("\n", at, end)
        value = text[at : stop if stop >= 0 else end].partition(":")[2]
        return value.partition(" #")[0].strip().partition(",")[0].strip(" \t\"'{}")


def split(source: SourceFile) -> list[RawDocument]:
    """The documents of a text in order; comments before the first ``---`` alone are none."""
    text = source.text
    raws: list[RawDocument] = []
    begin = counted = 0
    line = 1
    is_marked = False
    hint: str | None = None
    for at, is_end in _markers(text):
        filling = _DOCUMENT if is_marked else _filling(text, begin, at)
        if filling == _DIRECTIVES and not is_end:
            is_marked = True
            continue
        if filling == _DOCUMENT:
            line += text.count("\n", counted, begin)
            counted = begin
            raws.append(RawDocument(source, len(raws), begin, at, line, hint))
            hint = None
        else:
            hint = _told(text, begin, at)
        is_marked = not is_end
        begin = text.find("\n", at) + 1 or len(text) if is_end else at
    if is_marked or _filling(text, begin, len(text)) == _DOCUMENT:
        line += text.count("\n", counted, begin)
        raws.append(RawDocument(source, len(raws), begin, len(text), line, hint))
    return raws


def _markers(text: str) -> Iterator[tuple[int, bool]]:
    """Where each marker line begins, and whether it is an end (``...``)."""
    nowhere = len(text)
    dash = _next_marker(text, "---", 0)
    dots = _next_marker(text, "...", 0)
    while (at := min(dash, dots)) < nowhere:
        yield at, at == dots
        if at == dash:
            dash = _next_marker(text, "---", at + _MARKER_LENGTH)
        else:
            dots = _next_marker(text, "...", at + _MARKER_LENGTH)


def _next_marker(text: str, marker: str, begin: int) -> int:
    """Where the next line with a marker begins, the text's end if there is none."""
    at = begin
    if not text.startswith(marker, begin):
        at = text.find("\n" + marker, begin) + 1 or len(text)
    while text[at + _MARKER_LENGTH : at + _MARKER_LENGTH + 1] not in _AFTER_MARKER:
        at = text.find("\n" + marker, at) + 1 or len(text)
    return at


def _opening(text: str, start: int, end: int) -> Iterator[str]:
    """The comment and blank lines that a document begins with, after its marker."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = text[start:stop]
        bare = line.removeprefix("---").strip()
        if bare and not bare.startswith(("#", "%")):
            return
        yield line
        start = stop + 1


def _filling(text: str, start: int, end: int) -> str:
    """What stands between two offsets: a document, directives (``%YAML``) or comments only."""
    length = 0
    filling = _COMMENTS
    for line in _opening(text, start, end):
        length += len(line) + 1
        if line.startswith("%"):
            filling = _DIRECTIVES
    return filling if start + length >= end else _DOCUMENT


def _told(text: str, start: int, end: int) -> str | None:
    """The chart file that a ``# Source:`` line before a document's content names."""
    for line in _opening(text, start, end):
        if line.startswith(_SOURCE):
            return line.removeprefix(_SOURCE).strip() or None
    return None
