"""A cheap look at every document of a file, so that only those that can matter are parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truehop.source.split import RawDocument, split
from truehop.source.yaml import load_all, load_raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from truehop.source.tree import SourceFile


def scan(source: SourceFile, admits: Callable[[RawDocument], bool]) -> list[RawDocument]:
    """The documents that a caller admits by their text, with the numbers they have in the file.

    Loading them gives what :func:`truehop.source.yaml.load_documents` gives for the same documents.
    """
    return [raw for raw in split(source) if admits(raw)]


__all__ = ["RawDocument", "load_all", "load_raw", "scan", "split"]
