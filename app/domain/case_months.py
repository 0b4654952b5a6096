"""Twelve months of costs and earnings, line by line.

One month: users U(t) = U(t−1) × (1 − churn) + A × (1 − K05) (domain, roadmap step 8); GMV = users
at its end × GMV per user; result = GMV × gross margin − payroll − acquisition − tools − cost that
goes with sales − other cost − one-off spending (K35, cumulative). GMV is counted on the users at
the end of a month because the client's own figure is one month's GMV over the users of one day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from app.domain.forecast import HORIZON_MONTHS, users_by_month


@dataclass(frozen=True, slots=True)
class TeamMonths:
    """The central team: today at place 0, then at work in months 1 to 12.

    ``payroll`` is CNY a month, ``people`` FTE with a seat in the tools. ValueError unless each
    holds thirteen values.
    """

    payroll: tuple[Fraction, ...]
    people: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        """Refuse another number of months."""
        for values in (self.payroll, self.people):
            if len(values) != HORIZON_MONTHS + 1:
                raise ValueError(f"a team needs today and 12 months, not {len(values)} values")

    def rises(self) -> tuple[Fraction, ...]:
        """Return by how much the payroll of each month is above that of the month before."""
        return tuple(max(after - before, Fraction(0)) for before, after in pairwise(self.payroll))

    def unchanged(self) -> "TeamMonths":
        """Return today's team in every month."""
        months = HORIZON_MONTHS + 1
        return TeamMonths((self.payroll[0],) * months, (self.people[0],) * months)


@dataclass(frozen=True, slots=True)
class CaseInputs:
    """Every number the arithmetic uses; shares of 1, CNY, months.

    ``adds`` are new adds of months 1 to 12. ``add_cost`` is 0 where unknown (then it is part of
    ``other``). ``hire_cost`` is in months of the payroll that is added.
    """

    users: Fraction
    gmv_per_user: Fraction
    margin: Fraction
    adds: tuple[Fraction, ...]
    add_cost: Fraction
    churn: Fraction
    deletion: Fraction
    gmv_change: Fraction
    months_to_effect: Fraction
    variable_share: Fraction
    seat_cost: Fraction
    hire_cost: Fraction
    one_off_cost: Fraction
    other: Fraction
    team: TeamMonths

    def uplift(self, month: int) -> Fraction:
        """Return the factor on GMV per user in a month."""
        return 1 + self.gmv_change if month > self.months_to_effect else Fraction(1)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month in CNY; ``users`` at its end, ``cumulative`` the results since month 1.

    ``variable`` goes with sales (gifts, coupons, commission), ``one_off`` is hiring and set-up,
    ``cost`` the sum of all costs, ``result`` gross margin less cost: negative is a loss.
    """

    month: int
    users: Fraction
    gmv: Fraction
    margin: Fraction
    payroll: Fraction
    acquisition: Fraction
    tools: Fraction
    variable: Fraction
    other: Fraction
    one_off: Fraction
    cost: Fraction
    result: Fraction
    cumulative: Fraction


@dataclass(frozen=True, slots=True)
class CaseScenario:
    """Twelve months.

    ``pays_from`` is the first month from which no month makes a loss, ``recovered_in`` the first
    from which the cumulative result is not negative; None where that is not within the year.
    """

    lines: tuple[MonthLine, ...]
    pays_from: int | None
    recovered_in: int | None

    @property
    def margin(self) -> Fraction:
        """Return the year's gross margin."""
        return sum((line.margin for line in self.lines), Fraction(0))

    @property
    def cost(self) -> Fraction:
        """Return the year's cost."""
        return sum((line.cost for line in self.lines), Fraction(0))

    @property
    def result(self) -> Fraction:
        """Return what the year leaves."""
        return self.lines[-1].cumulative

    @property
    def roi(self) -> Fraction | None:
        """Return (gross margin − cost) ÷ cost of the year (K35); None without any cost."""
        cost = self.cost
        return self.result / cost if cost else None


def carry_on(inputs: CaseInputs, adds: Fraction) -> CaseInputs:
    """Return the inputs of a year like today: no hire, no other adds, no change, no set-up."""
    return replace(
        inputs,
        adds=(adds,) * HORIZON_MONTHS,
        team=inputs.team.unchanged(),
        gmv_change=Fraction(0),
        one_off_cost=Fraction(0),
    )


@dataclass(frozen=True, slots=True)
class FixedCosts:
    """What a month costs whatever is sold; ``spent`` is all of it but acquisition."""

    payroll: Fraction
    tools: Fraction
    one_off: Fraction
    spent: Fraction


def fixed_costs(inputs: CaseInputs) -> tuple[FixedCosts, ...]:
    """Return the costs of months 1 to 12 that do not depend on users; scenarios share them."""
    found = []
    for month, rise in enumerate(inputs.team.rises(), start=1):
        one_off = inputs.hire_cost * rise if rise else rise
        if month == 1:
            one_off += inputs.one_off_cost
        payroll = inputs.team.payroll[month]
        tools = inputs.team.people[month] * inputs.seat_cost
        found.append(FixedCosts(payroll, tools, one_off, payroll + tools + one_off + inputs.other))
    return tuple(found)


def project(inputs: CaseInputs, fixed: Sequence[FixedCosts] | None = None) -> CaseScenario:
    """Compute the twelve months; ``fixed`` may hand over what another scenario computed."""
    users = users_by_month(inputs.users, inputs.adds, inputs.churn, inputs.deletion)
    rates, reached, lines = _Rates.of(inputs, Fraction(1)), Fraction(0), []
    later = _Rates.of(inputs, 1 + inputs.gmv_change) if inputs.gmv_change else rates
    for month, costs in enumerate(fixed or fixed_costs(inputs), start=1):
        line = _line(
            inputs,
            month,
            users[month],
            later if month > inputs.months_to_effect else rates,
            inputs.adds[month - 1],
            costs,
            reached,
        )
        reached = line.cumulative
        lines.append(line)
    return CaseScenario(
        lines=tuple(lines),
        pays_from=settled([line.result for line in lines]),
        recovered_in=settled([line.cumulative for line in lines]),
    )


def settled(values: Sequence[Fraction]) -> int | None:
    """Return the first month (from 1) from which no value is negative; None if the last one is."""
    first = None
    for month in range(len(values), 0, -1):
        if values[month - 1] < 0:
            break
        first = month
    return first


@dataclass(frozen=True, slots=True)
class _Rates:
    """CNY per user and month: GMV, gross margin, and the cost that goes with sales."""

    gmv: Fraction
    margin: Fraction
    variable: Fraction

    @classmethod
    def of(cls, inputs: CaseInputs, uplift: Fraction) -> "_Rates":
        gmv = inputs.gmv_per_user * uplift
        return cls(gmv, gmv * inputs.margin, gmv * inputs.variable_share)


def today_of(inputs: CaseInputs, adds: Fraction) -> MonthLine:
    """Return the month as it is: nothing new, nothing spent once, nothing carried over."""
    payroll, tools = inputs.team.payroll[0], inputs.team.people[0] * inputs.seat_cost
    fixed = FixedCosts(payroll, tools, Fraction(0), payroll + tools + inputs.other)
    rates = _Rates.of(inputs, Fraction(1))
    line = _line(inputs, 0, inputs.users, rates, adds, fixed, Fraction(0))
    return replace(line, cumulative=Fraction(0))


def _line(
    inputs: CaseInputs,
    month: int,
    users: Fraction,
    rates: _Rates,
    adds: Fraction,
    fixed: FixedCosts,
    reached: Fraction,
) -> MonthLine:
    margin, variable = users * rates.margin, users * rates.variable
    acquisition = adds * inputs.add_cost
    cost = variable + (fixed.spent + acquisition)
    result = margin - cost
    return MonthLine(
        month=month,
        users=users,
        gmv=users * rates.gmv,
        margin=margin,
        payroll=fixed.payroll,
        acquisition=acquisition,
        tools=fixed.tools,
        variable=variable,
        other=inputs.other,
        one_off=fixed.one_off,
        cost=cost,
        result=result,
        cumulative=reached + result,
    )
