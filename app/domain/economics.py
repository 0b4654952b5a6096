"""Unit economics from the client's facts: LTV, CAC, ROI, payback. None where a fact is missing."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.figures import Figures
from app.domain.model import MaturityModel

MONTHS = 12


@dataclass(frozen=True, slots=True)
class UnitEconomics:
    """Money per customer and per month, in CNY; rates as plain ratios, shares in percent.

    ``ltv`` = AOV × margin × orders a year × years − service cost (domain K33); ``cac`` = cost per
    add ÷ share of adds that buy (K07, buyer basis); ``roi`` = (gross margin − cost) ÷ cost of one
    month (K35); ``payback_months`` = CAC ÷ monthly margin per buyer (K36).
    """

    ltv: Fraction | None
    cac: Fraction | None
    ltv_cac: Fraction | None
    roi: Fraction | None
    payback_months: Fraction | None
    growth_rate: Fraction | None
    gmv_per_user: Fraction | None
    private_share: Fraction | None
    cost_per_user: Fraction | None
    monthly_margin: Fraction | None
    service_cost: Fraction | None


def assumption(model: MaturityModel, name: str) -> Fraction | None:
    """Return a named assumption of the model, or None if it declares none of that name."""
    for item in model.content.assumptions:
        if item.id == name:
            return Fraction(item.value)
    return None


def unit_economics(model: MaturityModel, figures: Figures) -> UnitEconomics:
    """Compute what the facts allow."""
    users, cost = figures.number("users"), figures.number("private-cost")
    gmv, margin = figures.number("private-gmv"), _percent(figures.number("gross-margin"))
    cost_per_user = _ratio(cost, users)
    years = assumption(model, "expected-years")
    service = _product(
        cost_per_user, Fraction(MONTHS), years, assumption(model, "service-cost-share")
    )
    yearly = _product(figures.number("aov"), margin, figures.number("orders-per-year"))
    lifetime = _product(yearly, years)
    ltv = lifetime - service if lifetime is not None and service is not None else lifetime
    cac = _ratio(figures.number("add-cost"), assumption(model, "buyer-share"))
    monthly = yearly / MONTHS if yearly is not None else None
    margin_month = _product(gmv, margin)
    roi = None
    if margin_month is not None and cost:
        roi = (margin_month - cost) / cost
    return UnitEconomics(
        ltv=ltv,
        cac=cac,
        ltv_cac=_ratio(ltv, cac),
        roi=roi,
        payback_months=_ratio(cac, monthly),
        growth_rate=_times_hundred(_ratio(figures.number("new-adds"), users)),
        gmv_per_user=_ratio(gmv, users),
        private_share=_times_hundred(_ratio(gmv, figures.number("total-gmv"))),
        cost_per_user=cost_per_user,
        monthly_margin=margin_month,
        service_cost=service,
    )


def _percent(value: Fraction | None) -> Fraction | None:
    return value / 100 if value is not None else None


def _times_hundred(value: Fraction | None) -> Fraction | None:
    return value * 100 if value is not None else None


def _ratio(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    return above / below if above is not None and below else None


def _product(*factors: Fraction | None) -> Fraction | None:
    result = Fraction(1)
    for factor in factors:
        if factor is None:
            return None
        result *= factor
    return result
