"""Texts with places from strings written in a test, and back."""

from __future__ import annotations

from textwrap import dedent

from truehop.adapters.readings import Reading
from truehop.model.hops import Hop, Listener, Role
from truehop.source.location import Location
from truehop.source.tree import SourceFile, Text
from truehop.source.yaml import text_document


def text_of(value: str, path: str = "main.cf") -> Text:
    text = text_document(SourceFile(path, dedent(value))).cursor().text
    assert text is not None
    return text


def word(text: Text, at: Location | None) -> str:
    """What a one-line location covers in a file made by :func:`text_of`."""
    assert at is not None
    return text.cursor.document.source.lines[at.line - 1][at.column - 1 : at.end_column - 1]


def reading(name: str = "mta") -> Reading:
    return Reading(Hop(name, Role.MTA))


def by_port(listeners: list[Listener]) -> dict[int, Listener]:
    return {listener.port: listener for listener in listeners}
