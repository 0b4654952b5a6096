"""The weekly check-in: every KPI's actual against its plan, how far off, and what may be behind it.

A deviation is positive where the actual is better than the plan in the KPI's own direction. It is
told as a share of the planned value, or of the way the phase has to go where that is more: so a
KPI that passes through zero (ROI) is not called far off for a point or two. The bands are the
model's (``CoachingModel``). What an explanation says is data: which KPI, planned, actual, by how
much, since when, and the SOPs that carry it with their on-time share. It asks the one question of
the method's weekly meeting: was it not done, or done without effect?
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.actuals import (
    A_WEEK,
    ENTERPRISE,
    LAST_DAY,
    Actuals,
    KpiActual,
    is_expected,
    weeks_between,
)
from app.domain.carriers import Carrier, carriers
from app.domain.definitions.coaching import DeviationBands
from app.domain.execution import NOTHING_SCHEDULED, OnTime, TrackedTask, on_time_by_sop
from app.domain.kpi import Colour, KpiLine, bad_bound, colour
from app.domain.kpi_path import KpiPath
from app.domain.model import MaturityModel
from app.domain.planning import Task
from app.domain.world import World

Behind: TypeAlias = Literal["not-begun", "not-carried-out", "without-effect", "unknown"]
"""Why a KPI may be off plan: no SOP that carries it has opened, they were not carried out, or they
were and it did not help. Unknown where nobody said what became of the tasks."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far an actual is from plan, better is positive: ``gap`` in its unit, ``share`` of 1.

    ``band`` colours it. An actual that is good by the reference bound is amber at worst.
    """

    gap: Fraction
    share: Fraction
    band: Colour


@dataclass(frozen=True, slots=True)
class CarryingSop:
    """A SOP that carries a KPI, with the on-time share of its tasks since the KPI is off plan."""

    carrier: Carrier
    on_time: OnTime


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One KPI in one week.

    ``planned`` is None where nothing is planned (yet): then ``reference`` judges the actual by the
    bounds of good and bad instead. ``missing`` says the KPI was due this week and nobody gave it.
    ``reports_off`` counts the reports in a row, this week's last, that were not green;
    ``off_since`` is the week of the first of them. ``gaps`` are earlier weeks since the path began
    that nobody reported. ``focus`` marks KPIs the phase is about. ``sops`` and ``behind`` are told
    off plan only.
    """

    line: KpiLine
    week: date
    unit: str
    planned: Fraction | None
    actual: Fraction | None
    deviation: Deviation | None
    reference: Colour | None
    missing: bool
    reports_off: int
    off_since: date | None
    gaps: tuple[date, ...]
    focus: bool
    sops: tuple[CarryingSop, ...] = ()
    behind: Behind | None = None

    @property
    def weeks_off(self) -> int:
        """For how many weeks the KPI has been off plan, this one included; 0 where it is not."""
        return 0 if self.off_since is None else (self.week - self.off_since).days // A_WEEK.days + 1


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The check-in of a week: its lines, those off plan first, the worst of them leading.

    The first page of a weekly report is ``best``, ``worst`` and ``missing``.
    """

    week: date
    unit: str
    lines: tuple[CheckInLine, ...]

    @property
    def off_plan(self) -> tuple[CheckInLine, ...]:
        """The lines that are not green, the worst first."""
        return tuple(line for line in self.lines if line.reports_off)

    @property
    def worst(self) -> CheckInLine | None:
        """The line furthest below plan; None where none is."""
        judged = [line for line in self.lines if line.deviation and line.deviation.share < 0]
        return min(judged, key=_share, default=None)

    @property
    def best(self) -> CheckInLine | None:
        """The line furthest above plan; None where none is."""
        judged = [line for line in self.lines if line.deviation and line.deviation.share > 0]
        return max(judged, key=_share, default=None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The KPIs that were due and that nobody gave."""
        return tuple(line.line.kpi.id for line in self.lines if line.missing)


def _share(line: CheckInLine) -> Fraction:
    return line.deviation.share if line.deviation is not None else Fraction(0)


@dataclass(frozen=True, slots=True)
class CheckInBasis:
    """What a check-in is held against.

    ``lines`` are the plan's (or rebased ones), ``paths`` maps KPI ids to their paths, ``tasks`` are
    the roadmap's, ``tracked`` the tasks of the weeks looked at with what became of them. ``focus``
    are the ids of the KPIs the running phase is about.
    """

    world: World
    lines: tuple[KpiLine, ...]
    paths: Mapping[str, KpiPath]
    tasks: tuple[Task, ...]
    actuals: Actuals
    tracked: tuple[TrackedTask, ...] = ()
    focus: frozenset[str] = frozenset()


def deviation(
    line: KpiLine, path: KpiPath, actual: KpiActual, bands: DeviationBands
) -> Deviation | None:
    """Return how far an actual is from the path; None where nothing is planned for its week."""
    planned = path.in_week(actual.week)
    if planned is None or line.kpi.better == "range":
        return None
    sign = 1 if line.kpi.better == "higher" else -1
    gap = sign * (actual.value - planned)
    measure = max(abs(planned), path.span_at(actual.last_day)) or abs(gap)
    share = gap / measure if measure else Fraction(0)
    found = band(share, bands)
    if found == "red" and colour(line.kpi, actual.value, line.good, None) == "green":
        found = "amber"
    return Deviation(gap, share, found)


def band(share: Fraction, bands: DeviationBands) -> Colour:
    """Return the colour of a deviation: green down to −amber, red below −red."""
    if share >= -Fraction(bands.amber):
        return "green"
    return "red" if share < -Fraction(bands.red) else "amber"


def check_in(basis: CheckInBasis, week: date, today: date, unit: str = ENTERPRISE) -> CheckIn:
    """Return the check-in of a week (its Monday), seen from ``today``.

    Every KPI is in it that has a plan or an actual that week, or that the phase is about.
    """
    lines = [
        _line(basis, line, week, unit, today)
        for line in basis.lines
        if line.kpi.id in basis.paths
        or line.kpi.id in basis.focus
        or _actual(basis.actuals, line.kpi.id, unit, week) is not None
    ]
    return CheckIn(week, unit, tuple(sorted(lines, key=_place)))


def _place(line: CheckInLine) -> tuple[bool, bool, Fraction, str]:
    return (not line.reports_off, not line.focus, _share(line), line.line.kpi.code)


def _actual(actuals: Actuals, kpi: str, unit: str, week: date) -> KpiActual | None:
    return actuals.latest(kpi, unit, since=week + LAST_DAY, until=week + LAST_DAY)


def _line(basis: CheckInBasis, line: KpiLine, week: date, unit: str, today: date) -> CheckInLine:
    kpi, path = line.kpi, basis.paths.get(line.kpi.id)
    if unit and kpi.plan_line is not None:
        path = None  # what the plan counts on is counted for the enterprise as a whole
    actual = _actual(basis.actuals, kpi.id, unit, week)
    bands = basis.world.model.content.coaching.bands
    off = _reports_off(basis, line, path, week, unit, bands) if actual is not None else []
    found = CheckInLine(
        line=line,
        week=week,
        unit=unit,
        planned=path.in_week(week) if path is not None else None,
        actual=actual.value if actual is not None else None,
        deviation=deviation(line, path, actual, bands) if path is not None and actual else None,
        reference=colour(kpi, actual.value, line.good, bad_bound(basis.world, kpi))
        if actual is not None
        else None,
        missing=actual is None and is_expected(kpi, week),
        reports_off=len(off),
        off_since=off[0] if off else None,
        gaps=_gaps(basis, line, path, week, unit),
        focus=kpi.id in basis.focus,
    )
    return _explained(basis, found, today) if off else found


def _reports_off(
    basis: CheckInBasis,
    line: KpiLine,
    path: KpiPath | None,
    week: date,
    unit: str,
    bands: DeviationBands,
) -> list[date]:
    """Return the reported weeks in a row up to this one that were off plan, oldest first."""
    weeks: list[date] = []
    if path is None:
        return weeks
    for actual in reversed(basis.actuals.series(line.kpi.id, unit, until=week + LAST_DAY)):
        found = deviation(line, path, actual, bands)
        if found is None or found.band == "green":
            break
        weeks.append(actual.week)
    return weeks[::-1]


def _gaps(
    basis: CheckInBasis, line: KpiLine, path: KpiPath | None, week: date, unit: str
) -> tuple[date, ...]:
    if path is None or path.begins > week:
        return ()
    reported = {actual.week for actual in basis.actuals.series(line.kpi.id, unit)}
    return tuple(
        monday
        for monday in weeks_between(path.begins, week)
        if monday < week and monday not in reported and is_expected(line.kpi, monday)
    )


def _explained(basis: CheckInBasis, line: CheckInLine, today: date) -> CheckInLine:
    since = line.off_since or line.week
    own = [task for task in basis.tracked if line.unit in (ENTERPRISE, task.task.unit)]
    shares = on_time_by_sop(own, since, line.week + LAST_DAY, today)
    sops = tuple(
        CarryingSop(carrier, shares.get(carrier.sop, NOTHING_SCHEDULED))
        for carrier in carriers(basis.world.model, line.line.kpi.id, basis.tasks)
    )
    behind = _behind(basis.world.model, sops, line.week + LAST_DAY)
    return replace(line, sops=sops, behind=behind)


def _behind(model: MaturityModel, sops: Sequence[CarryingSop], day: date) -> Behind:
    begun = [one for one in sops if one.carrier.since is not None and one.carrier.since <= day]
    if not begun:
        return "not-begun"
    total = sum((one.on_time for one in begun), NOTHING_SCHEDULED).percent
    enough = carried_out_from(model)
    if total is None or enough is None:
        return "unknown"
    return "without-effect" if total >= enough else "not-carried-out"


def carried_out_from(model: MaturityModel) -> Fraction | None:
    """Return the on-time share in per cent from which work counts as carried out."""
    kpi = model.kpis.get(model.content.coaching.on_time_kpi or "")
    return Fraction(kpi.green) if kpi is not None and kpi.green is not None else None


def unplanned(lines: Iterable[KpiLine], paths: Mapping[str, KpiPath]) -> tuple[KpiLine, ...]:
    """Return the KPIs that could have a plan and lack it: their baseline was never measured.

    Once they were measured for some weeks, ``app.domain.kpi.rebased`` plans them.
    """
    return tuple(
        line
        for line in lines
        if line.kpi.id not in paths
        and line.kpi.better != "range"
        and line.baseline is None
        and line.good is not None
    )
