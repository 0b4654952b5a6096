"""A horizontal scale from values to user units, with its grid and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.reporting.charts.canvas import Canvas
from app.reporting.charts.numbers import Number
from app.reporting.charts.theme import SMALL


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps ``low``–``high`` to ``left``–``right``; values beyond the ends stay at the ends."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: Number | float) -> float:
        """Return the place of a value in user units."""
        span = self.high - self.low
        share = (float(value) - self.low) / span if span else 0.0
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def numbers(self, canvas: Canvas, baseline: float, ticks: Sequence[tuple[Number, str]]) -> None:
        """Print the scale's numbers, centred on their values."""
        for value, text in ticks:
            canvas.text(
                self(value), baseline, text, size=SMALL, anchor=0.5, fill=canvas.theme.muted
            )

    def grid(
        self, canvas: Canvas, top: float, bottom: float, ticks: Sequence[tuple[Number, str]]
    ) -> None:
        """Draw upright hairlines at the ticks."""
        canvas.rules(
            [(self(value), top, self(value), bottom) for value, _ in ticks],
            stroke=canvas.theme.faint,
            weight=0.8,
        )
