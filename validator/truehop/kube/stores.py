"""ConfigMaps and Secrets: keys with their texts."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from truehop.kube.resources import Resource
from truehop.kube.texts import WholeText
from truehop.source.location import ObjectRef
from truehop.source.tree import Cursor, Text


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One key: its place and its text (None where it cannot be read as text)."""

    cursor: Cursor
    text: Text | None
    is_secret: bool


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """A ConfigMap or Secret that is in the input."""

    ref: ObjectRef
    entries: dict[str, Entry]


def wants(ref: ObjectRef, key: str = "") -> str:
    """What is needed, in words: ``ConfigMap mail/env, key X``."""
    return f"{ref}, key {key}" if key else str(ref)


def read_store(resource: Resource) -> Store:
    """The keys of a ConfigMap (``data``) or Secret (``data``, overridden by ``stringData``)."""
    is_secret = resource.kind == "Secret"
    entries = {
        key: Entry(value, _decoded(value) if is_secret else written(value), is_secret)
        for key, value in resource.get("data").entries()
    }
    if is_secret:
        for key, value in resource.get("stringData").entries():
            entries[key] = Entry(value, written(value), is_secret)
    return Store(resource.ref, entries)


def written(cursor: Cursor) -> Text | None:
    """A scalar's text, empty for a null, None for anything else."""
    if cursor.is_null:
        return WholeText("", cursor)
    return cursor.text


def _decoded(cursor: Cursor) -> Text | None:
    text = written(cursor)
    if text is None:
        return None
    try:
        decoded = base64.b64decode("".join(text.value.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return WholeText(decoded, cursor)
