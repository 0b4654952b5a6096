"""Gantt chart: phases as bands, work as bars with its owner, gates as diamonds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height, line_height
from app.reporting.charts.colour import readable_on
from app.reporting.charts.marks import diamond
from app.reporting.charts.metrics import block_width, longest_piece, text_width, wrap
from app.reporting.charts.placement import spread
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words
from app.reporting.charts.timeaxis import MONTH, TimeAxis

_ROW = 22.0
_BAR = 13.0
_PAD = 5.0  # between a bar and the text beside it

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class GanttPhase:
    """A phase from day ``start`` to day ``end``; ``end`` None continues past the axis."""

    label: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One initiative or SOP; ``note`` is the owner, ``soft`` the lighter bar of a routine."""

    label: str
    start: int
    end: int | None
    note: str = ""
    soft: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class GanttGate:
    """A gate on a day."""

    label: str
    day: int


@dataclass(frozen=True, slots=True)
class _Note:
    """The text of a bar: its lines, where they stand and in which colour."""

    lines: tuple[str, ...]
    x: float
    inside: bool

    def box(self, middle: float) -> Box:
        """Return the box of the text around the middle of its row."""
        tall = block_height(self.lines, SMALL)
        wide = block_width(self.lines, SMALL)
        return self.x - 2, middle - tall / 2, self.x + wide + 2, middle + tall / 2


def gantt(
    rows: Sequence[GanttRow],
    *,
    title: str,
    desc: str = "",
    phases: Sequence[GanttPhase] = (),
    gates: Sequence[GanttGate] = (),
    span: tuple[int, int] | None = None,
    today: int | None = None,
    dates: Callable[[int], str] | None = None,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the plan; days count from its start.

    To split a long plan over two charts call twice with the same ``phases``, ``gates`` and
    ``span``: the axes then agree. ``dates`` may turn a day into a short date below its tick.
    ``span`` is by default what phases, rows and gates cover.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    first, last = span or _span(rows, phases, gates)
    left = min(max((text_width(row.label, BODY) for row in rows), default=0.0) + 12, width * 0.27)
    axis = TimeAxis(first, max(last, first + 1), left, width - 7)
    labels = [wrap(row.label, BODY, left - 12) for row in rows]
    notes = [_note(row, axis, canvas) for row in rows]
    heights = [
        max(_ROW, block_height(lines) + 6, block_height(note.lines, SMALL) + 8)
        for lines, note in zip(labels, notes, strict=True)
    ]
    heads = _heads(rows, width)
    top = _phase_names(canvas, phases, axis)
    rows_top = top + _head_height(gates, axis, dates)
    tops, bottom = _tops(heights, heads, rows_top)
    _bands(canvas, phases, axis, top, bottom)
    _ticks(canvas, axis, words, dates, top, rows_top, bottom)
    busy = _busy(tops, heights, notes, heads)
    for gate in gates:
        _broken_line(canvas, axis(gate.day), rows_top, bottom, busy, theme.muted, "1 2.5")
    _gate_names(canvas, gates, axis, rows_top)
    for index, row in enumerate(rows):
        if head := heads.get(index):
            y = tops[index] - _head(head)
            canvas.rules([(0, y, width, y)], stroke=theme.rule)
            canvas.block(0, y + 4, head, bold=True, fill=theme.accent)
        canvas.rules([(0, tops[index], width, tops[index])], stroke=theme.faint)
        _draw(canvas, row, tops[index], heights[index], labels[index], notes[index], axis)
    canvas.rules([(0, bottom, width, bottom)], stroke=theme.rule)
    if today is not None and first <= today <= last:
        _broken_line(canvas, axis(today), rows_top, bottom + 4, busy, theme.alert, "")
        bottom = _today(canvas, axis(today), bottom + 4, words)
    return canvas.svg(bottom + 1, title, desc)


def _span(
    rows: Sequence[GanttRow], phases: Sequence[GanttPhase], gates: Sequence[GanttGate]
) -> tuple[int, int]:
    days = [gate.day for gate in gates]
    extents = [(row.start, row.end) for row in rows]
    extents += [(phase.start, phase.end) for phase in phases]
    for start, end in extents:
        days += [start, start + 3 * MONTH if end is None else end]
    return min(days, default=0), max(days, default=90)


def _heads(rows: Sequence[GanttRow], width: float) -> dict[int, tuple[str, ...]]:
    """Return the heading before each row that begins a group."""
    return {
        index: wrap(row.group, BODY, width, bold=True)
        for index, row in enumerate(rows)
        if row.group and (index == 0 or rows[index - 1].group != row.group)
    }


def _head(lines: tuple[str, ...]) -> float:
    return block_height(lines) + 6


def _tops(
    heights: Sequence[float], heads: Mapping[int, tuple[str, ...]], top: float
) -> tuple[list[float], float]:
    tops = []
    for index, height in enumerate(heights):
        top += _head(heads[index]) if index in heads else 0
        tops.append(top)
        top += height
    return tops, top


def _busy(
    tops: Sequence[float],
    heights: Sequence[float],
    notes: Sequence[_Note],
    heads: Mapping[int, tuple[str, ...]],
) -> list[Box]:
    """Return the boxes of all texts among the rows, from the top."""
    boxes = []
    for index, (top, height, note) in enumerate(zip(tops, heights, notes, strict=True)):
        if head := heads.get(index):
            boxes.append((0.0, top - _head(head), block_width(head, BODY, bold=True) + 3, top))
        if note.lines:
            boxes.append(note.box(top + height / 2))
    return boxes


def _note(row: GanttRow, axis: TimeAxis, canvas: Canvas) -> _Note:
    """Find the place for a bar's text: in it, behind it, before it, or wrapped where most fits."""
    start, end = _extent(row, axis)
    wide = text_width(row.note, SMALL)
    rooms = (
        (end - start - 2 * _PAD, start + _PAD, True),
        (canvas.width - end - _PAD - 2, end + _PAD, False),
        (start - axis.left - 2 * _PAD, start - _PAD, False),
    )
    room, x, inside = next((r for r in rooms if r[0] >= wide), max(rooms, key=lambda r: r[0]))
    lines = wrap(row.note, SMALL, room)
    if x < start:
        x -= block_width(lines, SMALL)
    return _Note(lines, x, inside)


def _extent(row: GanttRow, axis: TimeAxis) -> tuple[float, float]:
    start = axis(row.start)
    end = axis(axis.last if row.end is None else row.end)
    return min(start, axis.right - 3), max(end, start + 3)


def _phase_names(canvas: Canvas, phases: Sequence[GanttPhase], axis: TimeAxis) -> float:
    """Write the phases' names above their bands and return where the bands begin."""
    if not phases:
        return 0.0
    room = axis.right - axis.left
    bands = [_band(phase, axis) for phase in phases]
    wanted = [(start + end) / 2 for start, end in bands]
    rooms = [
        max(
            end - start - 6,
            longest_piece(phase.label, SMALL, bold=True),
            min(text_width(phase.label, SMALL, bold=True), 32.0),
        )
        for phase, (start, end) in zip(phases, bands, strict=True)
    ]
    if sum(rooms) + 6 * len(rooms) > room:
        rooms = [min(each, room / len(rooms) - 6) for each in rooms]
    blocks = [
        wrap(phase.label, SMALL, each, bold=True) for phase, each in zip(phases, rooms, strict=True)
    ]
    widths = [block_width(lines, SMALL, bold=True) for lines in blocks]
    centres = spread(wanted, widths, 6, axis.left, axis.right)
    tallest = max(block_height(lines, SMALL) for lines in blocks)
    for lines, centre in zip(blocks, centres, strict=True):
        canvas.block(
            centre,
            tallest - block_height(lines, SMALL),
            lines,
            size=SMALL,
            anchor=0.5,
            bold=True,
            fill=canvas.theme.accent,
        )
    return tallest + 3


def _band(phase: GanttPhase, axis: TimeAxis) -> tuple[float, float]:
    return axis(phase.start), axis(axis.last if phase.end is None else phase.end)


def _bands(
    canvas: Canvas, phases: Sequence[GanttPhase], axis: TimeAxis, top: float, bottom: float
) -> None:
    theme = canvas.theme
    for number, phase in enumerate(phases):
        start, end = _band(phase, axis)
        canvas.rect(
            start, top, end - start - 1, 4, fill=theme.accent if number % 2 else theme.accent_mid
        )
        if number % 2 == 0:
            canvas.rect(start, top + 4, end - start - 1, bottom - top - 4, fill=theme.accent_pale)


def _head_height(
    gates: Sequence[GanttGate], axis: TimeAxis, dates: Callable[[int], str] | None
) -> float:
    ticks = 8 + line_height(SMALL) * (2 if dates else 1) + 4
    if not gates:
        return ticks
    return ticks + max(block_height(lines, SMALL) for lines in _gate_blocks(gates, axis)) + 20


def _ticks(
    canvas: Canvas,
    axis: TimeAxis,
    words: Words,
    dates: Callable[[int], str] | None,
    top: float,
    rows_top: float,
    bottom: float,
) -> None:
    theme = canvas.theme
    canvas.rules([(x, top + 4, x, top + 7) for x in axis.weeks()], stroke=theme.muted, weight=0.6)
    ticks = axis.ticks(words, dates)
    canvas.rules(
        [(axis(tick.day), rows_top, axis(tick.day), bottom) for tick in ticks],
        stroke=theme.faint,
        weight=0.8,
    )
    for tick in ticks:
        for number, text in enumerate((tick.label, tick.date)):
            canvas.block(
                axis.centre(tick),
                top + 8 + number * line_height(SMALL),
                (text,),
                size=SMALL,
                anchor=0.5,
                fill=theme.muted,
            )


def _gate_blocks(gates: Sequence[GanttGate], axis: TimeAxis) -> list[tuple[str, ...]]:
    room = min((axis.right - axis.left) / max(len(gates), 1) - 8, 110.0)
    return [wrap(gate.label, SMALL, room) for gate in gates]


def _gate_names(
    canvas: Canvas, gates: Sequence[GanttGate], axis: TimeAxis, rows_top: float
) -> None:
    """Write the gates' names above their diamonds, moved apart where they would meet."""
    blocks = _gate_blocks(gates, axis)
    places = [axis(gate.day) for gate in gates]
    widths = [block_width(lines, SMALL) for lines in blocks]
    centres = spread(places, widths, 8, axis.left, axis.right)
    y = rows_top - 9
    leaders = [
        (place, y - 4, min(max(place, centre - wide / 2 + 2), centre + wide / 2 - 2), y - 10)
        for place, centre, wide in zip(places, centres, widths, strict=True)
    ]
    canvas.rules(leaders, stroke=canvas.theme.muted, weight=0.6)
    for place, centre, lines in zip(places, centres, blocks, strict=True):
        diamond(canvas, place, y)
        canvas.block(centre, y - 11 - block_height(lines, SMALL), lines, size=SMALL, anchor=0.5)


def _broken_line(
    canvas: Canvas,
    x: float,
    top: float,
    bottom: float,
    busy: Sequence[Box],
    stroke: str,
    dash: str,
) -> None:
    """Draw an upright line that leaves out every text it would cross."""
    segments = []
    y = top
    for left, start, right, end in busy:
        if left <= x <= right:
            segments.append((x, y, x, start))
            y = end
    segments.append((x, y, x, bottom))
    canvas.rules(segments, stroke=stroke, weight=1 if not dash else 0.8, dash=dash)


def _draw(
    canvas: Canvas,
    row: GanttRow,
    top: float,
    height: float,
    label: tuple[str, ...],
    note: _Note,
    axis: TimeAxis,
) -> None:
    theme = canvas.theme
    middle = top + height / 2
    canvas.block(0, middle - block_height(label) / 2, label)
    start, end = _extent(row, axis)
    fill = theme.accent_soft if row.soft else theme.accent
    tall = max(_BAR, block_height(note.lines, SMALL) + 1) if note.inside else _BAR
    if row.end is None:  # goes on: an arrow head instead of an end
        canvas.shape(
            [
                (start, middle - tall / 2),
                (end - 6, middle - tall / 2),
                (end, middle),
                (end - 6, middle + tall / 2),
                (start, middle + tall / 2),
            ],
            fill=fill,
        )
    else:
        canvas.rect(start, middle - tall / 2, end - start, tall, fill=fill)
    ink = readable_on(fill, theme.paper, theme.ink) if note.inside else theme.muted
    first = middle - block_height(note.lines, SMALL) / 2
    canvas.block(note.x, first, note.lines, size=SMALL, fill=ink)


def _today(canvas: Canvas, x: float, top: float, words: Words) -> float:
    half = text_width(words.today, SMALL, bold=True) / 2
    x = min(max(x, half), canvas.width - half)
    return canvas.block(
        x, top, (words.today,), size=SMALL, anchor=0.5, bold=True, fill=canvas.theme.alert
    )
