"""How many users there will be: monthly forecast in three scenarios.

U(t+1) = U(t) × (1 − churn) + A × (1 − K05), with A the new adds a month and K05 the share of them
that delete within seven days (domain, roadmap step 8).
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

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


def forecast_users(
    users: int, adds: int, churn: Fraction, deletion: Fraction, spread: Fraction
) -> Forecast:
    """Return the forecast. ``churn``, ``deletion`` and ``spread`` are shares of 1."""

    def run(factor: Fraction) -> tuple[int, ...]:
        values = [Fraction(users)]
        for _ in range(HORIZON_MONTHS):
            values.append(values[-1] * (1 - churn) + adds * factor * (1 - deletion))
        return tuple(floor(value + Fraction(1, 2)) for value in values)

    return Forecast(
        low=run(1 - spread),
        base=run(Fraction(1)),
        high=run(1 + spread),
        churn=churn,
        deletion=deletion,
        monthly_adds=adds,
    )
