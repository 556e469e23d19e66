"""Where the configuration is: searched upward from each PATH, no further than the repository."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from truehop.errors import UserError

NAME = "truehop.yaml"


def find_config(paths: Iterable[str]) -> Path | None:
    """The configuration of these paths (``-`` and no path at all: of the current folder).

    Raises:
        UserError: the paths belong to different configurations.
    """
    found = dict.fromkeys(above for path in paths or ("-",) if (above := _above(path)) is not None)
    if len(found) > 1:
        first, second, *_ = found
        raise UserError(
            f"the paths belong to two configurations: {first} and {second}",
            cure="check them in two runs, or name one with --config",
        )
    return next(iter(found), None)


def _above(path: str) -> Path | None:
    start = Path.cwd() if path == "-" else Path(path).absolute()
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.parents):
        if (candidate / NAME).is_file():
            return candidate / NAME
        if (candidate / ".git").exists():
            return None
    return None
