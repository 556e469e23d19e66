"""Values laid over values as Helm does it, and ``--set`` as values."""

from __future__ import annotations

import re
from collections.abc import Iterable

from truehop.source.nodes import Mapping, Node, Scalar, Sequence
from truehop.source.scalars import NULL_WORDS

_INDEX = re.compile(r"\[[0-9]+\]")
#: helm@v3.19 pkg/strvals/parser.go: MaxNestedNameLevel.
_DEEPEST = 30


def is_null(node: Node) -> bool:
    """Whether a node takes a key away."""
    return isinstance(node, Scalar) and node.style == "" and node.value in NULL_WORDS


def lay_over(below: Node, above: Node) -> Node:
    """Mappings key by key, null takes away, the rest replaces (helm@v3.19 pkg/chartutil/coalesce.go)."""
    if not isinstance(above, Mapping) or not isinstance(below, Mapping):
        return above
    entries = dict(below.entries)
    for name, (key, value) in above.entries.items():
        if is_null(value):
            entries.pop(name, None)
        elif name in entries:
            entries[name] = (key, lay_over(entries[name][1], value))
        else:
            entries[name] = (key, value)
    return Mapping(above.line, above.column, above.end_line, above.end_column, entries)


def under(path: Iterable[str | int], node: Node) -> Node:
    """A node below a path of keys."""
    for part in reversed(tuple(path)):
        node = Mapping(0, 0, 0, 0, {str(part): (Scalar(0, 0, 0, 0, str(part)), node)})
    return node


def of_settings(typed: Iterable[str], texts: Iterable[str]) -> Node | None:
    """The values of ``--set`` and ``--set-string``; None where one of them is beyond what is read here."""
    root: Node = Mapping(0, 0, 0, 0, {})
    try:
        for words, style in ((typed, ""), (texts, '"')):
            for word in words:
                for assignment in _parts(word, ","):
                    root = lay_over(root, _assigned(assignment, style))
    except ValueError:
        return None
    return root


def _assigned(assignment: str, style: str) -> Node:
    name, equals, value = assignment.partition("=")
    path = [_plain(part) for part in _parts(name, ".")]
    if not equals or len(path) > _DEEPEST or not all(path) or any(_INDEX.search(part) for part in path):
        raise ValueError(assignment)
    node: Node = Scalar(0, 0, 0, 0, _plain(value), style if value else '"')
    if value.startswith("{") and value.endswith("}"):
        inner = value[1:-1]
        entries = _parts(inner, ",") if inner else []
        node = Sequence(0, 0, 0, 0, [Scalar(0, 0, 0, 0, _plain(entry), style) for entry in entries])
    return under(path, node)


def _parts(text: str, separator: str) -> list[str]:
    """The parts between separators that no backslash and no braces protect; backslashes stay."""
    parts: list[str] = [""]
    depth = 0
    letters = iter(text)
    for letter in letters:
        if letter == "\\":
            parts[-1] += letter + next(letters, "")
            continue
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == separator and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
