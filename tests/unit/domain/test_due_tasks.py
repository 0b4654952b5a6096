"""What has to be done in a week: dated, per store, and the same however weeks are cut."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.actuals import A_WEEK, LAST_DAY, week_of
from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar
from app.domain.diagnosis import diagnose
from app.domain.due_tasks import (
    DueTask,
    SopRun,
    Surroundings,
    Unit,
    due_tasks,
    tasks_of_week,
)
from app.domain.planning import ALWAYS_OPEN, Task
from app.domain.working_week import HANDS_OFF
from tests.coached import MODEL, day, diagnosis, phase, plan, roadmap, stores
from tests.enterprises import AS_OF, Enterprise, enterprises

LAST = phase("model").end
A_DAY = timedelta(days=1)


def listed(first: date, last: date, around: Surroundings | None = None) -> tuple[DueTask, ...]:
    return due_tasks(MODEL, plan(), roadmap(), first, last, around or Surroundings())


def whole(around: Surroundings | None = None) -> tuple[DueTask, ...]:
    return listed(roadmap().phases[0].start, LAST, around)


def runs_of(code: str, tasks: tuple[DueTask, ...]) -> list[DueTask]:
    return [task for task in tasks if [step.code for step in task.steps] == [code]]


def planned_task(code: str) -> Task:
    return next(task for task in roadmap().tasks if task.step.code == code)


def test_a_one_off_step_is_due_on_the_dates_of_the_roadmap() -> None:
    (found,) = runs_of("22.1", whole())
    planned = planned_task("22.1")
    assert (found.kind, found.first, found.due) == ("once", planned.start, planned.end)
    assert found.key.run == "1"


def test_a_weekly_step_comes_on_its_day_from_the_day_it_opens() -> None:
    found = runs_of("24.2", whole())
    assert found[0].first >= planned_task("24.2").start
    assert {task.due.weekday() for task in found} == {0}
    assert all(b.due - a.due == A_WEEK for a, b in pairwise(found))


def test_a_weekly_step_of_an_office_moves_off_a_holiday_and_keeps_its_name() -> None:
    (before, *_) = runs_of("24.2", whole())
    holiday = WorkingCalendar(holidays={before.due: "元旦"})
    (after, *_) = runs_of("24.2", whole(Surroundings(calendar=holiday)))
    assert after.due == before.due + timedelta(days=1)
    assert after.key == before.key


def test_a_monthly_step_comes_once_a_month_on_its_day_of_the_month() -> None:
    found = runs_of("24.5", listed(day(1), day(1) + timedelta(days=400)))
    months = [task.key.run[:7] for task in found]
    assert months == sorted(set(months))
    assert len(months) >= 12
    for task in found:
        nominal = date.fromisoformat(task.key.run)
        assert nominal.day == 28
        assert task.due == WEEKENDS_ONLY.next_working(nominal)


def test_what_begins_with_every_customer_is_one_task_a_week_per_sop_and_role() -> None:
    week = week_of(day(8))
    found = tasks_of_week(MODEL, plan(), roadmap(), week)
    weekly = [task for task in found if task.kind == "every-customer"]
    assert weekly
    assert Counter((task.sop, task.role) for task in weekly).most_common(1)[0][1] == 1
    for task in weekly:
        assert all(step.driver == "new-friend" for step in task.steps)
        assert task.due == (week + LAST_DAY if task.role in ALWAYS_OPEN else week + 4 * A_DAY)


def test_nobody_is_asked_to_do_what_a_system_or_a_customer_does() -> None:
    assert {task.role for task in whole()}.isdisjoint(HANDS_OFF)


def test_every_store_has_its_own_tasks_and_head_office_one() -> None:
    around = Surroundings(units=stores(3))
    week = tasks_of_week(MODEL, plan(), roadmap(), day(8), around)
    own = [task for task in week if task.role == "store"]
    assert own
    assert {task.unit for task in own} == {"store-1", "store-2", "store-3"}
    per_store = Counter(task.unit for task in own)
    assert len(set(per_store.values())) == 1
    assert {task.unit for task in week if task.role != "store"} == {""}


def test_a_store_that_joins_later_has_no_tasks_from_before() -> None:
    joins = day(10)
    late = Surroundings(units=(Unit("store-9", joins),))
    own = [task for task in whole(late) if task.unit == "store-9"]
    assert own
    assert min(task.due for task in own) >= joins
    left = Surroundings(units=(Unit("store-9", day(1), joins),))
    assert max(task.first for task in whole(left) if task.unit == "store-9") <= joins


def test_an_action_two_sops_share_is_one_task() -> None:
    doubled = set(MODEL.same_steps)
    planned = {task.step.code for task in roadmap().tasks}
    shared = {code for code in doubled & planned if MODEL.same_steps[code] in planned}
    listed_codes = {step.code for task in whole() for step in task.steps}
    assert listed_codes.isdisjoint(shared)
    assert shared, "the plan should hold a shared action for this test to mean anything"


def test_a_thinned_sop_asks_for_no_optional_step() -> None:
    optional = {
        step.code
        for sop in MODEL.content.sops
        for step in sop.steps
        if step.optional and sop.id == "weekly-review"
    }
    thinned = replace(plan(), thinned=frozenset({"weekly-review"}))
    codes = {
        step.code
        for task in due_tasks(MODEL, thinned, roadmap(), day(1), LAST)
        for step in task.steps
    }
    assert optional
    assert codes.isdisjoint(optional)
    assert optional <= {step.code for task in whole() for step in task.steps}


@pytest.mark.parametrize(
    ("a_week", "weeks", "runs"), [("3", 4, 12), ("1/2", 8, 4), ("14", 2, 28), ("0", 4, 0)]
)
def test_a_client_s_own_cadence_decides_how_often_a_step_comes(
    a_week: str, weeks: int, runs: int
) -> None:
    code = "24.2"
    mine = replace(plan(), controls=replace(plan().controls, cadence={code: Fraction(a_week)}))
    first = week_of(planned_task(code).start) + A_WEEK
    found = due_tasks(MODEL, mine, roadmap(), first, first + weeks * A_WEEK - A_DAY)
    assert (
        len(runs_of(code, found)) in (runs, runs + 1)
        if a_week == "1/2"
        else (len(runs_of(code, found)) == runs)
    )
    assert len({task.key for task in found}) == len(found)


def test_a_sop_set_going_brings_its_steps_once_more_from_that_day() -> None:
    run = SopRun("group-7", "group-opening", day(30))
    found = [
        task
        for task in listed(day(1), day(60), Surroundings(runs=(run,)))
        if task.kind == "triggered"
    ]
    own = {step.code for step in MODEL.sops["group-opening"].steps}
    assert {step.code for task in found for step in task.steps} <= own
    assert {task.key.run for task in found} == {"group-7"}
    assert min(task.first for task in found) <= day(32)
    once = {s.code for s in MODEL.sops["group-opening"].steps if s.driver == "once"}
    assert {step.code for task in found for step in task.steps}.isdisjoint(once)


def test_a_repair_loop_takes_in_what_is_done_once_and_nothing_outside_its_days() -> None:
    run = SopRun("repair", "pilot-15-days", day(20), whole=True, until=day(34))
    found = [
        task
        for task in listed(day(1), day(90), Surroundings(runs=(run,)))
        if task.kind == "triggered"
    ]
    assert any(step.driver == "once" for task in found for step in task.steps)
    assert all(day(20) <= task.first <= task.due <= day(34) for task in found)


def test_a_repair_loop_of_head_office_reaches_every_store_and_a_store_s_own_stays_there() -> None:
    def listed_for(unit: str) -> dict[str, set[str]]:
        run = SopRun("repair", "pilot-15-days", day(20), unit, whole=True, until=day(34))
        around = Surroundings(units=stores(2), runs=(run,))
        found: dict[str, set[str]] = {}
        for task in listed(day(1), day(90), around):
            if task.kind == "triggered":
                found.setdefault(task.role, set()).add(task.unit)
        return found

    everywhere = listed_for("")
    assert everywhere["store"] == {"store-1", "store-2"}
    assert everywhere["private-domain-head"] == {""}
    assert set().union(*listed_for("store-2").values()) == {"store-2"}


def test_a_phase_begun_again_has_tasks_of_its_own() -> None:
    first = {task.key for task in whole() if task.phase == "pilot" and task.kind == "once"}
    again = Surroundings(rounds={"pilot": 2})
    second = {task.key for task in whole(again) if task.phase == "pilot" and task.kind == "once"}
    assert first
    assert len(first) == len(second)
    assert first.isdisjoint(second)


@settings(max_examples=40)
@given(start=st.integers(-14, 80), cut=st.integers(0, 40), rest=st.integers(1, 40))
def test_a_span_holds_the_tasks_of_its_parts_and_no_others(start: int, cut: int, rest: int) -> None:
    around = Surroundings(units=stores(2))
    first, middle, last = day(start), day(start + cut), day(start + cut + rest)
    parts = {*listed(first, middle, around), *listed(middle + A_DAY, last, around)}
    assert parts == set(listed(first, last, around))


@settings(max_examples=12)
@given(enterprise=enterprises(), weeks=st.integers(0, 30))
def test_every_task_of_every_plan_has_a_key_of_its_own_and_its_days_in_order(
    enterprise: Enterprise, weeks: int
) -> None:
    made = diagnose(MODEL, enterprise.assessment(), AS_OF).plan
    assert made.roadmap is not None
    week = week_of(made.roadmap.start) + weeks * A_WEEK
    around = Surroundings(units=stores(2, made.roadmap.start))
    found = tasks_of_week(MODEL, made, made.roadmap, week, around)
    assert len({task.key for task in found}) == len(found)
    kept = {item.sop.id for item in made.sops}
    for task in found:
        assert task.first <= task.due
        assert task.first <= week + LAST_DAY
        assert task.due >= week
        assert task.sop in kept
        assert task.kind == "every-customer" or len(task.steps) == 1


def test_tasks_of_office_roles_are_due_on_working_days_unless_they_come_daily() -> None:
    daily = {t.step.code for t in roadmap().tasks if t.recurs == "day"}
    for task in whole():
        if task.role not in ALWAYS_OPEN and task.steps[0].code not in daily:
            assert WEEKENDS_ONLY.is_working(task.due), task.key
    assert diagnosis().as_of == AS_OF
