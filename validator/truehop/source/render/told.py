"""Paths as the user is told them, and the texts behind them."""

from __future__ import annotations

import os
from pathlib import Path

from truehop.source.problems import Problem
from truehop.source.reading import read_file
from truehop.source.tree import SourceFile


def told(path: Path, base: Path) -> str:
    """A path relative to the base, with ``/``, printable whatever its bytes."""
    short = Path(os.path.relpath(path, base.resolve())).as_posix()
    return short.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Texts:
    """The user's files that a rendering was made of, each read once."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._known: dict[Path, SourceFile | None] = {}

    def read(self, path: Path) -> SourceFile | None:
        """The file's text under the path the user is told; None where there is none."""
        if path not in self._known:
            found = read_file(path, told(path, self.base))
            self._known[path] = None if isinstance(found, Problem) else found
        return self._known[path]
