"""A time axis in days up to the ninetieth, then in months, more tightly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.reporting.charts.metrics import text_width
from app.reporting.charts.theme import SMALL, Words

MONTH = 30  # days of a plan month
_QUARTER = 90  # up to here the plan is in days
_TIGHT = 0.22  # a later day is this much of an early one
_SHARE = 0.45  # and all later days never take more than this part of the width


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A tick: its day, its label and the optional date below it."""

    day: int
    label: str
    date: str = ""

    @property
    def width(self) -> float:
        """Return the width of the wider of label and date."""
        return max(text_width(self.label, SMALL), text_width(self.date, SMALL))


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Maps days (0 is the start of the plan, negative before it) to user units.

    Days from ``first`` to 90 have one scale; if ``last`` lies beyond, the months after have a
    second, tighter one. The labels say which: D15, D30, D90, then months.
    """

    first: int
    last: int
    left: float
    right: float

    def _bend(self) -> tuple[float, float]:
        """Return the day and the place where the scale changes."""
        if self.last <= _QUARTER or self.first >= _QUARTER:
            return self.last, self.right
        early, late = _QUARTER - self.first, (self.last - _QUARTER) * _TIGHT
        share = min(late / (early + late), _SHARE)
        return _QUARTER, self.right - share * (self.right - self.left)

    def __call__(self, day: float) -> float:
        """Return the place of a day; days outside the axis stay at its ends."""
        bend, place = self._bend()
        day = min(max(day, self.first), self.last)
        if day <= bend:
            return self.left + (day - self.first) / max(bend - self.first, 1) * (place - self.left)
        return place + (day - bend) / (self.last - bend) * (self.right - place)

    def ticks(self, words: Words, dates: Callable[[int], str] | None) -> list[TimeTick]:
        """Return the ticks whose labels fit beside each other, from the left."""

        def tick(day: int) -> TimeTick:
            month = day > _QUARTER and day % MONTH == 0
            label = words.month.format(day // MONTH) if month else words.day.format(day)
            return TimeTick(day, label, dates(day) if dates else "")

        early: list[TimeTick] = []
        for step in (15, 30, 90):
            days = range(-360, min(self.last, _QUARTER) + 1, step)
            early = [tick(day) for day in days if day >= self.first]
            if self._fit(early):
                break
        early = self._thinned(early)
        late: list[TimeTick] = []
        for months in (1, 2, 3, 6, 12):
            days = range(_QUARTER + months * MONTH, self.last + 1, months * MONTH)
            late = [tick(day) for day in days if day >= self.first]
            free = [t for t in late if self(t.day) + t.width / 2 <= self.right]
            if self._fit(early[-1:] + free):
                break
        return self._thinned(early + late)

    def _fit(self, ticks: list[TimeTick]) -> bool:
        return len(self._thinned(ticks)) == len(ticks)

    def _thinned(self, ticks: list[TimeTick]) -> list[TimeTick]:
        """Leave out every tick whose label would touch the one before it."""
        kept: list[TimeTick] = []
        reach = float("-inf")
        for tick in ticks:
            half = tick.width / 2
            if self.centre(tick) - half >= reach:
                kept.append(tick)
                reach = self.centre(tick) + half + 6
        return kept

    def centre(self, tick: TimeTick) -> float:
        """Return the centre of a tick's label: its day, or as near as the axis has room."""
        half = tick.width / 2
        return max(min(self(tick.day), self.right - half), self.left - 8 + half)

    def weeks(self) -> list[float]:
        """Return the places of the weeks' beginnings up to day 90."""
        return [
            self(day) for day in range(-364, min(self.last, _QUARTER) + 1, 7) if day >= self.first
        ]
