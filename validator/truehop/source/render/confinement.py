"""Links that lead out of a chart: its rendering could print files that nobody gave."""

from __future__ import annotations

import os
from pathlib import Path

_SKIPPED = frozenset({".git", "node_modules"})
MOST_ENTRIES = 20_000


def find_escape(folder: Path, base: Path) -> Path | None:
    """A link in a folder that leads out of it, and out of the base too; None where there is none."""
    roots = (folder.resolve(), base.resolve())
    pending = [str(folder)]
    seen = 0
    while pending and seen < MOST_ENTRIES:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if entry.is_symlink():
                path = Path(entry.path)
                target = Path(os.path.realpath(path))
                if not any(target.is_relative_to(root) for root in roots):
                    return path
            elif entry.is_dir(follow_symlinks=False) and entry.name not in _SKIPPED:
                pending.append(entry.path)
    return None
