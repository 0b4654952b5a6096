"""All clients of a consultancy: where each stands, and what the archetypes look like among them.

These are the consultancy's own clients, each of which it may see anyway; so nothing is held back
here. What may be told of clients to others is another matter (``app.domain.benchmark_cells``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.diagnosis import Diagnosis
from app.domain.scoring import combined

Limiting: TypeAlias = Literal["gate", "dimension"]


@dataclass(frozen=True, slots=True)
class LimitingFactor:
    """What holds a client down most.

    ``kind`` and ``id`` name it: the ``gate`` that binds the overall level, with what it binds
    through in ``through``; else the dimension with most to gain, with its lowest areas. ``gain`` is
    the index points (0–100) the client would gain if that dimension stood at the top of the scale.
    """

    kind: Limiting
    id: str
    through: tuple[str, ...]
    gain: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ClientStanding:
    """Where a client stood in its newest diagnosis. Ids throughout; None where not rated.

    ``shares`` says that the client agreed to count in benchmarks. ``previous`` is the index of the
    diagnosis before, ``rounds`` how many there were.
    """

    client: str
    archetype: str | None
    as_of: date
    index: Fraction | None
    level: int | None
    stage: str | None
    limiting: LimitingFactor | None
    dimensions: Mapping[str, Fraction | None]
    shares: bool
    previous: Fraction | None = None
    rounds: int = 1

    @property
    def gained(self) -> Fraction | None:
        """Index points since the diagnosis before. Not split into practice and rules."""
        if self.index is None or self.previous is None:
            return None
        return self.index - self.previous


@dataclass(frozen=True, slots=True)
class ArchetypeLine:
    """The clients of one archetype (None: not said): how many at each level and stage.

    ``levels`` and ``stages`` count clients, under None those not rated; ``median`` is of the
    ``rated`` indices. ``limiting`` counts what holds them down, the most frequent first.
    """

    archetype: str | None
    clients: int
    rated: int
    levels: Mapping[int | None, int]
    stages: Mapping[str | None, int]
    median: Fraction | None
    limiting: tuple[tuple[str, int], ...]


def standing(
    client: str,
    diagnosis: Diagnosis,
    *,
    shares: bool,
    previous: Fraction | None = None,
    rounds: int = 1,
) -> ClientStanding:
    """Return where a client stands by its newest diagnosis."""
    card, stage = diagnosis.scorecard, diagnosis.stage
    return ClientStanding(
        client=client,
        archetype=diagnosis.basis.world.figures.text("archetype"),
        as_of=diagnosis.as_of,
        index=card.index,
        level=card.level,
        stage=stage.stage.id if stage is not None and stage.decided else None,
        limiting=limiting_factor(diagnosis),
        dimensions={name: found.score for name, found in card.dimensions.items()},
        shares=shares,
        previous=previous,
        rounds=rounds,
    )


def limiting_factor(diagnosis: Diagnosis) -> LimitingFactor | None:
    """Return what holds a client down most; None where nothing was rated.

    A gate that binds comes first: no score helps while it stands. Without one it is the dimension
    whose rise to the top would bring the most index points.
    """
    card = diagnosis.scorecard
    if card.binding is not None:
        return LimitingFactor("gate", card.binding.gate.id, card.binding.binds)
    gains = {name: _gain(diagnosis, name) for name in card.dimensions}
    known = {name: gain for name, gain in gains.items() if gain is not None}
    if not known:
        return None
    worst = max(known, key=lambda name: known[name])
    areas = {
        area.id: score
        for area in diagnosis.model.dimensions[worst].areas
        if (score := card.areas[area.id].score) is not None
    }
    lowest = min(areas.values(), default=None)
    through = tuple(name for name, score in areas.items() if score == lowest)
    return LimitingFactor("dimension", worst, through, known[worst])


def _gain(diagnosis: Diagnosis, dimension: str) -> Fraction | None:
    """Return the index points gained if a dimension stood at the top and nothing else moved."""
    content, card = diagnosis.model.content, diagnosis.scorecard
    scores = {name: found.score for name, found in card.dimensions.items()}
    if scores[dimension] is None or card.overall is None:
        return None
    scores[dimension] = Fraction(content.scale.maximum)
    lenses = [
        (
            Fraction(lens.weight),
            combined(
                lens.aggregation,
                [
                    (card.dimensions[one.id].weight, scores[one.id])
                    for one in content.dimensions
                    if one.lens == lens.id
                ],
            ),
        )
        for lens in content.lenses
    ]
    overall = combined(content.aggregation, lenses)
    span = content.scale.maximum - content.scale.minimum
    return None if overall is None else (overall - card.overall) / span * 100


def by_archetype(clients: Iterable[ClientStanding]) -> tuple[ArchetypeLine, ...]:
    """Return the distribution per archetype, the most frequent first, those not said last."""
    groups: dict[str | None, list[ClientStanding]] = {}
    for client in clients:
        groups.setdefault(client.archetype, []).append(client)
    lines = [_archetype_line(name, own) for name, own in groups.items()]
    return tuple(
        sorted(lines, key=lambda one: (one.archetype is None, -one.clients, one.archetype or ""))
    )


def _archetype_line(name: str | None, clients: list[ClientStanding]) -> ArchetypeLine:
    indices = [client.index for client in clients if client.index is not None]
    limiting = Counter(client.limiting.id for client in clients if client.limiting is not None)
    return ArchetypeLine(
        archetype=name,
        clients=len(clients),
        rated=len(indices),
        levels=Counter(client.level for client in clients),
        stages=Counter(client.stage for client in clients),
        median=quantile(indices, Fraction(1, 2)) if indices else None,
        limiting=tuple(sorted(limiting.items(), key=lambda item: (-item[1], item[0]))),
    )


def quantile(values: Iterable[Fraction], share: Fraction) -> Fraction:
    """Return a quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan,
    Sample Quantiles in Statistical Packages, 1996). Raises ``ValueError`` without values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing has no quantile")
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
