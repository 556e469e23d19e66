"""What a renderer is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.problems import Problem
from truehop.source.tree import Document, SourceFile


@dataclass(frozen=True, slots=True)
class Call:
    """What the user wants of a rendering; ``base`` is the folder that told paths are relative to.

    ``is_sampled`` says that a chart without values named here is rendered once per ``ci`` values file.
    """

    base: Path
    values: tuple[Path, ...] = ()
    set: tuple[str, ...] = ()
    set_string: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    allow_remote: bool = False
    is_sampled: bool = True

    @property
    def is_own(self) -> bool:
        """Whether the user names the values himself."""
        return bool(self.values or self.set or self.set_string)


@dataclass(slots=True, eq=False)
class Rendering:
    """One rendering: its documents, and the user's texts that they were made of.

    ``is_done`` is False where there is none; the problems then say why. ``namespace`` is where
    objects are that do not say it.
    """

    name: str
    documents: list[Document] = field(default_factory=list)
    originals: list[SourceFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    namespace: str | None = None
    is_done: bool = False
