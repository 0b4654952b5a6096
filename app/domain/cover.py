"""The cheapest way to meet several needs at once when some of the prices are shared.

Each *choice* is left alone or takes one of its options. An option has a price of its own, gains
towards every need, and *charges*: prices paid once, however many options ask for them. All numbers
are whole, so nothing is rounded; where no two answers cost the same, the answer is unique.

Exact branch and bound. The bound is the Lagrangian relaxation of the needs and of "who uses a
charge pays it" (M. L. Fisher, The Lagrangian Relaxation Method, Management Science 27, 1981): it
never exceeds the true price, whatever the multipliers (see ``app.domain.multipliers``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.multipliers import Multipliers, guess

Picks: TypeAlias = tuple[int | None, ...]
"""The option taken per choice; None leaves it alone."""

Accept: TypeAlias = Callable[[Picks], bool]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take a choice: its own price, its gain per need, and its charges by place."""

    price: int
    gains: tuple[int, ...]
    charges: tuple[int, ...]
    bits: int
    """The charges as a set of bits."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which at most one is taken.

    ``obliged_by`` is a charge as a bit, or 0: once anybody pays it, an option that asks for it
    must be taken here.
    """

    options: tuple[Option, ...]
    obliged_by: int = 0


@dataclass(frozen=True, slots=True)
class Cover:
    """Needs above zero, the choices whose gains meet them, and the price of every charge.

    Every option has one gain per need; a need without any gain cannot be met.
    """

    needs: tuple[int, ...]
    choices: tuple[Choice, ...]
    charges: tuple[int, ...]


def option(price: int, gains: tuple[int, ...], charges: Sequence[int]) -> Option:
    """Return an option with its charges in order."""
    places = tuple(sorted(set(charges)))
    return Option(price, gains, places, sum(1 << place for place in places))


def price_of(cover: Cover, picks: Picks) -> int:
    """Return what a set of options costs, every charge once."""
    taken = _taken(cover, picks)
    charges = {charge for option in taken for charge in option.charges}
    return sum(o.price for o in taken) + sum(cover.charges[charge] for charge in charges)


def meets(cover: Cover, picks: Picks) -> bool:
    """Return whether picks meet every need and every obligation."""
    taken = _taken(cover, picks)
    paid = 0
    for option in taken:
        paid |= option.bits
    for choice, pick in zip(cover.choices, picks, strict=True):
        bits = 0 if pick is None else choice.options[pick].bits
        if choice.obliged_by & paid and not choice.obliged_by & bits:
            return False
    return all(
        sum(option.gains[place] for option in taken) >= need
        for place, need in enumerate(cover.needs)
    )


def _taken(cover: Cover, picks: Picks) -> list[Option]:
    pairs = zip(cover.choices, picks, strict=True)
    return [choice.options[pick] for choice, pick in pairs if pick is not None]


def cheapest(cover: Cover, accept: Accept | None = None) -> Picks | None:
    """Return the cheapest picks that meet all needs; None when none do.

    ``accept`` may refuse picks that meet the needs; the search then goes on. Prices must not be
    negative, and every choice must have an option.
    """
    return _Search(cover, accept, _first_guess(cover)).run()


class _Search:
    """One depth-first search: choices in a fixed order, the most decided first."""

    def __init__(self, cover: Cover, accept: Accept | None, start: Picks | None) -> None:
        self._cover = cover
        self._accept = accept
        self._best: Picks | None = None
        # Above every price, so that the first picks found are kept.
        self._best_price = sum(cover.charges) + 1
        self._best_price += sum(max(o.price for o in choice.options) for choice in cover.choices)
        if start is not None and (accept is None or accept(start)):
            self._best, self._best_price = start, price_of(cover, start)
        self._picks: list[int | None] = [None] * len(cover.choices)
        self._lagrange: tuple[int, ...] = ()
        self._ways: list[list[_Way]] = []
        self._prepare(guess(cover, self._best_price))

    def run(self) -> Picks | None:
        """Return the cheapest picks found."""
        least = [min([0, *[way.reduced for way in ways]]) for ways in self._ways]
        needs = self._cover.needs
        bound = sum(m * need for m, need in zip(self._lagrange, needs, strict=True)) + sum(least)
        if bound < self._best_price:
            self._descend(0, 0, 0, self._barred, needs, least, bound)
        return self._best

    def _prepare(self, found: Multipliers) -> None:
        """Fix the ways that may still lead to a lower price, and the order of the choices."""
        cover = self._cover
        self._lagrange = found.needs
        ways = [
            [_way(pick, option, found.needs, shares) for pick, option in enumerate(choice.options)]
            for choice, shares in zip(cover.choices, found.shares, strict=True)
        ]
        bound = sum(m * need for m, need in zip(found.needs, cover.needs, strict=True))
        bound += sum(min(0, *[way.reduced for way in open_]) for open_ in ways)
        spare = self._best_price - bound
        self._barred = 0
        for place, choice in enumerate(cover.choices):
            least = min(0, *[way.reduced for way in ways[place]])
            kept = [
                way
                for way in ways[place]
                if way.reduced - least < spare and self._alone(way.option) < self._best_price
            ]
            self._ways.append(kept)
            # Nobody may pay for what could then not be taken.
            if not any(way.option.bits & choice.obliged_by for way in kept):
                self._barred |= choice.obliged_by
        self._listed: list[list[_Way | None]] = []
        for kept in self._ways:
            kept.sort(key=lambda way: way.reduced)
            good = [way for way in kept if way.reduced < 0]
            self._listed.append([*good, None, *kept[len(good) :]])
        places = [place for place, kept in enumerate(self._ways) if kept]
        self._order = sorted(
            places, key=lambda place: (-min(abs(w.reduced) for w in self._ways[place]), place)
        )
        self._look_ahead()

    def _alone(self, option: Option) -> int:
        return option.price + sum(self._cover.charges[charge] for charge in option.charges)

    def _look_ahead(self) -> None:
        """Note what the choices from each depth on can still gain, and are obliged to."""
        self._depth = [-1] * len(self._ways)
        for depth, place in enumerate(self._order):
            self._depth[place] = depth
        self._users: list[list[int]] = [[] for _ in self._cover.charges]
        for place in self._order:
            for charge in {charge for way in self._ways[place] for charge in way.bears}:
                self._users[charge].append(place)
        self._reach, self._pending = [(0,) * len(self._cover.needs)], [0]
        for place in reversed(self._order):
            gains = [way.option.gains for way in self._ways[place]]
            most = [max(column) for column in zip(*gains, strict=True)]
            reach = zip(self._reach[-1], most, strict=True)
            self._reach.append(tuple(ahead + here for ahead, here in reach))
            self._pending.append(self._pending[-1] | self._cover.choices[place].obliged_by)
        self._reach.reverse()
        self._pending.reverse()

    def _descend(
        self,
        depth: int,
        price: int,
        paid: int,
        barred: int,
        needs: tuple[int, ...],
        least: list[int],
        bound: int,
    ) -> None:
        """Decide the choice at ``depth``.

        ``paid`` and ``barred`` are charges, as bits; ``least`` holds the least reduced price of
        every choice; ``bound`` is what everything below here costs at least.
        """
        if max(needs, default=0) <= 0 and not paid & self._pending[depth] and self._record(price):
            return
        if depth == len(self._order):
            return
        for need, reach in zip(needs, self._reach[depth], strict=True):
            if need > reach:
                return
        place = self._order[depth]
        own = self._cover.choices[place].obliged_by
        bound -= least[place]
        for way in self._open(place, paid, barred):
            if way is None:
                if bound < self._best_price:
                    self._descend(depth + 1, price, paid, barred | own, needs, least, bound)
                continue
            option = way.option
            new = [charge for charge in option.charges if not paid >> charge & 1]
            spent = option.price + sum([self._cover.charges[charge] for charge in new])
            if price + spent >= self._best_price:
                continue
            after, change = self._refunded(least, new, depth, paid | option.bits)
            below = bound + spent - way.relief + change
            if below >= self._best_price:
                continue
            self._picks[place] = way.pick
            self._descend(
                depth + 1,
                price + spent,
                paid | option.bits,
                barred if option.bits & own else barred | own,
                tuple([need - gain for need, gain in zip(needs, option.gains, strict=True)]),
                after,
                below,
            )
            self._picks[place] = None

    def _record(self, price: int) -> bool:
        """Keep the picks if they are the best so far; False where ``accept`` refuses them."""
        if price >= self._best_price:
            return True
        picks = tuple(self._picks)
        if self._accept is not None and not self._accept(picks):
            return False
        self._best, self._best_price = picks, price
        return True

    def _open(self, place: int, paid: int, barred: int) -> list[_Way | None]:
        """Return the ways open at a choice, those that promise most first; None leaves it alone."""
        obliged = self._cover.choices[place].obliged_by & paid
        if obliged:
            return [
                way
                for way in self._ways[place]
                if way.option.bits & obliged and not way.option.bits & barred
            ]
        if not barred:
            return self._listed[place]
        return [way for way in self._listed[place] if way is None or not way.option.bits & barred]

    def _refunded(
        self, least: list[int], new: list[int], depth: int, paid: int
    ) -> tuple[list[int], int]:
        """Return the least reduced prices once more charges are paid, and how their sum changes."""
        after, change = least, 0
        for place in {place for charge in new for place in self._users[charge]}:
            if self._depth[place] > depth:
                lowest = min(0, *[way.price_once(paid) for way in self._ways[place]])
                if lowest != least[place]:
                    if after is least:
                        after = least.copy()
                    after[place] = lowest
                    change += lowest - least[place]
        return after, change


@dataclass(frozen=True, slots=True)
class _Way:
    """An option with its reduced price, and (charge as a bit, share) of what it bears.

    ``relief`` is what its gains are worth at the multipliers.
    """

    pick: int
    option: Option
    relief: int
    reduced: int
    bears: tuple[int, ...]
    shares: tuple[tuple[int, int], ...]

    def price_once(self, paid: int) -> int:
        """Return the reduced price without the shares of what is already paid."""
        value = self.reduced
        for bit, share in self.shares:
            if paid & bit:
                value -= share
        return value


def _way(pick: int, option: Option, lagrange: Sequence[int], shares: Mapping[int, int]) -> _Way:
    relief = sum(m * gain for m, gain in zip(lagrange, option.gains, strict=True))
    reduced = option.price + sum(shares[charge] for charge in option.charges) - relief
    bears = tuple(charge for charge in option.charges if shares[charge])
    borne = tuple((1 << charge, shares[charge]) for charge in bears)
    return _Way(pick, option, relief, reduced, bears, borne)


def _first_guess(cover: Cover) -> Picks | None:
    """Return good picks that meet all needs, quickly; None where none come to hand.

    Takes again and again the option with the most use for its price, then drops what turned out
    superfluous.
    """
    picks: list[int | None] = [None] * len(cover.choices)
    prices, shorts, paid = [0] * len(picks), list(cover.needs), 0
    while any(short > 0 for short in shorts):
        step = _most_useful(cover, picks, prices, shorts, paid)
        if step is None:
            return None
        place, pick = step
        taken, before = cover.choices[place].options[pick], picks[place]
        old = cover.choices[place].options[before].gains if before is not None else None
        for need, gain in enumerate(taken.gains):
            shorts[need] -= gain - (old[need] if old else 0)
        picks[place], prices[place] = pick, taken.price
        paid |= taken.bits
    _oblige(cover, picks)
    for place in range(len(picks)):
        without = picks.copy()
        without[place] = None
        if picks[place] is not None and meets(cover, tuple(without)):
            picks = without
    return tuple(picks) if meets(cover, tuple(picks)) else None


def _most_useful(
    cover: Cover,
    picks: Sequence[int | None],
    prices: Sequence[int],
    shorts: Sequence[int],
    paid: int,
) -> tuple[int, int] | None:
    """Return the choice and option with the lowest price for what it adds to the needs."""
    best: tuple[float, int, int] | None = None
    open_needs = [(place, short) for place, short in enumerate(shorts) if short > 0]
    for place, choice in enumerate(cover.choices):
        pick = picks[place]
        now = choice.options[pick].gains if pick is not None else (0,) * len(shorts)
        for number, option in enumerate(choice.options):
            # An option that gives up what is gained already could go on for ever.
            if any(gain < have for gain, have in zip(option.gains, now, strict=True)):
                continue
            use = 0.0
            for need, short in open_needs:
                use += min(option.gains[need] - now[need], short) / short
            if use <= 0:
                continue
            price = option.price - prices[place]
            for charge in option.charges:
                if not paid >> charge & 1:
                    price += cover.charges[charge]
            found = (price / use, place, number)
            if best is None or found < best:
                best = found
    return best[1:] if best is not None else None


def _oblige(cover: Cover, picks: list[int | None]) -> None:
    """Take what the charges paid oblige to, as far as two rounds lead."""
    for _ in range(2):
        paid = 0
        for option in _taken(cover, tuple(picks)):
            paid |= option.bits
        for place, choice in enumerate(cover.choices):
            pick = picks[place]
            bits = 0 if pick is None else choice.options[pick].bits
            if choice.obliged_by & paid and not choice.obliged_by & bits:
                fitting = [
                    (option.price, number)
                    for number, option in enumerate(choice.options)
                    if option.bits & choice.obliged_by
                ]
                picks[place] = min(fitting)[1] if fitting else None
