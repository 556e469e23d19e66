"""Configuration files inside ConfigMaps, as trees whose places are told in the outer file."""

from __future__ import annotations

from truehop.adapters.traefik.toml import parse_toml
from truehop.source.tree import Cursor, Document, Text
from truehop.source.yaml import parse_embedded


def open_file(text: Text, path: str) -> Cursor | None:
    """A cursor at the root of a YAML or TOML file; None where it cannot be read."""
    outer = text.cursor
    if path.endswith(".toml"):
        node = parse_toml(text.value)
        inner = outer.document
        documents = (
            [Document(inner.source, inner.index, node, inner.template, text, inner.object, outer.pointer)]
            if node
            else []
        )
    else:
        documents = parse_embedded(text)
    return documents[0].cursor() if documents and documents[0].cursor().is_mapping else None
