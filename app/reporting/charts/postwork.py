"""Small waterfalls side by side: what fills the month of each post, against what it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from markupsafe import Markup

from app.reporting.charts.bars import Contribution
from app.reporting.charts.canvas import Canvas, block_height
from app.reporting.charts.metrics import block_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, plain
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_ACROSS = 2
_GUTTER = 26.0
_ROW = 15.0
_BAR = 9.0
_BELOW = 14.0  # between a panel and the one below it


@dataclass(frozen=True, slots=True)
class WorkPanel:
    """One post: its pieces of work and its capacity in the same unit, None if not known."""

    title: str
    pieces: tuple[Contribution, ...]
    capacity: Number | None

    @property
    def total(self) -> Fraction:
        """Return the sum of the pieces, exactly."""
        return sum((exact(piece.value or 0) for piece in self.pieces), Fraction(0))


@dataclass(frozen=True, slots=True)
class _Row:
    label: tuple[str, ...]
    start: Fraction
    end: Fraction
    text: tuple[str, ...]
    known: bool
    closing: bool = False

    @property
    def height(self) -> float:
        """Return the height the row takes."""
        tall = max(block_height(self.label, SMALL), block_height(self.text, SMALL))
        return max(_ROW, tall + 2)


def work_waterfalls(
    panels: Sequence[WorkPanel],
    *,
    title: str,
    desc: str = "",
    format: Format = plain,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw one waterfall per panel, two side by side, each on the scale of its own post.

    Each piece begins where the one above it ends; the closing bar is their sum, and what of it
    exceeds the capacity is drawn in the alert colour beyond the upright line.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    pitch = (width - _GUTTER * (_ACROSS - 1)) / _ACROSS
    top = 0.0
    for first in range(0, len(panels), _ACROSS):
        beside = panels[first : first + _ACROSS]
        heads = [_head(panel, pitch, format, words) for panel in beside]
        tall = max(max(block_height(a), block_height(b, SMALL)) for a, b in heads)
        bottoms = []
        for place, (panel, head) in enumerate(zip(beside, heads, strict=True)):
            left = place * (pitch + _GUTTER)
            _write_head(canvas, panel, head, left, top, pitch, tall)
            bottoms.append(_panel(canvas, panel, left, top + tall + 3, pitch, format, words))
        top = max(bottoms) + _BELOW
    return canvas.svg(max(top - _BELOW + 1, 1), title, desc)


def _head(
    panel: WorkPanel, pitch: float, format: Format, words: Words
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of the title and of the capacity."""
    capacity = words.unassessed if panel.capacity is None else format(panel.capacity)
    aside = wrap(f"{words.capacity} {capacity}", SMALL, pitch * 0.42)
    return wrap(panel.title, BODY, pitch * 0.54, bold=True), aside


def _write_head(
    canvas: Canvas,
    panel: WorkPanel,
    head: tuple[tuple[str, ...], tuple[str, ...]],
    left: float,
    top: float,
    pitch: float,
    tall: float,
) -> None:
    theme = canvas.theme
    lines, aside = head
    canvas.block(left, top, lines, bold=True)
    colour = theme.muted if panel.capacity is None else theme.alert
    beside = top + max(0.0, block_height(lines) - block_height(aside, SMALL)) / 2
    canvas.block(left + pitch, beside, aside, size=SMALL, anchor=1, fill=colour)
    canvas.rules([(left, top + tall + 1, left + pitch, top + tall + 1)], stroke=theme.rule)


def _panel(
    canvas: Canvas,
    panel: WorkPanel,
    left: float,
    top: float,
    pitch: float,
    format: Format,
    words: Words,
) -> float:
    """Draw one panel and return where it ends."""
    label, aside = pitch * 0.45, pitch * 0.16
    rows = _rows(panel, label - 6, aside, format, words)
    wide = max(block_width(row.text, SMALL, row.closing) for row in rows)
    capacity = exact(panel.capacity) if panel.capacity is not None else None
    most = max([panel.total, capacity or Fraction(0), *(row.end for row in rows), Fraction(1, 10)])
    lowest = min([Fraction(0), *(row.end for row in rows)])
    scale = Scale(float(lowest), float(most), left + label, left + pitch - wide - 7)
    began = top
    joints = []
    for row in rows:
        middle = top + row.height / 2
        if row.closing:
            canvas.rules([(left, top, left + pitch, top)], stroke=canvas.theme.faint)
        _write_row(canvas, row, left, left + pitch, middle)
        _bar(canvas, row, scale, middle, capacity)
        joints.append((scale(row.end), middle))
        top += row.height
    canvas.rules(
        [(x, y + _BAR / 2, x, below - _BAR / 2) for (x, y), (_, below) in pairwise(joints)],
        stroke=canvas.theme.muted,
        weight=0.6,
    )
    if capacity is not None:
        line = [(scale(capacity), began, scale(capacity), top)]
        canvas.rules(line, stroke=canvas.theme.paper, weight=3.5)  # or a dark bar drowns it
        canvas.rules(line, stroke=canvas.theme.alert, weight=1.6)
    return top


def _rows(
    panel: WorkPanel, label: float, aside: float, format: Format, words: Words
) -> tuple[_Row, ...]:
    rows, reached = [], Fraction(0)
    for piece in panel.pieces:
        value = exact(piece.value or 0)
        text = words.unassessed if piece.value is None else format(piece.value)
        rows.append(
            _Row(
                wrap(piece.label, SMALL, label),
                reached,
                reached + value,
                wrap(text, SMALL, aside),
                piece.value is not None,
            )
        )
        reached += value
    total = wrap(words.total, SMALL, label, bold=True)
    summed = wrap(format(reached), SMALL, aside, bold=True)
    return (*rows, _Row(total, Fraction(0), reached, summed, known=True, closing=True))


def _write_row(canvas: Canvas, row: _Row, left: float, right: float, middle: float) -> None:
    theme = canvas.theme
    canvas.block(
        left, middle - block_height(row.label, SMALL) / 2, row.label, size=SMALL, bold=row.closing
    )
    canvas.block(
        right,
        middle - block_height(row.text, SMALL) / 2,
        row.text,
        size=SMALL,
        anchor=1,
        bold=row.closing,
        fill="" if row.known else theme.muted,
    )


def _bar(canvas: Canvas, row: _Row, scale: Scale, middle: float, capacity: Fraction | None) -> None:
    theme = canvas.theme
    low, high = sorted((row.start, row.end))
    x, y = scale(low), middle - _BAR / 2
    colour = theme.accent if row.closing else theme.accent_mid
    if not row.closing or capacity is None or high <= capacity:
        canvas.rect(x, y, scale(high) - x, _BAR, fill=colour)
        return
    canvas.rect(x, y, scale(capacity) - x, _BAR, fill=colour)
    canvas.rect(scale(capacity), y, scale(high) - scale(capacity), _BAR, fill=theme.alert)
