"""Horizontal bars with their values, and the waterfall of contributions to a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height
from app.reporting.charts.metrics import block_width, text_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, plain
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_ROW = 22.0
_BAR = 12.0
_NEAR = 5.0


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar; ``None`` is unknown. ``note`` follows the value; ``alert`` marks the row."""

    label: str
    value: Number | None
    note: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """One step of a waterfall, positive or negative; ``None`` is unknown and changes nothing."""

    label: str
    value: Number | None


@dataclass(frozen=True, slots=True)
class _Span:
    """One bar of either chart: from where to where, what is printed at its end and at the right."""

    label: tuple[str, ...]
    start: Fraction
    end: Fraction
    text: tuple[str, ...]
    colour: str
    bold: bool
    known: bool = True
    running: str = ""


def bar_list(
    rows: Sequence[BarRow],
    *,
    title: str,
    desc: str = "",
    format: Format = plain,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw one horizontal bar per row in the order given, its value at its end."""
    theme, words = theme or Theme(), words or Words()
    label = width * 0.3
    spans = []
    for row in rows:
        value = words.unassessed if row.value is None else format(row.value)
        text = f"{value} {row.note}".strip()
        spans.append(
            _Span(
                wrap(row.label, BODY, label - 10),
                Fraction(0),
                exact(row.value or 0),
                wrap(text, SMALL, width * 0.26, bold=row.alert),
                theme.alert if row.alert else theme.accent,
                row.alert,
                row.value is not None,
            )
        )
    canvas = Canvas(width, theme)
    bottom = _draw(canvas, spans, 0.0, label, width, joined=False)
    return canvas.svg(bottom + 1, title, desc)


def waterfall(
    items: Sequence[Contribution],
    *,
    title: str,
    desc: str = "",
    start: Contribution | None = None,
    total: str = "",
    format: Format = plain,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw contributions one below the other, each from where the last one ended.

    ``start`` is an opening amount, ``total`` names the closing line (by default the word for it).
    A negative contribution runs leftwards, is drawn in the alert colour and prints its sign; the
    running total stands at the right.
    """
    theme, words = theme or Theme(), words or Words()
    label, aside = width * 0.28, width * 0.2
    reached = Fraction(0)
    spans = []
    for item in ([start] if start else []) + list(items):
        value = exact(item.value or 0)
        opening = item is start
        text = words.unassessed if item.value is None else format(item.value)
        if value > 0 and not opening and not text.startswith("+"):
            text = f"+{text}"
        colour = theme.accent if opening else theme.alert if value < 0 else theme.accent_mid
        spans.append(
            _Span(
                wrap(item.label, BODY, label - 10, bold=opening),
                reached,
                reached + value,
                wrap(text, SMALL, aside, bold=opening),
                colour,
                opening,
                item.value is not None,
                format(reached + value),
            )
        )
        reached += value
    spans.append(
        _Span(
            wrap(total or words.total, BODY, label - 10, bold=True),
            Fraction(0),
            reached,
            wrap(format(reached), SMALL, aside, bold=True),
            theme.accent,
            True,
        )
    )
    canvas = Canvas(width, theme)
    runs = [*(span.running for span in spans), words.running]
    right = width - max(text_width(run, SMALL) for run in runs) - 12
    canvas.text(width, SMALL, words.running, size=SMALL, anchor=1, fill=theme.muted)
    bottom = _draw(canvas, spans, SMALL + 4, label, right, joined=True)
    return canvas.svg(bottom + 1, title, desc)


def _draw(
    canvas: Canvas,
    spans: Sequence[_Span],
    top: float,
    label: float,
    right: float,
    *,
    joined: bool,
) -> float:
    """Draw the bars on one scale that includes zero; return where they end."""
    scale = _scale(spans, label, right)
    theme = canvas.theme
    joints = []
    for number, span in enumerate(spans):
        height = max(_ROW, block_height(span.label) + 6, block_height(span.text, SMALL) + 6)
        middle = top + height / 2
        if number:
            canvas.rules([(0, top, label - 10, top)], stroke=theme.faint)
        canvas.block(0, middle - block_height(span.label) / 2, span.label, bold=span.bold)
        left, end = sorted((scale(span.start), scale(span.end)))
        canvas.rect(left, middle - _BAR / 2, end - left, _BAR, fill=span.colour)
        text = _value_box(span, scale, middle)
        zero = scale(0)
        crossed = text[0] - 2 <= zero <= text[2] + 2
        parts = [(top, text[1]), (text[3], top + height)] if crossed else [(top, top + height)]
        canvas.rules([(zero, a, zero, b) for a, b in parts], stroke=theme.muted, weight=0.8)
        backwards = span.end < span.start
        canvas.block(
            text[0],
            text[1],
            span.text,
            size=SMALL,
            bold=span.bold,
            fill=theme.muted if not span.known else theme.alert if backwards else "",
        )
        canvas.text(
            canvas.width,
            middle + MIDDLE * SMALL,
            span.running,
            size=SMALL,
            anchor=1,
            fill=theme.muted,
        )
        joints.append((scale(span.end), middle))
        top += height
    if joined:
        steps = [(x, y + _BAR / 2, x, below - _BAR / 2) for (x, y), (_, below) in pairwise(joints)]
        canvas.rules(steps, stroke=theme.muted, weight=0.6)
    return top


def _value_box(span: _Span, scale: Scale, middle: float) -> tuple[float, float, float, float]:
    """Return the box of a bar's value, beyond the end it runs to: left, top, right, bottom."""
    wide = block_width(span.text, SMALL, span.bold)
    tall = block_height(span.text, SMALL)
    if span.end < span.start:
        left = scale(span.end) - _NEAR - wide
    else:
        left = max(scale(span.end), scale(span.start)) + _NEAR
    return left, middle - tall / 2, left + wide, middle + tall / 2


def _scale(spans: Sequence[_Span], label: float, right: float) -> Scale:
    """Return the scale that leaves every value room beside its bar."""
    ends = [Fraction(0), *(s.start for s in spans), *(s.end for s in spans)]
    low, high = float(min(ends)), float(max(ends))
    if high <= low:
        high = low + 1
    forward = [block_width(s.text, SMALL, s.bold) for s in spans if s.end >= s.start]
    backward = [block_width(s.text, SMALL, s.bold) for s in spans if s.end < s.start]
    return Scale(
        low,
        high,
        label + max(backward, default=-_NEAR) + _NEAR,
        right - max(forward, default=0.0) - _NEAR - 1,
    )
