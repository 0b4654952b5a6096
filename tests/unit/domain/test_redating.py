"""The roadmap after a gate: moved on, extended, or gone back, with nothing lost on the way."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendar import WEEKENDS_ONLY
from app.domain.definitions.roadmap import Phase
from app.domain.diagnosis import diagnose
from app.domain.gate_review import GateReview, RepairLoop
from app.domain.planning import ALWAYS_OPEN
from app.domain.redating import after_review, begin_phase, extend_phase, go_back
from app.domain.roadmap import Roadmap
from tests.coached import MODEL, diagnosis, phase, plan, roadmap
from tests.enterprises import AS_OF, Enterprise, enterprises
from tests.standard_enterprise import standard_diagnosis

A_DAY = timedelta(days=1)
WORLD = diagnosis().basis.world


def named(name: str) -> Phase:
    model = MODEL.content.roadmap
    assert model is not None
    return next(one for one in model.phases if one.id == name)


def reviewed(name: str, verdict: str, on: date, **more: object) -> GateReview:
    return GateReview(named(name), on, verdict, (), (), **more)  # type: ignore[arg-type] # words and parts of a review


def is_whole(found: Roadmap) -> None:
    """Check what every dated roadmap is: no gap, days numbered, tasks in order and in phases."""
    for before, after in pairwise(found.phases):
        assert after.start == before.end + A_DAY
    for one in found.phases:
        assert one.start <= one.end
        assert found.day(one.first_day) == one.start
        assert found.day(one.last_day) == one.end
    assert [task.start for task in found.tasks] == sorted(task.start for task in found.tasks)
    assert all(task.start <= task.end for task in found.tasks)
    names = {one.phase.id for one in found.phases}
    assert {task.phase for task in found.tasks} <= names
    assert len({task.id for task in found.tasks}) == len(found.tasks)


def test_a_repair_loop_makes_its_phase_longer_and_moves_what_follows() -> None:
    on = phase("pilot").end + A_DAY
    last = on + timedelta(days=15)
    loop = RepairLoop("pilot", on + A_DAY, last, (), ())
    found = after_review(
        WORLD, plan(), roadmap(), reviewed("pilot", "fix", on, repair=loop), WEEKENDS_ONLY
    )
    is_whole(found)
    assert phase("pilot", found).end == last
    assert phase("model", found).start == last + A_DAY
    moved = phase("model", found).start - phase("model").start
    assert phase("model", found).end - phase("model").end == moved
    assert {task.id for task in found.tasks} == {task.id for task in roadmap().tasks}


def test_tasks_of_what_was_gone_through_stay_where_they_were() -> None:
    last = phase("pilot").end + timedelta(days=10)
    found = extend_phase(WORLD, roadmap(), "pilot", last, WEEKENDS_ONLY, phase("pilot").end)
    gone = {"align", "pilot"}
    old = {task.id: task for task in roadmap().tasks if task.phase in gone}
    assert {task.id: task for task in found.tasks if task.phase in gone} == old
    later = {task.id: task.start for task in roadmap().tasks if task.phase not in gone}
    for task in found.tasks:
        if task.phase not in gone:
            assert task.start >= later[task.id]


def test_going_on_begins_the_next_phase_the_day_after() -> None:
    on = phase("pilot").end + timedelta(days=4)
    found = after_review(WORLD, plan(), roadmap(), reviewed("pilot", "go", on), WEEKENDS_ONLY)
    is_whole(found)
    assert phase("pilot", found).end == on
    assert phase("model", found).start == on + A_DAY
    assert phase("pilot", found).start == phase("pilot").start


def test_a_build_that_begins_later_begins_on_day_one() -> None:
    on = roadmap().start + timedelta(days=6)
    found = begin_phase(WORLD, roadmap(), "pilot", on, WEEKENDS_ONLY, on)
    is_whole(found)
    assert found.start == on
    assert phase("pilot", found).first_day == 1
    assert phase("align", found).last_day == 0


def test_an_open_gate_keeps_its_phase_going_until_somebody_measures() -> None:
    on = phase("pilot").end + timedelta(days=9)
    found = after_review(WORLD, plan(), roadmap(), reviewed("pilot", "open", on), WEEKENDS_ONLY)
    assert phase("pilot", found).end == on
    early = phase("pilot").start + timedelta(days=3)
    same = after_review(WORLD, plan(), roadmap(), reviewed("pilot", "open", early), WEEKENDS_ONLY)
    assert same.phases == roadmap().phases


def test_a_second_failure_begins_anew_with_the_phase_before() -> None:
    on = phase("model").end + A_DAY
    review = reviewed("model", "stop", on, back_to=named("pilot"))
    found = after_review(WORLD, plan(), roadmap(), review, WEEKENDS_ONLY)
    is_whole(found)
    assert [one.phase.id for one in found.phases] == [
        "pilot", "model", "scale-up", "efficiency", "stock-value",
    ]  # fmt: skip
    assert found.start == found.phases[0].start == on + A_DAY
    old = {one.template.id: one.phase for one in roadmap().initiatives}
    assert {one.template.id: one.phase for one in found.initiatives} == {
        name: where for name, where in old.items() if where != "align"
    }
    assert min(task.start for task in found.tasks) >= on


def test_going_back_to_alignment_aligns_before_it_builds() -> None:
    on = phase("pilot").end + A_DAY
    found = go_back(WORLD, plan(), roadmap(), named("align"), on, WEEKENDS_ONLY)
    is_whole(found)
    assert found.phases[0].phase.id == "align"
    assert found.phases[0].start == on
    assert (found.phases[0].end - on).days + 1 == named("align").days
    assert found.start == found.phases[1].start


def test_the_first_phase_has_nothing_to_go_back_to_and_waits_for_a_decision() -> None:
    review = reviewed("align", "stop", phase("align").end)
    assert after_review(WORLD, plan(), roadmap(), review, WEEKENDS_ONLY) == roadmap()


def test_a_phase_the_plan_skipped_is_filled_by_order_and_capacity() -> None:
    found = standard_diagnosis(MODEL, 36_000, 1800, level=3, stores=20)
    dated = found.plan.roadmap
    assert dated is not None
    names = [one.phase.id for one in dated.phases]
    assert names[:2] == ["align", "scale-up"]
    on = dated.phases[1].end
    back = go_back(found.basis.world, found.plan, dated, named("model"), on, WEEKENDS_ONLY)
    is_whole(back)
    assert [one.phase.id for one in back.phases] == ["model", *names[1:]]
    kept = {one.template.id for one in dated.initiatives if one.phase != "align"}
    assert {one.template.id for one in back.initiatives} == kept
    model = MODEL.content.roadmap
    assert model is not None
    early = {one.id for one in model.initiatives if one.earliest in ("align", "pilot", "model")}
    filled = {one.template.id for one in back.initiatives if one.phase == "model"}
    assert filled
    assert filled <= early


def test_a_phase_cannot_begin_before_the_one_before_it_nor_outside_the_roadmap() -> None:
    with pytest.raises(ValueError, match="cannot begin before"):
        begin_phase(WORLD, roadmap(), "model", phase("pilot").start, WEEKENDS_ONLY, AS_OF)
    with pytest.raises(ValueError, match="does not run through"):
        begin_phase(WORLD, roadmap(), "repair", AS_OF, WEEKENDS_ONLY, AS_OF)
    last = roadmap().phases[-1]
    with pytest.raises(ValueError, match="cannot end before"):
        extend_phase(WORLD, roadmap(), last.phase.id, last.start - A_DAY, WEEKENDS_ONLY, AS_OF)


@settings(max_examples=15)
@given(enterprise=enterprises(), days=st.integers(-5, 60), which=st.integers(0, 4))
def test_whatever_is_extended_stays_a_whole_roadmap_with_every_task(
    enterprise: Enterprise, days: int, which: int
) -> None:
    found = diagnose(MODEL, enterprise.assessment(), AS_OF)
    dated = found.plan.roadmap
    assert dated is not None
    one = dated.phases[min(which, len(dated.phases) - 1)]
    last = max(one.start, one.end + timedelta(days=days))
    moved = extend_phase(found.basis.world, dated, one.phase.id, last, WEEKENDS_ONLY, AS_OF)
    is_whole(moved)
    assert {task.id for task in moved.tasks} == {task.id for task in dated.tasks}
    assert [item.template.id for item in moved.initiatives] == [
        item.template.id for item in dated.initiatives
    ]
    for task in moved.tasks:
        if task.step.owner not in ALWAYS_OPEN and task.start > AS_OF:
            assert WEEKENDS_ONLY.is_working(task.start), task.id
