"""Load bars: the work of each post, piece by piece, against what the post can carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height, line_height
from app.reporting.charts.colour import legible_tint, mix, readable_on
from app.reporting.charts.marks import key
from app.reporting.charts.metrics import block_width, longest_piece, text_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, plain
from app.reporting.charts.placement import staircase
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_BAR = 20.0
_CLEAR = 4.0  # between a label and an edge or the capacity tick
_TORN = 1.6  # a load beyond this multiple of its capacity is drawn with a torn end
_TINTS = (0.0, 0.34, 0.58, 0.76)


@dataclass(frozen=True, slots=True)
class LoadPart:
    """One piece of work and its size in the chart's unit (FTE or hours)."""

    label: str
    value: Number


@dataclass(frozen=True, slots=True)
class LoadBar:
    """One post: its pieces of work and its capacity in the same unit, None if not planned."""

    post: str
    parts: tuple[LoadPart, ...]
    capacity: Number | None

    @property
    def total(self) -> Number:
        """Return the sum of the parts, exactly."""
        return sum((exact(part.value) for part in self.parts), exact(0))


@dataclass(slots=True)
class _Label:
    """The label of one part: in the bar, or below it at the end of a leader."""

    anchor: float  # middle of the part
    text: str
    x: float
    fill: str
    lines: tuple[str, ...] = ()
    lane: int = -1  # -1 is in the bar


@dataclass(frozen=True, slots=True)
class _Layout:
    label: float
    scale_left: float
    scale_right: float
    aside: float
    most: float
    common: bool
    format: Format
    unit: str
    words: Words


def load_bars(
    bars: Sequence[LoadBar],
    *,
    title: str,
    desc: str = "",
    unit: str = "",
    common_scale: bool = False,
    format: Format = plain,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw one bar per post, negative parts counted as nothing.

    By default every bar is drawn in shares of its own capacity: all capacity ticks stand in one
    line and a post of half a person is as legible as one of seventy. ``common_scale`` draws all
    posts in the same unit instead. A part's label stands in its piece where it fits beside the
    tick, otherwise below the bar; load and capacity are printed at the right, so that no label
    has to stand at the tick.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    layout = _layout(bars, width, common_scale, format, unit, words)
    top = _head(canvas, layout)
    for bar in bars:
        bottom = _bar(canvas, bar, top, layout)
        canvas.rules([(0, bottom, width, bottom)], stroke=theme.faint)
        top = bottom
    return canvas.svg(top + 1, title, desc)


def _head(canvas: Canvas, layout: _Layout) -> float:
    """Name the capacity tick: directly where all ticks stand in one line, else by a key."""
    words = layout.words
    if layout.common:
        entries = [(_part_sign, words.load), (_tick_sign, words.capacity)]
        return key(canvas, layout.scale_left, 0, entries, canvas.width - layout.scale_left) + 2
    x = layout.scale_left + (layout.scale_right - layout.scale_left) / layout.most
    half = text_width(words.capacity, SMALL) / 2
    x = min(x, canvas.width - half)
    return canvas.block(x, 0, (words.capacity,), size=SMALL, anchor=0.5, fill=canvas.theme.alert)


def _part_sign(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x - 8, y - 4, 9, 8, fill=canvas.theme.accent)
    canvas.rect(x + 1, y - 4, 6, 8, fill=mix(canvas.theme.accent, canvas.theme.paper, _TINTS[1]))


def _tick_sign(canvas: Canvas, x: float, y: float) -> None:
    canvas.rules([(x, y - 6, x, y + 6)], stroke=canvas.theme.alert, weight=2)


def _layout(
    bars: Sequence[LoadBar],
    width: float,
    common: bool,
    format: Format,
    unit: str,
    words: Words,
) -> _Layout:
    sums = [_sum_texts(bar, format, unit, words) for bar in bars]
    widest = max(
        (max(text_width(a, BODY, bold=True), text_width(b, SMALL)) for a, b in sums), default=0.0
    )
    aside = min(widest, width * 0.24)
    label = width * 0.2
    extents = [
        max(float(bar.total), float(bar.capacity or 0))
        / (1.0 if common or not bar.capacity else float(bar.capacity))
        for bar in bars
        if common or bar.capacity
    ]
    most = max([*extents, 1e-9])
    if not common:
        most = min(max(most, 1.0), _TORN)
    return _Layout(label, label + 10, width - aside - 12, aside, most, common, format, unit, words)


def _sum_texts(bar: LoadBar, format: Format, unit: str, words: Words) -> tuple[str, str]:
    """Return what is printed at the right: the load, and the capacity it is held against."""
    load = f"{format(bar.total)}{unit}"
    if bar.capacity is None:
        return load, f"{words.capacity} {words.unassessed}"
    return load, f"{words.capacity} {format(bar.capacity)}{unit}"


def _scale(bar: LoadBar, layout: _Layout) -> Scale:
    most = layout.most
    if not layout.common:
        most *= float(bar.capacity) if bar.capacity else float(bar.total) / layout.most
    return Scale(0.0, max(most, 1e-9), layout.scale_left, layout.scale_right)


def _bar(canvas: Canvas, bar: LoadBar, top: float, layout: _Layout) -> float:
    """Draw one post and return where it ends."""
    theme = canvas.theme
    scale = _scale(bar, layout)
    tick = scale(bar.capacity) if bar.capacity is not None else None
    post = wrap(bar.post, BODY, layout.label)
    load, capacity = _sum_texts(bar, layout.format, layout.unit, layout.words)
    sums = (
        wrap(load, BODY, layout.aside, bold=True),
        wrap(capacity, SMALL, layout.aside),
    )
    tall = block_height(sums[0]) + block_height(sums[1], SMALL)
    head = max(_BAR + 10, block_height(post) + 8, tall + 6)
    middle = top + head / 2
    labels = _draw_parts(canvas, bar, middle, scale, tick, layout)
    if float(bar.total) > scale.high * 1.0001:
        _tear(canvas, scale.right, middle)
    lanes = _place_below(canvas, labels)
    over = bar.capacity is not None and exact(bar.capacity) < exact(bar.total)
    if tick is not None:
        line = (tick, middle - _BAR / 2 - 4, tick, middle + _BAR / 2 + 1)
        canvas.rules([line], stroke=theme.paper, weight=5)  # or it drowns in a dark bar in print
        canvas.rules([line], stroke=theme.alert, weight=2)
    canvas.block(0, middle - block_height(post) / 2, post)
    y = canvas.block(
        canvas.width,
        middle - tall / 2,
        sums[0],
        anchor=1,
        bold=True,
        fill=theme.alert if over else "",
    )
    canvas.block(canvas.width, y, sums[1], size=SMALL, anchor=1, fill=theme.muted)
    return _write_labels(canvas, labels, lanes, middle, top + head)


def _tear(canvas: Canvas, right: float, middle: float) -> None:
    """Cut a bar near its end by two slanted lines: it goes on beyond the drawing."""
    canvas.rules(
        [(x - 3, middle + _BAR / 2, x + 3, middle - _BAR / 2) for x in (right - 12, right - 7)],
        stroke=canvas.theme.paper,
        weight=2.2,
    )


def _draw_parts(
    canvas: Canvas, bar: LoadBar, middle: float, scale: Scale, tick: float | None, layout: _Layout
) -> list[_Label]:
    theme = canvas.theme
    labels = []
    reached = exact(0)
    for number, part in enumerate(bar.parts):
        value = max(exact(part.value), exact(0))
        left, right = scale(reached), scale(reached + value)
        reached += value
        fill = legible_tint(theme.accent, theme.paper, theme.ink, _TINTS[number % len(_TINTS)])
        canvas.rect(left, middle - _BAR / 2, right - left - 0.7, _BAR, fill=fill)
        text = f"{part.label} {layout.format(part.value)}"
        label = _Label((left + right) / 2, text, 0.0, readable_on(fill, theme.paper, theme.ink))
        place = _inside(text, left, right, tick)
        if place is not None:
            label.x, label.lines = place, (text,)
        labels.append(label)
    return labels


def _inside(text: str, left: float, right: float, tick: float | None) -> float | None:
    """Return the left end of a label inside its piece, clear of the tick; None if none fits."""
    wide = text_width(text, SMALL)
    spans = [(left, right)]
    if tick is not None and left - _CLEAR < tick < right + _CLEAR:
        spans = sorted([(left, tick), (tick, right)], key=lambda span: span[0] - span[1])
    for start, end in spans:
        if wide <= end - start - 2 * _CLEAR:
            return (start + end - wide) / 2
    return None


def _place_below(canvas: Canvas, labels: list[_Label]) -> list[float]:
    """Give each label that found no room a place below; return the height of each lane."""
    outside = [label for label in labels if not label.lines]
    for label in outside:
        room = max(canvas.width - label.anchor - 4, longest_piece(label.text, SMALL))
        label.lines = wrap(label.text, SMALL, min(room, 150.0))
        label.x = label.anchor + 3
        if label.x + block_width(label.lines, SMALL) > canvas.width:
            label.lines = wrap(label.text, SMALL, max(canvas.width - label.x, SMALL))
    lanes = staircase(
        [label.x for label in outside], [block_width(la.lines, SMALL) for la in outside], 8
    )
    for label, lane in zip(outside, lanes, strict=True):
        label.lane = lane
    return [
        max(block_height(la.lines, SMALL) for la in outside if la.lane == lane)
        for lane in range(max(lanes, default=-1) + 1)
    ]


def _write_labels(
    canvas: Canvas, labels: list[_Label], lanes: list[float], middle: float, bottom: float
) -> float:
    """Write the labels in and below the bar; return where the row ends."""
    theme = canvas.theme
    start = max(middle + _BAR / 2 + 4, bottom - 3) if lanes else bottom
    tops = [start + sum(lanes[:lane]) for lane in range(len(lanes))]
    leaders = []
    for label in labels:
        if label.lane < 0:
            canvas.text(label.x, middle + MIDDLE * SMALL, label.text, size=SMALL, fill=label.fill)
            continue
        top = tops[label.lane]
        low = top + line_height(SMALL) - 2
        leaders.append((label.anchor, middle + _BAR / 2 + 1, label.anchor, low))
        canvas.block(label.x, top, label.lines, size=SMALL)
    canvas.rules(leaders, stroke=theme.muted, weight=0.6)
    return start + sum(lanes) + 5 if lanes else bottom
