"""Where a KPI should stand in a week: from its baseline to the target at the end of each phase.

Between two ends of phases the path is straight. It begins with the first day of the build; before
that nothing is planned, after the last target it stays there. What the plan itself counts on (new
friends, GMV) is taken from its forecast and its business case instead of a target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from app.domain.actuals import ENTERPRISE, LAST_DAY, WEEKS_OF, Actuals
from app.domain.calendar import months_after
from app.domain.kpi import KpiLine
from app.domain.plan import Plan
from app.domain.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class KpiPath:
    """The planned values of one KPI, by day, in the KPI's unit and per its own period.

    ``points`` are the baseline on the day before the build and the target on the last day of each
    phase, in order of days.
    """

    points: tuple[tuple[date, Fraction], ...]

    @property
    def begins(self) -> date:
        """The first day for which something is planned."""
        return self.points[0][0] + timedelta(days=1)

    def at(self, day: date) -> Fraction | None:
        """Return the planned value of a day; None before the path begins."""
        if day < self.begins:
            return None
        for (first, start), (last, end) in pairwise(self.points):
            if day <= last:
                return start + (end - start) * Fraction((day - first).days, (last - first).days)
        return self.points[-1][1]

    def in_week(self, week: date) -> Fraction | None:
        """Return the planned value of a week, named by its Monday: that of its last day."""
        return self.at(week + LAST_DAY)

    def span_at(self, day: date) -> Fraction:
        """Return how far the path goes within the stretch a day lies in; 0 outside of it."""
        for (first, start), (last, end) in pairwise(self.points):
            if first < day <= last:
                return abs(end - start)
        return Fraction(0)


def kpi_path(line: KpiLine, plan: Plan, roadmap: Roadmap) -> KpiPath | None:
    """Return the path of a KPI along the dates of ``roadmap``; None where nothing is planned.

    ``roadmap`` is the plan's own, or a re-dated one.
    """
    before = roadmap.start - timedelta(days=1)
    if line.kpi.plan_line is not None:
        points = list(_counted_on(line, plan, before))
    elif line.baseline is None or not line.targets:
        return None
    else:
        points = [(before, line.baseline), *_targets(line, roadmap)]
    if len(points) < 2:
        return None
    factor = _factor(line)
    return KpiPath(tuple((day, value * factor) for day, value in points))


def _targets(line: KpiLine, roadmap: Roadmap) -> Iterator[tuple[date, Fraction]]:
    """Yield the targets on the last days of the phases that the build goes through."""
    for planned in roadmap.phases:
        target = line.targets.get(planned.phase.id)
        if target is not None and planned.end >= roadmap.start:
            yield planned.end, target


def _counted_on(line: KpiLine, plan: Plan, before: date) -> Iterator[tuple[date, Fraction]]:
    """Yield what the plan counts on, month by month: new friends a month, GMV of the month."""
    case, staffing = plan.business_case, plan.staffing
    if line.kpi.plan_line == "adds" and staffing is not None:
        adds = Fraction(staffing.forecast.monthly_adds)
        yield before, adds
        yield months_after(before, len(staffing.forecast.base) - 1), adds
    elif line.kpi.plan_line == "gmv" and case is not None:
        yield before, case.today.gmv
        for month in case.base.lines:
            yield months_after(before, month.month), month.gmv


def _factor(line: KpiLine) -> Fraction:
    """Return what turns a figure of the baseline's period into one of the KPI's own."""
    given = line.kpi.baseline_period
    return WEEKS_OF[line.kpi.period] / WEEKS_OF[given] if given is not None else Fraction(1)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One week of a KPI: what was planned and what it came to; None where there is none."""

    week: date
    planned: Fraction | None
    actual: Fraction | None


def trend(
    kpi: str,
    path: KpiPath | None,
    actuals: Actuals,
    weeks: tuple[date, ...],
    unit: str = ENTERPRISE,
) -> tuple[TrendPoint, ...]:
    """Return a KPI week by week, planned beside actual, of the enterprise or of one unit."""
    known = {actual.week: actual.value for actual in actuals.series(kpi, unit)}
    return tuple(
        TrendPoint(week, path.in_week(week) if path is not None else None, known.get(week))
        for week in weeks
    )
