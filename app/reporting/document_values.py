"""How the JSON document writes values: numbers, dates and codes."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from app.domain.model import MaturityModel
from app.domain.response import AnswerValue

JSON: TypeAlias = Mapping[str, "JSON"] | Sequence["JSON"] | str | int | float | bool | None
"""What a JSON document is made of; tuples and lists both become arrays."""

PLACES: Final = 4
_STEP: Final = Decimal(1).scaleb(-PLACES)


def number(value: Fraction | Decimal | float | None) -> float | None:
    """Return a number rounded half up (away from zero) to four places, as a float.

    The float is the one nearest to the rounded decimal, so it prints and reads back as that.
    """
    if value is None:
        return None
    if isinstance(value, Fraction):
        scaled = value * 10**PLACES
        sign = -1 if scaled < 0 else 1
        whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
        return sign * whole / 10**PLACES
    # Adding zero turns a minus zero, which JSON would print, into zero.
    return float(Decimal(str(value)).quantize(_STEP, ROUND_HALF_UP)) + 0.0


def numbers(values: Mapping[str, Fraction]) -> dict[str, JSON]:
    """Return a mapping with its numbers written for JSON, in its own order."""
    return {name: number(value) for name, value in values.items()}


def answer(value: AnswerValue | None) -> JSON:
    """Return an answer or fact value: number, text, flag or list of ids."""
    if isinstance(value, Fraction):
        return number(value)
    return list(value) if isinstance(value, tuple) else value


class Codes:
    """The printed codes of one model's items by their readable ids."""

    def __init__(self, model: MaturityModel) -> None:
        self._model = model
        ladder, staffing = model.content.stage_model, model.content.staffing
        roadmap = model.content.roadmap
        self._stages = {item.id: item.code for item in ladder.stages} if ladder else {}
        self._posts = {item.id: item.code for item in staffing.posts} if staffing else {}
        self._phases = {item.id: item.code for item in roadmap.phases} if roadmap else {}

    def area(self, name: str) -> str:
        """Return the code of an area."""
        return self._model.areas[name].code

    def scored(self, name: str) -> str:
        """Return the code of an area or dimension; a gate, which has none, keeps its id."""
        if name in self._model.areas:
            return self._model.areas[name].code
        found = self._model.dimensions.get(name)
        return found.code if found else name

    def roles(self, names: Iterable[str]) -> list[JSON]:
        """Return the codes of roles."""
        return [self._model.roles[name].code for name in names]

    def role(self, name: str) -> str:
        """Return the code of a role."""
        return self._model.roles[name].code

    def rules(self, names: Iterable[str]) -> list[JSON]:
        """Return the codes of rules."""
        return [self._model.rules[name].code for name in names]

    def sops(self, names: Iterable[str]) -> list[JSON]:
        """Return the codes of SOPs."""
        return [self._model.sops[name].code for name in names]

    def sop_or_id(self, name: str) -> str:
        """Return the code of a SOP; other work, which has none, keeps its id."""
        found = self._model.sops.get(name)
        return found.code if found else name

    def kpis(self, names: Iterable[str]) -> list[JSON]:
        """Return the codes of KPIs."""
        return [self._model.kpis[name].code for name in names]

    def stage(self, name: str) -> str:
        """Return the code of a stage."""
        return self._stages[name]

    def post(self, name: str) -> str:
        """Return the code of a post."""
        return self._posts[name]

    def phase(self, name: str) -> str:
        """Return the code of a phase."""
        return self._phases[name]
