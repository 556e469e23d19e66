"""A variable of a container, as an adapter wants to know it: set, unset or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from truehop.kube.workloads import Container
from truehop.model.facts import Basis, Location
from truehop.model.hops import Hop, ValueGap
from truehop.source.tree import Text


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """One variable: its text where it is known, and otherwise why not.

    ``at`` is the value's span, or where it is missing the nearest key. ``wants`` names the source
    outside the input that would tell; empty for what is known, unset included.
    """

    name: str
    text: Text | None
    at: Location
    basis: Basis
    wants: str = ""
    is_secret: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether only something outside the input tells it."""
        return bool(self.wants)

    @property
    def is_unset(self) -> bool:
        """Whether it certainly is not set."""
        return self.text is None and not self.wants

    def gap(self, hop: Hop) -> ValueGap:
        """What is missing, for the report."""
        return ValueGap(self.name, self.at, self.wants or "a Secret", hop, is_secret=not self.wants)


def look_up(container: Container, name: str) -> Variable:
    """A variable of a container; values of Secrets are never handed out as lists, only compared."""
    value = container.env.get(name)
    if value is None:
        source = container.env.may_come_from(name)
        if source is not None:
            return Variable(name, None, source[1], Basis.UNKNOWN, source[0])
        return Variable(name, None, container.cursor.get("env", name).location(), Basis.DEFAULT)
    if value.text is None:
        return Variable(name, None, value.at, Basis.UNKNOWN, value.wants or "a value", value.is_secret)
    at = value.at if value.text.value else value.place.key_location()
    basis = Basis.STATED if value.is_certain else Basis.ASSUMED
    return Variable(name, value.text, at, basis, "", value.is_secret)
