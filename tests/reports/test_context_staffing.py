"""The staffing section: people and money of the plan, the formula, and what a refusal costs."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.response import Assessment, ClientProfile, FactValue
from app.domain.sop_load import monthly_hours
from app.domain.staffing_plan import StaffingPlan
from app.reporting.context import staffing
from app.reporting.context.source import Source
from app.reporting.context.staffing_hours import Hours
from app.reporting.context.staffing_table import batches
from tests.reports.sample_sources import MODEL, case, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


def built(source: Source) -> staffing.StaffingPart:
    part = staffing.build(source)
    assert part is not None
    return part


def plan_of(source: Source) -> StaffingPlan:
    assert source.diagnosis.staffing is not None
    return source.diagnosis.staffing


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
    assert part.totals[1].people[-1] == source.wording.money(last.monthly_cost)
    printed = {row.post: row.people[-1] for row in part.heads}
    assert MODEL.content.staffing is not None
    titles = {post.id: post.title for post in MODEL.content.staffing.posts}
    for need in last.posts:
        assert printed[titles[need.post]] == source.wording.plain(need.fte)


def test_phases_with_the_same_people_share_a_column() -> None:
    columns = built(case("case-1-mother-baby")).columns
    assert [column.codes for column in columns] == ["PH0–2", "PH3", "PH4–5"]


def test_alignment_without_a_pilot_has_no_column() -> None:
    columns = built(case("case-2-jewellery")).columns
    assert [column.codes for column in columns] == ["PH-R", "PH3", "PH4–5"]


def test_a_pilot_tells_who_goes_on_with_the_rest_of_the_users() -> None:
    rest = built(case("case-1-mother-baby")).totals[-1]
    assert "存量用户" in rest.post
    assert rest.people[0] != "—"
    assert rest.people[1:] == ("—", "—")


# -- headlines -----------------------------------------------------------------------------------


def test_stores_in_the_lead_are_the_headline() -> None:
    source = case("case-1-mother-baby")
    part = built(source)
    assert part.headline.startswith("187,415名用户由300家店带，总部")
    assert part.headline.endswith("专员不加人")
    assert "300家店各出一名责任人" in part.store_led


def test_service_too_heavy_names_the_people_asked_for_and_the_people_that_suffice() -> None:
    source = case("case-2-jewellery")
    part = built(source)
    assert part.headline == "全员重运营要29名专员，毛利养不起；只重服务前20%，16名就够"
    first, split, other = part.warning
    assert "要29名专员" in first
    assert "只养得起26名" in first
    assert "合计16名" in split
    full = staffing.decisive(plan_of(source))
    assert full.work.gmv_per_user is not None
    assert f"从{source.wording.money(full.work.gmv_per_user)}提到" in other


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
        staff_sales=3,
        staff_service=4,
        staff_data=2,
    )
    assert all(row.who == "不招人" or "运营组长" in row.who for row in built(source).hiring)


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
    full = staffing.decisive(plan_of(source))
    lines = {line.title: line for line in built(source).formula}
    people = next(need.fte for need in full.posts if need.post == "specialist")
    assert lines["运营专员"].result == source.wording.plain(people)
    assert lines["期末用户"].result == source.wording.number(full.work.users)
    assert lines["毛利养得起"].result == str(full.specialists.affordable)
    strong = sum(Fraction(line.result) for line in lines.values() if line.strong)
    assert strong == full.fte


def test_an_unknown_margin_is_said_to_be_unchecked() -> None:
    part = built(online(users=30_000, new_adds=1_000, aov=300, specialists=5))
    line = next(line for line in part.formula if line.title == "毛利养得起")
    assert (line.result, line.formula) == ("—", "—")
    assert "没有填" in line.note
    assert not part.warning


# -- hours and refusals --------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_refused_hire_leaves_the_hours_that_no_longer_fit(name: str) -> None:
    source = case(name)
    model = MODEL.content.staffing
    assert model is not None
    plan = plan_of(source)
    full = staffing.decisive(plan)
    loads = {load.post: load for load in source.diagnosis.loads if load.phase == full.phase}
    for refusal in Hours(source, plan, model).refusals([full]):
        need = next(item for item in full.posts if item.post == refusal.post)
        left = need.fte - min(Fraction(1), full.hires[refusal.post])
        hours = loads[refusal.post].hours if refusal.post in loads else Fraction(0)
        missing = max(Fraction(0), hours - left * monthly_hours(model))
        assert refusal.hours == source.wording.number(missing)
        assert bool(refusal.dropped) == refusal.bites == (missing > 0)


def test_the_least_urgent_procedure_is_dropped_first() -> None:
    source = case("case-1-mother-baby")
    plan = source.diagnosis.roadmap
    assert plan is not None
    rank = {
        MODEL.sops[sop].code: (item.urgent, item.priority)
        for item in plan.initiatives
        for sop in item.sops
    }
    dropped = [row.dropped for row in built(source).refusals if len(row.dropped) > 1]
    assert dropped
    for names in dropped:
        ranks = [rank[name.split(" ")[0]] for name in names]
        assert ranks == sorted(ranks)


def test_hires_that_hurt_are_told_first() -> None:
    bites = [row.bites for row in built(case("case-1-mother-baby")).refusals]
    assert bites == sorted(bites, reverse=True)


def test_more_work_than_people_names_the_procedure_behind_it() -> None:
    text = built(case("case-1-mother-baby")).hours[0]
    assert "SOP-10" in text
    assert "SOP比人多出" in text


def test_little_routine_work_is_not_taken_for_idle_people() -> None:
    text = built(case("case-2-jewellery")).hours[0]
    assert "编制由服务深度决定" in text


def test_what_a_shop_does_itself_falls_to_nobody_at_head_office() -> None:
    few = with_facts(case("case-1-mother-baby"), stores=3)
    assert plan_of(few).horizons[-1].store_people == 0
    daily = 55 * 30 * 3 / 60  # an hour a day in each of three shops
    hours = [
        hours
        for load in few.diagnosis.loads
        if load.post == "specialist"
        for sop, hours in load.by_sop
        if sop == "store-guide-daily"
    ]
    assert all(each < daily / 10 for each in hours)


# -- hiring --------------------------------------------------------------------------------------


def test_a_batch_is_at_most_a_third_of_the_team_then_there() -> None:
    assert list(batches(12, Fraction(10), Fraction("0.3"))) == [3, 3, 4, 2]
    assert list(batches(2, Fraction(1), Fraction("0.3"))) == [1, 1]
    assert list(batches(0, Fraction(5), Fraction("0.3"))) == []


def test_batches_that_outlast_their_phase_are_marked_late() -> None:
    late = [row for row in built(case("case-2-jewellery")).hiring if row.late]
    assert late
    assert all("提前" in row.batches for row in late)


def test_a_part_that_somebody_does_today_is_not_shared_out() -> None:
    (told,) = built(case("case-1-mother-baby")).sharing
    assert "继续兼" in told
