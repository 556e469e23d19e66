"""Configuration files inside ConfigMaps, as trees whose places are told in the outer file."""

from __future__ import annotations

from truehop.adapters.traefik.toml import parse_toml
from truehop.source.compose import UnreadableError, compose
from truehop.source.tree import Cursor, Document, Mapping, Node, Text


def _parse(text: Text, path: str) -> Node | None:
    if path.endswith(".toml"):
        return parse_toml(text.value)
    try:
        return compose(text.value)
    except UnreadableError:
        return None


def open_file(text: Text, path: str) -> Cursor | None:
    """A cursor at the root of a YAML or TOML file; None where it cannot be read."""
    node = _parse(text, path)
    if not isinstance(node, Mapping):
        return None
    outer = text.cursor.document
    return Document(
        outer.source, outer.index, node, outer.template, text, outer.object, text.cursor.pointer,
    ).cursor()
