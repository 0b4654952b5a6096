"""Working days follow the published arrangement, and say where nothing is published yet."""

from datetime import date, timedelta

import pytest

from app.services.working_days import working_days

CALENDAR = working_days(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 2), "元旦"),
        (date(2026, 2, 16), "春节"),
        (date(2026, 2, 23), "春节"),
        (date(2026, 4, 6), "清明节"),
        (date(2026, 5, 5), "劳动节"),
        (date(2026, 6, 19), "端午节"),
        (date(2026, 9, 25), "中秋节"),
        (date(2026, 10, 7), "国庆节"),
    ],
)
def test_a_day_off_of_the_published_year_has_the_name_of_its_holiday(day: date, name: str) -> None:
    assert not CALENDAR.is_working(day)
    assert CALENDAR.holidays[day] == name


@pytest.mark.parametrize(
    "day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10)]
)
def test_a_weekend_worked_instead_is_a_working_day(day: date) -> None:
    assert day.weekday() >= 5
    assert CALENDAR.is_working(day)


def test_work_after_the_national_holiday_goes_on_the_day_after_it() -> None:
    assert CALENDAR.next_working(date(2026, 10, 1)) == date(2026, 10, 8)


def test_an_unpublished_year_keeps_the_statutory_holidays_and_says_so() -> None:
    assert CALENDAR.settled_until == date(2026, 12, 31)
    assert not any(day.year == 2027 for day in CALENDAR.make_up)
    off = {date(2027, 2, 5) + timedelta(days=ahead) for ahead in range(6)}
    assert not any(CALENDAR.is_working(day) for day in off)
    assert not CALENDAR.is_working(date(2027, 10, 1))


def test_a_year_nothing_is_known_of_is_not_called_settled() -> None:
    assert working_days(date(2031, 1, 1)).settled_until == date(2030, 12, 31)


def test_every_holiday_has_a_name_the_report_can_translate() -> None:
    assert set(CALENDAR.holidays.values()) <= {
        "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
    }  # fmt: skip
