"""What the closed loop does with people, money and work when the client gives more or less."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from app.domain.diagnosis import Diagnosis, diagnose
from app.domain.plan import Plan, make_plan
from app.domain.response import FactValue, PlanControls
from app.domain.staffing_plan import StaffingPlan, plan_staffing
from app.domain.world import World
from tests.decisions import decisions, payroll_caps, permitted, refused_hires
from tests.enterprises import AS_OF, Enterprise, enterprises, private_domain_model

MODEL = private_domain_model()
FREE = decisions(people=False)
"""Decisions that refuse nobody and cap no money."""


@dataclass(frozen=True)
class Case:
    """An enterprise, decisions that refuse nobody, and what is then changed."""

    enterprise: Enterprise
    controls: PlanControls
    refused: Mapping[str, int]
    cap: Fraction
    tenths: int
    sop: str
    more: int


CASES = st.builds(
    Case,
    enterprise=enterprises(),
    controls=FREE,
    refused=refused_hires(),
    cap=payroll_caps(),
    tenths=st.integers(0, 10),
    sop=st.sampled_from(list(MODEL.sops)),
    more=st.integers(0, 25).map(lambda place: int(10 ** (place / 5))),
)
_made: dict[tuple[Enterprise, str], tuple[Diagnosis, Plan]] = {}


CaseTest = Callable[[Case], None]


def over_cases(number: int) -> Callable[[CaseTest], Callable[[], None]]:
    """Run a test over drawn cases, the same ones for every test, so that each is planned once."""

    def decorate(test: CaseTest) -> Callable[[], None]:
        return seed(1)(settings(max_examples=number)(given(case=CASES)(test)))

    return decorate


every_case = over_cases(40)


def planned(case: Case) -> tuple[Diagnosis, Plan]:
    """Return the diagnosis of a case and its plan, under what it permits of its controls."""
    drawn = case.enterprise, repr(case.controls)
    if drawn not in _made:
        diagnosis = diagnose(MODEL, case.enterprise.assessment(), AS_OF)
        plan = make_plan(diagnosis.basis, permitted(diagnosis, case.controls))
        _made[drawn] = diagnosis, plan
    return _made[drawn]


def staffing_of(plan: Plan) -> StaffingPlan:
    assert plan.staffing is not None
    return plan.staffing


def assert_no_more_people(less: Plan, more: Plan) -> None:
    """Assert that no post of any phase has more FTE in ``less``, and no phase costs more."""
    pairs = zip(staffing_of(less).horizons, staffing_of(more).horizons, strict=True)
    for fewer, full in pairs:
        heads = full.heads()
        for post, fte in fewer.heads().items():
            assert fte <= heads.get(post, Fraction(0)), (fewer.phase, post)
        assert fewer.fte <= full.fte
        assert fewer.monthly_cost <= full.monthly_cost


def assert_leads_no_further(less: Plan, full: Plan) -> None:
    """Assert that ``less`` reaches no more than a plan in which nothing gave way."""
    if not full.releases:
        assert (less.projection.index or 0) <= (full.projection.index or 0)
        assert {item.sop.id for item in less.sops} <= {item.sop.id for item in full.sops}


@every_case
def test_refused_hires_bring_no_more_people_money_or_index(case: Case) -> None:
    diagnosis, full = planned(case)
    less = make_plan(diagnosis.basis, replace(full.controls, max_hires=case.refused))
    assert_no_more_people(less, full)
    assert_leads_no_further(less, full)


@every_case
def test_refusing_every_hire_brings_no_more_people_than_refusing_some(case: Case) -> None:
    diagnosis, full = planned(case)
    some = make_plan(diagnosis.basis, replace(full.controls, max_hires=case.refused))
    none = make_plan(
        diagnosis.basis, replace(full.controls, max_hires=dict.fromkeys(case.refused, 0))
    )
    assert_no_more_people(none, some)


@every_case
def test_a_lower_payroll_cap_brings_no_more_people_money_or_index(case: Case) -> None:
    diagnosis, full = planned(case)
    capped = make_plan(diagnosis.basis, replace(full.controls, payroll_cap=case.cap))
    lower = case.cap * Fraction(case.tenths, 10)
    lowest = make_plan(diagnosis.basis, replace(full.controls, payroll_cap=lower))
    assert_no_more_people(capped, full)
    assert_no_more_people(lowest, capped)
    assert_leads_no_further(capped, full)
    assert_leads_no_further(lowest, full)


def routine_at_the_end(plan: Plan) -> Fraction:
    """Return the recurring hours a month of the last phase, in which everything runs.

    Those for new people aside: who joins sooner no longer joins in the last phase.
    """
    last = staffing_of(plan).horizons[-1].phase
    return sum(
        (
            work.hours
            for load in plan.loads
            for work in load.works
            if load.phase == last and work.kind == "routine" and work.driver != "new-hire"
        ),
        Fraction(0),
    )


def assert_less_work(less: Plan, more: Plan) -> None:
    """Assert that ``less`` has neither more recurring work nor more heads once everything runs.

    In earlier phases one more SOP can take the place of another, which then begins later.
    """
    assert routine_at_the_end(less) <= routine_at_the_end(more)
    assert staffing_of(less).horizons[-1].fte <= staffing_of(more).horizons[-1].fte


@over_cases(20)
def test_an_added_sop_never_lowers_work_or_heads_and_a_removed_one_never_raises_them(
    case: Case,
) -> None:
    diagnosis, plan = planned(case)
    chosen = replace(
        plan.controls,
        add_sops=tuple(name for name in plan.controls.add_sops if name != case.sop),
        drop_sops=tuple(name for name in plan.controls.drop_sops if name != case.sop),
    )
    usual, added, removed = (
        make_plan(diagnosis.basis, controls)
        for controls in (
            chosen,
            replace(chosen, add_sops=(*chosen.add_sops, case.sop)),
            replace(chosen, drop_sops=(*chosen.drop_sops, case.sop)),
        )
    )
    # Where hours are short an added SOP can push another out: then it is other work.
    assume(not any(item.releases for item in (usual, added, removed)))
    assert_less_work(usual, added)
    assert_less_work(removed, usual)


@every_case
def test_more_users_never_need_fewer_specialists_by_formula(case: Case) -> None:
    diagnosis, plan = planned(case)
    # A growth buffer ends where the same new friends are a smaller share of more users.
    chosen = replace(plan.controls, target_users=None, growth_buffer=bool(case.more % 2))
    assert plan.roadmap is not None
    phases = [phase.phase for phase in plan.roadmap.phases]
    users = case.enterprise.users + case.more
    grown = World(MODEL, case.enterprise.assessment(users=users))
    before = plan_staffing(diagnosis.basis.world, chosen, phases)
    after = plan_staffing(grown, chosen, phases)
    assert before is not None
    assert after is not None
    for small, large in zip(before.horizons, after.horizons, strict=True):
        assert large.specialists.count >= small.specialists.count, small.phase


def recurring_by_phase(plan: Plan) -> dict[str, Fraction]:
    """Return the recurring hours a month of the whole team in each phase."""
    hours: dict[str, Fraction] = {}
    for load in plan.loads:
        recurring = load.hours - load.of_kind("set-up")
        hours[load.phase] = hours.get(load.phase, Fraction(0)) + recurring
    return hours


@over_cases(20)
def test_more_new_friends_never_lower_the_hours_of_the_team(case: Case) -> None:
    diagnosis, plan = planned(case)
    facts = diagnosis.assessment.facts
    adds = facts.get("new-adds", FactValue(Fraction(0))).value
    assert isinstance(adds, Fraction)
    grown = {**facts, "new-adds": FactValue(adds + case.more)}
    more_friends = diagnose(MODEL, replace(diagnosis.assessment, facts=grown), AS_OF)
    chosen = replace(plan.controls, target_users=None)
    before, after = (make_plan(item.basis, chosen) for item in (diagnosis, more_friends))
    # With other findings, another stage or something given up it is no longer the same work.
    assume(not before.releases and not after.releases)
    assume(_placed(before) == _placed(after))
    hours = recurring_by_phase(after)
    for phase, fewer in recurring_by_phase(before).items():
        assert hours[phase] >= fewer, phase


def _placed(plan: Plan) -> list[tuple[str, str]]:
    """Return which SOPs are introduced in which phase, and which are at work already."""
    assert plan.roadmap is not None
    placed = [(sop, item.phase) for item in plan.roadmap.initiatives for sop in item.sops]
    return sorted([*placed, *((sop.id, "") for sop in plan.standing)])
