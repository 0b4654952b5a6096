"""Process map from public to private: the funnel's steps with their figures and their state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height, line_height
from app.reporting.charts.marks import Sign, cross_mark, tick_mark, unknown_mark
from app.reporting.charts.metrics import block_width, wrap
from app.reporting.charts.theme import BODY, COLUMN, FIGURE, SMALL, Theme, Words

_GUTTER = 18.0
_STATE = 15.0  # pitch of the two state lines


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step: its figure as printed (None: nobody measures it), and whether it has script
    and meter (None: not assessed). ``zone`` is where it happens, public or private domain.
    """

    label: str
    metric: str = ""
    value: str | None = None
    scripted: bool | None = None
    metered: bool | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    label: tuple[str, ...]
    value: str
    metric: tuple[str, ...]
    states: tuple[tuple[Sign, tuple[str, ...]], ...]


def process_map(
    steps: Sequence[ProcessStep],
    *,
    title: str,
    desc: str = "",
    weakest: int | None = None,
    per_line: int = 4,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the steps from left to right, ``per_line`` to a line.

    The step with index ``weakest`` gets a thick rule in the alert colour and the word for it.
    Raises ValueError if ``weakest`` names no step.
    """
    if weakest is not None and not 0 <= weakest < len(steps):
        raise ValueError(f"no step {weakest} among {len(steps)}")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    per_line = max(min(per_line, len(steps)), 1)
    pitch = (width + _GUTTER) / per_line
    top = 0.0
    for start in range(0, len(steps), per_line):
        numbers = range(start, min(start + per_line, len(steps)))
        more = numbers[-1] < len(steps) - 1
        top = _line(canvas, steps, numbers, weakest, top, pitch, words, more) + 16
    return canvas.svg(max(top - 14, 1), title, desc)


def _line(
    canvas: Canvas,
    steps: Sequence[ProcessStep],
    numbers: range,
    weakest: int | None,
    top: float,
    pitch: float,
    words: Words,
    more: bool,
) -> float:
    """Draw one line of steps and return where it ends."""
    theme = canvas.theme
    wide = pitch - _GUTTER
    top = _zones(canvas, [steps[number].zone for number in numbers], top, pitch)
    tag = wrap(words.weakest, SMALL, wide, bold=True) if weakest in numbers else ()
    rule = top + block_height(tag, SMALL) + 3
    cells = [_cell(steps[number], number, wide, words) for number in numbers]
    label_tall = max(block_height(cell.label) for cell in cells)
    metric_tall = max(block_height(cell.metric, SMALL) for cell in cells)
    bottom = rule
    for place, (number, cell) in enumerate(zip(numbers, cells, strict=True)):
        x = place * pitch
        weak = number == weakest
        if weak:
            canvas.block(
                x, rule - 3 - block_height(tag, SMALL), tag, size=SMALL, bold=True, fill=theme.alert
            )
        end = min(x + wide, canvas.width - 14) if more else x + wide  # room for the arrow
        canvas.rules(
            [(x, rule, end, rule)],
            stroke=theme.alert if weak else theme.accent,
            weight=3 if weak else 1.25,
        )
        if place < len(cells) - 1 or more:
            _arrow(canvas, min(x + wide + _GUTTER / 2, canvas.width - 4), rule)
        y = rule + 6
        canvas.block(x, y, cell.label, bold=True)
        y += label_tall + FIGURE
        unknown = steps[number].value is None
        canvas.text(
            x,
            y,
            cell.value,
            size=BODY if unknown else FIGURE,
            bold=not unknown,
            fill=theme.muted if unknown else theme.alert if weak else theme.accent,
        )
        y += 4
        canvas.block(x, y, cell.metric, size=SMALL, fill=theme.muted)
        y += metric_tall + 3
        for sign, lines in cell.states:
            sign(canvas, x + 5, y + _STATE / 2)
            y = canvas.block(x + 14, y + (_STATE - line_height(SMALL)) / 2, lines, size=SMALL) + 2
        bottom = max(bottom, y)
    return bottom


def _zones(canvas: Canvas, zones: Sequence[str], top: float, pitch: float) -> float:
    """Name the zone above each run of steps that share it; return where the steps begin."""
    runs: list[tuple[str, int, int]] = []
    for place, zone in enumerate(zones):
        if runs and runs[-1][0] == zone:
            runs[-1] = (zone, runs[-1][1], place)
        else:
            runs.append((zone, place, place))
    blocks = [
        wrap(zone, SMALL, (last - first + 1) * pitch - _GUTTER - 30) for zone, first, last in runs
    ]
    tall = max((block_height(lines, SMALL) for lines in blocks), default=0.0)
    if not tall:
        return top
    for lines, (_, first, last) in zip(blocks, runs, strict=True):
        canvas.block(first * pitch, top, lines, size=SMALL, fill=canvas.theme.muted)
        if lines:
            start = first * pitch + block_width(lines, SMALL) + 6
            y = top + line_height(SMALL) / 2
            end = (last + 1) * pitch - _GUTTER
            canvas.rules([(start, y, end, y)], stroke=canvas.theme.rule, weight=0.8)
    return top + tall + 4


def _cell(step: ProcessStep, number: int, wide: float, words: Words) -> _Cell:
    value = words.unassessed if step.value is None else step.value
    states = []
    for state, yes, no in (
        (step.scripted, words.scripted, words.unscripted),
        (step.metered, words.metered, words.unmetered),
    ):
        sign, word = {
            True: (tick_mark, yes),
            False: (cross_mark, no),
            None: (unknown_mark, f"{yes} {words.unassessed}"),
        }[state]
        states.append((sign, wrap(word, SMALL, wide - 14)))
    return _Cell(
        wrap(f"{number + 1} {step.label}", BODY, wide, bold=True),
        value,
        wrap(step.metric, SMALL, wide),
        tuple(states),
    )


def _arrow(canvas: Canvas, x: float, y: float) -> None:
    """Draw the head that leads on to the next step."""
    canvas.shape(
        [(x - 2.5, y - 4), (x + 2.5, y), (x - 2.5, y + 4)],
        stroke=canvas.theme.muted,
        weight=1.25,
        closed=False,
    )
