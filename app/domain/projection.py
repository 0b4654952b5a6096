"""Where the plan leads if it is carried out: levels of areas, the overall level, the index.

An area gains one level within one plan at most; each SOP that lifts it brings an equal part of it
when it is carried out, and half that part when it runs thinned. No area is brought beyond the
level the plan aims at. Areas nobody rated stay unrated. What the areas' scores mean for dimensions,
gates and index is computed by the same rules as today's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.scoring import AreaScore, reached
from app.domain.world import World

MOST_LEVELS: Final = 1
"""Levels an area gains within one plan at most. More in a year would be a promise, not a plan."""

THINNED: Final = Fraction(1, 2)
"""What a SOP without its optional steps brings of its part."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Index (0–100) and overall level after the plan, and the areas it lifts with their level."""

    index: Fraction | None
    level: int | None
    areas: Mapping[str, int]


def project(
    world: World,
    introduced: Collection[str],
    thinned: Collection[str],
    target: int | None = None,
) -> Projection:
    """Project the scores. ``introduced`` are the ids of the SOPs the plan carries out.

    ``target`` is the level the plan aims at; by default the model's proven level.
    """
    model, ladder = world.model, world.model.content.stage_model
    ceiling = ladder.proven_level if ladder is not None else model.content.scale.maximum
    ceiling = target if target is not None else ceiling
    lifted: dict[str, int] = {}
    areas: dict[str, AreaScore] = {}
    for name in model.areas:
        today = areas[name] = world.area(name)
        lifting = model.sops_lifting.get(name, ())
        if today.score is None or today.level is None or not lifting:
            continue
        parts = sum(
            (THINNED if sop in thinned else Fraction(1) for sop in lifting if sop in introduced),
            Fraction(0),
        )
        score = min(today.score + MOST_LEVELS * parts / len(lifting), Fraction(ceiling))
        if score > today.score:
            level = max(today.level, reached(model.content.scale, score))
            areas[name] = replace(today, score=score, level=level, held_by=None)
            if level > today.level:
                lifted[name] = level
    card = World(model, world.assessment, areas).scorecard
    return Projection(card.index, card.level, lifted)
