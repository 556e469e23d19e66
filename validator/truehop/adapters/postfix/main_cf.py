"""main.cf: parameters with their places.

Source: vdukhovni/postfix@3.12-20260821 postfix/man/man5/postconf.5 (format of main.cf).

Witness: none absent none smtp deaf honest
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from truehop.adapters.grammars.entries import split_words
from truehop.adapters.postfix.expansion import expand_words
from truehop.adapters.postfix.lines import logical_lines
from truehop.model.facts import Basis, Location
from truehop.source.tree import Text


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter as written: its name and the pieces of its value, one a line."""

    name: Text
    pieces: tuple[Text, ...]
    basis: Basis = Basis.STATED

    @property
    def at(self) -> Location:
        """The value's span on its first line, the name's where the value is empty."""
        return next((piece.location() for piece in self.pieces if piece.value), None) or self.name.location()

    @property
    def value(self) -> str:
        """The value on one line."""
        return " ".join(piece.value for piece in self.pieces if piece.value)


def read_parameter(pieces: tuple[Text, ...]) -> Parameter | None:
    """``name = value`` over one or more lines, None where there is no equals sign."""
    first = pieces[0]
    position = first.value.find("=")
    if position < 0:
        return None
    name = first.slice(0, position).strip()
    value = (first.slice(position + 1, len(first.value)).strip(), *(piece.strip() for piece in pieces[1:]))
    return Parameter(name, value) if name.value else None


def read_main(text: Text) -> dict[str, Parameter]:
    """The parameters of a file; of those given twice the last counts."""
    lines = (read_parameter(line.pieces) for line in logical_lines(text) if line.pieces)
    return {parameter.name.value: parameter for parameter in lines if parameter is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """What a service sees: its own ``-o`` settings over those of main.cf over the program's own.

    ``is_whole`` says whether main.cf (or the image's profile) is known, so that an unset parameter
    has its default.
    """

    own: Mapping[str, Parameter]
    main: Mapping[str, Parameter]
    is_whole: bool = True

    def find(self, name: str) -> Parameter | None:
        """The parameter that counts, None where none is set."""
        return self.own.get(name) or self.main.get(name)

    def words(self, name: str) -> list[Text]:
        """The words of a list, references to other parameters put in."""
        parameter = self.find(name)
        return expand_words(self._words(parameter), self._look_up) if parameter else []

    def value(self, name: str, default: str = "") -> str:
        """The value as one string, references put in; the default where it is not set."""
        parameter = self.find(name)
        if parameter is None:
            return default
        return " ".join(word.value for word in expand_words(self._words(parameter), self._look_up))

    def is_yes(self, name: str, default: bool = False) -> bool:
        """Whether a boolean parameter is on."""
        return self.value(name, "yes" if default else "no").strip().lower() == "yes"

    def basis(self, *names: str) -> Basis:
        """How the parameter's value is known: its own basis, the default's, or not at all."""
        found = next((parameter for name in names if (parameter := self.find(name))), None)
        if found is not None:
            return found.basis
        return Basis.DEFAULT if self.is_whole else Basis.UNKNOWN

    def at(self, name: str, otherwise: Location) -> Location:
        """Where the parameter stands, else the place given."""
        parameter = self.find(name)
        return parameter.at if parameter else otherwise

    def _look_up(self, name: str) -> list[Text] | None:
        parameter = self.find(name)
        return self._words(parameter) if parameter else None

    @staticmethod
    def _words(parameter: Parameter) -> list[Text]:
        return list(_split(parameter.pieces))


def _split(pieces: tuple[Text, ...]) -> Iterator[Text]:
    for piece in pieces:
        yield from split_words(piece)
