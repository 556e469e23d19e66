"""Image references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from truehop.source.tree import Text

#: ``v3.6.1``, ``3.6``, ``2.4.1-alpine``: numbers first, whatever else after a separator.
VERSION = re.compile(r"[vV]?(\d{1,6}(?:\.\d{1,6}){0,3})(?:[-+_.].*)?", re.DOTALL)
#: A lone number with more digits is a date or a build number.
LONGEST_MAJOR = 4


@dataclass(frozen=True, slots=True, eq=False)
class ImageRef:
    """An image as the container names it, taken apart."""

    text: Text | None
    repository: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: Text | None) -> ImageRef:
        """Take ``registry/path:tag@digest`` apart; never raises."""
        if text is None:
            return cls(None, "")
        rest, _, digest = text.value.strip().partition("@")
        folder, slash, last = rest.rpartition("/")
        last, _, tag = last.partition(":")
        return cls(text, f"{folder}{slash}{last}", tag or None, digest or None)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.repository.rpartition("/")[2]

    @property
    def version(self) -> str | None:
        """The version the tag names (``v3.6.1`` is ``3.6.1``); None for words, hashes and dates."""
        found = VERSION.fullmatch(self.tag or "")
        if not found or ("." not in found[1] and len(found[1]) > LONGEST_MAJOR):
            return None
        return found[1]

    def matches(self, glob: str) -> bool:
        """Whether the repository fits a glob, with or without its registry."""
        if not self.repository:
            return False
        first, slash, rest = self.repository.partition("/")
        has_registry = bool(slash) and ("." in first or ":" in first or first == "localhost")
        short = rest if has_registry else self.repository
        names = {self.repository, short}
        if not has_registry:
            names.add(f"docker.io/{short}")
        if "/" not in short and (not has_registry or first == "docker.io"):
            names |= {f"library/{short}", f"docker.io/library/{short}"}
        return any(fnmatchcase(name, glob) for name in names)

    def __str__(self) -> str:
        """As written."""
        return self.text.value if self.text else ""
