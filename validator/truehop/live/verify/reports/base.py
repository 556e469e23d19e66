"""What a report format of a verification is, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import truehop.live.verify.reports
from truehop.live.verify.checks import Verification
from truehop.reports.base import Look


@dataclass(frozen=True, slots=True)
class Format:
    """A format's name and its writer."""

    name: str
    write: Callable[[Verification, Look], str]


@cache
def formats() -> Mapping[str, Format]:
    """The formats by name, text first."""
    package = truehop.live.verify.reports
    modules = (
        importlib.import_module(f"{package.__name__}.{entry.name}")
        for entry in pkgutil.iter_modules(package.__path__)
    )
    found = [getattr(module, "FORMAT", None) for module in modules]
    known = {one.name: one for one in found if isinstance(one, Format)}
    return dict(sorted(known.items(), key=lambda pair: (pair[0] != "text", pair[0])))
