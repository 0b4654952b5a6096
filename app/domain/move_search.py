"""From demands to moves: areas, prerequisites and SOPs as one ``Cover``, searched exactly.

Prices are whole numbers made of four parts, the weightier first: hours, the number of moves, how
far single areas are moved, and the places of the areas. So no two sets have the same price, and the
cheapest one is unique.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, TypeAlias

from app.domain.cover import Choice, Cover, Option, Picks, cheapest, option, price_of
from app.domain.level_needs import Demands, Floor, Threshold
from app.domain.move_costs import MoveCosts
from app.domain.world import World

Levels: TypeAlias = tuple[int | None, ...]
"""The level of every area of the model, in its order; None where it is not rated."""

NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Found:
    """Levels that meet demands, and the price of reaching them."""

    levels: Levels
    price: int


class Ground:
    """Where the areas stand, what lifting each of them costs and needs."""

    def __init__(self, world: World, costs: MoveCosts) -> None:
        scale = world.model.content.scale
        self.areas = tuple(world.model.areas)
        self.place = {area: place for place, area in enumerate(self.areas)}
        self.today: Levels = tuple(world.level(area) for area in self.areas)
        scores = [world.area(area).score for area in self.areas]
        self.unit = lcm(*(score.denominator for score in scores if score is not None))
        """Scores are counted in this part of a point, so that all of them are whole."""
        self._scores = [int((score or NOTHING) * self.unit) for score in scores]
        self.top = scale.maximum
        self.standing = world.model.content.rating.standing_level
        self._requires = [
            [
                self.place[needed]
                for needed in world.model.areas[area].requires
                if self.today[self.place[needed]] is not None
            ]
            for area in self.areas
        ]
        self._sops = [costs.sops.get(area, ()) for area in self.areas]
        self._price_parts(costs, scale.maximum - scale.minimum)

    def _price_parts(self, costs: MoveCosts, steps: int) -> None:
        efforts = {
            (place, level): costs.effort(area, level)
            for place, area in enumerate(self.areas)
            if (today := self.today[place]) is not None
            for level in range(today + 1, self.top + 1)
        }
        paid = {sop: costs.hours[sop].counted for sops in self._sops for sop in sops}
        hours = lcm(*(h.denominator for h in (*efforts.values(), *paid.values())))
        digit, count = steps + 1, len(self.areas)
        steep = digit**count
        move = steep * (count * steps * (steps + 1) // 2 + 1)
        hour = hours * move * (steps * count + 1)
        self._steps = {
            (place, level): int(effort * hour)
            + move
            + steep * (level - (self.today[place] or 0))
            + digit**place
            for (place, level), effort in efforts.items()
        }
        self._charges = {sop: int(amount * hour) for sop, amount in paid.items()}

    def score(self, place: int, level: int) -> int:
        """Return a rated area's score at a level: what it was, or the level if that is more."""
        score = self._scores[place]
        return score if level == self.today[place] else max(score, level * self.unit)

    def price(self, place: int, start: int | None, level: int | None) -> int:
        """Return the price of lifting an area, without SOPs; 0 for one nobody rated."""
        if start is None or level is None:
            return 0
        return sum(self._steps[place, step] for step in range(start + 1, level + 1))

    def requires(self, place: int) -> Sequence[int]:
        """Return the rated areas that must stand before an area is lifted."""
        return self._requires[place]

    def closed(self, levels: Levels) -> Levels:
        """Return levels with every prerequisite of a lifted area brought to stand."""
        found = list(levels)
        waiting = [place for place in range(len(found)) if self.lifted(place, found[place])]
        while waiting:
            for needed in self._requires[waiting.pop()]:
                stands = found[needed]
                if stands is not None and stands < self.standing:
                    found[needed] = self.standing
                    waiting.append(needed)
        return tuple(found)

    def lifted(self, place: int, level: int | None) -> bool:
        """Return whether a level is above today's."""
        return level is not None and level != self.today[place]

    def sops(self, places: Iterable[int]) -> tuple[str, ...]:
        """Return the SOPs that come with lifting areas, each once."""
        return tuple(dict.fromkeys(sop for place in places for sop in self._sops[place]))

    def charge(self, sop: str) -> int:
        """Return the price of a SOP."""
        return self._charges[sop]


def cheapest_levels(
    ground: Ground, demands: Demands, accept: Callable[[Levels], bool]
) -> Found | None:
    """Return the cheapest levels that meet all demands; None when nothing does.

    ``accept`` has the last word where a threshold is not exact.
    """
    base = _base(ground, demands)
    search = _Search(ground, base, [item for item in demands if isinstance(item, Threshold)])
    exact = all(item.exact for item in demands if isinstance(item, Threshold))
    if not search.cover.needs and (exact or accept(base)):
        return Found(base, search.base_price)
    if not search.cover.choices:
        return None
    if exact:
        picks = cheapest(search.cover)
    else:
        picks = cheapest(search.cover, lambda picks: accept(search.levels(picks)))
    if picks is None:
        return None
    return Found(search.levels(picks), search.base_price + price_of(search.cover, picks))


def _base(ground: Ground, demands: Demands) -> Levels:
    """Return today's levels raised to every floor, with the prerequisites of what that lifts."""
    levels = list(ground.today)
    for item in demands:
        if isinstance(item, Floor):
            place = ground.place[item.area]
            levels[place] = max(levels[place] or item.level, item.level)
    return ground.closed(tuple(levels))


class _Search:
    """The cover of one set of thresholds above base levels.

    Its charges are the SOPs not paid yet and, per area below the standing level, a *package*: the
    moves that bring it to stand. Whoever needs the area pays the package, the area itself included.
    """

    def __init__(self, ground: Ground, base: Levels, thresholds: Sequence[Threshold]) -> None:
        self._ground = ground
        self._base = base
        raised = [place for place, level in enumerate(base) if ground.lifted(place, level)]
        self._paid = ground.sops(raised)
        self.base_price = sum(ground.charge(sop) for sop in self._paid)
        self.base_price += sum(
            ground.price(place, ground.today[place], base[place]) for place in raised
        )
        self._raised = frozenset(raised)
        self._charges: list[int] = []
        self._sop_charges: dict[str, int] = {}
        self._packages: dict[int, int] = {}
        self._options: list[list[tuple[int, Option]]] = []
        """Per choice its options with the levels they lead to."""
        self._chosen: list[int] = []
        self.cover = self._cover(thresholds)

    def levels(self, picks: Picks) -> Levels:
        """Return the levels that picks come to."""
        levels, paid = list(self._base), 0
        for place, ways, pick in zip(self._chosen, self._options, picks, strict=True):
            if pick is not None:
                levels[place], taken = ways[pick]
                paid |= taken.bits
        for place, charge in self._packages.items():
            stands = levels[place]
            if paid >> charge & 1 and stands is not None:
                levels[place] = max(stands, self._ground.standing)
        return tuple(levels)

    def _cover(self, thresholds: Sequence[Threshold]) -> Cover:
        """Return the cover of the thresholds that the base does not meet yet."""
        rows = [(self._whole(item), item.exact) for item in thresholds]
        unmet = [(weights, lacking) for (weights, lacking), _ in rows if lacking > 0]
        loose = not all(exact for _, exact in rows)
        places = {
            place
            for (weights, lacking), exact in rows
            for place in weights
            if lacking > 0 or not exact
        }
        standing = self._ground.standing
        choices = []
        for place in sorted(places):
            base = self._ground.score(place, self._level(place))
            ways = []
            for level in range(self._level(place) + 1, self._ground.top + 1):
                more = self._ground.score(place, level) - base
                gains = tuple([weights.get(place, 0) * more for weights, _ in unmet])
                if loose or any(gains) or level == standing:
                    ways.append((level, gains))
            if ways:
                choices.append(self._choice(place, ways))
        return Cover(tuple(lacking for _, lacking in unmet), tuple(choices), tuple(self._charges))

    def _whole(self, threshold: Threshold) -> tuple[dict[int, int], int]:
        """Return a threshold's weights by place, and what the base lacks, in whole numbers."""
        ground, weights = self._ground, threshold.weights
        unit = lcm(threshold.least.denominator, *(w.denominator for w in weights.values()))
        whole = {ground.place[area]: int(weight * unit) for area, weight in weights.items()}
        have = sum(
            weight * ground.score(place, self._level(place)) for place, weight in whole.items()
        )
        return whole, int(threshold.least * unit * ground.unit) - have

    def _level(self, place: int) -> int:
        """Return the base level of an area that is rated."""
        level = self._base[place]
        if level is None:
            raise ValueError("an area nobody rated cannot be moved")
        return level

    def _choice(self, place: int, ways: Sequence[tuple[int, tuple[int, ...]]]) -> Choice:
        """Return an area as a choice among levels, each with its gains."""
        ground, base = self._ground, self._level(place)
        lifting = self._lifting(place)
        below = base < ground.standing
        package = self._package(place) if below else None
        found = []
        for level, gains in ways:
            charges, price = lifting, ground.price(place, base, level)
            if package is not None and level >= ground.standing:
                charges = [*lifting, package]
                price -= self._charges[package]
            found.append((level, option(price, gains, charges)))
        self._chosen.append(place)
        self._options.append(found)
        obliged = 1 << package if package is not None else 0
        return Choice(tuple(way for _, way in found), obliged)

    def _lifting(self, place: int) -> list[int]:
        """Return the charges of lifting an area at all: SOPs and prerequisites, theirs included."""
        ground, charges = self._ground, list[int]()
        seen, waiting = {place}, [place]
        while waiting:
            following = waiting.pop()
            if following in self._raised:
                continue
            new = [sop for sop in ground.sops([following]) if sop not in self._paid]
            charges += [self._sop(sop) for sop in new if ground.charge(sop)]
            for needed in ground.requires(following):
                if needed not in seen and self._level(needed) < ground.standing:
                    seen.add(needed)
                    charges.append(self._package(needed))
                    waiting.append(needed)
        return charges

    def _sop(self, sop: str) -> int:
        if sop not in self._sop_charges:
            self._sop_charges[sop] = len(self._charges)
            self._charges.append(self._ground.charge(sop))
        return self._sop_charges[sop]

    def _package(self, place: int) -> int:
        if place not in self._packages:
            self._packages[place] = len(self._charges)
            price = self._ground.price(place, self._level(place), self._ground.standing)
            self._charges.append(price)
        return self._packages[place]
