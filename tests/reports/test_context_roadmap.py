"""The roadmap section: gates, what fits the team's time, who answers for what, which risks."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from app.domain.roadmap import Roadmap
from app.reporting.context import roadmap
from app.reporting.context.roadmap_risks import MOST
from app.reporting.context.source import Source
from tests.reports.sample_sources import MODEL, case, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


def built(source: Source) -> roadmap.RoadmapPart:
    part = roadmap.build(source)
    assert part is not None
    return part


def with_roadmap(source: Source, other: Roadmap) -> Source:
    """Return the source with another roadmap in its plan."""
    plan = replace(source.diagnosis.plan, roadmap=other)
    return replace(source, diagnosis=replace(source.diagnosis, plan=plan))


def test_the_headline_names_both_gates_and_the_stores_that_wait() -> None:
    assert built(case("case-1-mother-baby")).headline == (
        "12月15日过试点关，2月28日过跑模型关；关没过，其余290家店不铺"
    )


def test_scale_ahead_of_capability_begins_with_a_stop() -> None:
    part = built(case("case-2-jewellery"))
    assert part.headline == "先停下放量补30天根基，12月30日过了关，才谈扩规模"
    assert [row.code for row in part.phases][:3] == ["PH0", "PH-R", "PH3"]


@pytest.mark.parametrize("name", CASES)
def test_users_team_and_cost_at_a_gate_are_those_of_the_staffing_plan(name: str) -> None:
    source = case(name)
    staffing = source.diagnosis.plan.staffing
    assert staffing is not None
    for row, horizon in zip(built(source).gates[1:], staffing.horizons[1:], strict=True):
        assert row.users == source.wording.amount(horizon.work.users)
        assert row.team == source.wording.plain(horizon.fte)
        assert row.cost == source.wording.money(horizon.monthly_cost)


@pytest.mark.parametrize("name", CASES)
def test_the_pilot_opens_with_its_phase_and_is_judged_the_day_after_it(name: str) -> None:
    plan = case(name).diagnosis.plan.roadmap
    assert plan is not None
    run = next(item for item in plan.initiatives if item.template.id == "pilot-run")
    phase = next(item for item in plan.phases if item.phase.id == run.phase)
    tasks = {task.step.code: task for task in plan.tasks if task.sop == "pilot-15-days"}
    assert run.start == phase.start == tasks["22.3"].start
    assert tasks["22.7"].start == phase.start + timedelta(days=15)
    prepared = tasks["22.1"].start
    assert plan.phases[0].start <= prepared < phase.start


def test_alignment_researches_before_it_decides_and_decides_before_it_trains() -> None:
    plan = case("case-1-mother-baby").diagnosis.plan.roadmap
    assert plan is not None
    opens = {
        sop: min(t.start for t in plan.tasks if t.sop == sop and t.step.timing.day >= 0)
        for sop in ("research-diagnosis", "strategy-workshop", "cognition-training")
    }
    assert sorted(opens, key=lambda sop: opens[sop]) == list(opens)
    assert max(opens.values()) < plan.start


def test_the_people_who_are_there_already_count_for_the_days_of_improvement() -> None:
    diagnosis = case("case-1-mother-baby").diagnosis
    assert diagnosis.plan.staffing is not None
    assert diagnosis.plan.roadmap is not None
    pilot = diagnosis.plan.roadmap.phases[1]
    assert pilot.phase.pilot
    assert diagnosis.plan.staffing.team_fte()[pilot.phase.id] > diagnosis.plan.staffing.current_fte


@pytest.mark.parametrize("name", CASES)
def test_every_initiative_has_exactly_one_who_answers_for_it(name: str) -> None:
    part = built(case(name))
    for row in part.duties.rows:
        assert row.letters.count("A") == 1
        assert len(row.letters) == len(part.duties.roles)


@pytest.mark.parametrize("name", CASES)
def test_no_number_shows_two_initiatives_done(name: str) -> None:
    done = [item.done for window in built(case(name)).windows for item in window.items]
    assert all(done)
    assert len(set(done)) == len(done)


@pytest.mark.parametrize("name", CASES)
def test_ninety_days_hold_every_initiative_that_opens_in_them(name: str) -> None:
    plan = case(name).diagnosis.plan.roadmap
    assert plan is not None
    early = [i for i in plan.initiatives if plan.start <= i.start <= plan.day(90)]
    shown = [item.title for window in built(case(name)).windows for item in window.items]
    assert shown == [item.template.title for item in early]


@pytest.mark.parametrize("name", CASES)
def test_risks_the_client_s_numbers_call_come_first_with_those_numbers(name: str) -> None:
    rows = built(case(name)).risks
    called = [bool(row.because) for row in rows]
    assert called == sorted(called, reverse=True)
    assert any(called)
    assert called.count(False) <= MOST


def test_two_stages_set_against_each_other_are_told_by_their_codes() -> None:
    because = [text for row in built(case("case-2-jewellery")).risks for text in row.because]
    assert "规模已到ST4，判定在ST2" in because


def test_work_beyond_the_team_s_days_is_told_as_people_missing() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.plan.roadmap
    assert plan is not None
    first = replace(plan.phases[0], used_days=40, budget_days=Fraction(25))
    short = replace(plan, shortage_fte=Fraction(3, 2), phases=(first, *plan.phases[1:]))
    tight = with_roadmap(source, short)
    (told,) = built(tight).shortage
    assert "缺1.5个全职" in told
    assert "诊断与对齐要40人天、只有25人天" in told
    assert not built(source).shortage


def test_must_fix_work_after_day_ninety_is_named() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.plan.roadmap
    assert plan is not None
    late = replace(plan.initiatives[0], must=True, start=plan.day(120))
    moved = replace(plan, initiatives=(late, *plan.initiatives[1:]))
    told = built(with_roadmap(source, moved)).shortage
    assert any(late.template.title in text and "第90天以后" in text for text in told)


def test_without_team_and_users_the_dates_are_called_a_trial() -> None:
    part = built(source_of(interviewed(("ceo", {"strategy-shared": 1}))))
    assert not part.staffed
    assert not part.shortage
    assert "试排" in "".join(part.lead)
    assert "人手不够" not in "".join(part.lead)


def test_a_phase_without_work_says_what_decides_it() -> None:
    rows = built(case("case-1-mother-baby")).phases
    empty = [row for row in rows if not row.work]
    assert empty
    assert all(row.no_work and not row.effort for row in empty)


def test_a_loss_is_not_promised_away_in_one_phase() -> None:
    lines = {line.kpi.id: line for line in case("case-1-mother-baby").diagnosis.plan.kpis}
    roi = lines["roi"]
    assert roi.baseline is not None
    assert roi.baseline < 0
    first = roi.targets["pilot"]
    assert roi.baseline < first < 0


def test_a_plan_without_initiatives_has_no_section() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.plan.roadmap
    assert plan is not None
    none = replace(plan, initiatives=())
    assert roadmap.build(with_roadmap(source, none)) is None
    assert MODEL.content.roadmap is not None
