"""The customer pulse: what customers say beside what the team says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import PulseItem
from app.domain.world import World

PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True, slots=True)
class PulseLine:
    """One pulse item: mean on the scale, NPS (−100 … 100) or counts of choices; texts verbatim.

    ``gap`` = team's area score − customers' mean, in levels, where the item cross-checks an area
    and enough customers answered; ``finding`` says it is large enough to report.
    """

    item: PulseItem
    n: int
    mean: Fraction | None
    nps: Fraction | None
    counts: Mapping[str, int]
    texts: tuple[str, ...]
    gap: Fraction | None
    finding: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """All pulse items; ``enough`` says whether the number of customers allows a cross-check."""

    lines: tuple[PulseLine, ...]
    customers: int
    enough: bool


def read_pulse(world: World) -> Pulse | None:
    """Summarise the pulse; None when no customer answered."""
    answers = world.assessment.pulse
    if not answers:
        return None
    bands = world.model.content.rating.agreement
    enough = len(answers) >= bands.pulse_minimum
    lines = tuple(_line(world, item, enough) for item in world.model.content.pulse)
    return Pulse(lines, len(answers), enough)


def _line(world: World, item: PulseItem, enough: bool) -> PulseLine:
    values = [given[item.id] for given in world.assessment.pulse if item.id in given]
    numbers = [
        Fraction(value)
        for value in values
        if isinstance(value, int | Fraction) and not isinstance(value, bool)
    ]
    texts = tuple(value for value in values if isinstance(value, str))
    mean = sum(numbers, Fraction(0)) / len(numbers) if numbers else None
    team = world.area(item.area).score if item.area is not None else None
    gap = team - mean if enough and team is not None and mean is not None else None
    limit = Fraction(world.model.content.rating.agreement.pulse_gap)
    return PulseLine(
        item=item,
        n=len(values),
        mean=mean if item.type == "scale" else None,
        nps=_nps(numbers) if item.type == "nps" else None,
        counts=dict(sorted(Counter(texts).items())) if item.type == "choice" else {},
        texts=texts if item.type == "text" else (),
        gap=gap,
        finding=gap is not None and abs(gap) >= limit,
    )


def _nps(numbers: list[Fraction]) -> Fraction | None:
    if not numbers:
        return None
    promoters = sum(number >= PROMOTER for number in numbers)
    detractors = sum(number <= DETRACTOR for number in numbers)
    return Fraction(100 * (promoters - detractors), len(numbers))
