"""Exit codes, and errors that name the place, the value and the cure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """How a command ends; where several hold, the highest wins."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNJUDGED = 3
    CRASHED = 4

    @property
    def meaning(self) -> str:
        """The code in words, for help and docs."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.CLEAN: "nothing at or above --fail-on",
    Exit.FINDINGS: "findings at or above --fail-on",
    Exit.USAGE: "wrong usage or configuration",
    Exit.UNJUDGED: "some input could not be judged, or nothing relevant was found",
    Exit.CRASHED: "a rule crashed, which is a bug in truehop; the other rules still report",
}


class UserError(Exception):
    """Something the user can put right: where it is, what is there, and what to write instead.

    ``place`` is ``file:line:column`` or the name of an option; ``value`` the offending text.
    """

    def __init__(self, message: str, *, place: str = "", value: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.value = value
        self.cure = cure
        self.others: tuple[UserError, ...] = ()

    def with_others(self, others: Iterable[UserError]) -> UserError:
        """This error, with further ones that are told along with it."""
        self.others = tuple(others)
        return self

    def __str__(self) -> str:
        """One line for the fault and one for the cure, of this error and of the others."""
        first = f"{self.place}: {self.message}" if self.place else self.message
        if self.value:
            first = f"{first}: {self.value!r}"
        own = f"{first}\n  help: {self.cure}" if self.cure else first
        return "\n".join((own, *(str(other) for other in self.others)))
