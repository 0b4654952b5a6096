"""What was measured, by week, and by the month, quarter or year a week belongs to."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actuals import (
    A_WEEK,
    Actuals,
    KpiActual,
    by_period,
    is_expected,
    week_of,
    week_to_report,
    weeks_between,
)
from tests.coached import MODEL, weekly

MONDAY = date(2026, 12, 7)
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


def test_a_week_is_named_by_its_monday_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="Monday"):
        KpiActual("add-rate", date(2026, 12, 8), Fraction(1))


def test_two_actuals_of_one_kpi_in_one_week_and_unit_are_refused() -> None:
    twice = weekly("add-rate", MONDAY, [8]) + weekly("add-rate", MONDAY, [9])
    with pytest.raises(ValueError, match="two actuals of add-rate"):
        Actuals.of(twice)


def test_a_store_and_the_enterprise_do_not_mix() -> None:
    actuals = Actuals.of(
        weekly("add-rate", MONDAY, [8]) + weekly("add-rate", MONDAY, [20], "store-1")
    )
    assert [one.value for one in actuals.series("add-rate")] == [8]
    assert [one.value for one in actuals.series("add-rate", "store-1")] == [20]
    assert actuals.units("add-rate") == ("store-1",)


def test_a_week_that_is_not_over_does_not_count_yet() -> None:
    actuals = Actuals.of(weekly("add-rate", MONDAY, [8, 9]))
    sunday = MONDAY + A_WEEK + timedelta(days=6)
    before = actuals.series("add-rate", until=sunday - timedelta(days=1))
    assert [one.value for one in before] == [8]
    assert [one.value for one in actuals.series("add-rate", until=sunday)] == [8, 9]


def test_a_monthly_kpi_is_expected_in_the_week_its_month_ends() -> None:
    monthly, weekly_kpi = MODEL.kpis["private-gmv"], MODEL.kpis["add-rate"]
    weeks = weeks_between(MONDAY, date(2027, 2, 28))
    expected = [week for week in weeks if is_expected(monthly, week)]
    assert expected == [date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 22)]
    assert all(is_expected(weekly_kpi, week) for week in weeks)


def test_a_week_in_which_a_month_ends_belongs_to_that_month() -> None:
    # 28 December to 3 January: the year's last report, not the new year's first.
    last = weekly("private-gmv", date(2026, 12, 28), [7])
    first = weekly("private-gmv", date(2027, 1, 25), [8])
    assert list(by_period(last + first, "month").values()) == [7, 8]
    numbers = list(by_period(last + first, "month"))
    assert numbers[1] - numbers[0] == 1
    years = list(by_period(last + first, "year"))
    assert years[1] - years[0] == 1


@given(day=days)
def test_every_day_lies_in_the_week_of_its_monday(day: date) -> None:
    monday = week_of(day)
    assert monday.weekday() == 0
    assert monday <= day < monday + A_WEEK


@given(day=days, months=st.integers(1, 30))
def test_months_in_a_row_have_numbers_in_a_row(day: date, months: int) -> None:
    weeks = weeks_between(day, day + timedelta(days=31 * months))
    series = [KpiActual("add-rate", week, Fraction(1)) for week in weeks]
    numbers = list(by_period(series, "month"))
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_figures_of_a_week_are_asked_for_from_its_friday_or_once_somebody_began() -> None:
    monday = date(2026, 3, 2)
    asked = [week_to_report(monday + timedelta(days=day), has_begun=False) for day in range(7)]
    assert asked == 4 * [monday - A_WEEK] + 3 * [monday]
    assert week_to_report(monday, has_begun=True) == monday
