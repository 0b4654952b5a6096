"""How far a result moves with each number it rests on: the tornado.

Each driver goes to its low and to its high value while all others stay; the result is computed
anew, not approximated. What is named "other cost" stays as it is: a driver moves the months to
come, it does not rewrite what the client said of today.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Generic, Literal, TypeVar

from app.domain.assumptions import Assumed
from app.domain.business_case import BusinessCase
from app.domain.case_months import CaseInputs, TeamMonths
from app.domain.economics import UnitFigures, economics_of
from app.domain.forecast import HORIZON_MONTHS, users_by_month

_Given = TypeVar("_Given", CaseInputs, UnitFigures)

FIELDS: Final[Mapping[str, str]] = {
    "monthly-churn": "churn",
    "seven-day-deletion": "deletion",
    "gmv-change": "gmv_change",
    "months-to-effect": "months_to_effect",
    "variable-cost-share": "variable_share",
    "seat-cost": "seat_cost",
    "hire-cost": "hire_cost",
}
"""The assumptions the year's ROI rests on, and where each enters."""

UNIT_FIELDS: Final[Mapping[str, str]] = {
    "expected-years": "years",
    "service-cost-share": "service_share",
    "buyer-share": "buyer_share",
}
"""The assumptions LTV/CAC rests on."""

UNIT_FACTS: Final[Mapping[str, str]] = {
    "aov": "aov",
    "orders-per-year": "orders",
    "gross-margin": "margin",
    "add-cost": "add_cost",
    "private-cost": "cost",
}
"""The facts LTV/CAC rests on, by fact part."""

CASE_FACTS: Final[Mapping[str, str]] = {
    "gmv-per-user": "gmv_per_user",
    "gross-margin": "margin",
    "add-cost": "add_cost",
    "other-cost": "other",
}
"""Single numbers of the case that come from facts."""


SHARES: Final = frozenset({"margin", "deletion"})
"""Fields that cannot pass 1."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One driver of a result: its ``low`` and ``high`` value and the result at each.

    ``driver`` is the id of an assumption, a fact part, or "gmv-per-user", "payroll", "other-cost"
    for what facts and the staffing plan yield. A payroll's values are those of an average month.
    """

    driver: str
    kind: Literal["fact", "assumption"]
    low: Fraction
    high: Fraction
    at_low: Fraction
    at_high: Fraction

    @property
    def size(self) -> Fraction:
        """Return how far apart the two results are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class _Year:
    """What the year's ROI needs, summed over its months.

    User-months of the whole year and of the months in which the plan works, CNY of payroll and of
    its rises, person-months, and new adds.
    """

    users: Fraction
    users_working: Fraction
    payroll: Fraction
    rises: Fraction
    people: Fraction
    adds: Fraction


def _user_months(inputs: CaseInputs) -> tuple[Fraction, Fraction]:
    users = users_by_month(inputs.users, inputs.adds, inputs.churn, inputs.deletion)
    late = [count for month, count in enumerate(users) if month > inputs.months_to_effect]
    return sum(users[1:], Fraction(0)), sum(late, Fraction(0))


def _team_sums(team: TeamMonths) -> tuple[Fraction, Fraction, Fraction]:
    return (
        sum(team.payroll[1:], Fraction(0)),
        sum(team.rises(), Fraction(0)),
        sum(team.people[1:], Fraction(0)),
    )


def _year(inputs: CaseInputs) -> _Year:
    return _Year(*_user_months(inputs), *_team_sums(inputs.team), sum(inputs.adds, Fraction(0)))


def _moved(known: _Year, base: CaseInputs, inputs: CaseInputs) -> _Year:
    """Return the sums of inputs that differ from ``base`` in one number, adding up what changed."""
    if inputs.team is not base.team:
        payroll, rises, people = _team_sums(inputs.team)
        return replace(known, payroll=payroll, rises=rises, people=people)
    same = inputs.adds is base.adds and inputs.churn is base.churn
    same = same and inputs.deletion is base.deletion
    if same and inputs.months_to_effect is base.months_to_effect:
        return known
    users, working = _user_months(inputs)
    adds = sum(inputs.adds, Fraction(0))
    return replace(known, users=users, users_working=working, adds=adds)


def year_roi(inputs: CaseInputs) -> Fraction | None:
    """Return the ROI of the twelve months from sums over them; equal to ``project(inputs).roi``."""
    return _roi(inputs, _year(inputs))


def _roi(inputs: CaseInputs, year: _Year) -> Fraction | None:
    gmv = inputs.gmv_per_user * (year.users + inputs.gmv_change * year.users_working)
    people = year.payroll + inputs.hire_cost * year.rises + inputs.seat_cost * year.people
    fixed = HORIZON_MONTHS * inputs.other + inputs.one_off_cost
    cost = people + inputs.add_cost * year.adds + fixed + gmv * inputs.variable_share
    return (gmv * inputs.margin - cost) / cost if cost else None


def roi_swings(case: BusinessCase) -> tuple[Swing, ...]:
    """Return how the ROI of the plan's year moves with each driver, the widest swing first.

    Facts move by ``fact-spread`` of their value either way, new adds by ``adds-spread``;
    assumptions between the ends of their plausible range. A driver that is 0 or that has no range
    does not move and is left out; one that moves without effect stays, with a swing of 0.
    """
    base = case.inputs
    known = _year(base)
    return _sorted(
        _measured(_case_moves(case), lambda inputs: _roi(inputs, _moved(known, base, inputs)))
    )


def ratio_swings(
    given: UnitFigures, assumptions: Mapping[str, Assumed], spread: Fraction
) -> tuple[Swing, ...]:
    """Return how LTV/CAC moves with each driver, the widest swing first.

    ``spread`` is how far facts move either way. Empty where LTV/CAC is unknown.
    """
    return _sorted(
        _measured(
            _unit_moves(given, assumptions, spread), lambda changed: economics_of(changed).ltv_cac
        )
    )


@dataclass(frozen=True, slots=True)
class _Move(Generic[_Given]):
    """One driver moved down and up: its values, and the inputs with each of them."""

    driver: str
    kind: Literal["fact", "assumption"]
    low: Fraction
    high: Fraction
    lower: _Given
    higher: _Given


def _case_moves(case: BusinessCase) -> Iterator[_Move[CaseInputs]]:
    inputs, spread = case.inputs, case.assumed["fact-spread"].value
    yield _adds_move(inputs, case.assumed["adds-spread"].value)
    yield _payroll_move(inputs, spread)
    yield from _fact_moves(inputs, CASE_FACTS, spread)
    for name, field in FIELDS.items():
        found = case.assumed[name]
        if found.origin == "measured":
            yield from _fact_moves(inputs, {name: field}, spread)
        elif found.span is not None:
            yield _move(inputs, name, "assumption", field, found.span)


def _unit_moves(
    given: UnitFigures, assumptions: Mapping[str, Assumed], spread: Fraction
) -> Iterator[_Move[UnitFigures]]:
    yield from _fact_moves(given, UNIT_FACTS, spread)
    for name, field in UNIT_FIELDS.items():
        found = assumptions.get(name)
        if found is not None and found.span is not None:
            yield _move(given, name, "assumption", field, found.span)


def _adds_move(inputs: CaseInputs, spread: Fraction) -> _Move[CaseInputs]:
    def scaled(factor: Fraction) -> tuple[Fraction, ...]:
        return tuple(added * factor for added in inputs.adds)

    low, high = scaled(1 - spread), scaled(1 + spread)
    return _Move(
        driver="new-adds",
        kind="fact",
        low=sum(low, Fraction(0)) / HORIZON_MONTHS,
        high=sum(high, Fraction(0)) / HORIZON_MONTHS,
        lower=replace(inputs, adds=low),
        higher=replace(inputs, adds=high),
    )


def _payroll_move(inputs: CaseInputs, spread: Fraction) -> _Move[CaseInputs]:
    """Move what every post costs, today's included, so that the cost of hiring moves along."""

    def scaled(factor: Fraction) -> TeamMonths:
        payroll = tuple(amount * factor for amount in inputs.team.payroll)
        return replace(inputs.team, payroll=payroll)

    low, high = scaled(1 - spread), scaled(1 + spread)
    return _Move(
        driver="payroll",
        kind="fact",
        low=sum(low.payroll[1:], Fraction(0)) / HORIZON_MONTHS,
        high=sum(high.payroll[1:], Fraction(0)) / HORIZON_MONTHS,
        lower=replace(inputs, team=low),
        higher=replace(inputs, team=high),
    )


def _fact_moves(
    given: _Given, fields: Mapping[str, str], spread: Fraction
) -> Iterator[_Move[_Given]]:
    for driver, field in fields.items():
        value = getattr(given, field)
        if value:
            ends = value * (1 - spread), value * (1 + spread)
            if field in SHARES:
                ends = ends[0], min(ends[1], Fraction(1))
            yield _move(given, driver, "fact", field, ends)


def _move(
    given: _Given,
    driver: str,
    kind: Literal["fact", "assumption"],
    field: str,
    ends: tuple[Fraction, Fraction],
) -> _Move[_Given]:
    low, high = min(ends), max(ends)
    # The field is one of a single number, which the type of the record cannot say.
    changes: tuple[dict[str, Any], ...] = ({field: low}, {field: high})
    lower, higher = (replace(given, **change) for change in changes)
    return _Move(driver, kind, low, high, lower, higher)


def _measured(
    moves: Iterable[_Move[_Given]], result: Callable[[_Given], Fraction | None]
) -> Iterator[Swing]:
    for move in moves:
        at_low, at_high = result(move.lower), result(move.higher)
        if at_low is not None and at_high is not None:
            yield Swing(move.driver, move.kind, move.low, move.high, at_low, at_high)


def _sorted(swings: Iterable[Swing]) -> tuple[Swing, ...]:
    return tuple(sorted(swings, key=lambda swing: (-swing.size, swing.driver)))
