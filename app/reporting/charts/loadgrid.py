"""Load by post and phase: every bar in shares of its own capacity, every capacity in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height
from app.reporting.charts.metrics import block_width, wrap
from app.reporting.charts.numbers import Number, exact, percent
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_BAR = 8.0
_ROW = 20.0
_MOST = 1.2
"""A bar runs no further than this multiple of its capacity; the printed figure says the rest."""


@dataclass(frozen=True, slots=True)
class LoadCell:
    """The work of a post in a phase and its capacity in the same unit, None if it is not known.

    ``text`` is what is printed for it, by default the share in per cent. ``near`` marks a load that
    is close to its capacity.
    """

    load: Number
    capacity: Number | None
    text: str = ""
    near: bool = False

    @property
    def share(self) -> float:
        """Return load ÷ capacity; work without any capacity counts as the most that is drawn."""
        load = exact(self.load)
        if self.capacity is None or not load:
            return 0.0
        return float(load / exact(self.capacity)) if self.capacity else _MOST

    @property
    def over(self) -> bool:
        """Return whether there is more work than capacity."""
        return self.capacity is not None and exact(self.load) > exact(self.capacity)

    def shown(self, words: Words) -> str:
        """Return the printed figure."""
        if self.capacity is None:
            return words.unassessed
        if self.text:
            return self.text
        return percent(exact(self.load) / exact(self.capacity)) if self.capacity else "∞"


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One post: its name and a cell per column, None where it is not staffed."""

    label: str
    cells: tuple[LoadCell | None, ...]


def load_grid(
    columns: Sequence[tuple[str, str]],
    rows: Sequence[LoadRow],
    *,
    title: str,
    desc: str = "",
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw a bar per post and column; the upright line of a column is full capacity.

    ``columns`` are pairs of code and title. What exceeds capacity runs over the line in the alert
    colour, and its figure is bold. Raises ValueError if a row's length differs from the columns'.
    """
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"row {row.label!r} has {len(row.cells)} of {len(columns)} cells")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    labels = [wrap(row.label, BODY, width * 0.2) for row in rows]
    left = max((block_width(lines, BODY) for lines in labels), default=0.0) + 12
    pitch = (width - left) / max(len(columns), 1)
    figures = [
        [_figure(cell, words, pitch) if cell is not None else () for cell in row.cells]
        for row in rows
    ]
    aside = max((block_width(f, SMALL, bold=True) for row in figures for f in row), default=0.0)
    unit = max(pitch - aside - 12, 12.0) / _MOST
    top = _heads(canvas, columns, left, pitch)
    began = top
    for row, lines, shown in zip(rows, labels, figures, strict=True):
        height = max([_ROW, block_height(lines) + 6, *(block_height(f, SMALL) + 4 for f in shown)])
        canvas.rules([(0, top, width, top)], stroke=theme.faint)
        canvas.block(0, top + (height - block_height(lines)) / 2, lines)
        for place, cell in enumerate(row.cells):
            if cell is not None:
                x = left + place * pitch
                _cell(canvas, cell, x, top + height / 2, unit)
                _write(canvas, cell, shown[place], x + pitch - 6, top + height / 2)
        top += height
    places = [left + place * pitch + unit for place in range(len(columns))]
    canvas.rules([(x, began, x, top) for x in places], stroke=theme.alert, weight=1.2)
    return canvas.svg(top + 1, title, desc)


def _heads(canvas: Canvas, columns: Sequence[tuple[str, str]], left: float, pitch: float) -> float:
    heads = [
        (wrap(code, SMALL, pitch - 6, bold=True), wrap(title, SMALL, pitch - 6))
        for code, title in columns
    ]
    tall = max((block_height(a, SMALL) + block_height(b, SMALL) for a, b in heads), default=0.0)
    for place, (code, title) in enumerate(heads):
        x = left + place * pitch
        below = tall - block_height(code, SMALL) - block_height(title, SMALL)
        y = canvas.block(x, below, code, size=SMALL, bold=True)
        canvas.block(x, y, title, size=SMALL, fill=canvas.theme.muted)
    return tall + 4


def _figure(cell: LoadCell, words: Words, pitch: float) -> tuple[str, ...]:
    return wrap(cell.shown(words), SMALL, pitch * 0.55, bold=cell.over)


def _cell(canvas: Canvas, cell: LoadCell, x: float, middle: float, unit: float) -> None:
    """Draw one bar."""
    theme = canvas.theme
    y, share = middle - _BAR / 2, min(cell.share, _MOST)
    full = theme.accent if cell.near or cell.over else theme.accent_mid
    canvas.rect(x, y, min(share, 1.0) * unit, _BAR, fill=full)
    if cell.over:
        canvas.rect(x + unit, y, max(share - 1, 0.03) * unit, _BAR, fill=theme.alert)


def _write(
    canvas: Canvas, cell: LoadCell, figure: tuple[str, ...], right: float, middle: float
) -> None:
    canvas.block(
        right,
        middle - block_height(figure, SMALL) / 2,
        figure,
        size=SMALL,
        anchor=1,
        bold=cell.over,
        fill=canvas.theme.alert if cell.over else "",
    )
