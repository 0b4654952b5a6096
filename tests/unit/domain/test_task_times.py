"""Every one-off task has a day, an owner and a time, and nobody's day holds more than its hours."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import WorkingCalendar
from app.domain.definitions.sop import Metric, SopStep, Timing
from app.domain.model import MaturityModel
from app.domain.planning import Task, date_tasks
from app.domain.task_times import TimedTask, one_off, timed_tasks

MONDAY = date(2026, 11, 30)
HOURS = Fraction(13, 2)
CALENDAR = WorkingCalendar({MONDAY + timedelta(days=2): "节"}, frozenset({date(2026, 12, 5)}))


def task(
    name: str,
    minutes: int,
    *,
    start: date = MONDAY,
    days: int = 1,
    at: str | None = None,
    owner: str = "it",
    channel: str = "document",
    along: tuple[str, ...] = (),
) -> Task:
    step = SopStep(
        id=name,
        code=name,
        timing=Timing(shown="", at=at),
        owner=owner,
        channel=channel,
        action="",
        script="",
        metric=Metric(title="", target=""),
        minutes=minutes,
        driver="once",
        with_roles=along,
    )
    return Task(name, "sop", step, "PH0", start, start + timedelta(days=days - 1), None)


def timed(*tasks: Task, people: dict[str, Fraction] | None = None) -> dict[str, TimedTask]:
    found = timed_tasks(tasks, HOURS, calendar=CALENDAR, people=people)
    assert len(found) == len(tasks)
    return {item.task.id: item for item in found}


def stretches(item: TimedTask) -> list[tuple[date, str, int]]:
    return [(block.day, block.at, block.minutes) for block in item.blocks]


def test_tasks_of_one_day_follow_each_other_from_nine() -> None:
    found = timed(task("a", 60), task("b", 120), task("c", 60))
    assert stretches(found["a"]) == [(MONDAY, "09:00", 60)]
    assert stretches(found["b"]) == [(MONDAY, "10:00", 120)]
    assert stretches(found["c"]) == [(MONDAY, "13:30", 60)]


def test_a_task_with_a_clock_time_keeps_it_and_others_go_around() -> None:
    found = timed(task("a", 120), task("meeting", 60, at="10:00"))
    assert stretches(found["meeting"]) == [(MONDAY, "10:00", 60)]
    assert found["a"].blocks[0].at == "09:00"
    assert found["a"].minutes == 120


def test_what_does_not_fit_goes_on_the_next_working_day() -> None:
    found = timed(task("a", 300), task("b", 180))
    assert stretches(found["b"]) == [
        (MONDAY, "15:30", 90),
        (MONDAY + timedelta(days=1), "09:00", 90),
    ]
    assert found["b"].late
    assert not found["a"].late


def test_days_off_are_left_out_and_make_up_days_worked() -> None:
    found = timed(task("long", 390 * 5, start=MONDAY, days=3))
    days = [block.day for block in found["long"].blocks]
    assert MONDAY + timedelta(days=2) not in days
    assert date(2026, 12, 5) in days
    assert found["long"].minutes == 390 * 5


def test_shops_work_through_days_off() -> None:
    holiday = MONDAY + timedelta(days=2)
    found = timed(task("a", 30, start=holiday, owner="store"))
    assert stretches(found["a"]) == [(holiday, "10:00", 30)]


def test_a_task_of_several_days_is_spread_over_them() -> None:
    found = timed(task("a", 240, days=2))
    assert stretches(found["a"]) == [
        (MONDAY, "09:00", 120),
        (MONDAY + timedelta(days=1), "09:00", 120),
    ]


def test_two_people_work_side_by_side() -> None:
    found = timed(task("a", 180), task("b", 180), people={"it": Fraction(2)})
    assert [item.blocks[0].at for item in found.values()] == ["09:00", "09:00"]


def test_who_takes_part_in_a_meeting_is_not_free_for_other_work() -> None:
    meeting = task("meeting", 60, at="09:00", owner="ceo", channel="meeting", along=("it",))
    found = timed(meeting, task("a", 60))
    assert found["a"].blocks[0].at == "10:00"


def test_a_task_without_minutes_still_has_a_time() -> None:
    assert stretches(timed(task("a", 0))["a"]) == [(MONDAY, "09:00", 0)]


def test_what_recurs_or_comes_with_every_customer_is_no_task_of_a_day(
    private_domain: MaturityModel,
) -> None:
    tasks = [
        found
        for name in ("new-friend-welcome", "daily-community", "strategy-workshop")
        for found in date_tasks(private_domain.sops[name], "PH1", MONDAY)
    ]
    assert {found.sop for found in one_off(tasks)} == {"strategy-workshop"}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900), st.integers(0, 9), st.integers(1, 4), st.sampled_from("abc")
        ),
        max_size=25,
    )
)
def test_nobody_s_day_holds_more_than_its_hours_and_no_minute_is_lost(
    jobs: list[tuple[int, int, int, str]],
) -> None:
    tasks = [
        task(str(place), minutes, start=MONDAY + timedelta(days=ahead), days=days, owner=owner)
        for place, (minutes, ahead, days, owner) in enumerate(jobs)
    ]
    day_of: dict[tuple[str, date], int] = defaultdict(int)
    for item in timed_tasks(tasks, HOURS, calendar=CALENDAR):
        assert item.minutes == item.task.step.minutes
        for block in item.blocks:
            assert CALENDAR.is_working(block.day)
            assert block.day >= item.task.start
            day_of[item.task.step.owner, block.day] += block.minutes
    assert all(minutes <= HOURS * 60 for minutes in day_of.values())


@pytest.mark.parametrize("owner", ["consultant", "ceo", "operations"])
def test_every_role_of_an_office_keeps_its_weekend(owner: str) -> None:
    saturday = date(2026, 12, 12)
    found = timed(task("a", 60, start=saturday, owner=owner))
    assert found["a"].blocks[0].day == date(2026, 12, 14)
