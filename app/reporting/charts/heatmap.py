"""Heat map grid: rows × columns of scores that also reads in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height
from app.reporting.charts.colour import contrast_ratio, legible_tint, readable_on
from app.reporting.charts.marks import hatch
from app.reporting.charts.metrics import block_width, longest_piece, text_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, score
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_GAP = 2.0  # paper between two cells
_CELL = 40.0  # least height of a cell


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One row; ``values`` has one entry per column, ``None`` where nothing was assessed."""

    label: str
    values: tuple[Number | None, ...]


def heatmap(
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    *,
    title: str,
    desc: str = "",
    low: Number = 1,
    high: Number = 5,
    format: Format = score,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the grid: the higher the value, the darker the cell; the lowest cells are framed.

    Every cell prints its value; all cells with the lowest value get a frame and the word for it,
    unless they are more than half of the cells.
    Values beyond the scale take the colour of its end. Raises ValueError if a row's length differs
    from the number of columns.
    """
    for row in rows:
        if len(row.values) != len(columns):
            raise ValueError(f"row {row.label!r} has {len(row.values)} of {len(columns)} values")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    longest = max((longest_piece(row.label, BODY) for row in rows), default=0.0)
    room = min(max(width * 0.24, longest), width * 0.32)
    labels = [wrap(row.label, BODY, room) for row in rows]
    left = max((block_width(lines, BODY) for lines in labels), default=0.0) + 10
    pitch = (width - left) / max(len(columns), 1)
    heads = [wrap(column, SMALL, pitch - 6) for column in columns]
    top = max((block_height(lines, SMALL) for lines in heads), default=0.0) + 4
    for index, lines in enumerate(heads):
        x = left + (index + 0.5) * pitch
        canvas.block(
            x,
            top - 4 - block_height(lines, SMALL),
            lines,
            size=SMALL,
            anchor=0.5,
            fill=theme.muted,
        )
    known = [exact(value) for row in rows for value in row.values if value is not None]
    lowest = min(known, default=None)
    if lowest is not None and 2 * known.count(lowest) > len(known):
        lowest = None  # what most cells are is no exception to point at
    room = pitch - _GAP - 6
    tag = wrap(words.lowest, SMALL, room)
    unknown = wrap(words.unassessed, SMALL, room)
    tallest = max(14 + block_height(tag, SMALL) + 6, block_height(unknown, SMALL) + 8, _CELL)
    for row, lines in zip(rows, labels, strict=True):
        height = max(tallest, block_height(lines) + 6)
        canvas.block(0, top + (height - _GAP - block_height(lines)) / 2, lines)
        for index, value in enumerate(row.values):
            box = (left + index * pitch, top, pitch - _GAP, height - _GAP)
            if value is None:
                _unknown_cell(canvas, box, unknown)
            else:
                is_lowest = lowest is not None and exact(value) == lowest
                share = _share(value, low, high)
                _cell(canvas, box, share, format(value), tag if is_lowest else ())
        top += height
    return canvas.svg(top, title, desc)


def _share(value: Number, low: Number, high: Number) -> float:
    span = float(high) - float(low)
    return min(max((float(value) - float(low)) / span, 0.0), 1.0)


def cell_colour(share: float, theme: Theme) -> str:
    """Return the fill of a cell at ``share`` (0–1) of the scale, fit to carry legible text."""
    return legible_tint(theme.accent, theme.paper, theme.ink, 0.93 * (1 - share))


def _cell(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    share: float,
    text: str,
    tag: tuple[str, ...],
) -> None:
    x, y, width, height = box
    theme = canvas.theme
    fill = cell_colour(share, theme)
    ink = readable_on(fill, theme.paper, theme.ink)
    size = BODY if text_width(text, BODY, bold=True) <= width - 4 else SMALL
    canvas.rect(x, y, width, height, fill=fill)
    block = size + (block_height(tag, SMALL) + 1 if tag else 0)
    middle = y + height / 2 - block / 2 + size / 2
    canvas.text(
        x + width / 2, middle + MIDDLE * size, text, size=size, anchor=0.5, bold=True, fill=ink
    )
    if tag:
        canvas.rect(x + 1, y + 1, width - 2, height - 2, stroke=theme.alert, weight=2)
        colour = ink if ink == theme.paper else theme.alert
        if contrast_ratio(fill, colour) < 4.5:
            colour = ink
        canvas.block(x + width / 2, middle + size / 2 + 1, tag, size=SMALL, anchor=0.5, fill=colour)


def _unknown_cell(
    canvas: Canvas, box: tuple[float, float, float, float], lines: tuple[str, ...]
) -> None:
    x, y, width, height = box
    theme = canvas.theme
    hatch(canvas, x, y, width, height)
    canvas.rect(x + 0.4, y + 0.4, width - 0.8, height - 0.8, stroke=theme.rule, weight=0.8)
    plate = block_width(lines, SMALL) + 6
    tall = block_height(lines, SMALL)
    top = y + (height - tall) / 2
    canvas.rect(x + (width - plate) / 2, top - 1, plate, tall + 2, fill=theme.paper)
    canvas.block(x + width / 2, top, lines, size=SMALL, anchor=0.5, fill=theme.muted)
