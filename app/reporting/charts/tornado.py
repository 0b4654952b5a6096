"""Tornado: how far a result moves with each number it rests on, the widest swing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height, line_height
from app.reporting.charts.marks import key, key_height
from app.reporting.charts.metrics import text_width, wrap
from app.reporting.charts.numbers import Format, Number, plain
from app.reporting.charts.placement import nice_ticks
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_ROW = 21.0
_BAR = 11.0
_NEAR = 4.0


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """One driver: its name, its low and high value as printed, and the result at each.

    ``results`` says both results in words, ``note`` stands under the name.
    """

    label: str
    low: str
    high: str
    at_low: Number
    at_high: Number
    results: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TornadoMark:
    """A value of the result that is worth a line, such as break-even."""

    value: Number
    label: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all rows share."""

    label: float
    scale: Scale
    base: float
    format: Format


def tornado(
    rows: Sequence[TornadoRow],
    base: TornadoMark,
    *,
    title: str,
    low: str,
    high: str,
    result: str,
    desc: str = "",
    marks: Sequence[TornadoMark] = (),
    format: Format = plain,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw one bar per driver around the result as it stands (``base``), in the order given.

    The pale part is the result at the driver's low value, the dark part at its high value; ``low``
    and ``high`` name them. The value of the driver stands at its end, the two results in the
    column headed ``result``. A mark outside of the range of the bars is left out.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    layout = _layout(rows, base, result, format, width)
    entries = ((_pale, low), (_dark, high))
    key(canvas, layout.label, 0, entries, width - layout.label)
    top = key_height([low, high], width - layout.label) + 3
    top = _head(canvas, [base, *_inside(marks, layout.scale)], result, top, layout)
    heights = [max(_ROW, _label_height(row, layout) + 6) for row in rows]
    bottom = top + sum(heights)
    origin = layout.scale(base.value)
    canvas.rules([(origin, top, origin, bottom)], stroke=theme.ink, weight=1.1)
    lines = [layout.scale(mark.value) for mark in _inside(marks, layout.scale)]
    for row, height in zip(rows, heights, strict=True):
        canvas.rules([(0, top, layout.label - 8, top)], stroke=theme.faint)
        _row(canvas, row, top, height, lines, layout)
        top += height
    ticks = [(tick, format(tick)) for tick in nice_ticks(layout.scale.low, layout.scale.high, 8)]
    shown = [tick for tick in ticks if layout.scale.low <= tick[0] <= layout.scale.high]
    canvas.rules(
        [(layout.scale.left, bottom, layout.scale.right, bottom)], stroke=theme.rule, weight=0.8
    )
    layout.scale.numbers(canvas, bottom + 4 + SMALL, shown)
    return canvas.svg(bottom + 6 + line_height(SMALL), title, desc)


def _pale(canvas: Canvas, x: float, y: float) -> None:
    theme = canvas.theme
    canvas.rect(x - 7, y - 4, 15, 8, fill=theme.accent_soft, stroke=theme.accent, weight=0.7)


def _dark(canvas: Canvas, x: float, y: float) -> None:
    theme = canvas.theme
    canvas.rect(x - 7, y - 4, 15, 8, fill=theme.accent, stroke=theme.accent, weight=0.7)


def _inside(marks: Sequence[TornadoMark], scale: Scale) -> list[TornadoMark]:
    return [mark for mark in marks if scale.low <= float(mark.value) <= scale.high]


def _layout(
    rows: Sequence[TornadoRow], base: TornadoMark, result: str, format: Format, width: float
) -> _Layout:
    values = [float(base.value), *(float(v) for row in rows for v in (row.at_low, row.at_high))]
    low, high = min(values), max(values)
    if high <= low:
        low, high = low - 1, high + 1
    label = width * 0.27
    results = max(text_width(text, SMALL) for text in [*(row.results for row in rows), result])
    beside = max((text_width(t, SMALL) for r in rows for t in (r.low, r.high)), default=0.0) + _NEAR
    scale = Scale(low, high, label + beside, width - results - 14 - beside)
    return _Layout(label, scale, float(base.value), format)


def _label_height(row: TornadoRow, layout: _Layout) -> float:
    lines, note = _label(row, layout)
    return block_height(lines) + block_height(note, SMALL)


def _label(row: TornadoRow, layout: _Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    room = layout.label - 12
    return wrap(row.label, BODY, room), wrap(row.note, SMALL, room)


def _head(
    canvas: Canvas, marks: Sequence[TornadoMark], result: str, top: float, layout: _Layout
) -> float:
    """Name the lines above the bars, each in a lane of its own where two would touch."""
    lanes: list[list[tuple[float, float]]] = []
    for number, mark in enumerate(marks):
        text = f"{mark.label} {layout.format(mark.value)}"
        wide = text_width(text, SMALL, bold=not number)
        x = min(max(layout.scale(mark.value), layout.label + wide / 2), canvas.width - wide / 2)
        span = (x - wide / 2 - 5, x + wide / 2 + 5)
        lane = next(
            (
                place
                for place, taken in enumerate(lanes)
                if all(span[1] < left or span[0] > right for left, right in taken)
            ),
            len(lanes),
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(span)
        canvas.text(
            x,
            top + lane * line_height(SMALL) + SMALL,
            text,
            size=SMALL,
            anchor=0.5,
            bold=not number,
            fill="" if not number else canvas.theme.alert,
        )
    bottom = top + len(lanes) * line_height(SMALL) + 3
    canvas.text(canvas.width, bottom - 4, result, size=SMALL, anchor=1, fill=canvas.theme.muted)
    return bottom


def _row(
    canvas: Canvas,
    row: TornadoRow,
    top: float,
    height: float,
    lines: Sequence[float],
    layout: _Layout,
) -> None:
    theme, scale = canvas.theme, layout.scale
    middle = top + height / 2
    name, note = _label(row, layout)
    y = canvas.block(0, middle - _label_height(row, layout) / 2, name)
    canvas.block(0, y, note, size=SMALL, fill=theme.muted)
    origin = scale(layout.base)
    ends = [(scale(row.at_low), row.low, False), (scale(row.at_high), row.high, True)]
    texts = [
        (x - _NEAR - text_width(text, SMALL) if leftwards else x + _NEAR, text)
        for x, text, leftwards in _placed(ends, origin)
    ]
    # A mark's line stops where a value stands in its way.
    clear = [
        x
        for x in lines
        if all(not left - 2 < x < left + text_width(text, SMALL) + 2 for left, text in texts)
    ]
    canvas.rules(
        [(x, top, x, top + height) for x in clear], stroke=theme.alert, weight=0.9, dash="3 2.5"
    )
    # Of two bars on one side the longer is drawn first, so that both are seen.
    for x, _, dark in sorted(ends, key=lambda end: -abs(end[0] - origin)):
        left, right = sorted((x, origin))
        fill = theme.accent if dark else theme.accent_soft
        canvas.rect(
            left, middle - _BAR / 2, right - left, _BAR, fill=fill, stroke=theme.accent, weight=0.7
        )
    for left, text in texts:
        canvas.text(left, middle + MIDDLE * SMALL, text, size=SMALL, fill=theme.muted)
    canvas.text(canvas.width, middle + MIDDLE * SMALL, row.results, size=SMALL, anchor=1)


def _placed(
    ends: Sequence[tuple[float, str, bool]], origin: float
) -> list[tuple[float, str, bool]]:
    """Return where each end's value stands and whether it runs leftwards from there.

    Where both bars run to one side, the shorter one's value stands at the other side of the base.
    """
    longer, shorter = sorted(ends, key=lambda end: -abs(end[0] - origin))
    left = longer[0] < origin
    same_side = (shorter[0] < origin) == left or shorter[0] == origin
    near = origin if same_side else shorter[0]
    return [(longer[0], longer[1], left), (near, shorter[1], not left)]
