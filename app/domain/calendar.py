"""Working days: weekends and public holidays off, make-up days on; and days by the month."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days an office works.

    ``holidays`` maps days off to their names, ``make_up`` are weekend days worked instead;
    ``settled_until`` is the last day whose official arrangement is published, None where only
    weekends are known. The default knows weekends alone.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up: frozenset[date] = frozenset()
    settled_until: date | None = None

    def is_working(self, day: date) -> bool:
        """Return whether offices work on a day."""
        if day in self.make_up:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working(self, day: date) -> date:
        """Return the day itself, or the first working day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day


WEEKENDS_ONLY: Final = WorkingCalendar()


def months_after(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or that month's last day."""
    year, place = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, place + 1, min(day.day, monthrange(year, place + 1)[1]))
