"""One line of a gate read from the actuals: its value, and whether it passes.

Missing is neither passed nor failed. What was measured before the phase began is no actual of it,
and what failed the review before has to be measured again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Final, Literal, TypeAlias

from app.domain.actuals import (
    A_WEEK,
    WEEKS_OF,
    Actuals,
    KpiActual,
    by_period,
    period_number,
    week_of,
)
from app.domain.agreement import mean, sample_variance
from app.domain.definitions.gate import GateMetric, GateReading, KpiSign
from app.domain.definitions.stage import GateItem
from app.domain.due_tasks import Unit
from app.domain.execution import TrackedTask, on_time
from app.domain.kpi import KpiLine
from app.domain.roadmap import PlannedPhase
from app.domain.stage import GateCheck

LineState: TypeAlias = Literal["passed", "failed", "missing", "waiting", "waived"]

HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody said of a line on a day: a number, or yes or no where it has no bound.

    ``waived`` sets the line aside for this client, for a reason. Raises ``ValueError`` where that
    is missing, or where nothing is said at all.
    """

    value: Fraction | bool | None
    on: date
    note: str = ""
    waived: bool = False

    def __post_init__(self) -> None:
        if self.waived and not self.note.strip():
            raise ValueError("a line of a gate is set aside for a reason")
        if not self.waived and self.value is None:
            raise ValueError("a line of a gate is given a value")


def stated_by(checks: Iterable[GateCheck], on: date) -> Mapping[str, Stated]:
    """Return what a diagnosis made on a day says of the lines it can judge, by item id."""
    found: dict[str, Stated] = {}
    for check in checks:
        metric = check.item.metric
        bounded = metric is not None and is_bounded(metric)
        value = check.value if bounded else check.passed
        if value is not None:
            found[check.item.id] = Stated(value, on)
    return found


@dataclass(frozen=True, slots=True)
class GateLine:
    """A line of a gate as it stands.

    ``value`` is in the line's unit (None for a yes or no), ``on`` the day it was measured.
    ``short`` is by which share of its bound a failed line falls short (1 for a no);
    ``past_repair`` says it is beyond the bound of stopping. For units at target, ``counted`` are
    (reached, reported, all).
    """

    item: GateItem
    state: LineState
    value: Fraction | None = None
    on: date | None = None
    short: Fraction = Fraction(0)
    past_repair: bool = False
    counted: tuple[int, int, int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GateEvidence:
    """What the lines of a phase's gate are read from.

    ``stated`` maps item ids to what was said; ``failed`` are the days of the reviews that failed
    since the phase was begun, oldest first; ``units`` those that take part.
    """

    phase: PlannedPhase
    kpis: Mapping[str, KpiLine]
    actuals: Actuals
    stated: Mapping[str, Stated]
    tracked: tuple[TrackedTask, ...] = ()
    units: tuple[Unit, ...] = ()
    failed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A value read for a line: ``passes`` is set where the reading itself decides."""

    value: Fraction | None
    on: date
    passes: bool | None = None
    counted: tuple[int, int, int] | None = None


def is_bounded(metric: GateMetric) -> bool:
    """Return whether a line compares a number with a bound; else it takes a yes or no."""
    return metric.at_least is not None or metric.at_most is not None or metric.at_good


def read_line(evidence: GateEvidence, item: GateItem, on: date) -> GateLine:
    """Return a line as of the day of a review.

    What the actuals give counts before what was stated; a stated value fills in where they give
    nothing. Raises ``ValueError`` for a yes where a number belongs, or the other way round.
    """
    metric = item.metric or GateMetric()
    stated = evidence.stated.get(item.id)
    if stated is not None and not evidence.phase.start <= stated.on <= on:
        stated = None
    if stated is not None and stated.waived:
        return GateLine(item, "waived", on=stated.on, note=stated.note)
    days = (on - evidence.phase.start).days
    if metric.enough_days is not None and days >= metric.enough_days:
        return GateLine(item, "passed", on=on)
    if metric.at_good and _good(evidence, metric) is None:
        return GateLine(item, "missing")
    for found in (_READERS[metric.reading](evidence, metric, on), _from_stated(metric, stated)):
        if found is None:
            continue
        line = _judged(evidence, item, metric, found)
        if line.state == "passed":
            line = _unless(evidence, metric, line, on)
        failed_already = bool(evidence.failed) and found.on <= evidence.failed[-1]
        if line.state != "failed" or not failed_already:
            return replace(line, note=stated.note if stated is not None else "")
    return GateLine(item, "missing")


def _from_stated(metric: GateMetric, stated: Stated | None) -> _Read | None:
    if stated is None or stated.value is None:
        return None
    if isinstance(stated.value, bool):
        if is_bounded(metric):
            raise ValueError("a line with a bound takes a number")
        return _Read(None, stated.on, stated.value)
    if not is_bounded(metric):
        raise ValueError("a line without a bound takes yes or no")
    return _Read(stated.value, stated.on)


def _judged(evidence: GateEvidence, item: GateItem, metric: GateMetric, found: _Read) -> GateLine:
    short, past_repair = Fraction(1), False
    if found.value is not None and is_bounded(metric):
        short = _short(evidence, metric, found.value)
        past_repair = _past_repair(metric, found.value)
    passes = not short if found.passes is None else found.passes
    if passes:
        state: LineState = "passed"
    else:
        state = "waiting" if metric.waits else "failed"
    return GateLine(
        item=item,
        state=state,
        value=found.value,
        on=found.on,
        short=short if state == "failed" else Fraction(0),
        past_repair=past_repair and state == "failed",
        counted=found.counted,
    )


def _short(evidence: GateEvidence, metric: GateMetric, value: Fraction) -> Fraction:
    """Return by which share of its bound a value falls short of it; 0 where it does not."""
    at_least, at_most = metric.at_least, metric.at_most
    least = Fraction(at_least) if at_least is not None else None
    most = Fraction(at_most) if at_most is not None else None
    good = _good(evidence, metric) if metric.at_good else None
    if good is not None and evidence.kpis[metric.kpi or ""].kpi.better == "higher":
        least = good
    elif good is not None:
        most = good
    missed = [least - value] if least is not None and value < least else []
    missed += [value - most] if most is not None and value > most else []
    if not missed:
        return Fraction(0)
    bound = least if least is not None and value < least else most
    return missed[0] / abs(bound) if bound else missed[0]


def _good(evidence: GateEvidence, metric: GateMetric) -> Fraction | None:
    """Return the good bound of a line's KPI for the client."""
    line = evidence.kpis.get(metric.kpi or "")
    return line.good if line is not None else None


def _past_repair(metric: GateMetric, value: Fraction) -> bool:
    below, above = metric.stop_below, metric.stop_above
    return (below is not None and value < below) or (above is not None and value > above)


def _unless(evidence: GateEvidence, metric: GateMetric, line: GateLine, on: date) -> GateLine:
    held = [sign_holds(evidence.actuals, sign, on) for sign in metric.unless]
    if True in held:
        return replace(line, state="failed", short=Fraction(1))
    return replace(line, state="missing") if None in held else line


# -- readings ------------------------------------------------------------------------------------

_Reader: TypeAlias = Callable[[GateEvidence, GateMetric, date], _Read | None]


def _nothing(_evidence: GateEvidence, _metric: GateMetric, _on: date) -> _Read | None:
    """Read nothing: the line is stated."""
    return None


def _latest_of(evidence: GateEvidence, metric: GateMetric, on: date) -> KpiActual | None:
    return evidence.actuals.latest(metric.kpi or "", since=evidence.phase.start, until=on)


def _latest(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    found = _latest_of(evidence, metric, on)
    return _Read(found.value, found.last_day) if found is not None else None


def _variation(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    """Read the coefficient of variation of the last weeks in per cent, to two places.

    Sample standard deviation ÷ mean; missing while one of the weeks is.
    """
    since = on - metric.span * A_WEEK
    found = evidence.actuals.series(metric.kpi or "", since=since, until=on)[-metric.span :]
    values = [actual.value for actual in found]
    variance, middle = sample_variance(values), mean(values)
    if len(values) < metric.span or variance is None or not middle:
        return None
    square = variance / middle**2 * 100**2
    # Decided by the squares, which are exact; the root is only shown.
    passes = metric.at_most is None or square <= Fraction(metric.at_most) ** 2
    return _Read(root(square), found[-1].last_day, passes)


def root(square: Fraction) -> Fraction:
    """Return a square root, cut after two places."""
    return Fraction(isqrt(int(square * HUNDREDTHS**2)), HUNDREDTHS)


def _change(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    """Read the change in per cent against the last actual before the phase, else the baseline."""
    found = _latest_of(evidence, metric, on)
    name = metric.kpi or ""
    before = evidence.actuals.latest(name, until=evidence.phase.start - timedelta(days=1))
    then = before.value if before is not None else _baseline(evidence.kpis.get(name))
    if found is None or not then:
        return None
    return _Read(100 * (found.value - then) / abs(then), found.last_day)


def _baseline(line: KpiLine | None) -> Fraction | None:
    if line is None or line.baseline is None:
        return None
    given = line.kpi.baseline_period or line.kpi.period
    return line.baseline * WEEKS_OF[line.kpi.period] / WEEKS_OF[given]


def _rising(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    values = _in_a_row(evidence.actuals, metric.kpi or "", "quarter", metric.span + 1, on)
    if values is None:
        return None
    rising = all(before < after for before, after in pairwise(values))
    return _Read(values[-1], on, rising)


def _weeks(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    """Read how many weeks in a row, the last full one included, the KPI was reported."""
    reported = {actual.week for actual in evidence.actuals.series(metric.kpi or "", until=on)}
    week = week_of(on + timedelta(days=1)) - A_WEEK
    count = 0
    while week in reported:
        count, week = count + 1, week - A_WEEK
    return _Read(Fraction(count), on) if count else None


def _on_time(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    """Read the on-time share of the last days before the review, else the KPI's newest actual."""
    first, last = on - timedelta(days=metric.span), on - timedelta(days=1)
    percent = on_time(evidence.tracked, first, last, on).percent
    return _Read(percent, last) if percent is not None else _latest(evidence, metric, on)


def _units_at_target(evidence: GateEvidence, metric: GateMetric, on: date) -> _Read | None:
    """Read how many units reached the phase's target.

    A unit that reported nothing could still fall on either side: while that matters, the line is
    missing.
    """
    line, phase = evidence.kpis.get(metric.kpi or ""), evidence.phase
    target = line.targets.get(phase.phase.id, line.good) if line is not None else None
    if line is None or target is None:
        return None
    taking_part = [unit.id for unit in evidence.units if unit.works(phase.start, on)]
    found = [
        evidence.actuals.latest(line.kpi.id, unit, since=phase.start, until=on)
        for unit in taking_part or evidence.actuals.units(line.kpi.id)
    ]
    reported = [actual for actual in found if actual is not None]
    if not reported:
        return None
    sign = 1 if line.kpi.better == "higher" else -1
    reached = sum(sign * actual.value >= sign * target for actual in reported)
    silent = len(found) - len(reported)
    lowest, highest = (Fraction(100 * n, len(found)) for n in (reached, reached + silent))
    measured = max(actual.last_day for actual in reported)
    counted = (reached, len(reported), len(found))
    if not _short(evidence, metric, lowest):
        return _Read(lowest, measured, counted=counted)
    if _short(evidence, metric, highest):
        return _Read(highest, measured, counted=counted)
    return None


_READERS: Final[Mapping[GateReading, _Reader]] = {
    "stated": _nothing,
    "latest": _latest,
    "variation": _variation,
    "change": _change,
    "rising": _rising,
    "weeks": _weeks,
    "on-time": _on_time,
    "units-at-target": _units_at_target,
}


# -- signs ---------------------------------------------------------------------------------------


def sign_holds(actuals: Actuals, sign: KpiSign, on: date) -> bool | None:
    """Return whether a KPI has been bad for as long as a sign says; None while that is unknown."""
    falling = sign.turns == "falling"
    values = _in_a_row(actuals, sign.kpi, sign.period, sign.periods + falling, on)
    if values is None:
        return None
    if falling:
        return all(before > after for before, after in pairwise(values))
    bound = Fraction(sign.bound or 0)
    if sign.turns == "below":
        return all(value < bound for value in values)
    return all(value > bound for value in values)


def _in_a_row(
    actuals: Actuals, kpi: str, period: Literal["week", "month", "quarter"], count: int, on: date
) -> list[Fraction] | None:
    """Return the values of the last periods, oldest first; None where one is missing or stale."""
    values = by_period(actuals.series(kpi, until=on), period)
    newest = max(values, default=None)
    if newest is None or newest < period_number(period, week_of(on)) - 1:
        return None
    numbers = range(newest - count + 1, newest + 1)
    return [values[n] for n in numbers] if all(n in values for n in numbers) else None
