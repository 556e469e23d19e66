"""Version bounds as profiles write them: ``>=6.3``, ``<7.1.2``, several of them joined by blanks."""

from __future__ import annotations

import re
from functools import lru_cache

_BOUND = re.compile(r"(>=|<=|<|>|=)?(\d+(?:\.\d+)*)")
_PARTS = re.compile(r"\d+")


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version; a suffix such as ``-beta2`` is left out."""
    return tuple(int(part) for part in _PARTS.findall(version.partition("-")[0])[:4])


@lru_cache(maxsize=4096)
def satisfies(version: str | None, bounds: str, *, unknown: bool = True) -> bool:
    """Whether a version is within all bounds.

    A version of fewer parts stands for its newest member (``8`` and ``8.0`` are moving tags), so
    only the parts that both have are compared; an unknown version gives ``unknown``.
    """
    if not version or not parts(version):
        return unknown
    return all(_holds(parts(version), sign, parts(bound)) for sign, bound in _BOUND.findall(bounds))


def _holds(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    width = min(len(version), len(bound))
    short, other = version[:width], bound[:width]
    if short != other:
        return {"<": short < other, "<=": short < other, ">": short > other, ">=": short > other}.get(
            sign, False
        )
    # Equal as far as both go: a moving tag counts as its newest member, an exact one as itself.
    if len(version) < len(bound):
        return sign in {">=", ">"}
    extra = version[width:]
    if sign == "<":
        return False
    if sign == ">":
        return any(extra)
    return sign in {">=", "=", ""} or not any(extra)
