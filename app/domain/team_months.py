"""Who is at work and paid in each month: today's people, and those the staffing plan adds."""

from collections.abc import Mapping
from fractions import Fraction

from app.domain.case_months import TeamMonths
from app.domain.forecast import HORIZON_MONTHS
from app.domain.staffing_plan import Horizon, StaffingPlan

Team = Mapping[str, Fraction]
"""FTE by post id."""


def team_by_month(plan: StaffingPlan) -> tuple[Team, ...]:
    """Return the team today (place 0) and in months 1 to 12.

    A month belongs to the phase in which it begins; the last phase runs on. Nobody leaves: a post
    keeps its people of today where a phase needs fewer, so no saving is counted that would take
    a dismissal.
    """
    months: list[Team] = [dict(plan.current)]
    elapsed = Fraction(0)
    for horizon in plan.horizons:
        elapsed += horizon.length if horizon.months else 0
        team = _at_work(plan, horizon)
        while len(months) <= HORIZON_MONTHS and len(months) - 1 < elapsed:
            months.append(team)
    return (*months, *[months[-1]] * (HORIZON_MONTHS + 1 - len(months)))


def _at_work(plan: StaffingPlan, horizon: Horizon) -> Team:
    people = dict(plan.current)
    for need in horizon.posts:
        people[need.post] = max(need.fte, people.get(need.post, Fraction(0)))
    return people


def cost_of(team: Team, post_costs: Mapping[str, Fraction]) -> Fraction:
    """Return what a team costs in a month, in CNY."""
    return sum((fte * post_costs[post] for post, fte in team.items()), Fraction(0))


def team_months(plan: StaffingPlan) -> TeamMonths:
    """Return payroll and people of the plan by month."""
    payroll, people = list[Fraction](), list[Fraction]()
    before: Team | None = None
    for team in team_by_month(plan):
        # The team of a phase is one object for all its months: it is counted once.
        payroll.append(payroll[-1] if team is before else cost_of(team, plan.post_costs))
        people.append(people[-1] if team is before else sum(team.values(), Fraction(0)))
        before = team
    return TeamMonths(tuple(payroll), tuple(people))
