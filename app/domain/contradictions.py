"""Contradictions found in one assessment: a claim and a number that cannot both be so.

They lower the confidence of the areas concerned and nothing else: no score, level, stage or
finding, and not the order of findings either, because a claim refuted by a number makes what was
found there more urgent, not less.
"""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.contradiction import Contradiction
from app.domain.expression import UNKNOWN, Reference, Trace
from app.domain.rules import Sentence, sentence
from app.domain.world import World


@dataclass(frozen=True, slots=True)
class FoundContradiction:
    """A contradiction that holds: ``trace`` has every value, ``says`` the sentences to print."""

    contradiction: Contradiction
    trace: Trace
    says: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class OpenContradiction:
    """A contradiction that could not be decided and the references it waits for."""

    contradiction: Contradiction
    needs: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class LoweredTrust:
    """An area whose trust (0–1) falls from what its ``evidence`` alone gives to ``trust``."""

    area: str
    evidence: Fraction
    trust: Fraction


@dataclass(frozen=True, slots=True)
class Contradictions:
    """All contradictions of an assessment in code order; ``lowered`` in the order of the model."""

    found: tuple[FoundContradiction, ...]
    undecided: tuple[OpenContradiction, ...]
    lowered: tuple[LoweredTrust, ...]


def find_contradictions(world: World) -> Contradictions:
    """Evaluate every contradiction of the model with its full trace."""
    found: list[FoundContradiction] = []
    undecided: list[OpenContradiction] = []
    for item in world.model.contradictions.values():
        trace = world.model.expression(item.when).trace(world)
        if trace.result is UNKNOWN:
            undecided.append(OpenContradiction(item, trace.missing()))
        elif trace.result is True:
            said = tuple(told for text in item.says if (told := sentence(world, text)) is not None)
            found.append(FoundContradiction(item, trace, said))
    return Contradictions(tuple(found), tuple(undecided), _lowered(world))


def _lowered(world: World) -> tuple[LoweredTrust, ...]:
    return tuple(
        LoweredTrust(name, evidence, trust)
        for name in world.model.areas
        if (trust := world.area(name).trust) < (evidence := world.evidence(name))
    )
