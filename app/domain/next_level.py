"""The cheapest set of moves that brings a dimension, or the whole, to its next level.

A move lifts one area by one level. Lifted to level n, an area stands at n and its score is n, or
what it was if that is more: a move makes what the level asks for true, and takes nothing away. An
area may only be lifted when all areas it requires stand at the model's standing level; lifting
them belongs to the set and to its price. Areas nobody rated are neither moved nor counted, as in
the scores; where they could decide, they are named to be measured first.

Nothing cheaper exists (``app.domain.cover`` searches exactly). Among sets of equal price the one
with fewer moves is taken, then the one that moves single areas less far, then the one whose areas
stand earlier in the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.level_needs import (
    Clears,
    Demands,
    Floor,
    LevelNeeds,
    Threshold,
    UnreadableGateError,
)
from app.domain.move_costs import MoveCosts, heads, move_costs, post_hours
from app.domain.move_search import Ground, Levels, cheapest_levels
from app.domain.ordering import ordered
from app.domain.scoring import AreaScore
from app.domain.world import OVERALL, World

Blocked: TypeAlias = Literal["top", "unrated", "gate", "unreadable"]
"""Why there is no set of moves: the scale ends here; nothing is rated; a gate on it cannot be
cleared by any move; a gate on it reads something no table of levels shows."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step up of one area, from ``start`` to ``level``.

    ``hours`` are those of the move and of the ``sops`` that come with it; a SOP that several areas
    need comes with the first of them. ``clears`` tells what the move is for.
    """

    area: str
    start: int
    level: int
    hours: Fraction
    sops: tuple[str, ...]
    clears: tuple[Clears, ...]


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The way of ``target`` (a dimension, or "overall") from the level ``today`` to ``level``.

    ``moves`` come in the order they can be done. ``hours`` are all they take, ``set_up`` the part
    for setting up SOPs, ``monthly`` what these SOPs then take every month: ``posts`` splits it by
    post, ``heads`` is its FTE without the people of stores. Hours are None where the model gives no
    effort. ``measure_first`` are areas nobody rated whose rating could make the moves too few or
    needless. Without moves ``blocked`` says why, ``gate`` which gate it is.
    """

    target: str
    today: int | None
    level: int | None
    moves: tuple[Move, ...] = ()
    hours: Fraction | None = None
    set_up: Fraction | None = None
    monthly: Fraction | None = None
    heads: Fraction | None = None
    posts: Mapping[str, Fraction] = field(default_factory=dict)
    measure_first: tuple[str, ...] = ()
    blocked: Blocked | None = None
    gate: str | None = None

    @property
    def sops(self) -> tuple[str, ...]:
        """The SOPs of all moves, in their order."""
        return tuple(sop for move in self.moves for sop in move.sops)


def next_levels(world: World, costs: MoveCosts | None = None) -> Mapping[str, NextLevel]:
    """Return the cheapest way up for every dimension and for "overall", by target."""
    paths = Paths(world, costs if costs is not None else move_costs(world))
    return {target: paths.to_next(target) for target in (*world.model.dimensions, OVERALL)}


class Paths:
    """Finds the ways up of one world, at the costs given."""

    def __init__(self, world: World, costs: MoveCosts) -> None:
        self._world = world
        self._costs = costs
        self._needs = LevelNeeds(world)
        self._ground = Ground(world, costs)

    def to_next(self, target: str) -> NextLevel:
        """Return the cheapest way of a dimension, or of "overall", to its next level."""
        today = self._today(self._world, target)
        if today is None:
            return self._blocked(target, None, "unrated", measure=self._unrated(target))
        if today >= self._ground.top:
            return self._blocked(target, today, "top")
        return self.to(target, today + 1)

    def to(self, target: str, level: int) -> NextLevel:
        """Return the cheapest way of a target that is rated to a level above today's."""
        today = self._today(self._world, target)
        try:
            ways = self._needs.of(target, level)
        except UnreadableGateError as error:
            return self._blocked(target, today, "unreadable", gate=error.gate.id)

        def reaches(levels: Levels) -> bool:
            reached = self._today(self._after(levels), target)
            return reached is not None and reached >= level

        found = [
            (best.price, best.levels, demands)
            for demands in ways
            if (best := cheapest_levels(self._ground, demands, reaches)) is not None
        ]
        if not found:
            return self._blocked(target, today, "gate", gate=self._needs.impassable(target, level))
        _, levels, demands = min(found, key=lambda item: item[0])
        moves = self._moves(levels, demands)
        return self._priced(
            NextLevel(
                target, today, level, moves, measure_first=self._hinges(target, level, levels)
            )
        )

    @staticmethod
    def _today(world: World, target: str) -> int | None:
        return world.scorecard.level if target == OVERALL else world.dimension(target).level

    @staticmethod
    def _blocked(
        target: str,
        today: int | None,
        why: Blocked,
        gate: str | None = None,
        measure: tuple[str, ...] = (),
    ) -> NextLevel:
        level = today + 1 if today is not None and why != "top" else None
        return NextLevel(target, today, level, measure_first=measure, blocked=why, gate=gate)

    # -- moves -----------------------------------------------------------------------------

    def _moves(self, levels: Levels, demands: Demands) -> tuple[Move, ...]:
        """Return the steps up to ``levels``, each area after those it requires."""
        ground, model = self._ground, self._world.model
        lifted = [place for place, level in enumerate(levels) if ground.lifted(place, level)]
        names = [ground.areas[place] for place in lifted]
        requires = {name: model.areas[name].requires for name in names}
        demands = tuple(item for item in demands if isinstance(item, Floor) or self._short(item))
        met = set[str]()
        moves = []
        for name in ordered(names, requires, lambda area: ground.place[area]):
            place = ground.place[name]
            start, goal = ground.today[place], levels[place]
            if start is None or goal is None:
                continue
            for level in range(start + 1, goal + 1):
                new = tuple(sop for sop in self._costs.sops.get(name, ()) if sop not in met)
                met.update(new)
                hours = self._costs.effort(name, level)
                hours += sum((self._costs.hours[sop].counted for sop in new), Fraction(0))
                clears = self._clears(name, level, names, demands)
                moves.append(Move(name, level - 1, level, hours, new, clears))
        return tuple(moves)

    def _clears(
        self, area: str, level: int, lifted: list[str], demands: Demands
    ) -> tuple[Clears, ...]:
        """Return what one step of an area is for: floors, prerequisites, then scores."""
        model, ground = self._world.model, self._ground
        why = [
            item.why
            for item in demands
            if isinstance(item, Floor) and item.area == area and level <= item.level
        ]
        if level <= ground.standing:
            why += [
                Clears("prerequisite", other)
                for other in lifted
                if area in model.areas[other].requires
            ]
        why += [
            item.why for item in demands if isinstance(item, Threshold) and item.weights.get(area)
        ]
        return tuple(dict.fromkeys(why))

    def _short(self, threshold: Threshold) -> bool:
        """Return whether today's scores miss a threshold."""
        have = sum(
            (
                weight * (self._world.area(area).score or 0)
                for area, weight in threshold.weights.items()
            ),
            Fraction(0),
        )
        return have < threshold.least or not threshold.exact

    def _priced(self, path: NextLevel) -> NextLevel:
        if not self._costs.in_hours:
            return path
        new = [self._costs.hours[sop] for sop in path.sops]
        return replace(
            path,
            hours=sum((move.hours for move in path.moves), Fraction(0)),
            set_up=sum((hours.set_up for hours in new), Fraction(0)),
            monthly=sum((hours.monthly for hours in new), Fraction(0)),
            heads=heads(self._costs, path.sops),
            posts=post_hours(self._costs, path.sops),
        )

    # -- what is not known -----------------------------------------------------------------

    def _unrated(self, target: str) -> tuple[str, ...]:
        """Return the areas of a target that the form asks and nobody could rate."""
        model = self._world.model
        dimensions = model.content.dimensions if target == OVERALL else [model.dimensions[target]]
        areas = [area.id for dimension in dimensions for area in dimension.areas]
        return tuple(area for area in areas if self._open(area))

    def _open(self, area: str) -> bool:
        found = self._world.area(area)
        return found.asked and found.score is None

    def _hinges(self, target: str, level: int, levels: Levels) -> tuple[str, ...]:
        """Return the unrated areas on which it depends whether the moves are enough, or needed.

        Those a lifted area requires always are; those that count for the target are when, all at
        the bottom of the scale, they would make the moves too few, or all at the top needless.
        """
        required = {
            needed
            for place, reached in enumerate(levels)
            if self._ground.lifted(place, reached)
            for needed in self._world.model.areas[self._ground.areas[place]].requires
            if self._open(needed)
        }
        counting = self._counting(target)
        if counting and self._decide(target, level, levels, counting):
            required.update(counting)
        return tuple(area for area in self._ground.areas if area in required)

    def _counting(self, target: str) -> list[str]:
        """Return the unrated areas a target's level is made of, through its gates as well."""
        model = self._world.model
        if target == OVERALL:
            return [area for area in model.areas if self._open(area)]
        dimensions, waiting = dict[str, None](), [target]
        areas = dict[str, None]()
        while waiting:
            name = waiting.pop()
            if name in dimensions:
                continue
            dimensions[name] = None
            areas.update((area.id, None) for area in model.dimensions[name].areas)
            for gate in model.content.gates:
                if gate.caps == name:
                    for read in self._needs.read_by(gate):
                        if read in model.dimensions:
                            waiting.append(read)
                        else:
                            areas[read] = None
        return [area for area in areas if self._open(area)]

    def _decide(self, target: str, level: int, levels: Levels, open_: list[str]) -> bool:
        scale = self._world.model.content.scale
        worst = self._today(self._after(levels, open_, scale.minimum), target)
        best = self._today(self._after(self._ground.today, open_, scale.maximum), target)
        return (worst is not None and worst < level) or (best is not None and best >= level)

    def _after(self, levels: Levels, open_: list[str] | None = None, at: int = 0) -> World:
        """Return the world with areas at other levels, and those in ``open_`` rated ``at``."""
        world, ground = self._world, self._ground
        areas: dict[str, AreaScore] = {}
        for place, name in enumerate(ground.areas):
            found, level = world.area(name), levels[place]
            if open_ and name in open_:
                found = replace(found, score=Fraction(at), level=at, held_by=None)
            elif level is not None and ground.lifted(place, level):
                score = Fraction(ground.score(place, level), ground.unit)
                found = replace(found, score=score, level=level, held_by=None)
            areas[name] = replace(found, trust=world.evidence(name))
        return World(world.model, world.assessment, areas)
