"""Good multipliers for the bound of ``app.domain.cover``, guessed by subgradient steps.

Any multipliers that are not negative, and shares that together do not exceed their charge, give a
true lower bound; better ones only make the search shorter. So they may be guessed in floats and are
turned into whole numbers at the end (M. Held, P. Wolfe, H. P. Crowder, Validation of Subgradient
Optimization, Mathematical Programming 6, 1974).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from app.domain.cover import Choice, Cover, Option

STEPS_PER_CHOICE: Final = Fraction(3, 2)
FEWEST_STEPS: Final = 4
PATIENCE: Final = 3
"""Steps without a better bound before they are made shorter."""
SHORTER: Final = 0.6
SHORTEST: Final = 0.05
"""Shorter steps than this share of the first gain nothing worth their time."""
FINE: Final = 1 << 40
GAINED: Final = 1e-6
"""What counts as a gain, as a share of the known price."""


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Price per unit of each need, and per choice the share it bears of each charge it uses."""

    needs: tuple[int, ...]
    shares: tuple[Mapping[int, int], ...]


_Row: TypeAlias = tuple[list[int], list[tuple[float, list[float], list[int]]]]
"""A choice: shares that all options pay, and per option its price, gains and further shares."""


def guess(cover: Cover, price: int) -> Multipliers:
    """Return multipliers for a cover that can be had for ``price``."""
    dual = _Dual(cover, price or 1)
    for _ in range(max(FEWEST_STEPS, int(STEPS_PER_CHOICE * len(cover.choices)))):
        if not dual.step():
            break
    return dual.rounded()


class _Dual:
    """The dual in floats: prices in units of the known price, gains in units of their need."""

    def __init__(self, cover: Cover, price: int) -> None:
        self._cover = cover
        self._unit = price
        self._charges = [charge / price for charge in cover.charges]
        self._gain_units = [
            max((o.gains[place] for choice in cover.choices for o in choice.options), default=0)
            or 1
            for place in range(len(cover.needs))
        ]
        self._needs = [n / u for n, u in zip(cover.needs, self._gain_units, strict=True)]
        self._slots: list[list[int]] = [[] for _ in cover.charges]
        """Per charge, where the shares of those who use it stand."""
        self._slot_of: list[dict[int, int]] = [
            {
                charge: self._slot(charge)
                for charge in dict.fromkeys(c for o in choice.options for c in o.charges)
            }
            for choice in cover.choices
        ]
        self._shares = [0.0] * sum(len(slots) for slots in self._slots)
        for charge, slots in zip(self._charges, self._slots, strict=True):
            for slot in slots:
                self._shares[slot] = charge / len(slots)
        self._rows = [
            self._row(choice, slot_of)
            for choice, slot_of in zip(cover.choices, self._slot_of, strict=True)
        ]
        self._lagrange = [self._ratio(place) for place in range(len(cover.needs))]
        self._best = float("-inf")
        self._kept = (self._lagrange.copy(), self._shares.copy())
        self._length, self._stalled = 1.0, 0
        self._typical = sum(self._charges) / (len(self._charges) or 1) or 1.0

    def _slot(self, charge: int) -> int:
        slot = sum(len(slots) for slots in self._slots)
        self._slots[charge].append(slot)
        return slot

    def _row(self, choice: Choice, slot_of: Mapping[int, int]) -> _Row:
        """Return a choice in floats, with the charges all of its options ask for apart."""
        shared = set.intersection(*(set(option.charges) for option in choice.options))
        return (
            [slot_of[charge] for charge in sorted(shared)],
            [
                (
                    option.price / self._unit,
                    [g / u for g, u in zip(option.gains, self._gain_units, strict=True)],
                    [slot_of[charge] for charge in option.charges if charge not in shared],
                )
                for option in choice.options
                if _alone(self._cover, option) < self._unit
            ],
        )

    def _ratio(self, place: int) -> float:
        """Return the price per gain of the last option needed, the best ones taken first."""
        shares = self._shares
        ratios = sorted(
            ((price + sum(shares[slot] for slot in (*common, *slots))) / gains[place], gains[place])
            for common, options in self._rows
            for price, gains, slots in options
            if gains[place]
        )
        left = self._needs[place]
        for ratio, gain in ratios:
            left -= gain
            if left <= 0:
                return ratio / len(self._needs)
        return 0.0

    def step(self) -> bool:
        """Move once along the subgradient; False when nothing is left to gain."""
        bound, short, used, slacks = self._relaxed()
        if bound > self._best + GAINED:
            self._stalled = 0
        else:
            self._stalled += 1
            if self._stalled >= PATIENCE:
                self._length, self._stalled = self._length * SHORTER, 0
        if bound > self._best:
            self._best = bound
            self._kept = (self._lagrange.copy(), self._shares.copy())
        pulled = self._pulled(used, slacks)
        norm = sum([x * x for x in short]) + sum([weight for _, _, weight in pulled])
        if norm < GAINED or bound > 1.0 - GAINED or self._length < SHORTEST:
            return False
        step = self._length * (1.0 - bound) / norm
        self._lagrange = [
            max(0.0, m + step * x) for m, x in zip(self._lagrange, short, strict=True)
        ]
        for slot, sign, weight in pulled:
            self._shares[slot] = max(0.0, self._shares[slot] + step * sign * weight)
        return True

    def _relaxed(self) -> tuple[float, list[float], set[int], list[float]]:
        """Solve the relaxed problem.

        Return its value, what each need lacks, the shares of charges used, and what of each charge
        nobody bears.
        """
        lagrange, shares = self._lagrange, self._shares
        bound, short = 0.0, self._needs.copy()
        for multiplier, need in zip(lagrange, short, strict=True):
            bound += multiplier * need
        used = set[int]()
        for common, options in self._rows:
            # What the options share is paid once one of them is worth more than that.
            floor = 0.0
            for slot in common:
                floor -= shares[slot]
            best, taken = floor, None
            for option in options:
                price, gains, slots = option
                for multiplier, gain in zip(lagrange, gains, strict=True):
                    price -= multiplier * gain
                for slot in slots:
                    price += shares[slot]
                if price < best:
                    best, taken = price, option
            if taken is not None:
                bound += best - floor
                used.update(common)
                used.update(taken[2])
                for place, gain in enumerate(taken[1]):
                    short[place] -= gain
        slacks = [
            charge - sum([shares[slot] for slot in slots])
            for charge, slots in zip(self._charges, self._slots, strict=True)
        ]
        return bound + sum([min(0.0, slack) for slack in slacks]), short, used, slacks

    def _pulled(self, used: set[int], slacks: list[float]) -> list[tuple[int, int, float]]:
        """Return the shares to move, each with its sign and its weight.

        A share moves up where its charge is used and not paid, down where paid and not used, and
        in proportion to the charge.
        """
        pulled = []
        for charge, slots, slack in zip(self._charges, self._slots, slacks, strict=True):
            paid = slack < -GAINED
            weight = charge / self._typical
            sign = -1 if paid else 1
            pulled += [(slot, sign, weight) for slot in slots if (slot in used) is not paid]
        return pulled

    def rounded(self) -> Multipliers:
        """Return the best multipliers met, in whole numbers that keep the bound true."""
        lagrange, shares = self._kept
        whole = [self._in_units(share) for share in shares]
        for charge, slots in zip(self._cover.charges, self._slots, strict=True):
            _fit(whole, slots, charge)
        return Multipliers(
            tuple(
                self._in_units(m) // unit
                for m, unit in zip(lagrange, self._gain_units, strict=True)
            ),
            tuple(
                {charge: whole[slot] for charge, slot in slot_of.items()}
                for slot_of in self._slot_of
            ),
        )

    def _in_units(self, share: float) -> int:
        """Return a share of the known price in whole units of price, rounded down."""
        return int(share * FINE) * self._unit // FINE


def _alone(cover: Cover, option: Option) -> int:
    return option.price + sum(cover.charges[charge] for charge in option.charges)


def _fit(shares: list[int], slots: Sequence[int], charge: int) -> None:
    """Scale the shares at ``slots`` down until they do not exceed the charge."""
    total = sum(shares[slot] for slot in slots)
    if total > charge:
        for slot in slots:
            shares[slot] = shares[slot] * charge // total
