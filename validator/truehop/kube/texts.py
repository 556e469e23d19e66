"""Texts whose value is not written as it is read: decoded, or put together from several places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from truehop.source.location import Location
from truehop.source.tree import Cursor, Text

#: Linux refuses longer arguments and variables (``MAX_ARG_STRLEN``, 32 pages of 4 KiB).
LONGEST = 131_072
MOST_PIECES = 4096


@dataclass(slots=True, frozen=True, eq=False)
class WholeText(Text):
    """A decoded value (base64, a default): each part of it stands at the whole scalar."""

    def slice(self, start: int, end: int) -> Text:
        """A part by offsets, with the place of the whole."""
        return WholeText(self.value[start:end], self.cursor)

    def _span(self, begin: int, end: int) -> Location:  # noqa: ARG002 (each part has the same place)
        return self.cursor.location()


@dataclass(slots=True, frozen=True, eq=False)
class UnknownText(Text):
    """A ``$(NAME)`` left as written because its value is not in the input; ``wants`` says where it is."""

    wants: str = ""

    def slice(self, start: int, end: int) -> Text:
        """A part by offsets, unknown like the whole."""
        begin, stop, _ = slice(start, end).indices(len(self.value))
        return UnknownText(self.value[begin:stop], self.cursor, self.start + begin, self.wants)


@dataclass(slots=True, frozen=True, eq=False)
class PiecedText(Text):
    """A value put together from pieces that stand in different places.

    A part that lies within one piece stands where that piece does, any other at the whole scalar
    that puts the pieces together.
    """

    pieces: tuple[Text, ...] = field(default=())

    def slice(self, start: int, end: int) -> Text:
        """A part by offsets, with the place of its piece."""
        first, last, _ = slice(start, end).indices(len(self.value))
        cut: list[Text] = []
        offset = 0
        for piece in self.pieces:
            size = len(piece.value)
            begin, stop = max(first - offset, 0), min(last - offset, size)
            if begin < stop:
                cut.append(piece if stop - begin == size else piece.slice(begin, stop))
            offset += size
        return join(cut, self.cursor)

    def _span(self, begin: int, end: int) -> Location:
        part = self.slice(begin, end)
        return self.cursor.location() if isinstance(part, PiecedText) else part.location()


def join(pieces: list[Text], cursor: Cursor) -> Text:
    """One text of several pieces; ``cursor`` is the scalar that puts them together."""
    if len(pieces) == 1:
        return pieces[0]
    flat: list[Text] = []
    for piece in pieces:
        flat.extend(piece.pieces if isinstance(piece, PiecedText) else (piece,))
    value = "".join(piece.value for piece in flat)
    return PiecedText(value, cursor, 0, tuple(flat)) if value else WholeText("", cursor)


def unknown_parts(text: Text) -> tuple[UnknownText, ...]:
    """The references within a text whose values are not in the input (or are secret)."""
    pieces = text.pieces if isinstance(text, PiecedText) else (text,)
    return tuple(piece for piece in pieces if isinstance(piece, UnknownText))


def expand(text: Text, lookup: Callable[[str], Text | str | None]) -> Text:
    """Put values in the place of ``$(NAME)``; ``$$`` is one dollar sign.

    ``lookup`` gives the value, a string saying what is wanted where the value is unknown, or None for
    a name that does not exist, which then stays as written. As Kubernetes does it:
    ``third_party/forked/golang/expansion/expand.go``.
    """
    value = text.value
    if "$" not in value:
        return text
    pieces: list[Text] = []
    begin, size = 0, 0
    last_close = value.rfind(")")
    position = value.find("$")
    while 0 <= position < len(value) - 1:
        following = value[position + 1]
        is_reference = following == "(" and position < last_close
        end = value.index(")", position) + 1 if is_reference else position + 2
        if is_reference or following == "$":
            _add(pieces, text, begin, position)
            dollar = text.slice(position, position + 1)
            piece = _value(text, position, end, lookup) if is_reference else dollar
            size += position - begin + len(piece.value)
            if size > LONGEST or len(pieces) > MOST_PIECES:
                return UnknownText(value, text.cursor, text.start, "a value of sensible length")
            if piece.value:
                pieces.append(piece)
            begin = end
        position = value.find("$", end)
    _add(pieces, text, begin, len(value))
    return join(pieces, text.cursor)


def _add(pieces: list[Text], text: Text, begin: int, end: int) -> None:
    if begin < end:
        pieces.append(text.slice(begin, end))


def _value(text: Text, begin: int, end: int, lookup: Callable[[str], Text | str | None]) -> Text:
    written = text.value[begin:end]
    found = lookup(written[2:-1])
    if isinstance(found, Text):
        return found
    if found is None:
        return text.slice(begin, end)
    return UnknownText(written, text.cursor, text.start + begin, found)
