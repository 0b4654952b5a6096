"""How a finding came to its place: the factors of its priority, as printed.

A red line of the law comes before everything, whatever its priority.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.rules import (
    GATE_BONUS,
    PREREQUISITE_DISCOUNT,
    SIZES,
    STAGE_BONUS,
    Finding,
    base_priority,
    confidence_in,
)
from app.services.diagnosis.reading import Named, Reading, Target


@dataclass(frozen=True, slots=True)
class Ranking:
    """severity × impact × weight × confidence ÷ effort, times what raises or lowers it.

    ``by_level`` marks a severity that comes from the level of the area; ``weight`` is what the
    dimension weighs in the index. ``gate``, ``stage`` and ``waiting`` are factors, empty where
    they do not apply: it holds the overall level down; it leads out of the stage; ``required``
    areas come before it.
    """

    severity: int
    by_level: bool
    impact: int
    effort: int
    weight: str
    confidence: str
    gate: str
    stage: str
    waiting: str
    required: tuple[Named, ...]
    priority: str


def ranking_of(reading: Reading, finding: Finding) -> Ranking:
    """Return the factors of a finding's priority (``app.domain.rules.urgency``)."""
    rule, world, wording = finding.rule, reading.world, reading.wording
    dimension = reading.model.dimension_of[rule.area]
    lens = next(lens for lens in reading.model.content.lenses if lens.id == dimension.lens)
    bonus = finding.priority / base_priority(world, rule, finding.severity)
    rest = bonus / (GATE_BONUS if finding.binds_gate else 1)
    waiting = rest == PREREQUISITE_DISCOUNT
    return Ranking(
        severity=finding.severity,
        by_level=rule.severity is None,
        impact=SIZES[rule.impact],
        effort=SIZES[rule.effort],
        weight=wording.percent(world.weight_of(dimension.id) * Fraction(lens.weight) * 100, 1),
        confidence=wording.number(confidence_in(world, rule), 2),
        gate=wording.plain(GATE_BONUS) if finding.binds_gate else "",
        stage=wording.plain(STAGE_BONUS) if rest == STAGE_BONUS else "",
        waiting=wording.plain(PREREQUISITE_DISCOUNT) if waiting else "",
        required=tuple(
            reading.named(Target("area", name))
            for name in (finding.open_prerequisites if waiting else ())
        ),
        priority=wording.number(finding.priority, 2),
    )
