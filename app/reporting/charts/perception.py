"""Role by role: one row per question, a dot per role group, the gap between top and front line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, block_height
from app.reporting.charts.metrics import block_width, text_width, wrap
from app.reporting.charts.numbers import Format, Number, exact, score, signed_score
from app.reporting.charts.placement import spread
from app.reporting.charts.scale import Scale
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_APART = 9.0  # between two labels in a lane
_LIFT = 9.0  # from the axis to the nearest edge of the first lane


@dataclass(frozen=True, slots=True)
class RoleScore:
    """The mean of one role group, ``None`` if it did not answer."""

    role: str
    value: Number | None


@dataclass(frozen=True, slots=True)
class PerceptionRow:
    """One shared question. ``top`` and ``front`` are the two means the directional gap is of."""

    question: str
    scores: tuple[RoleScore, ...]
    top: Number | None = None
    front: Number | None = None
    code: str = ""


@dataclass(slots=True)
class _Tag:
    """A label of one dot: where it wants to be and where it ends up."""

    x: float
    lines: tuple[str, ...]
    width: float
    lane: int = -1  # 0, 2, 4 … above the axis, 1, 3 … below
    centre: float = 0.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all rows share: where the scale and the labels may run and how numbers look."""

    code: float
    label: float
    left: float
    right: float
    scale: Scale
    aside: float
    alert_from: Number
    format: Format
    format_gap: Format
    words: Words


def perception_plot(
    rows: Sequence[PerceptionRow],
    *,
    title: str,
    desc: str = "",
    low: Number = 1,
    high: Number = 5,
    ticks: Sequence[tuple[Number, str]] = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")),
    alert_from: Number = 1,
    format: Format = score,
    format_gap: Format = signed_score,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the rows in the order given; a gap of ``alert_from`` or more is marked.

    Roles with the same printed value share a dot and a label; every dot is labelled directly.
    """
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    aside = width * 0.13
    label = width * 0.28
    left, right = label + 8, width - aside - 8
    code = max((text_width(row.code, SMALL) + 7 for row in rows if row.code), default=0.0)
    layout = _Layout(
        code,
        label,
        left,
        right,
        Scale(float(low), float(high), left + 14, right - 14),
        aside,
        alert_from,
        format,
        format_gap,
        words,
    )
    layout.scale.numbers(canvas, SMALL, ticks)
    canvas.text(width, SMALL, words.gap, size=SMALL, anchor=1, fill=theme.muted)
    top = SMALL + 6
    for row in rows:
        bottom = _row(canvas, row, top, layout, ticks)
        canvas.rules([(0, bottom, width, bottom)], stroke=theme.rule, weight=0.6)
        top = bottom
    return canvas.svg(top + 1, title, desc)


def _row(
    canvas: Canvas,
    row: PerceptionRow,
    top: float,
    layout: _Layout,
    ticks: Sequence[tuple[Number, str]],
) -> float:
    theme = canvas.theme
    question = wrap(row.question, BODY, layout.label - layout.code)
    tags = _tags(row, layout)
    _lanes(tags, layout.left, layout.right)
    above = _LIFT + _lane_extent(tags, 0)
    below = _LIFT + _lane_extent(tags, 1)
    gap, verdict = _gap_texts(row, layout)
    spare = max(block_height(question), 16 + block_height(verdict, SMALL), 22.0) - (
        above + below - 4
    )
    if spare > 0:
        above, below = above + spare / 2, below + spare / 2
    y = top + 4 + above
    bottom = y + below + 4
    middle = (top + bottom) / 2
    layout.scale.grid(canvas, top, bottom, ticks)
    first = middle - block_height(question) / 2
    canvas.block(layout.code, first, question)
    canvas.block(0, first + 1, (row.code,), size=SMALL, fill=theme.muted)
    canvas.rules([(layout.scale.left, y, layout.scale.right, y)], stroke=theme.rule, weight=0.8)
    _gap_bar(canvas, row, y, layout)
    _leaders(canvas, tags, y)
    _dots(canvas, row, y, layout)
    _write(canvas, tags, y)
    _aside(canvas, row, middle, gap, verdict, layout)
    return bottom


def _tags(row: PerceptionRow, layout: _Layout) -> list[_Tag]:
    """Return one label per printed value, in ascending order of value."""
    shared: dict[str, list[RoleScore]] = {}
    known = [entry for entry in row.scores if entry.value is not None]
    for entry in sorted(known, key=lambda e: exact(e.value or 0)):
        shared.setdefault(layout.format(entry.value or 0), []).append(entry)
    tags = []
    for value, entries in shared.items():
        names = layout.words.joiner.join(entry.role for entry in entries)
        lines = wrap(f"{names} {value}", SMALL, (layout.right - layout.left) * 0.46)
        x = layout.scale(entries[0].value or 0)  # known, hence never the 0
        tags.append(_Tag(x, lines, block_width(lines, SMALL)))
    return tags


def _lanes(tags: list[_Tag], left: float, right: float) -> None:
    """Give every label a lane in which it fits and a place in that lane."""
    for tag in tags:
        tag.centre = min(max(tag.x, left + tag.width / 2), right - tag.width / 2)
        lane = 0
        while not _free(tag, tags, lane) and lane < 2:
            lane += 1
        if lane == 2:  # no lane without pushing: the lane with more room left, or a new one
            lane = min((0, 1), key=lambda n: _taken(tags, n))
            while _taken(tags, lane) + tag.width > right - left:
                lane += 1
        tag.lane = lane
        members = [other for other in tags if other.lane == lane]
        places = spread(
            [other.x for other in members], [other.width for other in members], _APART, left, right
        )
        for other, place in zip(members, places, strict=True):
            other.centre = place


def _free(tag: _Tag, tags: list[_Tag], lane: int) -> bool:
    return all(
        abs(tag.centre - other.centre) >= (tag.width + other.width) / 2 + _APART
        for other in tags
        if other.lane == lane
    )


def _taken(tags: list[_Tag], lane: int) -> float:
    return sum(tag.width + _APART for tag in tags if tag.lane == lane)


def _lane_extent(tags: list[_Tag], parity: int) -> float:
    """Return the height of all lanes on one side of the axis."""
    return sum(_lane_heights(tags, parity).values())


def _lane_heights(tags: list[_Tag], parity: int) -> dict[int, float]:
    heights: dict[int, float] = {}
    for tag in sorted(tags, key=lambda t: t.lane):
        if tag.lane % 2 == parity:
            tall = block_height(tag.lines, SMALL) + 2
            heights[tag.lane] = max(heights.get(tag.lane, 0.0), tall)
    return heights


def _edges(tags: list[_Tag], y: float) -> dict[int, float]:
    """Return for every lane the edge nearest the axis."""
    edges: dict[int, float] = {}
    for parity, sign in ((0, -1), (1, 1)):
        reach = _LIFT
        for lane, tall in _lane_heights(tags, parity).items():
            edges[lane] = y + sign * reach
            reach += tall
    return edges


def _leaders(canvas: Canvas, tags: list[_Tag], y: float) -> None:
    """Join a label to its dot where it had to move away from it."""
    edges = _edges(tags, y)
    segments = []
    for tag in tags:
        if tag.lane < 2 and abs(tag.centre - tag.x) <= tag.width / 2 - 3:
            continue
        half = max(tag.width / 2 - 3, 0.0)
        end = min(max(tag.x, tag.centre - half), tag.centre + half)
        segments.append((tag.x, y, end, edges[tag.lane]))
    canvas.rules(segments, stroke=canvas.theme.muted, weight=0.6)


def _write(canvas: Canvas, tags: list[_Tag], y: float) -> None:
    edges = _edges(tags, y)
    crossed = any(tag.lane >= 2 for tag in tags)
    for tag in tags:
        tall = block_height(tag.lines, SMALL)
        top = edges[tag.lane] - (tall if tag.lane % 2 == 0 else 0)
        if crossed and tag.lane < 2:  # a leader of an outer lane may pass behind
            canvas.rect(
                tag.centre - tag.width / 2 - 1, top, tag.width + 2, tall, fill=canvas.theme.paper
            )
        canvas.block(tag.centre, top, tag.lines, size=SMALL, anchor=0.5)


def _dots(canvas: Canvas, row: PerceptionRow, y: float, layout: _Layout) -> None:
    drawn: set[str] = set()
    for entry in row.scores:
        if entry.value is None or layout.format(entry.value) in drawn:
            continue
        drawn.add(layout.format(entry.value))
        canvas.circle(
            layout.scale(entry.value),
            y,
            3.6,
            fill=canvas.theme.accent,
            stroke=canvas.theme.paper,
            weight=1,
        )


def _gap_bar(canvas: Canvas, row: PerceptionRow, y: float, layout: _Layout) -> None:
    if row.top is None or row.front is None:
        return
    first, last = sorted((layout.scale(row.top), layout.scale(row.front)))
    fill = canvas.theme.alert_soft if _wide(row, layout) else canvas.theme.accent_soft
    canvas.rect(first, y - 4, last - first, 8, fill=fill)


def _wide(row: PerceptionRow, layout: _Layout) -> bool:
    if row.top is None or row.front is None:
        return False
    return abs(exact(row.top) - exact(row.front)) >= exact(layout.alert_from)


def _gap_texts(row: PerceptionRow, layout: _Layout) -> tuple[str, tuple[str, ...]]:
    words = layout.words
    if row.top is None or row.front is None:
        return "", wrap(words.unassessed, SMALL, layout.aside)
    gap = exact(row.top) - exact(row.front)
    word = words.agree
    if _wide(row, layout):
        word = words.top_higher if gap > 0 else words.front_higher
    return layout.format_gap(gap), wrap(word, SMALL, layout.aside)


def _aside(
    canvas: Canvas,
    row: PerceptionRow,
    middle: float,
    gap: str,
    verdict: tuple[str, ...],
    layout: _Layout,
) -> None:
    colour = canvas.theme.alert if _wide(row, layout) else canvas.theme.muted
    tall = block_height(verdict, SMALL) + (15 if gap else 0)
    top = middle - tall / 2
    if gap:
        canvas.text(
            canvas.width,
            top + MIDDLE * BODY + 7,
            gap,
            anchor=1,
            bold=True,
            fill=colour if _wide(row, layout) else "",
        )
        top += 15
    canvas.block(canvas.width, top, verdict, size=SMALL, anchor=1, fill=colour)
