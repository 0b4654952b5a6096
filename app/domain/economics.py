"""Unit economics from the client's facts: LTV, CAC, ROI, payback. None where a fact is missing."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.assumptions import assume
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

MONTHS = 12
NO_CONTROLS: Final = PlanControls()


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


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The numbers unit economics are computed from; None where unknown.

    ``cost`` and ``gmv`` are CNY of a month, ``margin`` and the shares are shares of 1.
    """

    users: Fraction | None
    new_adds: Fraction | None
    aov: Fraction | None
    orders: Fraction | None
    margin: Fraction | None
    gmv: Fraction | None
    total_gmv: Fraction | None
    cost: Fraction | None
    add_cost: Fraction | None
    years: Fraction | None
    service_share: Fraction | None
    buyer_share: Fraction | None

    @classmethod
    def of(
        cls, model: MaturityModel, figures: Figures, controls: PlanControls = NO_CONTROLS
    ) -> "UnitFigures":
        """Return the figures of a client: facts, and assumptions as ``controls`` set them."""
        margin = figures.number("gross-margin")
        return cls(
            users=figures.number("users"),
            new_adds=figures.number("new-adds"),
            aov=figures.number("aov"),
            orders=figures.number("orders-per-year"),
            margin=margin / 100 if margin is not None else None,
            gmv=figures.number("private-gmv"),
            total_gmv=figures.number("total-gmv"),
            cost=figures.number("private-cost"),
            add_cost=figures.number("add-cost"),
            years=assumption(model, "expected-years", controls),
            service_share=assumption(model, "service-cost-share", controls),
            buyer_share=assumption(model, "buyer-share", controls),
        )


def assumption(
    model: MaturityModel, name: str, controls: PlanControls = NO_CONTROLS
) -> Fraction | None:
    """Return the value of a named assumption: the client's if ``controls`` set it.

    None if the model declares none of that name.
    """
    found = assume(model, controls, name)
    return found.value if found is not None else None


def unit_economics(
    model: MaturityModel, figures: Figures, controls: PlanControls = NO_CONTROLS
) -> UnitEconomics:
    """Compute what the facts allow."""
    return economics_of(UnitFigures.of(model, figures, controls))


def economics_of(given: UnitFigures) -> UnitEconomics:
    """Compute what these numbers allow (formulas: see ``UnitEconomics``)."""
    cost_per_user = _ratio(given.cost, given.users)
    service = _product(cost_per_user, Fraction(MONTHS), given.years, given.service_share)
    yearly = _product(given.aov, given.margin, given.orders)
    lifetime = _product(yearly, given.years)
    ltv = lifetime - service if lifetime is not None and service is not None else lifetime
    cac = _ratio(given.add_cost, given.buyer_share)
    monthly = yearly / MONTHS if yearly is not None else None
    margin_month = _product(given.gmv, given.margin)
    roi = None
    if margin_month is not None and given.cost:
        roi = (margin_month - given.cost) / given.cost
    return UnitEconomics(
        ltv=ltv,
        cac=cac,
        ltv_cac=_ratio(ltv, cac),
        roi=roi,
        payback_months=_ratio(cac, monthly),
        growth_rate=_times_hundred(_ratio(given.new_adds, given.users)),
        gmv_per_user=_ratio(given.gmv, given.users),
        private_share=_times_hundred(_ratio(given.gmv, given.total_gmv)),
        cost_per_user=cost_per_user,
        monthly_margin=margin_month,
        service_cost=service,
    )


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
