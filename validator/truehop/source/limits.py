"""How much of anything one input may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep hostile input from costing more than a moment.

    ``file_bytes``: a cluster dump of 15,000 objects is 5.5 MB, so ten times that and a little.
    ``depth``: Kubernetes' own schemas stay below 40. ``nodes``: per document, a ``List`` of the same
    dump has about a million. ``aliased``: nodes that aliases and merge keys add to one document.
    """

    file_bytes: int = 64 * 1024 * 1024
    depth: int = 200
    nodes: int = 2_000_000
    aliased: int = 200_000


DEFAULT_LIMITS = Limits()
