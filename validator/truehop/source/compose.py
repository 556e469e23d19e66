"""One YAML document's text to a tree of nodes, straight from the parser's events.

Events first: composing 25,000 nested brackets recursively kills the process, and an alias bomb has
to be noticed before anybody walks the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from truehop.source.limits import DEFAULT_LIMITS, Limits
from truehop.source.marks import behind_properties, block_span, moved, place
from truehop.source.standins import replace_breaks, replace_json
from truehop.source.tree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    Restore = Callable[[str], str]

#: The C parser where it is there; it keeps marks just as the slow one does.
#: (PyYAML's events share no type that says what each holds.)
Event = Any
new_parser: Callable[[str], Event] = getattr(yaml, "CLoader", yaml.SafeLoader)

MERGE = "<<"
_LONE = re.compile("[\ud800-\udfff]")
_QUOTES = frozenset("'\"")
_KEY_CURE = "quote the key"


@dataclass(slots=True)
class UnreadableError(Exception):
    """A document that is no tree: why, and where (1-based, in the text given)."""

    reason: str
    line: int
    column: int
    is_limit: bool = False
    cure: str = ""


def compose(text: str, first_line: int = 1, limits: Limits = DEFAULT_LIMITS) -> Node | None:
    """The tree of one document's text, None where it holds none; lines count from ``first_line``.

    Raises :class:`UnreadableError`, and nothing else, where the text is no YAML or too much of it.
    """
    parsed, restore = replace_breaks(text)
    try:
        return _compose(parsed, first_line, limits, restore)
    except UnreadableError as error:
        parsed, pairs = replace_json(parsed)
        if error.is_limit or pairs is None:
            raise
    return _compose(parsed, first_line, limits, _both(restore, pairs))


def _both(first: Restore | None, second: Restore) -> Restore:
    return second if first is None else lambda value: first(second(value))


def _compose(text: str, first_line: int, limits: Limits, restore: Restore | None) -> Node | None:
    """One attempt; turns every way of PyYAML to say no into ours."""
    try:
        return _Composer(text, first_line, limits, restore).run()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise UnreadableError(_reason(error), line + first_line, column + 1) from None
    except yaml.reader.ReaderError as error:
        at = max(text.find(chr(error.character)), 0)
        line, column = place(text, at)
        reason = f"character #x{error.character:02x} is not allowed"
        raise UnreadableError(reason, line + first_line, column) from None
    except UnicodeEncodeError as error:
        line, column = place(text, error.start)
        raise UnreadableError("half of a surrogate pair is no character", line + first_line, column) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise UnreadableError(str(error).partition("\n")[0] or "no yaml", first_line, 1) from None


def _reason(error: yaml.MarkedYAMLError) -> str:
    return " ".join(part for part in (error.context, error.problem) if part) or "no yaml"


class _Composer:
    """One run over the events of one document."""

    def __init__(self, text: str, first_line: int, limits: Limits, restore: Restore | None) -> None:
        self.text = text
        self.restore = restore
        self.first_line = first_line
        self.limits = limits
        self.anchors: dict[str, tuple[Node, int] | None] = {}
        self.aliased = 0

    def run(self) -> Node | None:  # noqa: C901, PLR0912, PLR0915 (one tight loop, run once per node of every document)
        """Build the tree; what is open stands in locals, what is around it on the stack."""
        base, deepest, most = self.first_line, self.limits.depth, self.limits.nodes
        is_plain_text = self.restore is None
        parser = new_parser(self.text)
        next_event = parser.get_event
        stack: list[tuple[Any, ...]] = []
        root: Node | None = None
        node: Node
        current: Any = None
        entries: dict[str, tuple[Scalar, Node]] | None = None
        items: list[Node] | None = None
        key: Scalar | None = None
        merges: list[Mapping] | None = None
        anchor: str | None = None
        begun = total = end_line = end_column = 0
        is_closed = False
        while True:
            event = next_event()
            kind = event.__class__
            if kind is ScalarEvent:
                if not event.style and event.anchor is None and event.tag is None and is_plain_text:
                    mark, end = event.start_mark, event.end_mark
                    node = Scalar(
                        mark.line + base, mark.column + 1, end.line + base, end.column + 1, event.value
                    )
                else:
                    node = self.scalar(event)
                total += 1
                end_line, end_column = node.end_line, node.end_column
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((current, entries, items, key, merges, anchor, begun))
                if len(stack) > deepest:
                    raise self.refuse(event, f"nested deeper than {deepest} levels", is_limit=True)
                line, column = self.begin(event)
                key = merges = None
                anchor = event.anchor
                if anchor is not None:
                    self.anchors[anchor] = None
                begun = total
                if kind is MappingStartEvent:
                    entries, items = {}, None
                    current = Mapping(line, column, line, column, entries)
                else:
                    entries, items = None, []
                    current = Sequence(line, column, line, column, items)
                total += 1
                end_line, end_column = line, column
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node = current
                mark, end = event.start_mark, event.end_mark
                if mark.column != end.column:
                    end_line, end_column = end.line + base, end.column + 1
                node.end_line, node.end_column = end_line, end_column
                if merges is not None:
                    _merge(current.entries, merges)
                if anchor is not None:
                    self.anchors[anchor] = (node, total - begun)
                current, entries, items, key, merges, anchor, begun = stack.pop()
            elif kind is AliasEvent:
                node, weight = self.alias(event)
                total += weight
                end_line, end_column = event.end_mark.line + base, event.end_mark.column + 1
            elif kind is StreamEndEvent:
                return root
            else:
                if kind is DocumentStartEvent and is_closed:
                    raise self.refuse(event, "a second document begins without ---")
                is_closed = is_closed or kind is DocumentEndEvent
                continue
            if total > most:
                raise self.refuse(event, f"more than {most} nodes in one document", is_limit=True)
            if items is not None:
                items.append(node)
            elif entries is None:
                root = node
            elif key is None:
                if node.__class__ is not Scalar:
                    reason = "a collection stands where a key belongs"
                    raise UnreadableError(reason, node.line, node.column, cure=_KEY_CURE)
                key = node
            else:
                name = key.value
                if name in entries:
                    current.duplicates.append((entries[name][0], key))
                elif name == MERGE and key.style == "" and (mappings := _mergeable(node)):
                    merges = [*(merges or ()), *mappings]
                    key = None
                    continue
                entries[name] = (key, node)
                key = None

    def refuse(self, event: Event, reason: str, *, is_limit: bool = False, cure: str = "") -> UnreadableError:
        """The error for a document that parses but cannot be used."""
        mark = event.start_mark
        return UnreadableError(
            reason, mark.line + self.first_line, mark.column + 1, is_limit=is_limit, cure=cure
        )

    def alias(self, event: Event) -> tuple[Node, int]:
        """The node an alias stands for, and how many nodes it adds."""
        if event.anchor not in self.anchors:
            raise self.refuse(event, f"alias *{event.anchor} without an anchor &{event.anchor} before it")
        found = self.anchors[event.anchor]
        if found is None:
            raise self.refuse(event, f"anchor &{event.anchor} contains itself")
        self.aliased += found[1]
        if self.aliased > self.limits.aliased:
            reason = f"aliases repeat more than {self.limits.aliased} nodes"
            raise self.refuse(event, reason, is_limit=True)
        return found

    def begin(self, event: Event) -> tuple[int, int]:
        """Line and column of a collection, behind its anchor and tag."""
        mark = event.start_mark
        if event.anchor is None and event.tag is None:
            return mark.line + self.first_line, mark.column + 1
        at = behind_properties(self.text, mark.index)
        line, column = moved(self.text, mark.line, mark.column + 1, mark.index, at)
        return line + self.first_line, column

    def scalar(self, event: Event) -> Scalar:
        """A scalar that is quoted, a block, tagged or anchored, cut back to its text."""
        text, base = self.text, self.first_line
        style, value, mark, end = event.style or "", event.value, event.start_mark, event.end_mark
        at = mark.index
        line, column = mark.line, mark.column + 1
        if event.anchor is not None or event.tag is not None:
            at = min(behind_properties(text, at), end.index)
            line, column = moved(text, line, column, mark.index, at)
        end_line, end_column = end.line, end.column + 1
        if style in _QUOTES:
            column, end_column = column + 1, end_column - 1
        elif style != "":
            line, column, end_line, end_column = block_span(text, value, style, (line, column), at, end.index)
        elif not value:
            line, column = end_line, end_column
        if self.restore is not None:
            value = self.restore(value)
        if style == '"' and _LONE.search(value):
            raise self.refuse(event, "half of a surrogate pair is no character")
        node = Scalar(line + base, column, end_line + base, end_column, value, style, event.tag)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1)
        return node


def _mergeable(node: Node) -> list[Mapping]:
    """The mappings that a merge key brings, none where it is a key like any other."""
    parts = node.items if isinstance(node, Sequence) else [node]
    mappings = [part for part in parts if isinstance(part, Mapping)]
    return mappings if len(mappings) == len(parts) else []


def _merge(entries: dict[str, tuple[Scalar, Node]], merges: list[Mapping]) -> None:
    """Add what merge keys bring; own keys win, then what comes first."""
    for merged in merges:
        for name, entry in merged.entries.items():
            entries.setdefault(name, entry)
