"""Places in the user's files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ObjectRef:
    """Kind, namespace and name of a Kubernetes object; the namespace is None where nobody says it."""

    kind: str
    name: str
    namespace: str | None = None

    def __str__(self) -> str:
        """``Deployment mail/mta``, or without a namespace ``Deployment mta``."""
        prefix = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {prefix}{self.name}"


@dataclass(frozen=True, slots=True)
class Location:
    """A span of text in one file.

    Lines and columns count from 1, columns in code points; the end column is exclusive. The span
    covers a value's text only, without quotes, anchors or tags. ``pointer`` is the document's
    number, ``#`` and an RFC 6901 path; ``template`` the chart file it was rendered from.

    Line 0 (and column 0) says that only the file is known: text that truehop rendered itself need
    not stand in any of the user's files as it was rendered.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    pointer: str = ""
    template: str | None = None
    object: ObjectRef | None = None

    def __str__(self) -> str:
        """The form editors and terminals make clickable."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path
