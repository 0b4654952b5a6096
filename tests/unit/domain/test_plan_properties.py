"""What holds for the plan of every enterprise under every permitted decision of the client.

All tests look at the same drawn plans (one seed, the same two arguments), so each is made once.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import example, given, seed, settings

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.fitting import carried_by
from app.domain.forecast import HORIZON_MONTHS
from app.domain.plan import Plan, make_plan
from app.domain.planning import Task, can_apply, falls_short
from app.domain.response import PlanControls
from app.domain.roadmap import Roadmap
from app.domain.sop_load import SPECIALIST, STORE_ROLE
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.domain.team_months import cost_of, team_months
from tests.decisions import NOTHING, decisions, permitted
from tests.enterprises import AS_OF, Enterprise, enterprises, private_domain_model

MODEL = private_domain_model()


Planned = tuple[Diagnosis, Plan]
PlanTest = Callable[[Enterprise, PlanControls], None]
_made: dict[tuple[Enterprise, str], Planned] = {}

NOBODY_THERE = Enterprise(seed=245, users=200, evidence=3)
"""A small firm without specialist or manager today."""
GROWN = Enterprise(seed=1, users=36_000, level=2, people=10, evidence=3)
SATURDAYS = AS_OF + timedelta(days=17)
"""A start from which phases open work on a day off."""
POSTS = [post.id for post in MODEL.content.staffing.posts] if MODEL.content.staffing else []


def over_plans(number: int) -> Callable[[PlanTest], Callable[[], None]]:
    """Run a test over drawn enterprises and decisions, the same ones for every test."""

    def decorate(test: PlanTest) -> Callable[[], None]:
        drawn = given(enterprise=enterprises(), controls=decisions())(test)
        for enterprise, controls in (
            (NOBODY_THERE, PlanControls(payroll_cap=Fraction(0))),
            (GROWN, PlanControls(max_hires=dict.fromkeys(POSTS, 0))),
            (GROWN, PlanControls(start=AS_OF)),
            (GROWN, PlanControls(start=SATURDAYS, add_sops=("group-opening", "group-review"))),
        ):
            drawn = example(enterprise=enterprise, controls=controls)(drawn)
        return seed(1)(settings(max_examples=number)(drawn))

    return decorate


every_plan = over_plans(50)


def planned(enterprise: Enterprise, controls: PlanControls) -> Planned:
    """Return the diagnosis of an enterprise and its plan under what it permits of ``controls``."""
    drawn = enterprise, repr(controls)
    if drawn not in _made:
        diagnosis = diagnose(MODEL, enterprise.assessment(), AS_OF)
        plan = make_plan(diagnosis.basis, permitted(diagnosis, controls))
        _made[drawn] = diagnosis, plan
    return _made[drawn]


def roadmap_of(plan: Plan) -> Roadmap:
    assert plan.roadmap is not None
    return plan.roadmap


def staffing_of(plan: Plan) -> StaffingPlan:
    assert plan.staffing is not None
    return plan.staffing


def kept_of(plan: Plan) -> set[str]:
    return {item.sop.id for item in plan.sops}


# -- dates -------------------------------------------------------------------------------------


@every_plan
def test_phases_follow_each_other_and_hold_everything_planned(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    roadmap = roadmap_of(plan)
    for before, after in zip(roadmap.phases, roadmap.phases[1:], strict=False):
        assert after.start == before.end + timedelta(days=1)
        assert after.first_day == before.last_day + 1
    first = roadmap.phases[0].start
    for task in roadmap.tasks:
        assert first <= task.start <= task.end, task.id
    assert {task.sop for task in roadmap.tasks} == kept_of(plan)
    placed = [sop for item in roadmap.initiatives for sop in item.sops]
    assert sorted(placed) == sorted(kept_of(plan))


@every_plan
def test_nothing_is_planned_for_before_the_day_of_the_diagnosis(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    roadmap = roadmap_of(plan)
    assert roadmap.phases[0].start >= AS_OF
    assert min((task.start for task in roadmap.tasks), default=AS_OF) >= AS_OF


def opening(tasks: list[Task]) -> date:
    """Return the day a SOP's own work begins; what it prepares may lie before."""
    return min(task.start for task in tasks if task.step.timing.day >= 0)


@every_plan
def test_no_sop_begins_its_own_work_before_one_it_builds_on(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    roadmap = roadmap_of(plan)
    order = [phase.phase.id for phase in roadmap.phases]
    home = {sop: item.phase for item in roadmap.initiatives for sop in item.sops}
    tasks: dict[str, list[Task]] = {}
    for task in roadmap.tasks:
        tasks.setdefault(task.sop, []).append(task)
    for sop in home:
        for needed in MODEL.sops[sop].requires:
            if needed in home:
                assert order.index(home[needed]) <= order.index(home[sop]), (needed, sop)
                assert opening(tasks[needed]) <= opening(tasks[sop]), (needed, sop)


@every_plan
def test_what_a_sop_builds_on_is_planned_at_work_or_stands_unless_the_client_took_it_away(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    diagnosis, plan = planned(enterprise, controls)
    world, standing_level = diagnosis.basis.world, MODEL.content.rating.standing_level
    there = kept_of(plan) | {sop.id for sop in plan.standing} | set(plan.controls.drop_sops)
    for sop in kept_of(plan):
        for needed in MODEL.sops[sop].requires:
            if needed not in there and can_apply(world, MODEL.sops[needed]):
                # Not planned: then nothing it lifts may be known to lie below what stands.
                assert not falls_short(world, MODEL.sops[needed], standing_level), (needed, sop)


# -- hours -------------------------------------------------------------------------------------


@every_plan
def test_hours_beyond_what_people_have_are_told_and_the_hours_of_a_post_are_those_of_its_work(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    for load in plan.loads:
        hours = sum((work.hours for work in load.works), Fraction(0))
        assert load.hours == hours
        assert load.available >= 0
        assert all(0 <= work.optional <= work.hours for work in load.works)
        assert (load in plan.overloads) == (hours > load.available)
        assert hours - load.available <= load.excess


def fixed_sops(plan: Plan) -> set[str]:
    """Return the SOPs that may not be dropped: core work of a phase, and what the law demands."""
    return {
        sop
        for item in roadmap_of(plan).initiatives
        if item.template.core or item.urgent
        for sop in item.sops
    }


@every_plan
def test_what_gives_way_is_neither_core_nor_urgent_nor_what_kept_work_builds_on(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    diagnosis, plan = planned(enterprise, controls)
    free = PlanControls(
        **{
            name: getattr(plan.controls, name)
            for name in ("target_level", "add_sops", "drop_sops", "target_users")
        }
    )
    full = make_plan(diagnosis.basis, free)
    dropped = {release.sop for release in plan.releases if release.measure == "drop"}
    assert not dropped & kept_of(plan)
    assert not dropped & _core(plan)
    assert not dropped & fixed_sops(full)
    assert not dropped & {sop.id for sop in plan.standing}
    for sop in kept_of(plan):
        assert not dropped & set(MODEL.sops[sop].requires), sop


def _core(plan: Plan) -> set[str]:
    roadmap = MODEL.content.roadmap
    assert roadmap is not None
    return {sop for item in roadmap.initiatives if item.core for sop in item.sops}


@every_plan
def test_an_overload_is_left_only_where_nothing_more_can_give_way(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    fixed = fixed_sops(plan)
    required = {needed for sop in kept_of(plan) for needed in MODEL.sops[sop].requires}
    standing = {sop.id for sop in plan.standing}
    for load in plan.overloads:
        # What fits once the new people are trained does not give way for their first month, and
        # no SOP left out would staff a post with nobody in it.
        beside = [other for other in plan.loads if other.phase == load.phase]
        carried = carried_by(load, beside)
        for work in load.works if load.hours > load.trained > 0 else ():
            if work.source in MODEL.sops:
                assert not work.optional, (load.post, load.phase, work.source)
            if work.source in MODEL.sops and work.source in carried:
                staying = fixed | required | standing
                assert work.source in staying, (load.post, load.phase, work.source)


@every_plan
def test_work_without_anybody_to_do_it_is_told_as_overload(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    roadmap = roadmap_of(plan)
    order = [phase.phase.id for phase in roadmap.phases]
    begun = {sop: order.index(item.phase) for item in roadmap.initiatives for sop in item.sops}
    for horizon in staffing_of(plan).horizons:
        for sop, place in begun.items():
            if place <= order.index(horizon.phase):
                told = {
                    work.source
                    for load in plan.overloads
                    if load.phase == horizon.phase
                    for work in load.works
                }
                unstaffed = [driver for driver in _unstaffed(sop, horizon) if driver != "once"]
                happens = any(_happens(driver, horizon) for driver in unstaffed)
                assert not happens or sop in told, (sop, horizon.phase)


def _unstaffed(sop: str, horizon: Horizon) -> Iterator[str]:
    """Yield the drivers of a SOP's work that nobody in the team carries in a phase."""
    staffing = MODEL.content.staffing
    assert staffing is not None
    heads = horizon.heads()
    for share in MODEL.sop_profiles[sop]:
        posts = [post.id for post in staffing.posts if post.role == share.role]
        carried = any(heads.get(post) for post in (*posts, SPECIALIST))
        if share.role != STORE_ROLE and not carried:
            yield share.driver


def _happens(driver: str, horizon: Horizon) -> bool:
    """Return whether work of a driver certainly occurs in a phase."""
    groups = bool(horizon.work.groups)
    return driver in ("week", "month", "event") or (driver == "group-day" and groups)


# -- people and money --------------------------------------------------------------------------


@every_plan
def test_posts_add_up_to_heads_and_cost_and_no_post_hires_more_than_the_client_allows(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    staffing = staffing_of(plan)
    for horizon in staffing.horizons:
        heads = horizon.heads()
        assert horizon.fte == sum(heads.values(), Fraction(0))
        assert horizon.monthly_cost == cost_of(heads, staffing.post_costs)
        assert horizon.monthly_cost == sum((p.monthly_cost for p in horizon.posts), Fraction(0))
        for post, fte in heads.items():
            today = staffing.current.get(post, Fraction(0))
            assert fte > 0
            assert horizon.hires.get(post, Fraction(0)) == max(Fraction(0), fte - today)
            if post in plan.controls.max_hires:
                assert fte <= today + plan.controls.max_hires[post], (horizon.phase, post)
        asked = {need.post: need.fte for need in horizon.needs}
        cut = {c.post: Fraction(0) for c in plan.cuts if c.phase == horizon.phase}
        for item in plan.cuts:
            if item.phase == horizon.phase:
                cut[item.post] += item.fte
        for post, fte in asked.items():
            assert heads.get(post, Fraction(0)) + cut.get(post, Fraction(0)) == fte


def paid(staffing: StaffingPlan, horizon: Horizon) -> Fraction:
    """Return what a phase costs a month: who is granted, and everybody who is there today."""
    team = dict(staffing.current)
    for post, fte in horizon.heads().items():
        team[post] = max(fte, team.get(post, Fraction(0)))
    return cost_of(team, staffing.post_costs)


@every_plan
def test_every_month_is_paid_what_its_phase_costs_with_todays_people(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    staffing = staffing_of(plan)
    today, *months = team_months(staffing).payroll
    assert today == staffing.current_cost()
    assert len(months) == HORIZON_MONTHS
    phases = [paid(staffing, horizon) for horizon in staffing.horizons]
    assert set(months) <= set(phases)
    assert min(phases) >= today
    people = {horizon.phase: sum(horizon.heads().values()) for horizon in staffing.horizons}
    for phase, fte in staffing.team_fte().items():
        assert fte >= max(people[phase], staffing.current_fte)


@every_plan
def test_the_payroll_keeps_the_cap_with_todays_people_or_the_plan_says_by_how_much_not(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    cap, staffing = plan.controls.payroll_cap, staffing_of(plan)
    for horizon in staffing.horizons if cap is not None else ():
        over = max(Fraction(0), paid(staffing, horizon) - (cap or 0))
        assert plan.over_cap().get(horizon.phase, 0) == over, horizon.phase
        assert not (over and horizon.hires), horizon.phase


@every_plan
def test_the_causes_between_both_counts_of_people_add_up_to_the_difference(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    _, plan = planned(enterprise, controls)
    loads = {(load.post, load.phase): load for load in plan.loads}
    hours = plan.controls.productive_hours
    staffing = MODEL.content.staffing
    assert staffing is not None
    daily = hours if hours is not None else Fraction(staffing.productive_hours_per_day)
    month = daily * Fraction(staffing.working_days_per_month)
    for item in plan.reconciled:
        assert sum((cause.fte for cause in item.causes), Fraction(0)) == item.difference
        assert item.by_work * month == loads[item.post, item.phase].hours


@every_plan
def test_a_plan_leads_no_lower_than_today_and_a_reduced_one_no_higher_than_the_full(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    diagnosis, plan = planned(enterprise, controls)
    today = diagnosis.scorecard
    if today.index is not None and today.level is not None:
        assert plan.projection.index is not None
        assert plan.projection.level is not None
        assert plan.projection.index >= today.index
        assert plan.projection.level >= today.level
    if plan.sacrifice is not None:
        assert plan.sacrifice.kept == plan.projection
        assert plan.sacrifice.index_lost >= 0
        assert plan.sacrifice.payroll_saved >= 0


# -- the same again ----------------------------------------------------------------------------


@over_plans(15)
def test_the_same_diagnosis_and_controls_give_an_equal_plan(
    enterprise: Enterprise, controls: PlanControls
) -> None:
    diagnosis, plan = planned(enterprise, controls)
    assert differing(make_plan(diagnosis.basis, plan.controls), plan) == []
    assert differing(make_plan(diagnosis.basis, NOTHING), diagnosis.plan) == []


def differing(one: Plan, other: Plan) -> list[str]:
    """Return the parts in which two plans differ."""
    names = [part.name for part in fields(Plan)]
    return [name for name in names if getattr(one, name) != getattr(other, name)]
