"""What trees are made of: nodes that hold raw text, style and their place, and the text they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Node:
    """What every node has: the span of its text (1-based, end exclusive)."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(slots=True, eq=False)
class Scalar(Node):
    """A scalar: its decoded text and how it was written (``''``, ``'``, ``"``, ``|`` or ``>``)."""

    value: str
    style: str = ""
    tag: str | None = None


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """A sequence of nodes."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """A mapping; merge keys are resolved, ``duplicates`` are the keys given twice in one mapping."""

    entries: dict[str, tuple[Scalar, Node]]
    duplicates: list[tuple[Scalar, Scalar]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class SourceFile:
    """One text the user has: a file, standard input or a rendering.

    ``text`` has no byte order mark and its lines end in LF, whatever the file has: lines and columns
    are the same in both.
    """

    path: str
    text: str = field(repr=False)  # may hold secrets, and is long
    rendered: bool = False
    _lines: list[str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Drop what editors do not count as text."""
        self.text = self.text.removeprefix("\ufeff")
        if "\r" in self.text:
            self.text = self.text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def lines(self) -> list[str]:
        """The lines without their ends, split as YAML 1.2 and editors count them."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines
