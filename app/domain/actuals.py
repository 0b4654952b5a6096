"""What was measured, week by week: the actuals of every KPI, of the enterprise or of one unit.

A week is named by its Monday. What is measured by the month stands in the week its month ended in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from app.domain.definitions.kpi import Kpi, Period

ENTERPRISE: Final = ""
"""The unit that is the whole enterprise."""

A_WEEK: Final = timedelta(days=7)
LAST_DAY: Final = timedelta(days=6)
"""From a Monday to the Sunday of its week."""
_ENDS: Final = timedelta(days=4)
"""From a Monday to the Friday its figures are collected on."""

WEEKS_OF: Final = {
    "day": Fraction(1, 7),
    "week": Fraction(1),
    "month": Fraction(433, 100),
    "quarter": 3 * Fraction(433, 100),
    "year": Fraction(52),
}
"""Weeks in a period; a month has 4.33, as everywhere in the method."""


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_to_report(today: date, *, has_begun: bool) -> date:
    """Return the Monday of the week whose figures are asked for on a day.

    That is the week just over until the running one draws to its end, or somebody began with it
    (``has_begun``).
    """
    monday = week_of(today)
    return monday if has_begun or today - monday >= _ENDS else monday - A_WEEK


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """Return the Mondays of all weeks from that of ``first`` to that of ``last``."""
    monday, weeks = week_of(first), []
    while monday <= last:
        weeks.append(monday)
        monday += A_WEEK
    return tuple(weeks)


@dataclass(frozen=True, slots=True)
class KpiActual:
    """What a KPI came to in a week, in the KPI's own unit; ``week`` is a Monday.

    ``unit`` is the store or group it was measured in, ``ENTERPRISE`` for the whole. Raises
    ``ValueError`` for a day that is no Monday.
    """

    kpi: str
    week: date
    value: Fraction
    unit: str = ENTERPRISE

    def __post_init__(self) -> None:
        if self.week.weekday():
            raise ValueError(f"a week is named by its Monday, not by {self.week}")

    @property
    def last_day(self) -> date:
        """The Sunday of the week."""
        return self.week + LAST_DAY


@dataclass(frozen=True)
class Actuals:
    """All actuals of an engagement that stand: one for each KPI, unit and week.

    Raises ``ValueError`` where two speak of the same.
    """

    given: tuple[KpiActual, ...] = ()
    _series: dict[tuple[str, str], tuple[KpiActual, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        grouped: dict[tuple[str, str], dict[date, KpiActual]] = {}
        for actual in self.given:
            weeks = grouped.setdefault((actual.kpi, actual.unit), {})
            if actual.week in weeks:
                raise ValueError(f"two actuals of {actual.kpi} in the week of {actual.week}")
            weeks[actual.week] = actual
        for key, weeks in grouped.items():
            self._series[key] = tuple(weeks[week] for week in sorted(weeks))

    @classmethod
    def of(cls, given: Iterable[KpiActual]) -> "Actuals":
        """Return the actuals given in any order."""
        return cls(tuple(given))

    def series(
        self,
        kpi: str,
        unit: str = ENTERPRISE,
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[KpiActual, ...]:
        """Return a KPI's actuals by week: those of weeks that end from ``since`` to ``until``.

        A week that ends after ``until`` is not over on that day and does not count.
        """
        return tuple(
            actual
            for actual in self._series.get((kpi, unit), ())
            if (since is None or actual.last_day >= since)
            and (until is None or actual.last_day <= until)
        )

    def latest(
        self,
        kpi: str,
        unit: str = ENTERPRISE,
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> KpiActual | None:
        """Return the newest of ``series``; None where there is none."""
        found = self.series(kpi, unit, since=since, until=until)
        return found[-1] if found else None

    def units(self, kpi: str) -> tuple[str, ...]:
        """Return the units a KPI was measured in, the whole enterprise aside, by name."""
        return tuple(sorted(unit for name, unit in self._series if name == kpi and unit))


def is_expected(kpi: Kpi, week: date) -> bool:
    """Return whether a KPI is reported in a week: monthly ones only where a month ends in it."""
    if kpi.period in ("day", "week"):
        return True
    days = [week + timedelta(days=number) for number in range(7)]
    return any(ends_period(kpi.period, day) for day in days)


def ends_period(period: Period, day: date) -> bool:
    """Return whether a period ends with a day."""
    if period == "day":
        return True
    if period == "week":
        return day + timedelta(days=1) == week_of(day) + A_WEEK
    following = day + timedelta(days=1)
    if following.month == day.month:
        return False
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    return day.month % months == 0


def by_period(series: Iterable[KpiActual], period: Period) -> Mapping[int, Fraction]:
    """Return the newest value of each period of a series, by the number of the period.

    Numbers of periods that follow each other differ by one. A week belongs to the period that ends
    in it, else to the one its last day lies in.
    """
    return {period_number(period, actual.week): actual.value for actual in series}


def period_number(period: Period, week: date) -> int:
    """Return the number of the period a week (its Monday) belongs to, see ``by_period``."""
    days = [week + timedelta(days=number) for number in range(7)]
    if period in ("day", "week"):
        return days[-1].toordinal() // 7
    day = next((day for day in days if ends_period(period, day)), days[-1])
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    return (day.year * 12 + day.month - 1) // months
