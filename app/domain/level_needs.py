"""What a level asks for: which areas must stand where, and which scores must reach how much.

The rules are those by which ``app.domain.world`` gives levels, read backwards: a dimension's level
needs its score, its critical areas and the gates on it; gates speak of levels again. Where a gate
leaves several ways open, there are several sets of demands, and meeting any one of them will do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor
from typing import Final, Literal, TypeAlias

from app.domain.definitions.structure import Aggregation, Dimension, Gate
from app.domain.expression import Reading, Reference
from app.domain.world import OVERALL, World


@dataclass(frozen=True, slots=True)
class Clears:
    """What a move is for.

    ``score``: the score of ``of`` (a dimension, or "overall") reaches its next level; ``critical``:
    a critical area no longer holds the dimension ``of`` down; ``gate``: the gate ``of`` no longer
    does; ``prerequisite``: the area ``of`` may be lifted.
    """

    kind: Literal["score", "critical", "gate", "prerequisite"]
    of: str


@dataclass(frozen=True, slots=True)
class Floor:
    """An area must stand at ``level`` at least."""

    area: str
    level: int
    why: Clears


@dataclass(frozen=True, slots=True)
class Threshold:
    """The weighted sum of area scores must reach ``least``.

    Not ``exact`` where a lowest score counts inside a mean: then meeting it is necessary but need
    not suffice.
    """

    weights: Mapping[str, Fraction]
    least: Fraction
    why: Clears
    exact: bool = True


Demands: TypeAlias = tuple[Floor | Threshold, ...]
Ways: TypeAlias = tuple[Demands, ...]
"""Sets of demands of which one must be met: none is impossible, an empty one is met already."""

MET: Final[Ways] = ((),)


class UnreadableGateError(Exception):
    """A gate reads more than levels and figures that moves leave as they are."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(gate.id)
        self.gate = gate


class LevelNeeds:
    """Reads the demands of levels off one world, in which every gate is tabulated once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._content = world.model.content
        self._tolerance = Fraction(self._content.scale.tolerance)
        self._tables: dict[str, _Table] = {}

    def of(self, target: str, level: int) -> Ways:
        """Return the ways to bring a dimension, or the overall level, to ``level``.

        Raises ``UnreadableGateError`` where a gate on the way cannot be read backwards.
        """
        if target != OVERALL:
            return self._reach(target, level, Clears("score", target))
        why = Clears("score", OVERALL)
        scores = [
            Threshold(found.weights, level - self._tolerance, why, found.exact)
            for found in self._overall_terms()
        ]
        return self._with_gates([tuple(scores)], OVERALL, level)

    def impassable(self, target: str, level: int) -> str | None:
        """Return the first gate on a target that no move can clear for ``level``."""
        for gate in self._content.gates:
            if gate.caps == target and not self._gate(gate, level):
                return gate.id
        return None

    def read_by(self, gate: Gate) -> tuple[str, ...]:
        """Return the areas and dimensions whose levels a gate reads, rated or not."""
        model = self._world.model
        sources = [gate.at] if gate.when is None else [gate.at, gate.when]
        found = (
            (model.vocabulary.canonical(reference) or reference.arguments)[0]
            for source in sources
            for reference in model.expression(source).references
            if reference.function == "level"
        )
        return tuple(dict.fromkeys(found))

    def _reach(self, name: str, level: int, why: Clears) -> Ways:
        today = self._world.level(name)
        if today is None or today >= level:
            return MET
        if name in self._world.model.areas:
            return ((Floor(name, level, why),),)
        dimension = self._world.model.dimensions[name]
        demands: list[Floor | Threshold] = [
            Threshold(found.weights, level - self._tolerance, why, found.exact)
            for found in self._terms(dimension)
        ]
        least = level - self._content.rating.critical_margin
        # The reason of a floor is the nearest one: a critical area is told as such.
        critical = Clears("critical", name)
        for area in dimension.critical:
            stands = self._world.level(area)
            if stands is not None and stands < least:
                demands.append(Floor(area, least, critical))
        return self._with_gates([tuple(demands)], name, level)

    def _with_gates(self, ways: Sequence[Demands], capped: str, level: int) -> Ways:
        found: Sequence[Demands] = ways
        for gate in self._content.gates:
            if gate.caps == capped:
                found = [(*a, *b) for a, b in product(found, self._gate(gate, level))]
        return tuple(found)

    # -- scores ----------------------------------------------------------------------------

    def _terms(self, dimension: Dimension) -> list["_Sum"]:
        rated = [area for area in dimension.areas if self._world.area(area.id).score is not None]
        parts = [(Fraction(area.weight), [_Sum({area.id: Fraction(1)})]) for area in rated]
        return _aggregated(dimension.aggregation, parts)

    def _overall_terms(self) -> list["_Sum"]:
        lenses = []
        for lens in self._content.lenses:
            inside = [
                (found.weight, self._terms(dimension))
                for dimension in self._content.dimensions
                if dimension.lens == lens.id
                and (found := self._world.dimension(dimension.id)).score is not None
            ]
            if inside:
                lenses.append((Fraction(lens.weight), _aggregated(lens.aggregation, inside)))
        return _aggregated(self._content.aggregation, lenses)

    # -- gates -----------------------------------------------------------------------------

    def _gate(self, gate: Gate, level: int) -> Ways:
        if gate.id not in self._tables:
            self._tables[gate.id] = _Table(self._world, gate)
        ways: list[Demands] = []
        for levels in self._tables[gate.id].lowest(level):
            combined: Ways = MET
            for name, wanted in levels:
                reach = self._reach(name, wanted, Clears("gate", gate.id))
                combined = tuple((*a, *b) for a, b in product(combined, reach))
            ways += combined
        return tuple(ways)


# -- sums of scores ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sum:
    """A weighted sum of area scores; where not ``exact``, one that is never below the score."""

    weights: Mapping[str, Fraction]
    exact: bool = True


def _aggregated(
    aggregation: Aggregation, parts: Sequence[tuple[Fraction, list[_Sum]]]
) -> list[_Sum]:
    """Return sums whose lowest is the aggregated score; each part is given the same way."""
    if aggregation == "minimum":
        return [found for _, part in parts for found in part]
    total = sum((weight for weight, _ in parts), Fraction(0))
    if not total:
        return []
    return [_weighted((weight / total, _mean(part)) for weight, part in parts)]


def _mean(parts: Sequence[_Sum]) -> _Sum:
    """Return one sum for the lowest of several: their mean, which is never below it."""
    if len(parts) == 1:
        return parts[0]
    share = Fraction(1, len(parts))
    return _Sum(_weighted((share, part) for part in parts).weights, exact=False)


def _weighted(parts: Iterable[tuple[Fraction, _Sum]]) -> _Sum:
    weights: dict[str, Fraction] = {}
    exact = True
    for share, part in parts:
        exact = exact and part.exact
        for area, weight in part.weights.items():
            weights[area] = weights.get(area, Fraction(0)) + share * weight
    return _Sum(weights, exact)


# -- gates read backwards ----------------------------------------------------------------------

_MOVED: Final = frozenset(
    {"index", "overall_level", "load_ratio", "capacity", "stage", "scale_stage"}
)
"""Computed figures that change when areas are lifted, in ways no table of levels shows."""


class _Table:
    """The ceiling a gate sets for every combination of the levels it reads, today's upwards."""

    def __init__(self, world: World, gate: Gate) -> None:
        sources = [gate.at] if gate.when is None else [gate.at, gate.when]
        model = world.model
        references = dict.fromkeys(
            reference for source in sources for reference in model.expression(source).references
        )
        moving: dict[Reference, tuple[str, int]] = {}
        for reference in references:
            name = (model.vocabulary.canonical(reference) or reference.arguments)[0]
            scored = name in model.areas or name in model.dimensions
            if (reference.function == "score" and scored) or (
                reference.function == "name" and name in _MOVED
            ):
                raise UnreadableGateError(gate)
            if reference.function == "level" and (today := world.level(name)) is not None:
                moving[reference] = (name, today)
        self._names = [name for name, _ in moving.values()]
        self._today = tuple(today for _, today in moving.values())
        top = model.content.scale.maximum
        self._ceilings = {
            levels: _ceiling(world, gate, dict(zip(moving, levels, strict=True)))
            for levels in product(*(range(today, top + 1) for today in self._today))
        }
        if not self._rises():
            raise UnreadableGateError(gate)

    def lowest(self, level: int) -> list[list[tuple[str, int]]]:
        """Return the lowest levels at which the gate lets ``level`` pass; today's are left out."""
        passing = [
            levels
            for levels, ceiling in self._ceilings.items()
            if ceiling is None or ceiling >= level
        ]
        return [
            [
                (name, wanted)
                for name, wanted, today in zip(self._names, levels, self._today, strict=True)
                if wanted > today
            ]
            for levels in passing
            if not any(other != levels and _below(other, levels) for other in passing)
        ]

    def _rises(self) -> bool:
        """Return whether a higher level never lowers the ceiling."""
        for levels, ceiling in self._ceilings.items():
            for place in range(len(levels)):
                higher = (*levels[:place], levels[place] + 1, *levels[place + 1 :])
                above = self._ceilings.get(higher)
                if above is not None and (ceiling is None or above < ceiling):
                    return False
        return True


def _below(low: tuple[int, ...], high: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(low, high, strict=True))


class _Given:
    """Answers references from one world, with some levels replaced."""

    def __init__(self, world: World, levels: Mapping[Reference, int]) -> None:
        self._world = world
        self._levels = levels

    def resolve(self, reference: Reference) -> Reading:
        """Return a replaced level, or the value of the world."""
        level = self._levels.get(reference)
        return self._world.resolve(reference) if level is None else level


def _ceiling(world: World, gate: Gate, levels: Mapping[Reference, int]) -> int | None:
    """Return the ceiling at these levels; None where the gate does not apply or is undecided."""
    given, model = _Given(world, levels), world.model
    if gate.when is not None and model.expression(gate.when).evaluate(given) is not True:
        return None
    value = model.expression(gate.at).evaluate(given)
    return floor(value) if isinstance(value, Fraction) else None
