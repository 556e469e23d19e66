"""What a run is asked: parsed options, nothing done yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One run of ``check`` or ``path``.

    ``paths`` are files, folders or ``-``; empty is the current folder (or the configuration's
    scopes). The Helm options are handed on as they are. ``jobs`` 0 lets the engine choose.
    ``reads_all`` switches the survey of large inputs off. ``tells_graph`` adds each scope's graph as text;
    everything is read for it.
    """

    paths: tuple[str, ...] = ()
    config: str = ""
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    set_string: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    world: str = ""
    allow_remote: bool = False
    baseline: str = ""
    write_baseline: bool = False
    jobs: int = 0
    reads_all: bool = False
    tells_graph: bool = False
