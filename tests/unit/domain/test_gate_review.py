"""Go, fix or stop: computed from the actuals, and never from what nobody measured."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actuals import A_WEEK, Actuals, KpiActual, week_of
from app.domain.definitions.gate import GateMetric, KpiSign
from app.domain.definitions.stage import GateItem
from app.domain.due_tasks import Unit, due_tasks
from app.domain.execution import TaskMark, TrackedTask, track
from app.domain.gate_reading import GateEvidence, GateLine, Stated, read_line, sign_holds, stated_by
from app.domain.gate_review import (
    GateReview,
    gate_items,
    phase_after,
    phase_before,
    review_gate,
)
from app.domain.stage import check_gate
from tests.coached import MODEL, day, diagnosis, lines, phase, plan, roadmap, stores, weekly

PILOT = phase("pilot")
RUN_MODEL = phase("model")
ON = PILOT.end + timedelta(days=1)
"""The day after the pilot's last, on which its gate is reviewed."""

ITEMS: Final = {item.id: item for item in gate_items(MODEL, PILOT.phase)}


def yes(on: date = ON) -> Stated:
    return Stated(True, on)


def no(on: date = ON) -> Stated:
    return Stated(False, on)


def done_share(share: float, since: int = 13) -> tuple[TrackedTask, ...]:
    """Return the pilot's tasks, of those due from a day on a share done on time, the rest open."""
    tasks = due_tasks(MODEL, plan(), roadmap(), day(since), PILOT.end)
    due = [task for task in tasks if day(since) <= task.due < ON]
    marks = [TaskMark(task.key, "done", task.due) for task in due[: round(share * len(due))]]
    return track(due, marks, ON)


def good_actuals(units: int = 10, reached: int = 8, entry: int = 26) -> list[KpiActual]:
    """Return the actuals of the pilot's last full week: add rate (all, per store), entry rate."""
    target = lines()["add-rate"].targets["pilot"]
    week = week_of(ON) - A_WEEK
    found = [
        KpiActual("add-rate", week, Fraction(31)),
        KpiActual("group-entry-rate", week, Fraction(entry)),
    ]
    for number in range(1, units + 1):
        value = target if number <= reached else target / 2
        found.append(KpiActual("add-rate", week, value, f"store-{number}"))
    return found


def evidence(
    actuals: list[KpiActual] | None = None,
    stated: dict[str, Stated] | None = None,
    *,
    tracked: tuple[TrackedTask, ...] | None = None,
    units: tuple[Unit, ...] | None = None,
    failed: tuple[date, ...] = (),
) -> GateEvidence:
    """Return a pilot that passes, unless something is given instead."""
    return GateEvidence(
        phase=PILOT,
        kpis=lines(),
        actuals=Actuals.of(good_actuals() if actuals is None else actuals),
        stated={"beats-controls": yes(), "handed-over": yes()} if stated is None else stated,
        tracked=done_share(1) if tracked is None else tracked,
        units=stores(10) if units is None else units,
        failed=failed,
    )


def review(given: GateEvidence, on: date = ON) -> GateReview:
    return review_gate(MODEL, given, roadmap().tasks, on)


def line(found: GateReview, name: str) -> GateLine:
    return next(one for one in found.lines if one.item.id == name)


def states(found: GateReview) -> dict[str, str]:
    return {one.item.id: one.state for one in found.lines}


def test_a_pilot_that_meets_every_line_goes_on() -> None:
    found = review(evidence())
    assert set(states(found).values()) == {"passed"}
    assert found.verdict == "go"
    assert found.repair is None
    assert found.back_to is None


def test_what_nobody_measured_is_neither_failed_nor_passed() -> None:
    found = review(evidence([], {}, tracked=()))
    assert set(states(found).values()) == {"missing"}
    assert found.verdict == "open"
    assert found.failed == ()
    assert len(found.missing) == len(ITEMS)
    # Nor does a second review without actuals count as a second failure.
    assert review(evidence([], {}, tracked=(), failed=(ON - A_WEEK,))).verdict == "open"


def test_one_missing_line_holds_the_gate_open_though_the_rest_passes() -> None:
    found = review(evidence(stated={"handed-over": yes()}))
    assert found.verdict == "open"
    assert [one.item.id for one in found.missing] == ["beats-controls"]


def test_the_first_failure_opens_the_repair_loop_with_the_sops_concerned() -> None:
    found = review(evidence(good_actuals(entry=20)))
    assert found.verdict == "fix"
    assert [one.item.id for one in found.failed] == ["group-entry"]
    loop = found.repair
    assert loop is not None
    assert (loop.first, loop.last) == (ON + timedelta(days=1), ON + timedelta(days=15))
    carrying = {
        sop.id
        for sop in MODEL.content.sops
        if any(step.metric.kpi == "group-entry-rate" for step in sop.steps)
    }
    assert set(loop.sops) == carrying.intersection(item.sop.id for item in plan().sops)


def test_a_failure_decides_although_another_line_is_missing_and_both_are_told() -> None:
    found = review(evidence(good_actuals(entry=20), {"handed-over": yes()}))
    assert found.verdict == "fix"
    assert [one.item.id for one in found.missing] == ["beats-controls"]


def test_a_gate_of_a_phase_may_give_its_own_time_for_repair() -> None:
    align = phase("align")
    given = replace(evidence(), phase=align, stated={"accepted": no(align.end)})
    loop = review(given, align.end).repair
    assert loop is not None
    assert (loop.last - loop.first).days + 1 == 7


def test_the_worst_line_leads_the_repair() -> None:
    bad = review(evidence(good_actuals(entry=24, reached=5), tracked=done_share(0.7)))
    assert bad.verdict == "fix"
    shares = [one.short for one in bad.failed]
    assert shares == sorted(shares, reverse=True)
    assert bad.failed[0].item.id == "units-at-target"  # 50 instead of 70 %
    assert bad.failed[-1].item.id == "group-entry"  # 24 instead of 25 %


def test_the_second_failure_goes_back_one_phase() -> None:
    found = review(evidence(good_actuals(entry=20), failed=(ON - A_WEEK * 2,)))
    assert found.verdict == "stop"
    assert found.reason == "second-failure"
    assert found.back_to is not None
    assert found.back_to.id == "align"
    assert found.repair is None


def test_what_failed_the_review_before_has_to_be_measured_again() -> None:
    old = good_actuals(entry=20)
    assert review(evidence(old)).verdict == "fix"
    again = review(evidence(old, failed=(ON,)), ON + timedelta(days=3))
    assert line(again, "group-entry").state == "missing"
    assert again.verdict == "open"


def test_what_is_stated_after_the_repair_counts_before_what_failed_then() -> None:
    later = ON + timedelta(days=3)
    said = {"beats-controls": yes(), "handed-over": yes()}
    stated = said | {"group-entry": Stated(Fraction(27), later)}
    again = review(evidence(good_actuals(entry=20), stated, failed=(ON,)), later)
    assert line(again, "group-entry").state == "passed"
    assert line(again, "group-entry").value == 27


def test_what_passed_before_the_repair_need_not_be_stated_again() -> None:
    again = review(evidence(failed=(ON,)), ON)
    assert line(again, "handed-over").state == "passed"
    assert again.verdict == "go"


def test_a_line_past_repair_stops_at_the_first_review() -> None:
    found = review(evidence(good_actuals(reached=3)))
    assert found.verdict == "stop"
    assert found.reason == "past-repair"
    assert line(found, "units-at-target").counted == (3, 10, 10)
    assert review(evidence(tracked=done_share(0.5))).reason == "past-repair"
    assert review(evidence(tracked=done_share(0.7))).verdict == "fix"


def test_silent_stores_leave_the_line_open_only_while_they_could_tip_it() -> None:
    def with_silent(reported: int, reached: int) -> GateLine:
        given = evidence(good_actuals(units=reported, reached=reached))
        return line(review(given), "units-at-target")

    assert with_silent(reported=8, reached=7).state == "passed"  # 70 % whatever the two did
    assert with_silent(reported=8, reached=6).state == "missing"  # 60 % or 80 %
    assert with_silent(reported=8, reached=4).state == "failed"  # 60 % at best
    assert not with_silent(reported=8, reached=4).past_repair
    assert with_silent(reported=8, reached=1).past_repair  # 30 % at best


def test_the_last_days_are_judged_without_the_coach() -> None:
    """Days 1 to 12 were left undone; the gate looks at days 13 to 15 alone."""
    tasks = due_tasks(MODEL, plan(), roadmap(), day(1), PILOT.end)
    marks = [TaskMark(one.key, "done", one.due) for one in tasks if one.due >= day(13)]
    found = review(evidence(tracked=track(tasks, marks, ON)))
    assert line(found, "without-coach").value == 100


def test_without_a_task_list_the_reported_on_time_share_stands_in() -> None:
    week = week_of(ON) - A_WEEK
    actuals = [*good_actuals(), KpiActual("sop-on-time", week, Fraction(90))]
    found = review(evidence(actuals, tracked=()))
    assert line(found, "without-coach").value == 90
    assert found.verdict == "go"


def test_a_low_on_time_share_names_the_sops_that_were_not_carried_out() -> None:
    tasks = due_tasks(MODEL, plan(), roadmap(), day(1), PILOT.end)
    marks = [TaskMark(one.key, "done", one.due) for one in tasks if one.role != "store"]
    late = [one for one in track(tasks, marks, ON) if one.task.due >= day(13)]
    undone = {one.task.sop for one in late if one.state == "open"}
    carried_out = [one for one in late if one.state == "done"]
    left_open = [one for one in late if one.state == "open"][: len(carried_out) // 4]
    found = review(evidence(tracked=(*carried_out, *left_open)))
    assert found.verdict == "fix"
    assert found.repair is not None
    assert set(found.repair.sops) <= undone
    assert found.repair.sops[0] == left_open[0].task.sop


def test_a_line_is_set_aside_for_a_reason_and_does_not_hold_the_gate() -> None:
    no_groups = Stated(None, ON, "不建群的业务", waived=True)
    actuals = [one for one in good_actuals() if one.kpi != "group-entry-rate"]
    found = review(
        evidence(actuals, {"beats-controls": yes(), "handed-over": yes(), "group-entry": no_groups})
    )
    assert line(found, "group-entry").state == "waived"
    assert found.verdict == "go"
    with pytest.raises(ValueError, match="reason"):
        Stated(None, ON, waived=True)


def test_an_actual_from_before_the_phase_is_no_actual_of_it() -> None:
    before = [replace(one, week=week_of(PILOT.start) - A_WEEK) for one in good_actuals()]
    found = review(evidence(before, {"handed-over": yes(PILOT.start - timedelta(days=1))}))
    assert line(found, "add-rate").state == "missing"
    assert line(found, "handed-over").state == "missing"


def test_actuals_count_before_what_somebody_states() -> None:
    stated = {
        "group-entry": Stated(Fraction(40), ON),
        "beats-controls": yes(),
        "handed-over": yes(),
    }
    assert line(review(evidence(good_actuals(entry=20), stated)), "group-entry").state == "failed"
    without = [one for one in good_actuals() if one.kpi != "group-entry-rate"]
    found = review(evidence(without, stated))
    assert line(found, "group-entry").value == 40
    assert found.verdict == "go"


def test_a_yes_is_no_number_and_a_number_no_yes() -> None:
    without = [one for one in good_actuals() if one.kpi != "group-entry-rate"]
    with pytest.raises(ValueError, match="takes a number"):
        review(evidence(without, {"group-entry": yes()}))
    with pytest.raises(ValueError, match="takes yes or no"):
        review(evidence(stated={"handed-over": Stated(Fraction(1), ON)}))


# -- the gates of the stages ---------------------------------------------------------------------


def model_phase(actuals: list[KpiActual], stated: dict[str, Stated] | None = None) -> GateReview:
    on = RUN_MODEL.end + timedelta(days=1)
    said = {
        "users": Stated(Fraction(3200), on),
        "forecast-economics": Stated(Fraction(3), on),
        "procedures": Stated(Fraction(3), on),
        "reports": Stated(Fraction(3), on),
    }
    given = GateEvidence(RUN_MODEL, lines(), Actuals.of(actuals), said | (stated or {}))
    return review_gate(MODEL, given, roadmap().tasks, on)


def model_actuals(
    conversion: tuple[object, ...] = (3, 3, 3, 3),
    weeks: int = 12,
    ltv_cac: object = 2,
    roi: object = 5,
) -> list[KpiActual]:
    last = week_of(RUN_MODEL.end + timedelta(days=1)) - A_WEEK
    return [
        *weekly("new-adds", last - (weeks - 1) * A_WEEK, [50] * weeks),
        *weekly("order-conversion", last - 3 * A_WEEK, conversion),
        *weekly("deletion-7d", last, [10]),
        *weekly("ltv-cac", last, [ltv_cac]),
        *weekly("roi", last, [roi]),
    ]


def test_the_phase_that_runs_the_model_is_left_by_the_exit_gate_of_its_stage() -> None:
    ladder = MODEL.content.stage_model
    assert ladder is not None
    assert gate_items(MODEL, RUN_MODEL.phase) == ladder.stages[1].exit_gate
    assert model_phase(model_actuals()).verdict == "go"


def test_too_few_weeks_of_data_only_mean_waiting() -> None:
    found = model_phase(model_actuals(weeks=9))
    assert line(found, "data").state == "waiting"
    assert line(found, "data").value == 9
    assert found.verdict == "open"


def test_a_week_left_out_starts_the_count_of_weeks_again() -> None:
    actuals = model_actuals(weeks=12)
    gap = sorted(one.week for one in actuals if one.kpi == "new-adds")[-4]
    found = model_phase([one for one in actuals if one.kpi != "new-adds" or one.week != gap])
    assert line(found, "data").value == 3


def test_conversion_is_stable_within_a_quarter_of_its_mean() -> None:
    steady = model_phase(model_actuals(("3", "3.5", "2.5", "3")))
    assert line(steady, "stable-conversion").state == "passed"
    jumping = model_phase(model_actuals((1, 5, 1, 5)))
    assert line(jumping, "stable-conversion").state == "failed"
    value = line(jumping, "stable-conversion").value
    # Sample standard deviation of 1, 5, 1, 5 is 2.3094, the mean 3.
    assert value == Fraction("76.98")
    gap = model_phase(model_actuals((3, None, 3, 3)))
    assert line(gap, "stable-conversion").state == "missing"


def test_a_sign_of_stopping_ends_the_phase_though_nothing_failed_before() -> None:
    found = model_phase(model_actuals(ltv_cac="0.8", roi=-10))
    assert found.verdict == "stop"
    assert found.reason == "sign"
    assert [sign.id for sign in found.signs] == ["buying-losses"]
    assert found.back_to is not None
    assert found.back_to.id == "pilot"
    only_half = model_phase(model_actuals(ltv_cac="0.8", roi=5))
    assert only_half.verdict == "fix"


def test_two_months_of_loss_are_two_months_in_a_row_and_recent() -> None:
    sign = KpiSign(kpi="roi", turns="below", bound=0, periods=2)
    months = [date(2027, 1, 25), date(2027, 2, 22)]

    def held(*values: int, on: date = date(2027, 3, 10)) -> bool | None:
        given = [
            KpiActual("roi", week, Fraction(value))
            for week, value in zip(months, values, strict=False)
        ]
        return sign_holds(Actuals.of(given), sign, on)

    assert held(-1, -1) is True
    assert held(-1, 1) is False
    assert held(-1) is None
    assert held(-1, -1, on=date(2027, 6, 10)) is None


def test_falling_needs_one_more_quarter_than_it_falls() -> None:
    sign = KpiSign(kpi="gmv-per-head", turns="falling", period="quarter", periods=2)
    quarters = [date(2026, 9, 28), date(2026, 12, 28), date(2027, 3, 29)]

    def held(*values: int) -> bool | None:
        given = [
            KpiActual("gmv-per-head", week, Fraction(value))
            for week, value in zip(quarters, values, strict=False)
        ]
        return sign_holds(Actuals.of(given), sign, date(2027, 4, 10))

    assert held(9, 8, 7) is True
    assert held(9, 8, 8) is False
    assert held(9, 8) is None


def single(metric: GateMetric, actuals: list[KpiActual], on: date) -> GateLine:
    item = GateItem(id="one", title="一条", threshold="", needs="", metric=metric)
    given = GateEvidence(RUN_MODEL, lines(), Actuals.of(actuals), {})
    return read_line(given, item, on)


def test_change_is_against_the_last_actual_before_the_phase_else_the_baseline() -> None:
    metric = GateMetric(reading="change", kpi="add-rate", at_least=20)
    on = RUN_MODEL.end
    later = weekly("add-rate", RUN_MODEL.end - 2 * A_WEEK, [12])
    before = weekly("add-rate", RUN_MODEL.start - 2 * A_WEEK, [8])
    assert single(metric, before + later, on).value == 50
    baseline = lines()["add-rate"].baseline
    assert baseline is not None
    assert single(metric, later, on).value == 100 * (12 - baseline) / baseline
    assert single(metric, before, on).state == "missing"


def test_rising_looks_at_quarters_in_a_row() -> None:
    metric = GateMetric(reading="rising", kpi="referral-share", span=2)
    weeks = [date(2026, 9, 28), date(2026, 12, 28), date(2027, 3, 29)]

    def state(*values: int) -> str:
        given = [
            KpiActual("referral-share", week, Fraction(value))
            for week, value in zip(weeks, values, strict=False)
        ]
        return single(metric, given, date(2027, 4, 10)).state

    assert state(5, 6, 7) == "passed"
    assert state(5, 6, 6) == "failed"
    assert state(5, 6) == "missing"


def test_of_a_group_one_line_has_to_pass() -> None:
    last = phase("stock-value")
    given = GateEvidence(last, lines(), Actuals(), {})
    on = last.start + timedelta(days=80)
    week = week_of(on) - A_WEEK
    economics = [*weekly("ltv-cac", week, [4]), *weekly("roi", week, [10])]

    def verdict(**stated: Stated) -> str:
        named = {name.replace("_", "-"): value for name, value in stated.items()}
        return review_gate(
            MODEL, replace(given, actuals=Actuals.of(economics), stated=named), (), on
        ).verdict

    assert verdict(member_share=yes(on)) == "go"
    assert verdict(member_share=no(on)) == "open"
    assert verdict(member_share=no(on), new_category=no(on)) == "open"  # referral is not known
    flat = weekly("referral-share", date(2027, 9, 27), [5])
    flat += weekly("referral-share", date(2027, 12, 27), [5])
    flat += weekly("referral-share", date(2028, 3, 27), [5])
    economics += flat
    assert verdict(member_share=no(on), new_category=no(on)) == "fix"


def test_a_line_does_not_pass_while_what_it_excepts_holds_or_is_unknown() -> None:
    last = phase("stock-value")
    on = last.start + timedelta(days=80)
    item = next(one for one in gate_items(MODEL, last.phase) if one.id == "steady-economics")
    week = week_of(on) - A_WEEK

    def state(*roi: int) -> str:
        given = [*weekly("ltv-cac", week, [4]), *weekly("roi", week, roi)]
        return read_line(GateEvidence(last, lines(), Actuals.of(given), {}), item, on).state

    assert state(1) == "passed"
    assert state(-1) == "failed"
    assert state() == "missing"


def test_a_reassessment_answers_the_lines_a_diagnosis_can_judge() -> None:
    world, on = diagnosis().basis.world, RUN_MODEL.end
    checks = check_gate(world, gate_items(MODEL, RUN_MODEL.phase))
    said = stated_by(checks, on)
    assert said["procedures"].value == 2
    assert said["users"].value == 2000
    assert "stable-conversion" not in said
    given = GateEvidence(RUN_MODEL, lines(), Actuals(), said)
    found = review_gate(MODEL, given, roadmap().tasks, on)
    assert line(found, "procedures").state == "failed"
    assert found.repair is not None
    assert set(found.repair.sops) & set(MODEL.sops_lifting["sop-system"])


# -- where a phase stands among the others -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("align", None, "pilot"),
        ("pilot", "align", "model"),
        ("model", "pilot", "scale-up"),
        ("repair", "model", "scale-up"),
        ("scale-up", "model", "efficiency"),
        ("stock-value", "efficiency", None),
    ],
)
def test_a_failed_phase_goes_back_past_the_repair(
    name: str, before: str | None, after: str | None
) -> None:
    found = MODEL.content.roadmap
    assert found is not None
    own = next(one for one in found.phases if one.id == name)
    back, on = phase_before(found, own), phase_after(found, own)
    assert (back.id if back else None) == before
    assert (on.id if on else None) == after


# -- whatever was measured -----------------------------------------------------------------------

UNKNOWN: Final = ("missing", "waiting")


@given(
    reached=st.integers(0, 10),
    entry=st.integers(0, 60),
    share=st.floats(0, 1),
    said=st.dictionaries(st.sampled_from(["beats-controls", "handed-over"]), st.booleans()),
    failed=st.booleans(),
)
def test_a_verdict_follows_from_the_states_of_the_lines(
    reached: int, entry: int, share: float, said: dict[str, bool], failed: bool
) -> None:
    found = review(
        evidence(
            good_actuals(reached=reached, entry=entry),
            {name: Stated(value, ON) for name, value in said.items()},
            tracked=done_share(share),
            failed=(PILOT.start,) if failed else (),
        )
    )
    found_states = set(states(found).values())
    if found.verdict == "go":
        assert found_states <= {"passed", "waived"}
    elif found.verdict == "open":
        assert "failed" not in found_states
        assert found_states & set(UNKNOWN)
    else:
        assert "failed" in found_states
        assert (found.repair is None) == (found.verdict == "stop")
        assert (found.verdict == "stop") == (failed or any(one.past_repair for one in found.lines))


@given(kept=st.sets(st.sampled_from(sorted(ITEMS))))
def test_leaving_actuals_out_of_a_gate_that_passes_never_fails_it(kept: set[str]) -> None:
    actuals = [
        one
        for one in good_actuals()
        if (one.kpi == "group-entry-rate" and "group-entry" in kept)
        or (one.kpi == "add-rate" and not one.unit and "add-rate" in kept)
        or (one.unit and "units-at-target" in kept)
    ]
    stated = {name: yes() for name in kept & {"beats-controls", "handed-over"}}
    tracked = done_share(1) if "without-coach" in kept else ()
    found = review(evidence(actuals, stated, tracked=tracked))
    assert found.verdict == ("go" if kept == set(ITEMS) else "open")
    assert {name for name, state in states(found).items() if state == "missing"} == (
        set(ITEMS) - kept
    )
