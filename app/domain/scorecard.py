"""The scorecard: every level with what held it down, and the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.structure import Gate
from app.domain.scoring import AreaScore


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One dimension: ``by_score`` is the level its score alone would give.

    ``held_by`` names what lowered it: ids of critical areas, or the id of one gate.
    """

    score: Fraction | None
    level: int | None
    by_score: int | None
    trust: Fraction
    weight: Fraction
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate on the overall level with its ceiling today; None where it does not apply."""

    gate: Gate
    ceiling: int | None
    binds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one assessment.

    ``overall`` is on the scale, ``index`` 0–100; ``by_score`` is the level without gates and
    ``binding`` the gate that lowered it (the lowest ceiling; the first declared on a tie).
    """

    areas: Mapping[str, AreaScore]
    dimensions: Mapping[str, DimensionScore]
    lenses: Mapping[str, Fraction | None]
    overall: Fraction | None
    index: Fraction | None
    by_score: int | None
    level: int | None
    gates: tuple[GateResult, ...]
    binding: GateResult | None

    def red_flags(self) -> tuple[Gate, ...]:
        """Return the gates whose warning must be shown first."""
        return tuple(
            result.gate
            for result in self.gates
            if result.ceiling is not None and result.gate.red_flag
        )
