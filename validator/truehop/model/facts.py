"""Facts: values that carry where they were said and how we know them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from truehop.source.location import Location, ObjectRef

__all__ = ["Basis", "Fact", "Location", "ObjectRef", "Tri", "all_of", "any_of"]

T = TypeVar("T")


class Basis(StrEnum):
    """How a value is known: written in the input, a program's default, an assumption, or not at all."""

    STATED = "stated"
    DEFAULT = "default"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


class Tri(StrEnum):
    """Yes, no or unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Tri:
        """The Tri of a boolean; None is unknown."""
        return cls.UNKNOWN if value is None else cls.YES if value else cls.NO

    def negate(self) -> Tri:
        """Yes for no and no for yes."""
        return {Tri.YES: Tri.NO, Tri.NO: Tri.YES}.get(self, Tri.UNKNOWN)


def any_of(*values: Tri) -> Tri:
    """Yes if one is yes, no if all are no, else unknown."""
    if Tri.YES in values:
        return Tri.YES
    return Tri.UNKNOWN if Tri.UNKNOWN in values else Tri.NO


def all_of(*values: Tri) -> Tri:
    """No if one is no, yes if all are yes, else unknown."""
    if Tri.NO in values:
        return Tri.NO
    return Tri.UNKNOWN if Tri.UNKNOWN in values else Tri.YES


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value, where it was said, how it is known, and its origin in words.

    ``settles`` says, for an unknown one, what would settle it (``networks.pods``, ``front``, …).
    """

    value: T
    at: Location | None = None
    basis: Basis = Basis.STATED
    origin: str = ""
    settles: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the input or a program's documented default says it."""
        return self.basis is not Basis.UNKNOWN

    @property
    def is_proven(self) -> bool:
        """Whether it is stated or a documented default, not an assumption or unknown."""
        return self.basis in (Basis.STATED, Basis.DEFAULT)
