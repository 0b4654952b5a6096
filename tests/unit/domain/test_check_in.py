"""The weekly check-in: how far off, since when, which SOPs carry it, and what may be behind it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actuals import A_WEEK, KpiActual, week_of
from app.domain.check_in import CheckIn, CheckInLine, band, check_in, deviation, unplanned
from app.domain.definitions.coaching import DeviationBands
from app.domain.due_tasks import tasks_of_week
from app.domain.execution import TaskMark, TrackedTask, track
from app.domain.kpi import KpiLine, rebased
from app.domain.kpi_path import KpiPath
from tests.coached import MODEL, basis, lines, path, plan, roadmap, weekly

BANDS = DeviationBands()
FIRST = week_of(roadmap().start) + A_WEEK
"""The first full week of the build."""


def planned(kpi: str, week: date) -> Fraction:
    found = path(kpi).in_week(week)
    assert found is not None
    return found


def line_of(found: CheckIn, kpi: str) -> CheckInLine:
    return next(line for line in found.lines if line.line.kpi.id == kpi)


def reported(kpi: str, *shares: str | None, first: date = FIRST) -> list[KpiActual]:
    """Return weekly actuals as shares of what was planned for the week."""
    found = []
    for number, share in enumerate(shares):
        week = first + number * A_WEEK
        if share is not None:
            found.append(KpiActual(kpi, week, planned(kpi, week) * Fraction(share)))
    return found


def seen(
    actuals: list[KpiActual],
    week: date = FIRST,
    *,
    focus: frozenset[str] = frozenset(),
    changed: Iterable[KpiLine] = (),
) -> CheckIn:
    return check_in(basis(actuals, focus=focus, changed=changed), week, week + A_WEEK)


@pytest.mark.parametrize(
    ("share", "colour"),
    [
        ("0.2", "green"),
        ("0", "green"),
        ("-0.05", "green"),
        ("-0.050001", "amber"),
        ("-0.15", "amber"),
        ("-0.150001", "red"),
    ],
)
def test_the_bands_begin_where_the_model_says(share: str, colour: str) -> None:
    assert band(Fraction(share), BANDS) == colour


def test_wider_bands_of_a_model_are_more_patient() -> None:
    patient = DeviationBands(amber=Decimal("0.1"), red=Decimal("0.2"))
    assert band(Fraction("-0.18"), patient) == "amber"


def test_less_is_worse_where_more_is_better() -> None:
    line = line_of(seen(reported("add-rate", "0.9")), "add-rate")
    assert line.deviation is not None
    assert line.deviation.share == Fraction(-1, 10)
    assert line.deviation.gap == -planned("add-rate", FIRST) / 10
    assert line.deviation.band == "amber"


def test_more_is_worse_where_less_is_better() -> None:
    line = line_of(seen(reported("first-response", "1.3")), "first-response")
    assert line.line.kpi.better == "lower"
    assert line.deviation is not None
    assert line.deviation.share < 0
    assert line.deviation.band == "red"
    better = line_of(seen(reported("first-response", "0.7")), "first-response")
    assert better.deviation is not None
    assert better.deviation.band == "green"


def test_a_kpi_that_passes_through_zero_is_measured_by_the_way_it_has_to_go() -> None:
    start = FIRST - timedelta(days=1)
    crossing = KpiPath(((start, Fraction(-10)), (start + 10 * A_WEEK, Fraction(10))))
    line = lines()["roi"]
    halfway = start + 5 * A_WEEK + timedelta(days=1)
    assert crossing.in_week(week_of(halfway)) is not None
    actual = KpiActual("roi", week_of(halfway), Fraction(-1))
    found = deviation(line, crossing, actual, BANDS)
    assert found is not None
    assert abs(found.share) <= Fraction(1, 4)


def test_what_is_still_good_is_never_red() -> None:
    good = lines()["sop-on-time"].good
    assert good is not None
    best = rebased(lines()["sop-on-time"], good * 3 / 2, [one.phase for one in roadmap().phases])
    actual = weekly("sop-on-time", FIRST, [good])
    line = line_of(seen(actual, changed=[best]), "sop-on-time")
    assert line.deviation is not None
    assert line.deviation.share < -Fraction(BANDS.red)
    assert line.deviation.band == "amber"
    worse = line_of(seen(weekly("sop-on-time", FIRST, [good - 1]), changed=[best]), "sop-on-time")
    assert worse.deviation is not None
    assert worse.deviation.band == "red"


def test_weeks_off_plan_are_counted_in_a_row_and_a_good_week_ends_the_count() -> None:
    actuals = reported("add-rate", "0.5", "1", "0.9", "0.8")
    week = FIRST + 3 * A_WEEK
    line = line_of(seen(actuals, week), "add-rate")
    assert line.reports_off == 2
    assert line.off_since == FIRST + 2 * A_WEEK
    assert line.weeks_off == 2


def test_a_week_nobody_reported_neither_ends_nor_feeds_the_count_and_is_named() -> None:
    actuals = reported("add-rate", "0.9", None, "0.8")
    week = FIRST + 2 * A_WEEK
    line = line_of(seen(actuals, week), "add-rate")
    assert line.reports_off == 2
    assert line.weeks_off == 3
    assert FIRST + A_WEEK in line.gaps


def test_a_kpi_that_was_due_and_not_given_is_missing_and_not_off_plan() -> None:
    found = seen([])
    line = line_of(found, "add-rate")
    assert line.missing
    assert line.deviation is None
    assert line.reports_off == 0
    assert "add-rate" in found.missing
    assert "private-gmv" not in found.missing  # its month does not end this week


def test_a_kpi_without_a_plan_is_judged_by_the_reference_alone() -> None:
    good = lines()["group-entry-rate"].good
    assert good is not None
    found = seen(weekly("group-entry-rate", FIRST, [good]))
    line = line_of(found, "group-entry-rate")
    assert line.planned is None
    assert line.deviation is None
    assert line.reference == "green"
    assert lines()["group-entry-rate"] in unplanned(plan().kpis, basis([]).paths)


def test_the_worst_leads_and_the_best_is_told() -> None:
    actuals = reported("add-rate", "0.7") + reported("koc-share", "1.4")
    actuals += reported("tag-coverage", "0.9")
    found = seen(actuals)
    assert [line.line.kpi.id for line in found.off_plan] == ["add-rate", "tag-coverage"]
    assert found.worst is not None
    assert found.best is not None
    assert (found.worst.line.kpi.id, found.best.line.kpi.id) == ("add-rate", "koc-share")


def test_what_the_phase_is_about_comes_before_what_is_further_off() -> None:
    actuals = reported("add-rate", "0.9") + reported("tag-coverage", "0.5")
    found = seen(actuals, focus=frozenset({"add-rate"}))
    assert [line.line.kpi.id for line in found.off_plan] == ["add-rate", "tag-coverage"]


def test_a_store_is_not_held_against_what_the_enterprise_counts_on() -> None:
    actuals = weekly("new-adds", FIRST, [3], "store-1") + weekly("add-rate", FIRST, [1], "store-1")
    found = check_in(basis(actuals), FIRST, FIRST + A_WEEK, "store-1")
    assert line_of(found, "new-adds").deviation is None
    assert line_of(found, "add-rate").deviation is not None


# -- what may be behind it -----------------------------------------------------------------------


def tracked(week: date, done: bool) -> tuple[TrackedTask, ...]:
    """Return all tasks of a week: all done on their due day, or all left open."""
    tasks = tasks_of_week(MODEL, plan(), roadmap(), week)
    marks = [TaskMark(task.key, "done", task.due) for task in tasks] if done else []
    return track(tasks, marks, week + 2 * A_WEEK)


def explained(week: date, tasks: tuple[TrackedTask, ...]) -> CheckInLine:
    actuals = [KpiActual("add-rate", week, planned("add-rate", week) / 2)]
    found = check_in(basis(actuals, tasks), week, week + 2 * A_WEEK)
    return line_of(found, "add-rate")


def test_a_line_off_plan_names_the_sops_whose_steps_are_judged_by_it() -> None:
    line = explained(FIRST + 2 * A_WEEK, ())
    judged = {
        sop.id
        for sop in MODEL.content.sops
        if any(step.metric.kpi == "add-rate" for step in sop.steps)
    }
    assert {one.carrier.sop for one in line.sops} == judged
    assert all(one.carrier.how == "measured" for one in line.sops)


def test_work_not_done_and_work_without_effect_are_told_apart() -> None:
    week = FIRST + 2 * A_WEEK
    assert explained(week, tracked(week, done=False)).behind == "not-carried-out"
    assert explained(week, tracked(week, done=True)).behind == "without-effect"
    assert explained(week, ()).behind == "unknown"


def test_a_kpi_whose_sops_have_not_opened_is_not_blamed_on_them() -> None:
    line = line_of(seen(reported("koc-share", "0.5")), "koc-share")
    assert line.sops
    assert all(one.carrier.since is None or one.carrier.since > FIRST for one in line.sops)
    assert line.behind == "not-begun"


def test_a_kpi_no_step_is_judged_by_leads_to_the_sops_of_the_rules_that_name_it() -> None:
    assert not any(
        step.metric.kpi == "private-gmv" for sop in MODEL.content.sops for step in sop.steps
    )
    month_end = date(2026, 12, 28)
    actual = KpiActual("private-gmv", month_end, planned("private-gmv", month_end) / 2)
    found = check_in(basis([actual]), month_end, month_end + A_WEEK)
    line = line_of(found, "private-gmv")
    assert line.sops
    cited = {
        sop for rule in MODEL.rules.values() if "private-gmv" in rule.kpis for sop in rule.sops
    }
    assert {one.carrier.sop for one in line.sops} == cited
    # What the plan carries out comes first.
    begun = [one.carrier.since is not None for one in line.sops]
    assert begun == sorted(begun, reverse=True)


# -- for every KPI and value ---------------------------------------------------------------------

numbers = st.fractions(-500, 500, max_denominator=100)


@given(start=numbers, end=numbers, value=numbers, higher=st.booleans())
def test_the_better_of_two_actuals_never_has_the_worse_colour(
    start: Fraction, end: Fraction, value: Fraction, higher: bool
) -> None:
    line = lines()["add-rate"]
    line = replace(line, kpi=replace(line.kpi, better="higher" if higher else "lower"), good=None)
    crossing = KpiPath(((FIRST - timedelta(days=1), start), (FIRST + 4 * A_WEEK, end)))
    order = ["red", "amber", "green"]
    here = deviation(line, crossing, KpiActual("add-rate", FIRST, value), BANDS)
    more = value + 1 if higher else value - 1
    there = deviation(line, crossing, KpiActual("add-rate", FIRST, more), BANDS)
    assert here is not None
    assert there is not None
    assert there.share >= here.share
    assert order.index(there.band) >= order.index(here.band)


@given(start=numbers, end=numbers, higher=st.booleans())
def test_an_actual_on_plan_is_green_and_not_off_at_all(
    start: Fraction, end: Fraction, higher: bool
) -> None:
    line = lines()["add-rate"]
    line = replace(line, kpi=replace(line.kpi, better="higher" if higher else "lower"))
    crossing = KpiPath(((FIRST - timedelta(days=1), start), (FIRST + 4 * A_WEEK, end)))
    value = crossing.in_week(FIRST)
    assert value is not None
    found = deviation(line, crossing, KpiActual("add-rate", FIRST, value), BANDS)
    assert found is not None
    assert found.gap == found.share == 0
    assert found.band == "green"
