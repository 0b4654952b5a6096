"""The working days of mainland China, from the public-holiday library.

The State Council publishes each year's days off and make-up working days about six weeks before
the year begins. Until then only the statutory holidays are known; ``settled_until`` tells up to
where the arrangement is official.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from app.domain.calendar import WorkingCalendar

YEARS_AHEAD: Final = 3
"""The year of the diagnosis and the two after it: a roadmap ends within them."""

NAMES: Final = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""Public holidays as the report prints them, from a fixed Chinese text for each."""

EVE: Final = "农历除夕"
SPRING_FESTIVAL: Final = "春节"


def working_days(as_of: date) -> WorkingCalendar:
    """Return the calendar of the year of ``as_of`` and the two after it."""
    return _calendar(as_of.year)


@cache
def _calendar(first: int) -> WorkingCalendar:
    # Loading the library takes longer than the diagnosis; what asks for no date need not wait.
    from holidays import country_holidays

    years = range(first, first + YEARS_AHEAD)
    found = country_holidays("CN", years=years, language="zh_CN")
    days = {day: found[day] for day in sorted(found)}
    # The library knows make-up days of each year whose arrangement it has read.
    make_up = frozenset(day for day in found.weekend_workdays if day.year in years)
    settled = first - 1
    while any(day.year == settled + 1 for day in make_up):
        settled += 1
    return WorkingCalendar(
        holidays={day: _name(day, days) for day in days if day not in make_up},
        make_up=make_up,
        settled_until=date(settled, 12, 31),
    )


def _name(day: date, days: Mapping[date, str]) -> str:
    """Return the holiday a day off belongs to: its own, or the nearest one it is joined to."""
    for distance in range(len(days)):
        for near in (day - timedelta(days=distance), day + timedelta(days=distance)):
            words = days.get(near, "").replace(EVE, SPRING_FESTIVAL)
            known = next((name for name in NAMES if name in words), None)
            if known is not None:
                return known
    return days[day]
