"""Radar of three to ten axes: now, target and last time on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, Point, block_height, coordinate, line_height
from app.reporting.charts.marks import Sign, key, key_height
from app.reporting.charts.metrics import block_width, longest_piece, text_width, wrap
from app.reporting.charts.numbers import Format, Number, score
from app.reporting.charts.placement import spread
from app.reporting.charts.theme import BODY, SMALL, Theme, Words

_CLEAR = 9.0  # between the outer ring and a label
_UPRIGHT = 0.02  # sine of an angle that counts as straight up or down
_BETWEEN = 5.0  # between two labels of one side
_ROOMS = (0.27, 0.22, 0.18)  # widths of a label that are tried, in parts of the whole
_LONGEST_WORD = 1.5  # of the room: a longer word is broken after all
_PREVIOUS = (1.5, "2 2.2")  # weight and dashes of the line of last time: legible, but not solid


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One axis; ``None`` is unknown and leaves a gap in its line.

    ``flag`` is a short word for an axis that matters, such as 压级 for the gate that bound the
    overall level; it stands below the value in the alert colour.
    """

    label: str
    now: Number | None
    target: Number | None = None
    previous: Number | None = None
    flag: str = ""


@dataclass(slots=True)
class _Label:
    """A label being placed: its text and its box relative to the centre of the radar."""

    axis: RadarAxis
    angle: float
    lines: tuple[str, ...]
    flag: tuple[str, ...]
    value: str
    target: str
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0  # middle of the block

    @property
    def side(self) -> int:
        """Return -1 left, 0 above or below, 1 right."""
        across = sin(self.angle)
        return 0 if abs(across) < _UPRIGHT else (1 if across > 0 else -1)


def radar(
    axes: Sequence[RadarAxis],
    *,
    title: str,
    desc: str = "",
    low: Number = 0,
    high: Number = 5,
    rings: Sequence[tuple[Number, str]] = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")),
    format: Format = score,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = 330.0,
) -> Markup:
    """Draw the radar; ``low`` lies in the centre, ``high`` on the outer ring.

    ``rings`` are (value, label). A target or previous line appears if any axis has one. Values
    beyond the scale are drawn at its end but printed as they are. Raises ValueError unless there
    are three to ten axes.
    """
    if not 3 <= len(axes) <= 10:
        raise ValueError(f"a radar takes 3 to 10 axes, not {len(axes)}")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    radius, labels = _fit(axes, width, format, words)
    above = min(label.y - label.height / 2 for label in labels)
    below = max(label.y + label.height / 2 for label in labels)
    above, below = min(above, -radius - 4), max(below, radius + 4)
    centre = (width / 2, 2 - above)

    def place(value: Number | None, index: int) -> Point | None:
        if value is None:
            return None
        share = (float(value) - float(low)) / (float(high) - float(low))
        reach = radius * min(max(share, 0.0), 1.0)
        angle = 2 * pi * index / len(axes)
        return (centre[0] + reach * sin(angle), centre[1] - reach * cos(angle))

    _web(canvas, axes, [[place(value, i) for i in range(len(axes))] for value, _ in rings], centre)
    _unknown_spokes(canvas, axes, [place(high, i) for i in range(len(axes))], centre)
    now = [place(axis.now, i) for i, axis in enumerate(axes)]
    _area(canvas, now, centre)
    previous = [place(axis.previous, i) for i, axis in enumerate(axes)]
    _line(canvas, previous, theme.muted, *_PREVIOUS)
    _line(canvas, [place(a.target, i) for i, a in enumerate(axes)], theme.ink, 1.1, "4 2.5")
    _line(canvas, now, theme.accent, 1.8, "")
    for point in previous:  # hollow; one that did not move shows as a ring around the dot of now
        if point:
            canvas.circle(*point, 3.4, fill=theme.paper, stroke=theme.muted, weight=1.2)
    for point in now:
        if point:
            canvas.circle(*point, 2.8, fill=theme.accent)
    _ring_numbers(canvas, [(place(value, 0), text) for value, text in rings])
    for label in labels:
        _write(canvas, label, centre, words)
    entries = _key_entries(axes, words)
    top = centre[1] + below + 8
    key(canvas, 0, top, entries, width, anchor=0.5)
    return canvas.svg(top + key_height([word for _, word in entries], width) + 2, title, desc)


def _fit(
    axes: Sequence[RadarAxis], width: float, format: Format, words: Words
) -> tuple[float, list[_Label]]:
    """Return the largest radius at which every label stays inside the width, and the labels."""
    trials = []
    for share in _ROOMS:
        labels = [
            _measure(axis, 2 * pi * index / len(axes), width * share, format, words)
            for index, axis in enumerate(axes)
        ]
        radius = width / 2 - _CLEAR
        _arrange(labels, radius)
        while radius > 24 and any(abs(la.x) + la.width > width / 2 for la in labels if la.side):
            radius -= 1
            _arrange(labels, radius)
        trials.append((radius, labels))
    # More lines per label are worth it only for a clearly larger radar.
    return max(trials, key=lambda trial: (trial[0] // 6, -trials.index(trial)))


def _measure(axis: RadarAxis, angle: float, room: float, format: Format, words: Words) -> _Label:
    if abs(sin(angle)) < _UPRIGHT:  # above or below the radar there is room on both sides
        room *= 2
    word = longest_piece(axis.label, BODY)
    if word <= room * _LONGEST_WORD:  # rather a smaller radar than a word in two pieces
        room = max(room, word)
    lines = wrap(axis.label, BODY, room)
    flag = wrap(axis.flag, SMALL, room, bold=True)
    value = words.unassessed if axis.now is None else format(axis.now)
    value_width = text_width(value, BODY, bold=True)
    target = "" if axis.target is None else f"→{format(axis.target)}"
    with_target = value_width + text_width(target, SMALL) + 3
    if axis.now is None and with_target > room:
        target = ""  # the dashed line shows it, the table beside the chart prints it
    if target:
        value_width = with_target
    return _Label(
        axis=axis,
        angle=angle,
        lines=lines,
        flag=flag,
        value=value,
        target=target,
        width=max(block_width(lines, BODY), value_width, block_width(flag, SMALL, bold=True)),
        height=block_height(lines) + line_height() + block_height(flag, SMALL),
    )


def _arrange(labels: list[_Label], radius: float) -> None:
    """Place the labels around a circle: sides spread vertically, then moved out to clear it."""
    ring = radius + _CLEAR
    sides = {side: [label for label in labels if label.side == side] for side in (-1, 1)}
    tallest = max(
        (sum(la.height + _BETWEEN for la in group) + _BETWEEN for group in sides.values() if group),
        default=0.0,
    )
    half = max(ring, tallest / 2)
    for label in labels:
        if not label.side:
            label.x = 0.0
            up = cos(label.angle) > 0
            label.y = (-half - label.height / 2 + 2) if up else (half + label.height / 2 - 4)
    odd = len(labels) % 2 == 1
    for side, group in sides.items():
        wanted = [-cos(la.angle) * (ring + la.height / 2 * abs(cos(la.angle))) for la in group]
        # Below, an odd radar has no label in the middle: its lowest labels may hang lower.
        bottom = half + (max((la.height for la in group), default=0.0) if odd else 0.0)
        heights = [la.height for la in group]
        for label, y in zip(
            group, spread(wanted, heights, _BETWEEN, -half + 6, bottom), strict=True
        ):
            label.y = y
            nearest = max(abs(y) - label.height / 2, 0.0)
            clear = sqrt(max(ring**2 - nearest**2, 0.0))
            label.x = side * max(clear, abs(sin(label.angle)) * ring * 0.8)


def _web(
    canvas: Canvas,
    axes: Sequence[RadarAxis],
    rings: Sequence[Sequence[Point | None]],
    centre: Point,
) -> None:
    """Draw the rings and the spokes of the known axes."""
    for ring in rings:
        points = [point for point in ring if point]
        canvas.shape(points, stroke=canvas.theme.rule, weight=0.7)
    if rings:
        ends = [
            (*centre, *end)
            for axis, end in zip(axes, rings[-1], strict=True)
            if end and axis.now is not None
        ]
        canvas.rules(ends, stroke=canvas.theme.rule, weight=0.7)


def _unknown_spokes(
    canvas: Canvas, axes: Sequence[RadarAxis], ends: Sequence[Point | None], centre: Point
) -> None:
    dashed = [
        (*centre, *end) for axis, end in zip(axes, ends, strict=True) if end and axis.now is None
    ]
    canvas.rules(dashed, stroke=canvas.theme.muted, weight=0.7, dash="1.5 2.5")


def _area(canvas: Canvas, points: Sequence[Point | None], centre: Point) -> None:
    """Tint the sectors between known neighbours; an unknown axis leaves its sectors empty."""
    neighbours = zip(points, (*points[1:], points[0]), strict=True)
    sectors = [f"M{_at(centre)}L{_at(one)}L{_at(two)}Z" for one, two in neighbours if one and two]
    if sectors:
        canvas.path("".join(sectors), fill=canvas.theme.accent_soft)


def _at(point: Point) -> str:
    return f"{coordinate(point[0])} {coordinate(point[1])}"


def _line(
    canvas: Canvas, points: Sequence[Point | None], stroke: str, weight: float, dash: str
) -> None:
    """Join known neighbours; the line is interrupted at an unknown axis."""
    neighbours = list(zip(points, (*points[1:], points[0]), strict=True))
    if all(points):
        canvas.shape([p for p in points if p], stroke=stroke, weight=weight, dash=dash)
        return
    canvas.rules(
        [(*one, *two) for one, two in neighbours if one and two],
        stroke=stroke,
        weight=weight,
        dash=dash,
    )


def _ring_numbers(canvas: Canvas, rings: Sequence[tuple[Point | None, str]]) -> None:
    """Print the level numbers on the upright spoke, each on a patch of paper."""
    drawn = float("-inf")
    for point, text in sorted(rings, key=lambda ring: ring[0][1] if ring[0] else 0.0):
        if point and text and point[1] >= drawn + SMALL:
            drawn = point[1]
            wide = text_width(text, SMALL) + 3
            canvas.rect(point[0] - wide / 2, point[1] - 5, wide, 10, fill=canvas.theme.paper)
            canvas.text(
                point[0],
                point[1] + MIDDLE * SMALL,
                text,
                size=SMALL,
                anchor=0.5,
                fill=canvas.theme.muted,
            )


def _write(canvas: Canvas, label: _Label, centre: Point, words: Words) -> None:
    anchor = 0.5 - label.side / 2
    x = centre[0] + label.x
    top = centre[1] + label.y - label.height / 2
    top = canvas.block(x, top, label.lines, anchor=anchor)
    unknown = label.value == words.unassessed and label.axis.now is None
    value_width = text_width(label.value, BODY, bold=not unknown)
    target_width = text_width(label.target, SMALL) + 3 if label.target else 0.0
    left = x - anchor * (value_width + target_width)
    canvas.block(
        left,
        top,
        (label.value,),
        bold=not unknown,
        fill=canvas.theme.muted if unknown else canvas.theme.accent,
    )
    if label.target:
        baseline = top + (line_height() - BODY) / 2 + 0.88 * BODY
        canvas.text(
            left + value_width + 3, baseline, label.target, size=SMALL, fill=canvas.theme.muted
        )
    canvas.block(
        x,
        top + line_height(),
        label.flag,
        size=SMALL,
        anchor=anchor,
        bold=True,
        fill=canvas.theme.alert,
    )


def _key_entries(axes: Sequence[RadarAxis], words: Words) -> list[tuple[Sign, str]]:
    def sample(dash: str, weight: float, colour: str) -> Sign:
        def sign(canvas: Canvas, x: float, y: float) -> None:
            stroke = getattr(canvas.theme, colour)
            canvas.rules([(x - 9, y, x + 7, y)], stroke=stroke, weight=weight, dash=dash)

        return sign

    entries = [(sample("", 1.8, "accent"), words.now)]
    if any(axis.target is not None for axis in axes):
        entries.append((sample("4 2.5", 1.1, "ink"), words.target))
    if any(axis.previous is not None for axis in axes):
        weight, dash = _PREVIOUS
        entries.append((sample(dash, weight, "muted"), words.previous))
    return entries
