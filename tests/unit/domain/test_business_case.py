"""The year's costs and earnings: hand-computed months, break-even, scenarios, the plan's burden."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assumptions import assume
from app.domain.business_case import BusinessCase, business_case
from app.domain.case_months import CaseInputs, TeamMonths, carry_on, project, settled
from app.domain.economics import UnitFigures, economics_of
from app.domain.figures import Figures
from app.domain.forecast import HORIZON_MONTHS, forecast_of, users_by_month
from app.domain.model import MaturityModel
from app.domain.response import Assessment, ClientProfile, FactValue, PlanControls
from app.domain.sensitivity import ratio_swings, roi_swings, year_roi
from app.domain.world import World


def team(today: int, *months: int) -> TeamMonths:
    """Return a team with this payroll, the last value running on, of one person per 1,000 CNY."""
    payroll = (today, *months)
    payroll += (payroll[-1],) * (HORIZON_MONTHS + 1 - len(payroll))
    return TeamMonths(
        payroll=tuple(Fraction(amount) for amount in payroll),
        people=tuple(Fraction(amount, 1000) for amount in payroll),
    )


SHOP = CaseInputs(
    users=Fraction(1000),
    gmv_per_user=Fraction(10),
    margin=Fraction(1, 2),
    adds=(Fraction(100),) * HORIZON_MONTHS,
    add_cost=Fraction(5),
    churn=Fraction(1, 10),
    deletion=Fraction(1, 5),
    gmv_change=Fraction(0),
    months_to_effect=Fraction(3),
    variable_share=Fraction(1, 10),
    seat_cost=Fraction(100),
    hire_cost=Fraction(1, 2),
    one_off_cost=Fraction(0),
    other=Fraction(500),
    team=team(2000, 2000, 2000, 3000),
)
"""1,000 users buying for 10 a month at 50 % margin; a third person joins in month 3."""


def test_the_first_months_come_out_as_on_paper() -> None:
    first, second, third = project(SHOP).lines[:3]
    # 1,000 × 0.9 + 100 × 0.8 = 980; 9,800 × 50 % = 4,900.
    assert [first.users, first.gmv, first.margin] == [980, 9800, 4900]
    # 2,000 + 100 × 5 + 2 × 100 + 980 + 500 = 4,180.
    assert [first.cost, first.result, first.cumulative] == [4180, 720, 720]
    assert [second.users, second.result, second.cumulative] == [962, 648, 1368]
    # The hire costs 1,000 a month, half of it once: 4,729 − (3,000 + 500 + 300 + 945.8 + 1,000).
    assert third.one_off == 500
    assert third.result == Fraction("-1016.8")


def test_a_change_begins_the_month_after_the_plan_works() -> None:
    lines = project(replace(SHOP, gmv_change=Fraction(1, 2))).lines
    assert [line.gmv / line.users for line in lines[:5]] == [10, 10, 10, 15, 15]


def test_one_off_spending_falls_in_the_first_month() -> None:
    lines = project(replace(SHOP, one_off_cost=Fraction(9000))).lines
    assert [line.one_off for line in lines[:4]] == [9000, 0, 500, 0]


@pytest.mark.parametrize(
    ("results", "month"),
    [
        ((1, 1, 1), 1),
        ((-1, 0, 2), 2),
        ((5, -1, 1), 3),
        ((5, 5, -1), None),
        ((), None),
    ],
)
def test_a_month_breaks_even_when_every_later_one_does(
    results: tuple[int, ...], month: int | None
) -> None:
    assert settled([Fraction(value) for value in results]) == month


def test_the_first_profitable_months_before_a_hire_are_no_break_even() -> None:
    costly = project(SHOP)
    assert costly.lines[0].result > 0
    assert costly.pays_from is None


def test_a_team_of_eleven_months_is_refused() -> None:
    with pytest.raises(ValueError, match="12 months"):
        TeamMonths((Fraction(1),) * 12, (Fraction(1),) * 13)


def test_carrying_on_hires_nobody_and_spends_nothing_once() -> None:
    plan = replace(SHOP, gmv_change=Fraction(1), one_off_cost=Fraction(800))
    lines = project(carry_on(plan, Fraction(60))).lines
    assert {line.payroll for line in lines} == {2000}
    assert {line.one_off for line in lines} == {0}
    assert {line.acquisition for line in lines} == {300}
    assert {line.gmv / line.users for line in lines} == {10}


# -- properties ----------------------------------------------------------------------------

SHARES = st.fractions(0, 1, max_denominator=50)
MONEY = st.fractions(0, 500, max_denominator=10)
INPUTS = st.builds(
    CaseInputs,
    users=st.fractions(1, 10**6, max_denominator=1),
    gmv_per_user=MONEY,
    margin=SHARES,
    adds=st.integers(0, 20_000).map(lambda adds: (Fraction(adds),) * HORIZON_MONTHS),
    add_cost=MONEY,
    churn=st.fractions(0, Fraction(1, 2), max_denominator=50),
    deletion=SHARES,
    gmv_change=st.fractions(-Fraction(1, 2), 2, max_denominator=20),
    months_to_effect=st.integers(0, 12).map(Fraction),
    variable_share=st.fractions(0, Fraction(1, 2), max_denominator=50),
    seat_cost=MONEY,
    hire_cost=st.fractions(0, 6, max_denominator=4),
    one_off_cost=MONEY,
    other=MONEY,
    team=st.lists(st.integers(1, 10**6), min_size=13, max_size=13).map(lambda pay: team(*pay)),
)


@given(INPUTS, SHARES)
def test_more_margin_never_lowers_the_roi(inputs: CaseInputs, margin: Fraction) -> None:
    better, worse = max(inputs.margin, margin), min(inputs.margin, margin)
    high, low = (project(replace(inputs, margin=m)).roi for m in (better, worse))
    assert high is not None
    assert low is not None
    assert high >= low


@given(INPUTS, st.fractions(0, Fraction(1, 2), max_denominator=50))
def test_more_churn_never_leaves_more_users(inputs: CaseInputs, churn: Fraction) -> None:
    faster = replace(inputs, churn=max(churn, inputs.churn))
    slower = replace(inputs, churn=min(churn, inputs.churn))
    pairs = zip(project(faster).lines, project(slower).lines, strict=True)
    assert all(fast.users <= slow.users for fast, slow in pairs)


@given(INPUTS)
def test_break_even_stands_where_the_lines_say(inputs: CaseInputs) -> None:
    year = project(inputs)
    for month, values in (
        (year.pays_from, [line.result for line in year.lines]),
        (year.recovered_in, [line.cumulative for line in year.lines]),
    ):
        if month is None:
            assert values[-1] < 0
        else:
            assert all(value >= 0 for value in values[month - 1 :])
            assert month == 1 or values[month - 2] < 0


@given(INPUTS)
def test_every_month_adds_up(inputs: CaseInputs) -> None:
    reached = Fraction(0)
    for line in project(inputs).lines:
        parts = (line.payroll, line.acquisition, line.tools, line.variable, line.other)
        assert line.cost == sum(parts) + line.one_off
        assert line.result == line.margin - line.cost
        reached += line.result
        assert line.cumulative == reached


@given(INPUTS)
def test_the_sums_of_the_sensitivity_are_those_of_the_months(inputs: CaseInputs) -> None:
    assert year_roi(inputs) == project(inputs).roi


@given(
    st.integers(0, 10**6).map(Fraction),
    st.lists(st.fractions(0, 1000, max_denominator=7), max_size=6),
    st.fractions(0, 1, max_denominator=30),
    SHARES,
)
def test_users_follow_the_recurrence_exactly(
    users: Fraction, adds: list[Fraction], churn: Fraction, deletion: Fraction
) -> None:
    path = users_by_month(users, adds, churn, deletion)
    assert path[0] == users
    for before, added, after in zip(path, adds, path[1:], strict=False):
        assert after == before * (1 - churn) + added * (1 - deletion)


# -- a client ------------------------------------------------------------------------------

FACTS = {
    "users": 30_000,
    "new-adds": 1_000,
    "private-gmv": 600_000,
    "gross-margin": 50,
    "private-cost": 200_000,
    "add-cost": 20,
    "aov": 300,
    "orders-per-year": 4,
}
TEAM = team(100_000, 100_000, 120_000)


def client(model: MaturityModel, **changes: int | None) -> World:
    """Return a client with these facts (None takes one away)."""
    given = {**FACTS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    facts = {name: FactValue(Fraction(v)) for name, v in given.items() if v is not None}
    return World(model, Assessment("full", ClientProfile("小店"), facts=facts))


def case_of(world: World, **assumptions: str) -> BusinessCase:
    """Return the business case under assumptions of the client's own."""
    own = {name.replace("_", "-"): Fraction(value) for name, value in assumptions.items()}
    found = business_case(world, PlanControls(assumptions=own), TEAM)
    assert found is not None
    return found


def test_what_the_model_cannot_name_of_todays_cost_goes_on(
    private_domain: MaturityModel,
) -> None:
    case = case_of(client(private_domain))
    # 100,000 pay + 20,000 adds + 10,000 seats + 30,000 with sales = 160,000 of 200,000.
    assert case.inputs.other == 40_000
    assert case.today.cost == 200_000
    assert case.overrun == 0
    assert {line.other for line in case.base.lines} == {40_000}


def test_a_cost_below_what_can_be_named_is_not_believed(private_domain: MaturityModel) -> None:
    case = case_of(client(private_domain, private_cost=90_000))
    assert case.today.cost == 160_000
    assert [case.inputs.other, case.overrun] == [0, 70_000]


@pytest.mark.parametrize("fact", ["users", "new_adds", "private_gmv", "gross_margin"])
def test_without_a_needed_fact_there_is_no_case(private_domain: MaturityModel, fact: str) -> None:
    world = client(private_domain, **{fact: None})
    assert business_case(world, PlanControls(), TEAM) is None


def test_unknown_cost_is_named_so_that_the_result_is_read_as_too_good(
    private_domain: MaturityModel,
) -> None:
    case = case_of(client(private_domain, private_cost=None, add_cost=None))
    assert case.missing == ("private-cost", "add-cost")
    assert case.one_more_add is None


def test_a_model_without_the_assumptions_has_no_case(private_domain: MaturityModel) -> None:
    bare = replace(private_domain, content=replace(private_domain.content, assumptions=()))
    assert business_case(client(bare), PlanControls(), TEAM) is None


def test_the_users_are_those_of_the_forecast(private_domain: MaturityModel) -> None:
    world = client(private_domain)
    forecast, case = forecast_of(world, PlanControls()), case_of(world)
    assert forecast is not None
    for shown, year in (
        (forecast.low, case.low),
        (forecast.base, case.base),
        (forecast.high, case.high),
    ):
        assert list(shown[1:]) == [int(line.users + Fraction(1, 2)) for line in year.lines]


def test_scenarios_are_ordered_by_their_adds(private_domain: MaturityModel) -> None:
    case = case_of(client(private_domain))
    for low, base, high in zip(case.low.lines, case.base.lines, case.high.lines, strict=True):
        assert low.users < base.users < high.users
        assert low.payroll == base.payroll == high.payroll


def test_nothing_is_promised_so_hires_are_what_the_plan_must_earn(
    private_domain: MaturityModel,
) -> None:
    gap = case_of(client(private_domain)).increment
    # Eleven months of 20,000 more pay and of twenty more seats, and half a month's pay for hiring.
    assert gap.margin == 0
    assert gap.cost == 11 * (20_000 + 20 * 100) + 10_000
    assert gap.earned_back_in is None


def test_the_change_it_takes_leaves_the_plan_equal_to_carrying_on(
    private_domain: MaturityModel,
) -> None:
    world = client(private_domain)
    gap = case_of(world).increment
    assert gap.needed_change is not None
    assert gap.needed_to_pay is not None
    paid = case_of(world, gmv_change=str(gap.needed_change))
    assert paid.increment.gain == 0
    assert paid.increment.needed_change == gap.needed_change
    even = case_of(world, gmv_change=str(gap.needed_to_pay))
    assert even.base.result == 0


def test_one_more_add_is_worth_what_it_changes(private_domain: MaturityModel) -> None:
    before, after = (case_of(client(private_domain, new_adds=adds)) for adds in (1000, 1001))
    assert before.one_more_add is not None
    worth = before.one_more_add.earned - before.one_more_add.spent
    # The named cost of today rises with the add, and what cannot be named falls by as much.
    kept = HORIZON_MONTHS * (before.inputs.other - after.inputs.other)
    assert after.base.result - before.base.result == worth + kept


def test_a_target_is_paid_for_in_new_adds(private_domain: MaturityModel) -> None:
    world = client(private_domain)
    target = business_case(world, PlanControls(target_users=60_000), TEAM)
    today = case_of(world)
    assert target is not None
    assert target.base.lines[-1].users >= 60_000
    assert target.base.lines[0].acquisition > today.base.lines[0].acquisition
    assert target.as_today == today.as_today


def test_the_clients_own_assumption_wins(private_domain: MaturityModel) -> None:
    ours, theirs = (
        case_of(client(private_domain)),
        case_of(client(private_domain), monthly_churn="0.01"),
    )
    assert ours.assumed["monthly-churn"].origin == "model"
    assert ours.assumed["monthly-churn"].grade == "OPJ"
    found = theirs.assumed["monthly-churn"]
    assert (found.origin, found.grade, found.value) == ("client", None, Fraction(1, 100))
    assert theirs.base.lines[-1].users > ours.base.lines[-1].users


def test_unit_economics_follow_the_clients_own_assumption(private_domain: MaturityModel) -> None:
    given = client(private_domain).assessment
    own = replace(given, controls=PlanControls(assumptions={"buyer-share": Fraction(2, 5)}))
    before, after = (World(private_domain, item).economics for item in (given, own))
    assert before.cac is not None
    assert after.cac == before.cac / 2


def test_a_range_is_widened_to_hold_the_clients_value(private_domain: MaturityModel) -> None:
    own = PlanControls(assumptions={"monthly-churn": Fraction(1, 5)})
    found = assume(private_domain, own, "monthly-churn")
    assert found is not None
    assert found.span == (Fraction(15, 1000), Fraction(1, 5))


def test_every_plausible_range_lies_around_the_value_and_within_what_may_be_set(
    private_domain: MaturityModel,
) -> None:
    for item in private_domain.content.assumptions:
        low = item.value if item.low is None else item.low
        high = item.value if item.high is None else item.high
        assert item.minimum <= low <= item.value <= high <= item.maximum, item.id


# -- sensitivity ---------------------------------------------------------------------------


def test_the_tornado_is_sorted_and_each_end_is_computed_anew(
    private_domain: MaturityModel,
) -> None:
    world = client(private_domain)
    swings = roi_swings(case_of(world))
    assert [swing.size for swing in swings] == sorted((s.size for s in swings), reverse=True)
    margin = next(swing for swing in swings if swing.driver == "gross-margin")
    assert (margin.low, margin.high) == (Fraction(2, 5), Fraction(3, 5))
    inputs = case_of(world).inputs
    assert margin.at_low == project(replace(inputs, margin=Fraction(2, 5))).roi
    churn = next(swing for swing in swings if swing.driver == "monthly-churn")
    assert churn.at_high == project(replace(inputs, churn=Fraction(6, 100))).roi


def test_each_assumption_moves_within_its_plausible_range(private_domain: MaturityModel) -> None:
    swings = {swing.driver: swing for swing in roi_swings(case_of(client(private_domain)))}
    for item in private_domain.content.assumptions:
        if item.id in swings:
            assert [swings[item.id].low, swings[item.id].high] == [item.low, item.high]
    # Nobody may move what has no range, and the spreads move others, not themselves.
    assert {"one-off-cost", "adds-spread", "fact-spread"}.isdisjoint(swings)


def test_when_nothing_changes_the_time_it_takes_does_not_matter(
    private_domain: MaturityModel,
) -> None:
    swings = {swing.driver: swing for swing in roi_swings(case_of(client(private_domain)))}
    assert swings["months-to-effect"].size == 0
    rising = case_of(client(private_domain), gmv_change="0.2")
    later = {swing.driver: swing for swing in roi_swings(rising)}["months-to-effect"]
    assert later.at_high < later.at_low


def test_ltv_to_cac_moves_with_its_own_drivers(private_domain: MaturityModel) -> None:
    world = client(private_domain)
    figures = UnitFigures.of(private_domain, Figures.of(world.assessment))
    case = case_of(world)
    swings = ratio_swings(figures, case.assumed, case.assumed["fact-spread"].value)
    buyers = next(swing for swing in swings if swing.driver == "buyer-share")
    assert buyers.at_high == economics_of(replace(figures, buyer_share=Fraction(3, 10))).ltv_cac
    assert {"monthly-churn", "payroll"}.isdisjoint(swing.driver for swing in swings)
