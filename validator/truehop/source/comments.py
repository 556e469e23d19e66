"""Ignores that stand in the user's files: ``# truehop: ignore[rule-id, other] reason``.

PyYAML drops comments, so they are looked for in the text; the parser's events tell which ``#`` are
part of a value. In a block scalar that holds a configuration file its comments count too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

import yaml
from yaml.events import ScalarEvent, StreamEndEvent

from truehop.source.compose import new_parser
from truehop.source.location import Location
from truehop.source.problems import Problem
from truehop.source.split import RawDocument, split
from truehop.source.tree import SourceFile

UNUSED = "unused-ignore"

_SIGN = "truehop:"
_MARK = re.compile(r"#[ \t]*truehop:[ \t]*(?P<order>[^\n]*)")
_ATTEMPT = re.compile(r"ignore\b|\w+[ \t]*\[")
_ORDER = re.compile(r"ignore[ \t]*\[(?P<rules>[^\]\n]*)\](?P<reason>.*)")
_RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHAPE = "write: # truehop: ignore[rule-id] reason"
_BLOCKS = frozenset("|>")


@dataclass(frozen=True, slots=True)
class InSourceIgnore:
    """An ignore: its rules, the reason, the line of the file it is about, and its own place."""

    rules: tuple[str, ...]
    reason: str
    line: int
    at: Location


@dataclass(slots=True)
class FoundIgnores:
    """The ignores of a file, and those that say too little to be one."""

    ignores: list[InSourceIgnore] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_ignores(source: SourceFile) -> FoundIgnores:
    """The ignores in a file of any kind; in YAML only what is a comment counts.

    A document that cannot be parsed is searched as far as it goes as YAML, and from there as text.
    """
    found = FoundIgnores()
    if _SIGN not in source.text:
        return found
    covered = 0
    for raw in split(source):
        _search_gap(source, covered, raw.start, found)
        if raw.mentions(_SIGN):
            _search(raw, found)
        covered = raw.end
    _search_gap(source, covered, len(source.text), found)
    return found


def _search(raw: RawDocument, found: FoundIgnores) -> None:
    text = raw.text
    values = _values(text)
    starts = [start for start, _, _ in values]
    for comment in _MARK.finditer(text):
        at = comment.start()
        place = bisect_right(starts, at) - 1
        _, end, style = values[place] if place >= 0 else (0, 0, "")
        is_inside = at < end
        if (is_inside and style not in _BLOCKS) or not _is_comment(text, at):
            continue
        _read(raw.source, comment, raw.start, found)


def _search_gap(source: SourceFile, start: int, end: int, found: FoundIgnores) -> None:
    """Look where no document is: before the first one, and after ``...``, where only comments stand."""
    for comment in _MARK.finditer(source.text, start, end):
        _read(source, comment, 0, found)


def _values(text: str) -> list[tuple[int, int, str]]:
    """Begin, end and style of the scalars that may hold a ``#``, in order, as far as the text is YAML."""
    values: list[tuple[int, int, str]] = []
    try:
        parser = new_parser(text)
        while (kind := (event := parser.get_event()).__class__) is not StreamEndEvent:
            if kind is ScalarEvent and event.style:
                values.append((event.start_mark.index, event.end_mark.index, event.style))
    except (yaml.YAMLError, ValueError, OverflowError):
        pass
    return values


def _is_comment(text: str, at: int) -> bool:
    """Whether a ``#`` begins a comment: first on its line, or behind a blank."""
    return at == 0 or text[at - 1] in " \t\n"


def _read(source: SourceFile, comment: re.Match[str], offset: int, found: FoundIgnores) -> None:
    at = offset + comment.start()
    line = source.text.count("\n", 0, at) + 1
    column = at - source.text.rfind("\n", 0, at)
    written = comment[0].rstrip()
    place = Location(source.path, line, column, line, column + len(written))
    order = _ORDER.match(comment["order"])
    if order is None:
        if not _ATTEMPT.match(comment["order"]):
            return
        found.problems.append(Problem(UNUSED, place, f"not understood: {written}", _SHAPE))
        return
    rules = tuple(part.strip() for part in order["rules"].split(",") if part.strip())
    wrong = [rule for rule in rules if not _RULE.fullmatch(rule)]
    reason = order["reason"].strip(" \t:-")
    if not rules or wrong:
        named = f"{wrong[0]!r} is no rule" if wrong else "names no rule"
        found.problems.append(Problem(UNUSED, place, f"ignore {named}: {written}", _SHAPE))
    elif not reason:
        found.problems.append(Problem(UNUSED, place, f"ignore without a reason: {written}", _SHAPE))
    else:
        found.ignores.append(InSourceIgnore(rules, reason, _line_meant(source, line, column), place))


def _line_meant(source: SourceFile, line: int, column: int) -> int:
    """Its own line where something stands before the comment, else the next with something on it."""
    lines = source.lines
    if lines[line - 1][: column - 1].strip():
        return line
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text and text != "---" and not text.startswith("#"):
            return number
    return line
