"""Boxes and arrows for terminals: side by side where they fit, else a rail downward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from truehop.reports.terminal import cells, crop, pad


@dataclass(frozen=True, slots=True)
class Box:
    """The lines of one box."""

    lines: tuple[str, ...]

    @property
    def width(self) -> int:
        """Cells of the widest line."""
        return max(cells(line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Arrow:
    """What stands above and below an arrow."""

    above: str
    below: str = ""

    @property
    def width(self) -> int:
        """Cells of the arrow with its words."""
        return max(cells(self.above), cells(self.below), 2) + 2


@dataclass(frozen=True, slots=True)
class _Pen:
    """The characters that lines are drawn with."""

    corners: str  # top left, top right, bottom left, bottom right
    across: str
    down: str
    right_head: str
    down_head: str
    start: str


_ASCII = _Pen("++++", "-", "|", ">", "v", "o")
_UNICODE = _Pen("┌┐└┘", "─", "│", "▶", "▼", "●")
_LEAST_ROWS = 3


def draw(
    boxes: Sequence[Box], arrows: Sequence[Arrow], *, width: int, is_unicode: bool, indent: str = ""
) -> Iterator[str]:
    """The boxes with an arrow between each and the next."""
    pen = _UNICODE if is_unicode else _ASCII
    needed = sum(box.width + 4 for box in boxes) + sum(arrow.width for arrow in arrows)
    lines = _across(boxes, arrows, pen) if needed <= width else _down(boxes, arrows, pen, width)
    return (indent + line for line in lines)


def _frame(box: Box, rows: int, pen: _Pen) -> list[str]:
    wide = box.width
    lines = [*box.lines, *[""] * (rows - len(box.lines))]
    return [
        pen.corners[0] + pen.across * (wide + 2) + pen.corners[1],
        *(f"{pen.down} {pad(line, wide)} {pen.down}" for line in lines),
        pen.corners[2] + pen.across * (wide + 2) + pen.corners[3],
    ]


def _across(boxes: Sequence[Box], arrows: Sequence[Arrow], pen: _Pen) -> Iterator[str]:
    rows = max(_LEAST_ROWS, *(len(box.lines) for box in boxes))
    columns: list[list[str]] = []
    for number, box in enumerate(boxes):
        columns.append(_frame(box, rows, pen))
        if number < len(arrows):
            columns.append(_pointer(arrows[number], rows, pen))
    for row in range(rows + 2):
        yield "".join(column[row] for column in columns)


def _pointer(arrow: Arrow, rows: int, pen: _Pen) -> list[str]:
    wide = arrow.width
    lines = [" " * wide] * (rows + 2)
    lines[1] = pad(f" {arrow.above}", wide)
    lines[2] = pen.across * (wide - 1) + pen.right_head
    lines[3] = pad(f" {arrow.below}", wide)
    return lines


def _down(boxes: Sequence[Box], arrows: Sequence[Arrow], pen: _Pen, width: int) -> Iterator[str]:
    """A rail: one line per box, one per arrow."""
    for number, box in enumerate(boxes):
        mark = pen.down_head if number else pen.start
        yield crop(f"{mark} {', '.join(box.lines)}", width)
        if number < len(arrows):
            arrow = arrows[number]
            words = ", ".join(word for word in (arrow.above, arrow.below) if word)
            yield crop(f"{pen.down}  {words}".rstrip(), width)
