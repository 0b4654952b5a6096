"""Many enterprises on one plane: a column per stage, height by index, the level inside the dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height, line_height
from app.reporting.charts.metrics import text_width, wrap
from app.reporting.charts.numbers import Number
from app.reporting.charts.placement import spread
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_DOT = 8.0
_BESIDE = 14.0  # from the centre of a dot to its label
_TICK = 5.0  # from the column's edge to a dot
_APART = 3.0
_LOWEST, _HIGHEST = 0.0, 100.0
_PLAIN = 26
"""From this many points on a label is the name alone: what is noted stands in the table."""


@dataclass(frozen=True, slots=True)
class StandingPoint:
    """One enterprise: its column, its index 0–100, the level to write inside, and a note."""

    label: str
    column: int
    value: Number
    level: str
    note: str = ""


@dataclass(slots=True)
class _Label:
    point: StandingPoint
    lines: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def text_height(self) -> float:
        return block_height(self.lines, SMALL) + block_height(self.note, SMALL)

    @property
    def height(self) -> float:
        return max(self.text_height, 2 * _DOT)


def standings_chart(
    points: Sequence[StandingPoint],
    columns: Sequence[str],
    *,
    title: str,
    desc: str = "",
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN * 1.4,
    height: float = 300.0,
) -> Markup:
    """Draw the plane; ``columns`` are its headings, left to right.

    Dots move apart where they lie close, each with a line to the place of its index at the left
    of the column. Raises ValueError for a point outside the columns or the scale.
    """
    if any(not 0 <= one.column < len(columns) for one in points):
        raise ValueError("a point lies in one of the columns")
    if any(not _LOWEST <= float(one.value) <= _HIGHEST for one in points):
        raise ValueError("an index lies between 0 and 100")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    left = text_width("100", SMALL) + 10
    room = (width - left) / max(len(columns), 1)
    labels = [
        [_label(one, room, brief=len(points) >= _PLAIN) for one in points if one.column == place]
        for place in range(len(columns))
    ]
    tallest = max((sum(la.height + _APART for la in own) for own in labels), default=0.0)
    heads = [wrap(head, BODY, room - 12, bold=True) for head in columns]
    top = max((block_height(head) for head in heads), default=0.0) + 14
    bottom = top + max(height, tallest + 2 * _DOT)

    def at(value: Number) -> float:
        share = (float(value) - _LOWEST) / (_HIGHEST - _LOWEST)
        return bottom - share * (bottom - top)

    _grid(canvas, heads, left, room, top, bottom)
    for place, own in enumerate(labels):
        _column(canvas, own, left + place * room + 22, [at(la.point.value) for la in own],
                (top, bottom))  # fmt: skip
    return canvas.svg(bottom + line_height(SMALL), title, desc)


def _label(point: StandingPoint, room: float, *, brief: bool) -> _Label:
    wide = room - _BESIDE - 30
    note = () if brief or not point.note else wrap(point.note, SMALL, wide)[:2]
    return _Label(point, wrap(point.label, SMALL, wide, bold=True)[:2], note)


def _grid(
    canvas: Canvas,
    heads: Sequence[tuple[str, ...]],
    left: float,
    room: float,
    top: float,
    bottom: float,
) -> None:
    theme = canvas.theme
    for tick in range(0, 101, 25):
        y = bottom - tick / 100 * (bottom - top)
        colour = theme.muted if tick == 0 else theme.faint
        canvas.rules([(left, y, canvas.width, y)], stroke=colour, weight=0.8)
        canvas.text(left - 6, y + MIDDLE * SMALL, str(tick), size=SMALL, anchor=1, fill=theme.muted)
    for place, head in enumerate(heads):
        x = left + place * room
        if place:
            canvas.rules([(x, top - 6, x, bottom)], stroke=theme.rule, weight=0.8)
        canvas.block(x + 8, 2, head, bold=True)


def _column(
    canvas: Canvas,
    labels: Sequence[_Label],
    x: float,
    heights: Sequence[float],
    span: tuple[float, float],
) -> None:
    theme = canvas.theme
    talls = [label.height for label in labels]
    centres = spread(list(heights), talls, _APART, span[0], span[1])
    for label, place, y in zip(labels, heights, centres, strict=True):
        edge = x - _DOT - _TICK
        canvas.rules([(edge - 3, place, edge, place), (edge, place, x - _DOT, y)],
                     stroke=theme.muted, weight=0.8)  # fmt: skip
        canvas.circle(x, y, _DOT, fill=theme.accent)
        canvas.text(
            x, y + MIDDLE * SMALL, label.point.level, size=SMALL, anchor=0.5, bold=True,
            fill=theme.paper,
        )  # fmt: skip
        top = y - label.text_height / 2
        below = canvas.block(x + _BESIDE, top, label.lines, size=SMALL, bold=True)
        canvas.block(x + _BESIDE, below, label.note, size=SMALL, fill=theme.muted)
