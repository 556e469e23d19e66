"""What is wrong with the input itself, before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truehop.source.location import Location

INVALID = "invalid-yaml"
NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the input that cannot be used: the rule it is reported under, where, and the cure."""

    rule: str
    at: Location
    message: str
    help: str = ""
