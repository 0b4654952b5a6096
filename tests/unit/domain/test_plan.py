"""The closed loop: people, hours and work that agree, and what it costs when people are refused."""

from fractions import Fraction

import pytest

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.model import MaturityModel
from app.domain.plan import Plan, make_plan
from app.domain.response import PlanControls
from app.domain.sop_load import PostLoad
from app.domain.team_months import team_months
from tests.standard_enterprise import AS_OF, standard_enterprise

NOBODY = {"specialist": 0, "content": 0, "service": 0, "manager": 0, "data": 0, "traffic": 0}


@pytest.fixture(scope="module")
def shop(private_domain: MaturityModel) -> Diagnosis:
    """An online shop with 4,000 users, 1,000 new friends a month, and one specialist today."""
    enterprise = standard_enterprise(private_domain, 4_000, 1_000, specialists=1)
    return diagnose(private_domain, enterprise, AS_OF)


def load_of(plan: Plan, phase: str, post: str) -> PostLoad:
    return next(load for load in plan.loads if (load.phase, load.post) == (phase, post))


def heads(plan: Plan, phase: str) -> dict[str, Fraction]:
    assert plan.staffing is not None
    return next(h.heads() for h in plan.staffing.horizons if h.phase == phase)


def test_the_plan_of_a_diagnosis_is_the_one_its_controls_give(shop: Diagnosis) -> None:
    assert make_plan(shop.basis, shop.assessment.controls) == shop.plan


def test_with_everyone_granted_nothing_gives_way_and_nobody_is_overloaded(shop: Diagnosis) -> None:
    assert shop.plan.cuts == ()
    assert shop.plan.releases == ()
    assert shop.plan.overloads == ()
    assert shop.plan.sacrifice is None


def test_a_refused_hire_names_what_no_longer_fits_and_what_that_costs(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(max_hires=NOBODY))
    assert plan.sacrifice is not None
    assert plan.cuts
    assert {release.measure for release in plan.releases} == {"thin", "postpone", "drop"}
    assert plan.sacrifice.dropped
    assert plan.sacrifice.index_lost > 0
    assert plan.sacrifice.longest_delay > 0
    assert plan.sacrifice.payroll_saved > 0
    kept = {item.sop.id for item in plan.sops}
    assert not kept.intersection(plan.sacrifice.dropped)
    assert plan.roadmap is not None
    assert not {task.sop for task in plan.roadmap.tasks}.intersection(plan.sacrifice.dropped)


def test_nobody_is_hired_beyond_what_the_client_allows(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(max_hires={"specialist": 0, "content": 0}))
    assert plan.staffing is not None
    for horizon in plan.staffing.horizons:
        assert horizon.heads()["specialist"] <= 1
        assert "content" not in horizon.heads()
        assert horizon.refused().get("content", 0) > 0


def test_what_a_missing_post_would_do_falls_to_the_specialist_or_goes(shop: Diagnosis) -> None:
    with_content = load_of(shop.plan, "scale-up", "specialist")
    without = shop.what_if(PlanControls(max_hires={"content": 0}))
    taken_over = {work.source for work in load_of(without, "scale-up", "specialist").works}
    assert "content-conveyor" in taken_over - {work.source for work in with_content.works} or (
        without.releases
    )


def test_a_capped_payroll_is_kept_or_said(shop: Diagnosis) -> None:
    assert shop.plan.staffing is not None
    before = max(h.monthly_cost for h in shop.plan.staffing.horizons)
    plan = shop.what_if(PlanControls(payroll_cap=before / 2))
    assert plan.staffing is not None
    assert plan.over_cap() == {}
    assert max(h.monthly_cost for h in plan.staffing.horizons) <= before / 2
    assert {cut.by for cut in plan.cuts} == {"payroll_cap"}


def test_todays_people_are_not_dismissed_for_a_cap(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(payroll_cap=Fraction(1)))
    assert plan.staffing is not None
    for horizon in plan.staffing.horizons:
        assert horizon.heads() == {"specialist": 1}
        assert plan.over_cap()[horizon.phase] == horizon.monthly_cost - 1


def test_what_cannot_give_way_is_said_as_overload(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(payroll_cap=Fraction(1), productive_hours=Fraction(1)))
    assert plan.overloads
    core = {
        sop
        for template in shop.model.content.roadmap.initiatives  # type: ignore[union-attr] # the model has a roadmap
        if template.core
        for sop in template.sops
    }
    selected = {item.sop.id for item in shop.plan.sops}
    assert core & selected <= {item.sop.id for item in plan.sops}


def test_an_added_sop_moves_load_and_heads(shop: Diagnosis) -> None:
    missing = tuple(s for s in shop.model.sops if s not in {i.sop.id for i in shop.plan.sops})
    plan = shop.what_if(PlanControls(add_sops=missing))
    assert {item.sop.id for item in plan.sops if item.chosen} <= set(missing)
    phase = "stock-value"
    before = load_of(shop.plan, phase, "service"), heads(shop.plan, phase)["service"]
    after = load_of(plan, phase, "service"), heads(plan, phase)["service"]
    assert after[0].hours > before[0].hours
    assert after[1] > before[1]


def test_a_sop_the_client_takes_away_takes_its_hours_along(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(drop_sops=("daily-community",)))
    before = load_of(shop.plan, "scale-up", "specialist")
    after = load_of(plan, "scale-up", "specialist")
    assert dict(before.by_source())["daily-community"] > 0
    assert "daily-community" not in dict(after.by_source())
    assert after.hours < before.hours


def test_shorter_days_ask_for_more_people(shop: Diagnosis) -> None:
    assert shop.plan.staffing is not None
    short = shop.what_if(PlanControls(productive_hours=Fraction(3)))
    assert short.staffing is not None
    assert short.staffing.horizons[-1].fte > shop.plan.staffing.horizons[-1].fte


def test_a_higher_target_asks_for_the_new_friends_it_takes(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(target_users=40_000))
    assert plan.staffing is not None
    assert plan.staffing.forecast.base[12] >= 40_000
    assert shop.plan.staffing is not None
    assert plan.staffing.forecast.monthly_adds > shop.plan.staffing.forecast.monthly_adds


def test_a_slower_cadence_takes_fewer_hours(shop: Diagnosis) -> None:
    plan = shop.what_if(PlanControls(cadence={"10.3": Fraction(2)}))
    before = dict(load_of(shop.plan, "scale-up", "specialist").by_source())["daily-community"]
    after = dict(load_of(plan, "scale-up", "specialist").by_source())["daily-community"]
    assert after < before


def test_a_lower_target_level_needs_less_work(private_domain: MaturityModel) -> None:
    firm = diagnose(private_domain, standard_enterprise(private_domain, 40_000, 1_000), AS_OF)
    modest = firm.what_if(PlanControls(target_level=3))
    bold = firm.what_if(PlanControls(target_level=5))
    assert {i.sop.id for i in modest.sops} <= {i.sop.id for i in bold.sops}
    assert modest.projection.index is not None
    assert bold.projection.index is not None
    assert modest.projection.index <= bold.projection.index


def test_the_projection_never_falls_below_today(shop: Diagnosis) -> None:
    assert shop.scorecard.index is not None
    assert shop.plan.projection.index is not None
    assert shop.plan.projection.index > shop.scorecard.index


def test_payroll_follows_the_hires_month_by_month(shop: Diagnosis) -> None:
    assert shop.plan.staffing is not None
    payroll = team_months(shop.plan.staffing).payroll
    assert len(payroll) == 13
    assert payroll[0] == shop.plan.staffing.current_cost()
    assert set(payroll[1:]) <= {h.monthly_cost for h in shop.plan.staffing.horizons}
    case = shop.plan.business_case
    assert case is not None
    assert [line.payroll for line in case.base.lines[-12:]] == list(payroll[1:])
