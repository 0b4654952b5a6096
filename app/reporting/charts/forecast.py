"""Forecast lines: scenarios over time, each named and valued at the end of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from app.reporting.charts.canvas import MIDDLE, Canvas, Point, block_height, line_height
from app.reporting.charts.metrics import block_width, text_width, wrap
from app.reporting.charts.numbers import Format, Number, plain
from app.reporting.charts.placement import nice_ticks, spread
from app.reporting.charts.theme import COLUMN, SMALL, Theme, Words

_DASHES = ("5 3", "1.5 2.5", "7 2.5 1.5 2.5")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One line: a value per point in time, ``None`` where there is none yet.

    ``main`` is the scenario the plan is built on: solid and in the accent colour. ``goal`` is not
    what is expected of the plan (what is wanted, or what comes without it): it stands outside the
    shaded range.
    """

    label: str
    values: tuple[Number | None, ...]
    main: bool = False
    goal: bool = False


@dataclass(frozen=True, slots=True)
class _Plane:
    """The plotting area in user units and the values at its lower and upper edge."""

    left: float
    top: float
    right: float
    bottom: float
    low: float
    high: float
    count: int

    def at(self, index: int, value: float) -> Point:
        """Return the place of a value at a point in time."""
        step = (self.right - self.left) / max(self.count - 1, 1)
        share = (value - self.low) / (self.high - self.low)
        return self.left + index * step, self.bottom - share * (self.bottom - self.top)


def forecast_chart(
    points: Sequence[str],
    scenarios: Sequence[Scenario],
    *,
    title: str,
    desc: str = "",
    format: Format = plain,
    height: float = 230.0,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the scenarios over ``points`` (the labels of the time axis) with the range shaded.

    The value axis starts at zero unless a value is negative. Raises ValueError if a scenario does
    not have one value per point.
    """
    for scenario in scenarios:
        if len(scenario.values) != len(points):
            raise ValueError(f"{scenario.label!r} has {len(scenario.values)} of {len(points)}")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    known = [float(v) for scenario in scenarios for v in scenario.values if v is not None]
    ticks = nice_ticks(min([0.0, *known]), max([0.0, *known]))
    left = max(text_width(format(tick), SMALL) for tick in ticks) + 8
    ends = [_end_label(scenario, format, words, width * 0.24) for scenario in scenarios]
    aside = max((block_width(lines, SMALL, bold=True) for lines in ends), default=0.0)
    talls = [block_height(lines, SMALL) for lines in ends]
    height = max(height, sum(talls) + 4 * len(talls) + 30)
    half = text_width(points[0], SMALL) / 2 if points else 0.0
    plane = _Plane(
        max(left, half),
        6,
        width - aside - 14,
        height - line_height(SMALL) - 6,
        ticks[0],
        ticks[-1],
        len(points),
    )
    for tick in ticks:
        y = plane.at(0, tick)[1]
        canvas.rules(
            [(plane.left, y, plane.right, y)],
            stroke=theme.muted if tick == 0 else theme.faint,
            weight=0.8,
        )
        canvas.text(
            plane.left - 6, y + MIDDLE * SMALL, format(tick), size=SMALL, anchor=1, fill=theme.muted
        )
    _time(canvas, points, plane)
    _range(canvas, scenarios, plane)
    for number, scenario in enumerate(scenarios):
        _line(canvas, scenario, plane, number)
    _ends(canvas, scenarios, ends, talls, plane)
    return canvas.svg(height, title, desc)


def _end_label(scenario: Scenario, format: Format, words: Words, room: float) -> tuple[str, ...]:
    last = next((value for value in reversed(scenario.values) if value is not None), None)
    value = words.unassessed if last is None else format(last)
    return wrap(f"{scenario.label} {value}", SMALL, room, bold=True)


def _time(canvas: Canvas, points: Sequence[str], plane: _Plane) -> None:
    """Label the time axis from its end backwards, leaving out what would touch."""
    baseline = plane.bottom + 6 + 0.88 * SMALL
    marks = []
    step = 1
    while step < len(points) and not _fit(canvas, points, plane, step):
        step += 1
    for index in range(len(points) - 1, -1, -step):
        x = plane.at(index, plane.low)[0]
        centre, _ = _tick(canvas, points, plane, index)
        canvas.text(
            centre, baseline, points[index], size=SMALL, anchor=0.5, fill=canvas.theme.muted
        )
        marks.append((x, plane.bottom, x, plane.bottom + 3))
    canvas.rules(marks, stroke=canvas.theme.muted, weight=0.6)


def _tick(canvas: Canvas, points: Sequence[str], plane: _Plane, index: int) -> tuple[float, float]:
    """Return the centre and half the width of a time label."""
    half = text_width(points[index], SMALL) / 2
    return min(max(plane.at(index, plane.low)[0], half), canvas.width - half), half


def _fit(canvas: Canvas, points: Sequence[str], plane: _Plane, step: int) -> bool:
    """Tell whether every ``step``-th label, counted from the end, fits beside the next."""
    ticks = [_tick(canvas, points, plane, i) for i in range(len(points) - 1, -1, -step)]
    return all(
        later - half - 8 >= earlier + other for (later, half), (earlier, other) in pairwise(ticks)
    )


def _range(canvas: Canvas, scenarios: Sequence[Scenario], plane: _Plane) -> None:
    """Shade from the lowest to the highest expectation wherever there are two."""
    scenarios = [scenario for scenario in scenarios if not scenario.goal]
    upper, lower = [], []
    for index in range(plane.count):
        values = [float(s.values[index] or 0) for s in scenarios if s.values[index] is not None]
        if len(values) > 1:
            upper.append(plane.at(index, max(values)))
            lower.append(plane.at(index, min(values)))
    if len(upper) > 1:
        canvas.shape([*upper, *reversed(lower)], fill=canvas.theme.accent_pale)


def _line(canvas: Canvas, scenario: Scenario, plane: _Plane, number: int) -> None:
    places = [
        plane.at(index, float(value)) if value is not None else None
        for index, value in enumerate(scenario.values)
    ]
    run: list[Point] = []
    for place in [*places, None]:
        if place:
            run.append(place)
            continue
        if len(run) > 1:
            canvas.shape(
                run,
                stroke=canvas.theme.accent if scenario.main else canvas.theme.muted,
                weight=2 if scenario.main else 1.2,
                dash="" if scenario.main else _DASHES[number % len(_DASHES)],
                closed=False,
            )
        run = []


def _ends(
    canvas: Canvas,
    scenarios: Sequence[Scenario],
    blocks: Sequence[tuple[str, ...]],
    talls: Sequence[float],
    plane: _Plane,
) -> None:
    """Write the labels at the ends of the lines, moved apart where they would meet."""
    theme = canvas.theme
    places: list[Point] = []
    for scenario in scenarios:
        last = next(
            (i for i in range(plane.count - 1, -1, -1) if scenario.values[i] is not None), None
        )
        value = scenario.values[last] if last is not None else None
        if last is None or value is None:
            places.append((plane.left, plane.bottom))
        else:
            places.append(plane.at(last, float(value)))
    low, high = 0.0, plane.bottom + 4
    centres = spread([y for _, y in places], talls, 3, low, high)
    for scenario, (x, y), centre, lines, tall in zip(
        scenarios, places, centres, blocks, talls, strict=True
    ):
        if any(value is not None for value in scenario.values):
            canvas.circle(x, y, 2.6, fill=theme.accent if scenario.main else theme.muted)
            canvas.rules([(x + 3, y, plane.right + 11, centre)], stroke=theme.rule, weight=0.7)
        canvas.block(
            plane.right + 13,
            centre - tall / 2,
            lines,
            size=SMALL,
            bold=scenario.main,
            fill="" if scenario.main else theme.muted,
        )
