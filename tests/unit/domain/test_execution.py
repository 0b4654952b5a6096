"""Done, late, skipped or open; and the on-time share that feeds K38."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actuals import LAST_DAY, week_of
from app.domain.due_tasks import DueTask, Surroundings, TaskKey, tasks_of_week
from app.domain.execution import (
    OnTime,
    TaskMark,
    on_time,
    on_time_actuals,
    on_time_by_role,
    on_time_by_sop,
    on_time_by_unit,
    track,
)
from tests.coached import MODEL, day, plan, roadmap, stores

DUE = date(2026, 12, 10)
A_DAY = timedelta(days=1)
STEP = MODEL.sops["weekly-review"].steps[0]


def task(name: str = "SOP-24/24.1", due: date = DUE, unit: str = "") -> DueTask:
    key = TaskKey(name, due.isoformat(), unit)
    return DueTask(key, "recurring", "weekly-review", (STEP,), "it", "model", due, due)


def state(*marks: TaskMark, today: date = DUE + 7 * A_DAY) -> str:
    (found,) = track([task()], marks, today)
    return found.state + ("!" if found.overdue else "") + ("*" if found.called_off else "")


def done(on: date) -> TaskMark:
    return TaskMark(task().key, "done", on)


def skipped(on: date) -> TaskMark:
    return TaskMark(task().key, "skipped", on, "系统停机")


def test_a_task_is_done_late_skipped_or_open() -> None:
    assert state(done(DUE)) == "done"
    assert state(done(DUE + A_DAY)) == "late"
    assert state(skipped(DUE)) == "skipped*"
    assert state(skipped(DUE + A_DAY)) == "skipped"
    assert state() == "open!"
    assert state(today=DUE) == "open"


def test_a_task_is_not_skipped_without_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        TaskMark(task().key, "skipped", DUE, "  ")


def test_the_last_thing_said_of_a_task_stands() -> None:
    assert state(skipped(DUE), done(DUE)) == "done"
    assert state(done(DUE), skipped(DUE + A_DAY)) == "skipped"


def test_a_mark_on_another_store_s_task_is_left_alone() -> None:
    other = TaskMark(TaskKey("SOP-24/24.1", DUE.isoformat(), "store-1"), "done", DUE)
    assert state(other) == "open!"


def share(*marks: TaskMark, today: date = DUE + 7 * A_DAY) -> OnTime:
    return on_time(track([task()], marks, today), DUE, DUE, today)


def test_what_was_called_off_beforehand_was_not_scheduled_and_what_was_skipped_later_was() -> None:
    assert share(skipped(DUE)) == OnTime(0, 0)
    assert share(skipped(DUE + A_DAY)) == OnTime(0, 1)
    assert share(done(DUE + A_DAY)) == OnTime(0, 1)
    assert share(done(DUE)) == OnTime(1, 1)
    assert share() == OnTime(0, 1)


def test_a_task_not_yet_due_counts_for_nothing_even_when_done() -> None:
    assert share(done(DUE - 2 * A_DAY), today=DUE - A_DAY) == OnTime(0, 0)
    assert share(today=DUE) == OnTime(0, 0)
    assert share(done(DUE), today=DUE) == OnTime(1, 1)


def test_nothing_scheduled_has_no_share() -> None:
    assert OnTime(0, 0).percent is None
    assert OnTime(1, 3).percent == Fraction(100, 3)


def test_the_share_of_a_week_is_k38_for_the_enterprise_and_for_each_store() -> None:
    week = week_of(day(8))
    tasks = tasks_of_week(MODEL, plan(), roadmap(), week, Surroundings(units=stores(2)))
    due = [one for one in tasks if one.due <= week + LAST_DAY]
    marks = [TaskMark(one.key, "done", one.due) for one in due if one.unit == "store-1"]
    today = week + LAST_DAY + A_DAY
    found = {
        one.unit: one for one in on_time_actuals(MODEL, track(tasks, marks, today), week, today)
    }
    assert {one.kpi for one in found.values()} == {"sop-on-time"}
    assert found["store-1"].value == 100
    assert found["store-2"].value == 0
    assert found[""].value == Fraction(100 * len(marks), len(due))


def test_without_a_task_there_is_no_k38() -> None:
    assert on_time_actuals(MODEL, (), week_of(DUE), DUE) == ()


@given(
    days=st.lists(
        st.tuples(st.integers(0, 6), st.integers(-3, 9), st.sampled_from("dso")), max_size=20
    ),
    now=st.integers(-1, 10),
)
def test_stores_sops_and_roles_each_add_up_to_the_whole(
    days: list[tuple[int, int, str]], now: int
) -> None:
    monday = week_of(DUE)
    tasks, marks = [], []
    for number, (due, said, kind) in enumerate(days):
        one = task(f"SOP-24/{number}", monday + due * A_DAY, f"store-{number % 3}")
        tasks.append(one)
        if kind != "o":
            word = "done" if kind == "d" else "skipped"
            marks.append(TaskMark(one.key, word, monday + said * A_DAY, "停电"))  # type: ignore[arg-type] # one of the two words
    today = monday + now * A_DAY
    tracked = track(tasks, marks, today)
    total = on_time(tracked, monday, monday + LAST_DAY, today)
    assert 0 <= total.on_time <= total.scheduled <= len(tasks)
    for split in (on_time_by_unit, on_time_by_sop, on_time_by_role):
        parts = split(tracked, monday, monday + LAST_DAY, today).values()
        assert sum(parts, OnTime(0, 0)) == total
