"""From click's options to frozen requests; nothing is executed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from truehop.cli.execution import Wishes
from truehop.engine.request import Request


def request_of(options: Mapping[str, Any]) -> Request:
    """What the engine is asked."""
    return Request(
        paths=tuple(options["paths"]),
        config=options["config"] or "",
        values=tuple(options["values"]),
        set=tuple(options["sets"]),
        set_string=tuple(options["set_strings"]),
        release=options["release"],
        namespace=options["namespace"],
        world=options["world"] or "",
        allow_remote=options["allow_remote"],
        baseline=options["baseline"],
        write_baseline=options.get("write_baseline", False),
        jobs=options["jobs"],
        reads_all=options["no_scan"],
    )


def wishes_of(command: str, options: Mapping[str, Any]) -> Wishes:
    """How the outcome is to be told."""
    return Wishes(
        command=command,
        format=options["format_"],
        outputs=tuple(options["outputs"]),
        fail_on=options["fail_on"],
        allow_empty=options["allow_empty"],
        verbosity=int(options["verbose"]) - int(options["quiet"]),
        no_color=options["no_color"],
    )
