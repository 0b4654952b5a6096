"""How many users there will be: monthly forecast in three scenarios.

U(t+1) = U(t) × (1 − churn) + A × (1 − K05), with A the new adds a month and K05 the share of them
that delete within seven days (domain, roadmap step 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING

from app.domain.assumptions import assumed
from app.domain.response import PlanControls

if TYPE_CHECKING:
    from app.domain.world import World

HORIZON_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """Users at the end of month 0 (today) to 12 for three levels of new adds."""

    low: tuple[int, ...]
    base: tuple[int, ...]
    high: tuple[int, ...]
    churn: Fraction
    deletion: Fraction
    monthly_adds: int


def users_by_month(
    users: Fraction, adds: Sequence[Fraction], churn: Fraction, deletion: Fraction
) -> tuple[Fraction, ...]:
    """Return the users at the end of month 0 and of each month of ``adds``, exactly.

    Counted in whole numbers over the common denominator scale × q^month, where 1 − churn = p ÷ q:
    the same values as the recurrence in fractions, several times faster.
    """
    kept, staying = 1 - churn, 1 - deletion
    arriving = [added * staying for added in adds]
    scale = lcm(users.denominator, *(added.denominator for added in arriving))
    count, unit = int(users * scale), scale
    values = [users]
    for added in arriving:
        unit *= kept.denominator
        count = count * kept.numerator + added.numerator * (unit // added.denominator)
        values.append(Fraction(count, unit))
    return tuple(values)


def forecast_users(
    users: int, adds: int, churn: Fraction, deletion: Fraction, spread: Fraction
) -> Forecast:
    """Return the forecast. ``churn``, ``deletion`` and ``spread`` are shares of 1."""

    def run(factor: Fraction) -> tuple[int, ...]:
        values = users_by_month(Fraction(users), [adds * factor] * HORIZON_MONTHS, churn, deletion)
        return tuple(floor(value + Fraction(1, 2)) for value in values)

    return Forecast(
        low=run(1 - spread),
        base=run(Fraction(1)),
        high=run(1 + spread),
        churn=churn,
        deletion=deletion,
        monthly_adds=adds,
    )


def forecast_of(world: "World", controls: PlanControls) -> Forecast | None:
    """Return the forecast for a client; None where today's users are unknown.

    An assumption the model does not declare counts as 0.
    """
    users = world.figures.number("users")
    if users is None:
        return None

    def share(name: str) -> Fraction:
        found = assumed(world, controls, name)
        return found.value if found is not None else Fraction(0)

    churn, deletion = share("monthly-churn"), share("seven-day-deletion")
    adds = planned_adds(world, controls, churn, deletion)
    return forecast_users(int(users), adds, churn, deletion, share("adds-spread"))


def planned_adds(
    world: "World", controls: PlanControls, churn: Fraction, deletion: Fraction
) -> int:
    """Return the new friends a month that a plan counts on.

    Those the client's target takes; without a target today's go on (unknown ones count as none).
    """
    users = world.figures.number("users")
    if controls.target_users is not None and users is not None:
        return required_adds(int(users), controls.target_users, churn, deletion)
    return int(world.figures.number("new-adds") or 0)


def required_adds(users: int, target: int, churn: Fraction, deletion: Fraction) -> int:
    """Return the new friends a month that bring ``users`` to ``target`` in twelve months.

    The forecast solved for A: (target − users × (1 − churn)^12) ÷ ((1 − K05) × Σ(1 − churn)^k).
    """
    kept = 1 - churn
    grown = sum((kept**month for month in range(HORIZON_MONTHS)), Fraction(0))
    missing = target - users * kept**HORIZON_MONTHS
    return max(0, ceil(missing / (grown * (1 - deletion)))) if deletion < 1 else 0
