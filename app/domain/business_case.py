"""The economics of the plan: three scenarios, break-even, what the plan costs more and must earn.

The months themselves are computed in ``case_months``. Where the plan was silent:

- GMV per user stays what it is. The plan promises no rise; ``gmv-change`` lets a client set one,
  from the month after ``months-to-effect`` on. Instead the case says which rise would pay for it.
- The client's monthly cost is never lost: what the model cannot name of it goes on as ``other``.
  Where the named parts are more than the client's figure, the higher sum is used and
  ``overrun`` tells by how much.
- Scenarios differ in new adds alone; the team is that of the plan in each of them.
- A month breaks even when it and every later one do: a month that pays only until the hires
  arrive is no break-even.
- There is no season in it: the client's figures are means of three months.
- LTV and CAC do not change by month: order value, frequency, margin and cost per add are constants
  here, so a column of them would repeat one number twelve times.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Final

from app.domain.assumptions import BUSINESS_CASE, Assumed, assumptions_of
from app.domain.case_months import (
    CaseInputs,
    CaseScenario,
    MonthLine,
    TeamMonths,
    carry_on,
    fixed_costs,
    project,
    settled,
    today_of,
)
from app.domain.forecast import HORIZON_MONTHS, planned_adds, users_by_month
from app.domain.response import PlanControls
from app.domain.world import World

NEEDED: Final = ("users", "new-adds", "private-gmv", "gross-margin")
"""Facts without which there is no business case."""

COSTS: Final = ("private-cost", "add-cost")
"""Facts without which its cost is incomplete and every result too good."""


@dataclass(frozen=True, slots=True)
class Increment:
    """The plan against carrying on with today's team and today's new adds, over twelve months.

    Both have the same users' behaviour: nothing is charged to today's team for being overloaded,
    so the plan is held against the kindest alternative. ``cost`` and ``margin`` are what the plan
    adds (either may be negative), ``by_month`` the cumulative gain. ``needed_change`` is the
    change of GMV per user, from the month after the plan works on, at which the plan equals
    carrying on; ``needed_to_pay`` the one at which the plan's year leaves nothing and loses
    nothing. None where no change does it.
    """

    cost: Fraction
    margin: Fraction
    by_month: tuple[Fraction, ...]
    earned_back_in: int | None
    needed_change: Fraction | None
    needed_to_pay: Fraction | None

    @property
    def gain(self) -> Fraction:
        """Return what the plan leaves more than carrying on; negative is what it has to earn."""
        return self.margin - self.cost


@dataclass(frozen=True, slots=True)
class OneMoreAdd:
    """One more new friend a month, for twelve months: CNY spent on them and margin they bring.

    The margin is what is left after the cost that goes with sales.
    """

    spent: Fraction
    earned: Fraction


@dataclass(frozen=True, slots=True)
class BusinessCase:
    """The economics of the plan.

    ``today`` is this month as the model sees it (place 0). ``missing`` are the cost facts that are
    unknown, so that results are too good; ``overrun`` is how much the named cost of today exceeds
    the client's own figure (0 where it does not). ``assumed`` are all assumptions by id.
    """

    inputs: CaseInputs
    today: MonthLine
    low: CaseScenario
    base: CaseScenario
    high: CaseScenario
    as_today: CaseScenario
    increment: Increment
    one_more_add: OneMoreAdd | None
    missing: tuple[str, ...]
    overrun: Fraction
    assumed: Mapping[str, Assumed]


def business_case(world: World, controls: PlanControls, team: TeamMonths) -> BusinessCase | None:
    """Compute the case; None where users, new adds, GMV or margin, or an assumption, is unknown.

    The plan's new adds are those of its forecast: today's, or what the client's target takes; they
    are paid for at today's cost per add.
    """
    values = assumptions_of(world, controls)
    facts = {name: world.figures.number(name) for name in (*NEEDED, *COSTS)}
    users, now = facts["users"], facts["new-adds"]
    gmv, margin = facts["private-gmv"], facts["gross-margin"]
    if any(name not in values for name in BUSINESS_CASE):
        return None
    if not users or now is None or gmv is None or margin is None:
        return None
    churn, deletion = values["monthly-churn"].value, values["seven-day-deletion"].value
    adds = Fraction(planned_adds(world, controls, churn, deletion))
    given = CaseInputs(
        users=users,
        gmv_per_user=gmv / users,
        margin=margin / 100,
        adds=(adds,) * HORIZON_MONTHS,
        add_cost=facts["add-cost"] or Fraction(0),
        churn=churn,
        deletion=deletion,
        gmv_change=values["gmv-change"].value,
        months_to_effect=values["months-to-effect"].value,
        variable_share=values["variable-cost-share"].value,
        seat_cost=values["seat-cost"].value,
        hire_cost=values["hire-cost"].value,
        one_off_cost=values["one-off-cost"].value,
        other=Fraction(0),
        team=team,
    )
    named = today_of(given, now)
    unnamed = (facts["private-cost"] or named.cost) - named.cost
    inputs = replace(given, other=max(unnamed, Fraction(0)))
    spread, fixed = values["adds-spread"].value, fixed_costs(inputs)
    low, high = (
        project(replace(inputs, adds=(adds * factor,) * HORIZON_MONTHS), fixed)
        for factor in (1 - spread, 1 + spread)
    )
    base, as_today = project(inputs, fixed), project(carry_on(inputs, now))
    return BusinessCase(
        inputs=inputs,
        today=today_of(inputs, now),
        low=low,
        base=base,
        high=high,
        as_today=as_today,
        increment=_increment(inputs, base, as_today),
        one_more_add=_one_more_add(inputs) if facts["add-cost"] is not None else None,
        missing=tuple(name for name in COSTS if facts[name] is None),
        overrun=max(-unnamed, Fraction(0)),
        assumed=values,
    )


def _increment(inputs: CaseInputs, plan: CaseScenario, as_today: CaseScenario) -> Increment:
    """Hold the plan against carrying on.

    The year's result is linear in the change x of GMV per user: result(x) = result(0) + x × k with
    k = (margin − variable share) × GMV per user × Σ users of the months in which the plan works.
    """
    gains = [p.result - t.result for p, t in zip(plan.lines, as_today.lines, strict=True)]
    by_month = tuple(accumulate(gains))
    working = [line.users for line in plan.lines if line.month > inputs.months_to_effect]
    each = (inputs.margin - inputs.variable_share) * inputs.gmv_per_user
    slope = each * sum(working, Fraction(0))
    unchanged = plan.result - inputs.gmv_change * slope
    return Increment(
        cost=plan.cost - as_today.cost,
        margin=plan.margin - as_today.margin,
        by_month=by_month,
        earned_back_in=settled(by_month),
        needed_change=(as_today.result - unchanged) / slope if slope > 0 else None,
        needed_to_pay=-unchanged / slope if slope > 0 else None,
    )


def _one_more_add(inputs: CaseInputs) -> OneMoreAdd:
    """Return what one more add a month costs and brings within the year."""
    path = users_by_month(
        Fraction(0), [Fraction(1)] * HORIZON_MONTHS, inputs.churn, inputs.deletion
    )
    working = sum(
        (users * inputs.uplift(month) for month, users in enumerate(path) if month), Fraction(0)
    )
    each = (inputs.margin - inputs.variable_share) * inputs.gmv_per_user
    return OneMoreAdd(spent=inputs.add_cost * HORIZON_MONTHS, earned=working * each)
