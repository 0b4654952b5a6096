"""Stage chevrons: which stage the verdict says, and where each reading points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height
from app.reporting.charts.metrics import wrap
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

_POINT = 9.0  # how far a chevron's point reaches into the next one's notch
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class StageReading:
    """One reading (scale, economics, capability): the index of its stage, None if unknown.

    ``alert`` marks a reading that the verdict warns about; ``note`` says what was read.
    """

    label: str
    stage: int | None
    note: str = ""
    alert: bool = False


def stage_chevrons(
    stages: Sequence[tuple[str, str]],
    verdict: int | None,
    readings: Sequence[StageReading] = (),
    *,
    title: str,
    desc: str = "",
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the stages as (code, name) from left to right, the verdict's filled.

    Readings stand below the stage they point at; unknown ones stand in a line of their own.
    Raises ValueError if an index names no stage.
    """
    for index in (verdict, *(reading.stage for reading in readings)):
        if index is not None and not 0 <= index < len(stages):
            raise ValueError(f"no stage {index} among {len(stages)}")
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    pitch = (width - _POINT + _GAP) / len(stages)
    blocks = [
        wrap(f"{code} {name}".strip(), BODY, pitch - 2 * _POINT - _GAP, bold=index == verdict)
        for index, (code, name) in enumerate(stages)
    ]
    height = max(max(block_height(lines) for lines in blocks) + 12, 32.0)
    for index, lines in enumerate(blocks):
        _chevron(canvas, index, pitch, height, lines, index == verdict)
    top = height + 4
    ends = [top]
    if verdict is not None:
        ends.append(_verdict(canvas, verdict, pitch, top, words))
    for index in range(len(stages)):
        ends.append(
            _column(
                canvas,
                [reading for reading in readings if reading.stage == index],
                index * pitch + pitch / 2 + _POINT / 2,
                ends[1] if index == verdict else top,
                pitch - 12,
            )
        )
    top = max(ends)
    unknown = [reading for reading in readings if reading.stage is None]
    for reading in unknown:
        text = f"{reading.label} · {words.unassessed}" + (
            f" · {reading.note}" if reading.note else ""
        )
        top = canvas.block(0, top + 2, wrap(text, SMALL, width), size=SMALL, fill=theme.muted)
    return canvas.svg(top + 2, title, desc)


def _chevron(
    canvas: Canvas, index: int, pitch: float, height: float, lines: tuple[str, ...], full: bool
) -> None:
    theme = canvas.theme
    left, right = index * pitch, (index + 1) * pitch - _GAP
    notch = [(left + _POINT, height / 2)] if index else []
    canvas.shape(
        [
            (left, 0),
            (right, 0),
            (right + _POINT, height / 2),
            (right, height),
            (left, height),
            *notch,
        ],
        fill=theme.accent if full else theme.faint,
    )
    middle = (left + right) / 2 + (_POINT if index else _POINT / 2)
    canvas.block(
        middle,
        (height - block_height(lines)) / 2,
        lines,
        anchor=0.5,
        bold=full,
        fill=theme.paper if full else theme.muted,
    )


def _verdict(canvas: Canvas, index: int, pitch: float, top: float, words: Words) -> float:
    """Say below the filled chevron that it is the verdict: the fill alone would be colour."""
    x = index * pitch + pitch / 2 + _POINT / 2
    lines = wrap(words.verdict, SMALL, pitch - 12, bold=True)
    return canvas.block(x, top, lines, size=SMALL, anchor=0.5, bold=True, fill=canvas.theme.accent)


def _column(
    canvas: Canvas, readings: Sequence[StageReading], x: float, top: float, room: float
) -> float:
    """Write the readings of one stage below it and return where they end."""
    theme = canvas.theme
    for reading in readings:
        colour = theme.alert if reading.alert else theme.ink
        canvas.shape([(x, top + 2), (x - 4, top + 8), (x + 4, top + 8)], fill=colour)
        lines = wrap(reading.label, SMALL, room, bold=reading.alert)
        note = wrap(reading.note, SMALL, room)
        top = canvas.block(
            x, top + 9, lines, size=SMALL, anchor=0.5, bold=reading.alert, fill=colour
        )
        top = canvas.block(x, top, note, size=SMALL, anchor=0.5, fill=theme.muted) + 3
    return top
