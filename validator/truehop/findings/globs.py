"""Globs over paths and objects, as the configuration's ignores use them."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache

from truehop.model.facts import ObjectRef

_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|.", re.DOTALL)


@lru_cache(maxsize=1024)
def _path_pattern(glob: str) -> re.Pattern[str]:
    pattern = []
    for piece in _PIECES.findall(glob.removeprefix("./").rstrip("/")):
        match piece:
            case "**/":
                pattern.append("(?:[^/]+/)*")
            case "**":
                pattern.append(".*")
            case "*":
                pattern.append("[^/]*")
            case "?":
                pattern.append("[^/]")
            case _ if len(piece) > 1:
                pattern.append("[" + piece[1:-1].replace("\\", "\\\\").replace("!", "^", 1) + "]")
            case _:
                pattern.append(re.escape(piece))
    return re.compile("".join(pattern) + "(?:/.*)?", re.DOTALL)


def matches_path(glob: str, path: str) -> bool:
    """Whether a path, or a folder above it, matches.

    ``*`` and ``?`` stay within one part of the path, ``**`` goes through any number of folders.
    """
    try:
        return _path_pattern(glob).fullmatch(path) is not None
    except re.error:  # a range that is none, such as [z-a]
        return glob == path


@lru_cache(maxsize=1024)
def _object_pattern(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob))


def matches_object(glob: str, ref: ObjectRef) -> bool:
    """Whether an object matches ``Kind namespace/name``, ``namespace/name`` or ``name``."""
    place = f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name
    if " " in glob:
        words = [f"{ref.kind} {place}"]
    elif "/" in glob:
        words = [place, f"{ref.kind}/{ref.name}", f"{ref.kind}/{place}"]
    else:
        words = [ref.name]
    return any(_object_pattern(glob).match(word) for word in words)
