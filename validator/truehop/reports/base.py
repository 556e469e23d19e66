"""What a report format is, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import truehop.reports
from truehop.findings.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is to look; formats for programs read ``fail_on`` at most.

    ``width`` is in terminal cells; ``verbosity`` -1 for ``-q``, 1 for ``-v``.
    """

    width: int = 100
    colour: bool = False
    unicode: bool = False
    verbosity: int = 0
    fail_on: str = "error"


@dataclass(frozen=True, slots=True)
class Format:
    """A report format: its name, the commands that offer it, and its writer."""

    name: str
    commands: frozenset[str]
    write: Callable[[Outcome, Look], str]


@cache
def formats(command: str) -> Mapping[str, Format]:
    """The formats of a command by name; a module of this package with a ``FORMAT`` is one."""
    found: dict[str, Format] = {}
    for entry in pkgutil.iter_modules(truehop.reports.__path__):
        format_ = getattr(importlib.import_module(f"truehop.reports.{entry.name}"), "FORMAT", None)
        if isinstance(format_, Format) and command in format_.commands:
            found[format_.name] = format_
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != "text", pair[0])))
