"""The small signs that charts share, and the line that explains them.

Each sign differs from the others in shape, so that a black-and-white print still tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.reporting.charts.canvas import MIDDLE, Canvas, line_height
from app.reporting.charts.metrics import text_width
from app.reporting.charts.theme import SMALL

Sign = Callable[[Canvas, float, float], None]
"""Draws a sign around a centre."""

_RADIUS = 3.6


def now_dot(canvas: Canvas, x: float, y: float) -> None:
    """Draw the value of today: a filled dot."""
    canvas.circle(x, y, _RADIUS, fill=canvas.theme.accent)


def open_dot(canvas: Canvas, x: float, y: float) -> None:
    """Draw a value among others: a ring."""
    canvas.circle(x, y, _RADIUS - 0.4, fill=canvas.theme.paper, stroke=canvas.theme.muted)


def target_tick(canvas: Canvas, x: float, y: float) -> None:
    """Draw a target: an upright bar."""
    canvas.rules([(x, y - 6, x, y + 6)], stroke=canvas.theme.ink, weight=1.75)


def previous_caret(canvas: Canvas, x: float, y: float) -> None:
    """Draw the value of last time: a small hollow triangle pointing up at it."""
    canvas.shape(
        [(x, y - 2.5), (x - 3, y + 2.5), (x + 3, y + 2.5)],
        fill=canvas.theme.paper,
        stroke=canvas.theme.muted,
        weight=0.9,
    )


def diamond(canvas: Canvas, x: float, y: float) -> None:
    """Draw a gate."""
    canvas.shape([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], fill=canvas.theme.ink)


def tick_mark(canvas: Canvas, x: float, y: float) -> None:
    """Draw "there": a check mark in the colour of fulfilment."""
    canvas.shape(
        [(x - 4, y + 0.2), (x - 1.3, y + 3.2), (x + 4.2, y - 3.6)],
        stroke=canvas.theme.ok,
        weight=1.7,
        closed=False,
    )


def cross_mark(canvas: Canvas, x: float, y: float) -> None:
    """Draw "not there": a cross in the alert colour."""
    canvas.rules(
        [(x - 3.3, y - 3.3, x + 3.3, y + 3.3), (x - 3.3, y + 3.3, x + 3.3, y - 3.3)],
        stroke=canvas.theme.alert,
        weight=1.7,
    )


def half_mark(canvas: Canvas, x: float, y: float) -> None:
    """Draw "in part": a ring whose left half is filled."""
    radius = 4.0
    canvas.circle(x, y, radius, stroke=canvas.theme.warn, weight=1.3)
    canvas.path(
        f"M{x:.1f} {y - radius:.1f}A{radius:g} {radius:g} 0 0 0 {x:.1f} {y + radius:.1f}Z",
        fill=canvas.theme.warn,
    )


def unknown_mark(canvas: Canvas, x: float, y: float) -> None:
    """Draw "not assessed": a dash."""
    canvas.rules([(x - 3.5, y, x + 3.5, y)], stroke=canvas.theme.muted, weight=1.5)


def hatch(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """Fill a rectangle with thin slanted lines, the sign for "not assessed" on an area."""
    step = 5.0
    segments = []
    start = step
    while start < width + height:
        # The line x + y = start, cut to the rectangle.
        x1, y1 = (start, 0.0) if start <= width else (width, start - width)
        x2, y2 = (0.0, start) if start <= height else (start - height, height)
        segments.append((x + x1, y + y1, x + x2, y + y2))
        start += step
    canvas.rules(segments, stroke=canvas.theme.rule, weight=0.6)


def key_height(entries: Sequence[str], width: float, size: float = SMALL) -> float:
    """Return the height that ``key`` takes for entries with these words."""
    return len(_rows(entries, width, size)) * (line_height(size) + 2)


def _rows(words: Sequence[str], width: float, size: float) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, word in enumerate(words):
        need = _SIGN + text_width(word, size) + _BETWEEN
        if rows[-1] and used + need - _BETWEEN > width:
            rows.append([])
            used = 0.0
        rows[-1].append(index)
        used += need
    return rows


_SIGN = 22.0  # room for the sign and the gap before its word
_BETWEEN = 16.0


def key(
    canvas: Canvas,
    left: float,
    top: float,
    entries: Sequence[tuple[Sign, str]],
    width: float,
    *,
    anchor: float = 0.0,
    size: float = SMALL,
) -> float:
    """Explain signs in a line of their own (wrapping if it must); return where it ends.

    Used only where a sign repeats on every row; everything else is labelled directly.
    ``anchor`` places each line within ``width``: 0 left, 0.5 centred, 1 right.
    """
    pitch = line_height(size) + 2
    words = [word for _, word in entries]
    for number, row in enumerate(_rows(words, width, size)):
        widths = [_SIGN + text_width(words[index], size) for index in row]
        x = left + anchor * max(width - sum(widths) - _BETWEEN * (len(row) - 1), 0.0)
        middle = top + number * pitch + pitch / 2
        for index, need in zip(row, widths, strict=True):
            entries[index][0](canvas, x + _SIGN / 2 - 2, middle)
            canvas.text(
                x + _SIGN, middle + MIDDLE * size, words[index], size=size, fill=canvas.theme.muted
            )
            x += need + _BETWEEN
    return top + len(_rows(words, width, size)) * pitch
