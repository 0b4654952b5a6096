"""The planned path of a KPI, from its baseline to the targets of the phases."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings

from app.domain.actuals import Actuals, week_of
from app.domain.calendar import WEEKENDS_ONLY
from app.domain.diagnosis import diagnose
from app.domain.kpi import rebased
from app.domain.kpi_path import kpi_path, trend
from app.domain.redating import extend_phase
from tests.coached import MODEL, diagnosis, lines, path, phase, plan, roadmap, weekly
from tests.enterprises import AS_OF, Enterprise, enterprises


def test_a_path_runs_from_the_baseline_to_the_target_at_the_end_of_each_phase() -> None:
    line, found = lines()["add-rate"], path("add-rate")
    assert found.at(roadmap().start - timedelta(days=1)) is None
    assert found.at(phase("pilot").end) == line.targets["pilot"]
    assert found.at(phase("model").end) == line.targets["model"]
    middle = phase("model").start + timedelta(days=37)
    between = found.at(middle)
    assert between is not None
    assert line.targets["pilot"] < between < line.targets["model"]


def test_a_path_climbs_evenly_by_the_day() -> None:
    line, found = lines()["add-rate"], path("add-rate")
    assert line.baseline is not None
    days = (phase("pilot").end - roadmap().start).days + 1
    step = (line.targets["pilot"] - line.baseline) / days
    assert found.at(roadmap().start) == line.baseline + step


def test_after_the_last_target_a_path_stays_there() -> None:
    found = path("add-rate")
    assert found.at(date(2035, 1, 1)) == lines()["add-rate"].targets["stock-value"]


def test_new_friends_are_given_by_the_month_and_planned_by_the_week() -> None:
    staffing = plan().staffing
    assert staffing is not None
    weekly_adds = path("new-adds").at(roadmap().start)
    assert weekly_adds == Fraction(staffing.forecast.monthly_adds) / Fraction("4.33")


def test_gmv_follows_the_business_case_month_by_month() -> None:
    case = plan().business_case
    assert case is not None
    found = path("private-gmv")
    assert [value for _, value in found.points[1:]] == [line.gmv for line in case.base.lines]


def test_what_was_never_measured_has_no_path_until_it_was() -> None:
    line = lines()["group-entry-rate"]
    assert line.baseline is None
    assert kpi_path(line, plan(), roadmap()) is None
    phases = [one.phase for one in roadmap().phases]
    measured = rebased(line, Fraction(12), phases)
    found = kpi_path(measured, plan(), roadmap())
    assert found is not None
    assert found.at(phase("pilot").end) == 18  # 12 × 1.5, the factor of the pilot
    assert found.at(phase("model").end) == 24  # 12 × 2.0


def test_a_phase_that_lasts_longer_stretches_the_path() -> None:
    last = phase("pilot").end + timedelta(days=15)
    longer = extend_phase(
        diagnosis().basis.world, roadmap(), "pilot", last, WEEKENDS_ONLY, phase("pilot").end
    )
    line = lines()["add-rate"]
    found = kpi_path(line, plan(), longer)
    assert found is not None
    assert found.at(last) == line.targets["pilot"]
    before = found.at(phase("pilot").end)
    assert before is not None
    assert before < line.targets["pilot"]


def test_a_trend_puts_planned_and_actual_side_by_side_and_leaves_gaps() -> None:
    first = week_of(roadmap().start)
    given = Actuals.of(weekly("add-rate", first, [4, None, 6]))
    weeks = tuple(first + timedelta(days=7 * n) for n in range(3))
    points = trend("add-rate", path("add-rate"), given, weeks)
    assert [point.actual for point in points] == [4, None, 6]
    assert all(point.planned is not None for point in points)
    assert trend("add-rate", None, given, weeks)[0].planned is None


@settings(max_examples=20)
@given(enterprise=enterprises())
def test_a_path_never_leaves_the_way_from_baseline_to_target(enterprise: Enterprise) -> None:
    made = diagnose(MODEL, enterprise.assessment(), AS_OF).plan
    assert made.roadmap is not None
    for line in made.kpis:
        found = kpi_path(line, made, made.roadmap)
        if found is None:
            continue
        for (first, start), (last, end) in pairwise(found.points):
            assert first < last, line.kpi.id
            for number in (1, (last - first).days // 2, (last - first).days):
                value = found.at(first + timedelta(days=max(number, 1)))
                assert value is not None
                assert min(start, end) <= value <= max(start, end), line.kpi.id


def test_a_model_says_which_kpis_are_planned_by_the_plan_itself() -> None:
    assert {kpi.id: kpi.plan_line for kpi in MODEL.content.kpis if kpi.plan_line} == {
        "new-adds": "adds",
        "private-gmv": "gmv",
    }
