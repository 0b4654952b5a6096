"""The staffing section: people and money of the plan, the formula, and who is hired when."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest

from app.domain.response import Assessment, ClientProfile, FactValue, PlanControls
from app.domain.staffing_plan import StaffingPlan
from app.domain.team_months import cost_of, team_by_month
from app.reporting.context import staffing
from app.reporting.context.source import Source
from app.reporting.context.staffing_hiring import Hiring, batches
from app.reporting.context.staffing_table import HeadRow
from app.reporting.context.staffing_view import StaffingView, decisive
from app.reporting.numerals import rounded
from tests.reports.sample_sources import MODEL, case, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


def built(source: Source) -> staffing.StaffingPart:
    part = staffing.build(source)
    assert part is not None
    return part


@cache
def built_case(name: str) -> staffing.StaffingPart:
    return built(case(name))


def shown(source: Source, row: HeadRow, place: int) -> str:
    """Return a sum of a row as money in a sentence: its figure with the unit in its head."""
    unit = row.post.rpartition("（")[2].removesuffix("）")
    assert unit == "万元"
    return source.wording.money(Fraction(row.people[place].replace(",", "")) * 10_000)


def plan_of(source: Source) -> StaffingPlan:
    assert source.diagnosis.plan.staffing is not None
    return source.diagnosis.plan.staffing


def view_of(source: Source) -> StaffingView:
    view = StaffingView.of(source)
    assert view is not None
    return view


def with_facts(source: Source, **facts: int) -> Source:
    """Return the source with other facts; their names are spelt with underscores."""
    given = {name.replace("_", "-"): FactValue(Fraction(value)) for name, value in facts.items()}
    assessment = source.diagnosis.assessment
    return source_of(replace(assessment, facts={**assessment.facts, **given}))


def online(**facts: int) -> Source:
    """Return a firm without stores of which only these facts are known."""
    given = {name.replace("_", "-"): FactValue(Fraction(value)) for name, value in facts.items()}
    profile = ClientProfile("纯线上", archetype="online-frequent")
    people = interviewed(("private-domain-head", {"strategy-shared": 2})).respondents
    return source_of(Assessment("full", profile, given, people))


# -- heads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_heads_and_cost_of_the_last_column_are_those_of_the_last_phase(name: str) -> None:
    source = case(name)
    last = plan_of(source).horizons[-1]
    part = built(source)
    assert part.totals[0].people[-1] == source.wording.plain(last.fte)
    assert shown(source, part.totals[1], -1) == source.wording.money(last.monthly_cost)
    printed = {row.post: row.people[-1] for row in part.heads}
    assert MODEL.content.staffing is not None
    titles = {post.id: post.title for post in MODEL.content.staffing.posts}
    for need in last.posts:
        assert printed[titles[need.post]] == source.wording.plain(need.fte)


def test_phases_with_the_same_people_share_a_column() -> None:
    part = built_case("case-2-jewellery")
    assert [column.codes for column in part.columns] == ["PH-R", "PH3", "PH4–5"]
    for name in CASES:
        rows = built_case(name).heads
        columns = list(zip(*(row.people for row in rows), strict=True))
        assert all(one != other for one, other in pairwise(columns))


def test_alignment_without_a_pilot_has_no_column() -> None:
    columns = built_case("case-2-jewellery").columns
    assert columns[0].codes == "PH-R"


@pytest.mark.parametrize("name", CASES)
def test_people_whom_a_phase_does_not_need_stay_and_are_paid(name: str) -> None:
    source = case(name)
    view = view_of(source)
    rows = {row.post: row for row in built(source).totals}
    codes = [column.codes for column in built(source).columns]
    for horizon in plan_of(source).horizons:
        if view.code(horizon.phase) not in codes:
            continue
        place = codes.index(view.code(horizon.phase))
        spare = sum(view.at_work(horizon).values()) - horizon.fte
        told = rows["其余现有人员，照旧管存量用户"].people[place]
        assert told == (source.wording.plain(spare) if spare else "—")
        paid = shown(source, rows["连同他们的月人工（万元）"], place)
        assert paid == source.wording.money(view.paid(horizon))


# -- headlines -----------------------------------------------------------------------------------


def test_stores_in_the_lead_are_the_headline() -> None:
    source = case("case-1-mother-baby")
    part = built(source)
    assert part.headline.startswith("187,415名用户由300家店带，总部")
    assert part.headline.endswith("专员不加人")
    assert "300家店各出一名责任人" in part.store_led


def test_service_too_heavy_names_the_people_asked_for_and_the_people_that_suffice() -> None:
    source = case("case-2-jewellery")
    part, full = built(source), decisive(plan_of(source))
    assert full.focus is not None
    assert full.focus.people < full.specialists.count
    assert part.headline == (
        f"全员重运营要{full.specialists.count}名专员，毛利养不起；"
        f"只重服务前20%，{full.focus.people}名就够"
    )
    first, split, other = part.warning
    assert f"要{full.specialists.count}名专员" in first
    assert f"只养得起{full.specialists.affordable}名" in first
    assert f"合计{full.focus.people}名" in split
    assert full.work.gmv_per_user is not None
    assert f"从{source.wording.money(full.work.gmv_per_user)}提到" in other


def test_a_phase_too_short_to_train_anybody_in_is_not_the_one_a_team_is_judged_by() -> None:
    plan = plan_of(case("case-2-jewellery"))
    assert plan.horizons[1].length == 1
    assert decisive(plan) is plan.horizons[2]


def test_no_more_than_the_margin_carries_is_hired_and_nobody_is_sent_away() -> None:
    plan = plan_of(case("case-1-mother-baby"))
    for horizon in plan.horizons:
        if horizon.specialists.too_heavy:
            assert "specialist" not in horizon.hires
            people = next(need.fte for need in horizon.posts if need.post == "specialist")
            assert people > (horizon.specialists.affordable or 0)
            assert people <= plan.current["specialist"]


def test_enough_people_means_no_hiring() -> None:
    source = with_facts(
        case("case-2-jewellery"),
        specialists=40,
        staff_manager=2,
        staff_content=3,
        staff_traffic=2,
        staff_sales=8,
        staff_service=8,
        staff_data=2,
    )
    part = built(source)
    assert all("运营组长" in row.who for row in part.hiring)
    assert part.sacrifice is None
    assert not part.alarms


def test_unknown_staff_is_said_and_not_taken_for_a_hire_from_nothing_in_the_headline() -> None:
    part = built(online(users=30_000, new_adds=1_000, aov=300))
    assert "要补" not in part.headline
    assert "F10、F11" in "".join(part.lead)
    assert all(row.today == "—" for row in part.heads)


def test_without_users_there_is_no_section() -> None:
    assert staffing.build(source_of(interviewed(("ceo", {"strategy-shared": 1})))) is None


# -- formula -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_the_formula_ends_with_the_people_of_the_plan(name: str) -> None:
    source = case(name)
    full = decisive(plan_of(source))
    lines = {line.title: line for line in built(source).formula}
    people = next(need.fte for need in full.posts if need.post == "specialist")
    assert lines["运营专员"].result == source.wording.plain(people)
    assert lines["期末用户"].result == source.wording.number(full.work.users)
    assert lines["毛利养得起"].result == str(full.specialists.affordable)
    strong = sum(Fraction(line.result) for line in lines.values() if line.strong)
    assert strong == full.fte


@pytest.mark.parametrize("name", CASES)
def test_people_beyond_the_formula_are_said_to_come_from_the_hours(name: str) -> None:
    source = case(name)
    view, full = view_of(source), decisive(plan_of(source))
    lines = {line.title: line for line in built(source).formula}
    beyond = [need for need in full.needs if need.fte > full.by_formula[need.post]]
    assert beyond
    for need in full.needs:
        told = "按工时加到" in lines[view.post(need.post)].note
        assert told == (need in beyond)


def test_an_unknown_margin_is_said_to_be_unchecked() -> None:
    part = built(online(users=30_000, new_adds=1_000, aov=300, specialists=5))
    line = next(line for line in part.formula if line.title == "毛利养得起")
    assert (line.result, line.formula) == ("—", "—")
    assert "没有填" in line.note
    assert not part.warning


def test_a_lighter_working_day_shows_in_the_hours_of_a_person() -> None:
    source = case("case-1-mother-baby")
    controls = replace(source.diagnosis.assessment.controls, productive_hours=Fraction(6))
    shorter = source_of(replace(source.diagnosis.assessment, controls=controls))
    ours, theirs = built(source).counts, built(shorter).counts
    assert ours is not None
    assert theirs is not None
    assert "141.4小时" in ours.lead
    assert "130.5小时" in theirs.lead


# -- hiring --------------------------------------------------------------------------------------


def test_a_batch_is_at_most_a_third_of_the_team_then_there() -> None:
    assert list(batches(12, Fraction(10), Fraction("0.3"))) == [3, 3, 4, 2]
    assert list(batches(2, Fraction(1), Fraction("0.3"))) == [1, 1]
    assert list(batches(0, Fraction(5), Fraction("0.3"))) == []


@pytest.mark.parametrize("name", CASES)
def test_everybody_who_joins_is_needed_now_or_waits_for_the_load(name: str) -> None:
    view = view_of(case(name))
    for horizon in view.staffing.horizons:
        joining = Hiring(view).joining(horizon) if not horizon.work.pilot else ()
        for item in joining:
            assert item.now + item.later == horizon.joiners[item.post]
            if item.later:
                counted = view.counted(horizon.phase, item.post)
                assert counted is not None
                there = horizon.heads()[item.post] - horizon.joiners[item.post]
                assert there + item.now >= counted.by_work


def test_whom_the_work_does_not_need_yet_is_hired_when_the_load_passes_the_line() -> None:
    rows = built_case("case-1-mother-baby").hiring
    later = [row for row in rows if row.when == "负荷过85%时"]
    assert later
    assert "流量" in later[0].who
    now = [row.who for row in rows if row.phase == later[0].phase and row not in later]
    assert now
    assert not any("流量" in who for who in now)


def test_the_first_batch_takes_one_of_every_post_before_the_second_of_any() -> None:
    rows = built_case("case-1-mother-baby").hiring
    first = next(row for row in rows if "门店教练" in row.who and "第1批" in row.why)
    assert "门店教练1人" in first.who
    assert "数据与技术" in first.who


def test_batches_that_outlast_their_phase_are_marked_late() -> None:
    late = [row for row in built_case("case-2-jewellery").hiring if row.late]
    assert late
    assert all("提前" in row.why for row in late)


def test_a_part_that_somebody_does_today_is_not_shared_out() -> None:
    told = built_case("case-1-mother-baby").sharing
    assert any("继续兼" in text for text in told)


# -- cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_the_payroll_by_month_is_that_of_the_people_at_work(name: str) -> None:
    source = case(name)
    plan, cost = plan_of(source), built(source).cost
    costs = [cost_of(team, plan.post_costs) for team in team_by_month(plan)[1:]]
    chosen = next(row for row in cost.rows if row.chosen)
    assert cost.unit == "万元"
    assert Fraction(chosen.year.replace(",", "")) == rounded(sum(costs, Fraction(0)) / 10_000, 1)
    assert Fraction(chosen.months[0]) == rounded(costs[0] / 10_000, 1)
    assert Fraction(chosen.months[-1]) == rounded(costs[-1] / 10_000, 1)
    assert source.wording.money(costs[0]) in cost.headline
    assert len(cost.rows) == 3


def test_a_dearer_city_costs_more_in_every_month() -> None:
    rows = built_case("case-1-mother-baby").cost.rows
    sums = [Fraction(row.year.replace(",", "")) for row in rows]
    assert sums == sorted(sums, reverse=True)


def test_a_cap_that_today_s_people_break_is_said_with_the_sum() -> None:
    source = case("case-2-jewellery")
    controls = replace(source.diagnosis.assessment.controls, payroll_cap=Fraction(150_000))
    capped = source_of(replace(source.diagnosis.assessment, controls=controls))
    told = [text for text in built(capped).alarms if "上限15万元守不住" in text]
    assert len(told) == 1
    assert capped.wording.money(plan_of(capped).current_cost()) in told[0]
    roomy = replace(controls, payroll_cap=Fraction(10_000_000))
    free = source_of(replace(source.diagnosis.assessment, controls=roomy))
    assert not any("上限" in text for text in built(free).alarms)


def test_no_controls_means_nothing_refused() -> None:
    for name in CASES:
        assert case(name).diagnosis.assessment.controls.max_hires == PlanControls().max_hires
        assert not any(any(row.asked) for row in built_case(name).heads)
