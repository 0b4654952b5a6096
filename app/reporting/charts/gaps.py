"""Dot plot of areas: where we are, where we want to be, sorted by the distance between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height, line_height
from app.reporting.charts.marks import (
    Sign,
    key,
    now_dot,
    previous_caret,
    target_tick,
)
from app.reporting.charts.metrics import text_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, score, signed_score
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_ROW = 24.0  # 28 rows, five group heads and the key stay within one A4 page
_NEAR = 6.0  # between a sign and its value


@dataclass(frozen=True, slots=True)
class GapRow:
    """One area; ``None`` is unknown. ``code`` is the short printed code, ``group`` its heading."""

    label: str
    now: Number | None
    target: Number | None = None
    previous: Number | None = None
    code: str = ""
    group: str = ""

    @property
    def gap(self) -> Fraction | None:
        """Return target − now, or None if either is unknown."""
        if self.now is None or self.target is None:
            return None
        return exact(self.target) - exact(self.now)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all rows share: the widths of the columns, the scale, how numbers look."""

    code: float
    label: float
    gap: float
    scale: Scale
    format: Format
    format_gap: Format
    words: Words


def gap_plot(
    rows: Sequence[GapRow],
    *,
    title: str,
    desc: str = "",
    low: Number = 1,
    high: Number = 5,
    ticks: Sequence[tuple[Number, str]] = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")),
    grouped: bool = False,
    alert_from: Number | None = None,
    format: Format = score,
    format_gap: Format = signed_score,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw one row per area, the widest gap first, areas without a score last.

    ``grouped`` keeps the groups in the order given and sorts inside them. From a gap of
    ``alert_from`` the line is thick and in the alert colour and the gap bold.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    layout = _layout(rows, width, low, high, format, format_gap, words)
    entries = _key_entries(rows, words)
    top = key(canvas, 0, 0, entries, width, anchor=1)
    baseline = top + 4 + SMALL
    layout.scale.numbers(canvas, baseline, ticks)
    canvas.text(width, baseline, words.gap, size=SMALL, anchor=1, fill=theme.muted)
    top = baseline + 5
    ordered = _ordered(rows, grouped)
    heights = [_height(row, layout) for row in ordered]
    heads = _heads(ordered, width) if grouped else {}
    bottom = top + sum(heights) + sum(_head(lines) for lines in heads.values())
    layout.scale.grid(canvas, top, bottom, ticks)
    for index, (row, height) in enumerate(zip(ordered, heights, strict=True)):
        if head := heads.get(index):
            canvas.rect(0, top + 1, width, _head(head) - 1, fill=theme.paper)
            canvas.block(0, top + 7, head, bold=True, fill=theme.accent)
            top += _head(head)
        canvas.rules([(0, top, width, top)], stroke=theme.faint, weight=0.8)
        alert = alert_from is not None and row.gap is not None and row.gap >= exact(alert_from)
        _row(canvas, row, top, height, layout, alert)
        top += height
    canvas.rules([(0, top, width, top)], stroke=theme.rule)
    return canvas.svg(top + 1, title, desc)


def _heads(rows: Sequence[GapRow], width: float) -> dict[int, tuple[str, ...]]:
    """Return the heading before each row that begins a group."""
    return {
        index: wrap(row.group, BODY, width, bold=True)
        for index, row in enumerate(rows)
        if row.group and (index == 0 or rows[index - 1].group != row.group)
    }


def _head(lines: tuple[str, ...]) -> float:
    return block_height(lines) + 10


def _ordered(rows: Sequence[GapRow], grouped: bool) -> list[GapRow]:
    def by_gap(row: GapRow) -> tuple[bool, Fraction]:
        return (row.gap is None, -row.gap if row.gap is not None else Fraction(0))

    if not grouped:
        return sorted(rows, key=by_gap)
    names = list(dict.fromkeys(row.group for row in rows))
    gathered = sorted(rows, key=lambda row: names.index(row.group))
    return [
        row
        for _, members in groupby(gathered, key=lambda row: row.group)
        for row in sorted(members, key=by_gap)
    ]


def _layout(
    rows: Sequence[GapRow],
    width: float,
    low: Number,
    high: Number,
    format: Format,
    format_gap: Format,
    words: Words,
) -> _Layout:
    code = max((text_width(row.code, SMALL) for row in rows if row.code), default=-7.0) + 7
    values = [value for row in rows for value in (row.now, row.target) if value is not None]
    beside = max((text_width(format(value), SMALL, bold=True) for value in values), default=0.0)
    gaps = [format_gap(row.gap) for row in rows if row.gap is not None]
    if any(row.now is None for row in rows):
        gaps.append(words.unassessed)
    gap = max(text_width(text, BODY, bold=True) for text in [*gaps, words.gap]) + 10
    label = width * 0.36
    room = beside + _NEAR + 6
    scale = Scale(float(low), float(high), label + room, width - gap - room)
    return _Layout(code, label - code - 8, gap, scale, format, format_gap, words)


def _height(row: GapRow, layout: _Layout) -> float:
    return max(_ROW, block_height(wrap(row.label, BODY, layout.label)) + 6)


def _row(
    canvas: Canvas,
    row: GapRow,
    top: float,
    height: float,
    layout: _Layout,
    alert: bool,
) -> None:
    theme = canvas.theme
    y = top + height / 2
    lines = wrap(row.label, BODY, layout.label)
    first = y - block_height(lines) / 2
    canvas.block(layout.code, first, lines)
    canvas.block(
        0,
        first + (line_height() - line_height(SMALL)) / 2 + 0.4,
        (row.code,),
        size=SMALL,
        fill=theme.muted,
    )
    if row.gap is not None:
        text = layout.format_gap(row.gap)
        canvas.text(
            canvas.width,
            y + MIDDLE * BODY,
            text,
            anchor=1,
            bold=alert,
            fill=theme.alert if alert else "",
        )
    elif row.now is None:
        canvas.text(
            canvas.width,
            y + MIDDLE * SMALL,
            layout.words.unassessed,
            size=SMALL,
            anchor=1,
            fill=theme.muted,
        )
    scale = layout.scale
    if row.now is not None and row.target is not None:
        canvas.rules(
            [(scale(row.now), y, scale(row.target), y)],
            stroke=theme.alert if alert else theme.accent_mid,
            weight=3 if alert else 1.75,
        )
    if row.previous is not None:
        previous_caret(canvas, scale(row.previous), y + 7.5)
    if row.target is not None:
        target_tick(canvas, scale(row.target), y)
    if row.now is not None:
        now_dot(canvas, scale(row.now), y)
    _values(canvas, row, y, layout)


def _values(canvas: Canvas, row: GapRow, y: float, layout: _Layout) -> None:
    """Print both values outside of the line between them, so that they can never meet."""
    ahead = row.now is not None and row.target is not None and row.now > row.target
    for value, left, bold in ((row.now, not ahead, True), (row.target, ahead, False)):
        if value is None:
            continue
        x = layout.scale(value) + (-_NEAR if left else _NEAR)
        canvas.text(
            x,
            y + MIDDLE * SMALL,
            layout.format(value),
            size=SMALL,
            anchor=1.0 if left else 0.0,
            bold=bold,
            fill="" if bold else canvas.theme.muted,
        )


def _key_entries(rows: Sequence[GapRow], words: Words) -> list[tuple[Sign, str]]:
    entries: list[tuple[Sign, str]] = [(now_dot, words.now)]
    if any(row.target is not None for row in rows):
        entries.append((target_tick, words.target))
    if any(row.previous is not None for row in rows):
        entries.append((previous_caret, words.previous))
    return entries
