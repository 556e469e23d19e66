"""The same place in two trees of one object."""

from __future__ import annotations

from truehop.source.nodes import Mapping, Node, Scalar, Sequence
from truehop.source.tree import Cursor


def walk_along(twin: Cursor, root: Node, path: tuple[str | int, ...]) -> Cursor:
    """The same path in another tree; entries of lists by their names, where they have some."""
    node: Node | None = root
    for part in path:
        step: str | int = part
        if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            name = _name(node)
            if name is not None:
                step = next((n for n, one in enumerate(twin.items()) if _name(one.node) == name), -1)
        elif isinstance(node, Mapping) and isinstance(part, str) and part in node.entries:
            node = node.entries[part][1]
        else:
            node = None
        twin = twin.get(step)
    return twin


def _name(node: Node | None) -> str | None:
    found = node.entries.get("name") if isinstance(node, Mapping) else None
    return found[1].value if found is not None and isinstance(found[1], Scalar) else None
