"""Every assumption with its grade, what it drives, and how far the result moves with it."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.definitions.economics import Assumption
from app.domain.economics import UnitEconomics, assumption, unit_economics
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.reporting.context.economics_lines import yuan
from app.reporting.context.kpis_checks import implied_buyers
from app.reporting.context.source import Source
from app.reporting.wording import NOTHING

DRIVES: Final = {
    "expected-years": "LTV、LTV/CAC",
    "service-cost-share": "LTV、LTV/CAC",
    "buyer-share": "CAC、LTV/CAC、回本月数；单设销售岗的线索数",
}
PARAMETERS: Final = "OPJ"
"""Grade of the forecast's parameters: the trade document marks them as professional judgement."""


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One assumption: its value and grade, what it drives, LTV/CAC at half and double of it.

    ``basis`` says where it comes from and with what to replace it.
    """

    title: str
    value: str
    grade: str
    drives: str
    half: str
    double: str
    basis: str


def rows(source: Source) -> tuple[AssumptionRow, ...]:
    """Return the assumptions of the unit economics, then those of the forecast."""
    named = [_row(source, item) for item in source.model.content.assumptions]
    return (*named, *_forecast_rows(source))


def with_assumption(source: Source, name: str, value: Fraction) -> UnitEconomics:
    """Return the unit economics the client would have with another value of one assumption."""
    found = source.model.content
    changed = tuple(
        replace(item, value=_number(value)) if item.id == name else item
        for item in found.assumptions
    )
    model: MaturityModel = replace(source.model, content=replace(found, assumptions=changed))
    return unit_economics(model, Figures.of(source.diagnosis.assessment))
