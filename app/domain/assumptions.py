"""Which value an assumption has for a client: the client's own, a measured one, or the model's."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from app.domain.definitions.economics import Assumption
from app.domain.definitions.kpi import SourceGrade
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

if TYPE_CHECKING:
    from app.domain.world import World

Origin = Literal["client", "measured", "model"]

PERCENT: Final = 100
MEASURED: Final[Mapping[str, str]] = {"seven-day-deletion": "deletion-rate"}
"""Assumptions that a question (in per cent) measures; they stand in only where nobody knows."""

BUSINESS_CASE: Final = (
    "monthly-churn",
    "seven-day-deletion",
    "gmv-change",
    "months-to-effect",
    "variable-cost-share",
    "seat-cost",
    "hire-cost",
    "one-off-cost",
    "adds-spread",
    "fact-spread",
)
"""Assumptions without which no business case is computed, by id."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """The value one assumption has, and whose it is.

    ``origin`` is "client" (set in the answers), "measured" (an answer of this client gives it) or
    "model". ``grade`` is that of the model's value, None for the client's own numbers.
    """

    item: Assumption
    value: Fraction
    origin: Origin

    @property
    def grade(self) -> SourceGrade | None:
        """Return the grade of the source; None where the number is the client's own."""
        return self.item.grade if self.origin == "model" else None

    @property
    def span(self) -> tuple[Fraction, Fraction] | None:
        """Return the plausible range, widened to hold the value; None where none is declared."""
        if self.item.low is None or self.item.high is None:
            return None
        return min(Fraction(self.item.low), self.value), max(Fraction(self.item.high), self.value)


def assume(
    model: MaturityModel, controls: PlanControls, name: str, measured: Fraction | None = None
) -> Assumed | None:
    """Resolve one assumption: the client's value wins, then a measured one, then the model's.

    None if the model declares none of that name.
    """
    item = next((item for item in model.content.assumptions if item.id == name), None)
    if item is None:
        return None
    if name in controls.assumptions:
        return Assumed(item, controls.assumptions[name], "client")
    if measured is not None:
        return Assumed(item, measured, "measured")
    return Assumed(item, Fraction(item.value), "model")


def assumed(world: "World", controls: PlanControls, name: str) -> Assumed | None:
    """Resolve one assumption for a client whose answers may have measured it."""
    question, measured = MEASURED.get(name, ""), None
    if question in world.model.questions:
        value = world.question(question).value
        measured = value / PERCENT if value is not None else None
    return assume(world.model, controls, name, measured)


def assumptions_of(world: "World", controls: PlanControls) -> Mapping[str, Assumed]:
    """Resolve every assumption of the model, by id in its order."""
    found = {item.id: assumed(world, controls, item.id) for item in world.model.content.assumptions}
    return {name: value for name, value in found.items() if value is not None}
