"""There, partly there, not there: drawn signs, alone or as the panel of the five ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from app.reporting.charts.canvas import Canvas, block_height
from app.reporting.charts.marks import Sign, cross_mark, half_mark, tick_mark, unknown_mark
from app.reporting.charts.metrics import wrap
from app.reporting.charts.theme import BODY, COLUMN, SMALL, Theme, Words

Status = Literal["done", "part", "missing"]

_SIGNS: dict[Status | None, Sign] = {
    "done": tick_mark,
    "part": half_mark,
    "missing": cross_mark,
    None: unknown_mark,
}
_GUTTER = 16.0


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One deliverable; ``status`` None is not assessed, ``note`` says what there is."""

    label: str
    status: Status | None
    note: str = ""


def status_word(status: Status | None, words: Words) -> str:
    """Return the word for a status: the sign never stands without it or a text beside it."""
    named = {"done": words.done, "part": words.part, "missing": words.missing}
    return named[status] if status else words.unassessed


def status_mark(
    status: Status | None,
    *,
    theme: Theme | None = None,
    words: Words | None = None,
) -> Markup:
    """Draw the sign alone, 12 × 12, to stand in a line of text; its title is the word."""
    canvas = Canvas(12.0, theme or Theme())
    _SIGNS[status](canvas, 6.0, 6.0)
    return canvas.svg(12.0, status_word(status, words or Words()))


def status_panel(
    items: Sequence[StatusItem],
    *,
    title: str,
    desc: str = "",
    per_line: int = 5,
    theme: Theme | None = None,
    words: Words | None = None,
    width: float = COLUMN,
) -> Markup:
    """Draw the items side by side: sign and word, label, note."""
    theme, words = theme or Theme(), words or Words()
    canvas = Canvas(width, theme)
    pitch = (width + _GUTTER) / per_line
    wide = pitch - _GUTTER
    top = 1.0
    for start in range(0, len(items), per_line):
        line = items[start : start + per_line]
        labels = [wrap(item.label, BODY, wide, bold=True) for item in line]
        tall = max(block_height(lines) for lines in labels)
        bottom = top
        for place, (item, lines) in enumerate(zip(line, labels, strict=True)):
            x = place * pitch
            canvas.rules([(x, top, x + wide, top)], stroke=theme.accent, weight=1.25)
            canvas.block(x, top + 5, lines, bold=True)
            y = top + 5 + tall + 3
            _SIGNS[item.status](canvas, x + 5, y + 7)
            word = wrap(status_word(item.status, words), SMALL, wide - 14)
            y = canvas.block(x + 14, y + 0.6, word, size=SMALL) + 2
            note = wrap(item.note, SMALL, wide)
            bottom = max(bottom, canvas.block(x, y, note, size=SMALL, fill=theme.muted))
        top = bottom + 14
    return canvas.svg(max(top - 12, 1), title, desc)
