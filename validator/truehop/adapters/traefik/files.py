"""Configuration files inside ConfigMaps, as trees whose places are told in the outer file."""

from __future__ import annotations

from truehop.source.toml import parse_toml
from truehop.source.tree import Cursor, Text
from truehop.source.yaml import parse_embedded


def open_file(text: Text, path: str) -> Cursor | None:
    """A cursor at the root of a YAML or TOML file; None where it cannot be read."""
    if path.endswith(".toml"):
        table = parse_toml(text)
        documents = [table] if table is not None else []
    else:
        documents = parse_embedded(text)
    return documents[0].cursor() if documents and documents[0].cursor().is_mapping else None
