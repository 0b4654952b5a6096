"""How far the respondents of an enterprise see one reality: gap, spread and agreement indices.

All functions take plain ratings (scores on the model's scale, ``int`` or ``Fraction``) and compute
exactly; only a standard deviation, being a root, is a float. A statistic that the answers cannot
carry is None ("not assessed"), never zero. Where a threshold decides something, compare the exact
figures: ``sample_variance`` against the squared threshold, the others directly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from typing import Final, Literal, TypeAlias

Rating: TypeAlias = Fraction | int

Metric: TypeAlias = Literal["nominal", "ordinal", "interval"]

MIN_FOR_SPREAD: Final = 2
"""Fewest ratings for a standard or average deviation."""

MIN_FOR_RWG: Final = 3
"""Fewest ratings for r_wg; with two, show the difference itself."""


def mean(ratings: Sequence[Rating]) -> Fraction | None:
    """Return the arithmetic mean, or None without ratings."""
    if not ratings:
        return None
    return sum((Fraction(rating) for rating in ratings), Fraction(0)) / len(ratings)


def directional_gap(top_means: Sequence[Rating], front_means: Sequence[Rating]) -> Fraction | None:
    """Return how much higher the top rates than the front line, in points of the scale.

    Each argument holds one mean per role, taken over the answers inside that role, so that forty
    store managers count as one role. Positive: a blind spot at the top; negative: the strategy
    has not been told downward. None when a side has no role.
    """
    top, front = mean(top_means), mean(front_means)
    return None if top is None or front is None else top - front


def sample_variance(ratings: Sequence[Rating]) -> Fraction | None:
    """Return the sample variance (divisor n - 1) in squared points; None below two ratings."""
    centre = mean(ratings)
    if centre is None or len(ratings) < MIN_FOR_SPREAD:
        return None
    return sum(((rating - centre) ** 2 for rating in ratings), Fraction(0)) / (len(ratings) - 1)


def standard_deviation(ratings: Sequence[Rating]) -> float | None:
    """Return the sample standard deviation (divisor n - 1) in points; None below two ratings."""
    variance = sample_variance(ratings)
    return None if variance is None else math.sqrt(variance)


def r_wg(ratings: Sequence[Rating], options: int) -> Fraction | None:
    """Return the within-group agreement on one item with ``options`` choices, 0 to 1.

    ``1 - s² / ((A² - 1) / 12)``: the observed sample variance against that of answers spread
    evenly over A options; a negative value is set to 0. None below three ratings.
    Source: James, Demaree & Wolf (1984), Journal of Applied Psychology 69, 85-98.
    Raises ``ValueError`` when there are fewer than two options.
    """
    if options < 2:
        raise ValueError(f"r_wg needs at least two options, not {options}")
    variance = sample_variance(ratings)
    if variance is None or len(ratings) < MIN_FOR_RWG:
        return None
    by_chance = Fraction(options**2 - 1, 12)
    return max(Fraction(0), 1 - variance / by_chance)


def median(ratings: Sequence[Rating]) -> Fraction | None:
    """Return the middle rating, or the mean of the two middle ones; None without ratings."""
    ordered = sorted(ratings)
    middle = len(ordered) // 2
    return mean(
        ordered[middle : middle + 1] if len(ordered) % 2 else ordered[middle - 1 : middle + 1]
    )


def average_deviation(ratings: Sequence[Rating]) -> Fraction | None:
    """Return the mean distance from the median in points; None below two ratings.

    By convention up to A / 6 is acceptable on a scale of A options (0.83 for five).
    Source: Burke, Finkelstein & Dusig (1999), Organizational Research Methods 2, 49-68.
    """
    centre = median(ratings)
    if centre is None or len(ratings) < MIN_FOR_SPREAD:
        return None
    return sum((abs(rating - centre) for rating in ratings), Fraction(0)) / len(ratings)


def krippendorff_alpha(
    units: Iterable[Sequence[Rating | None]], metric: Metric = "ordinal"
) -> Fraction | None:
    """Return Krippendorff's alpha: 1 perfect agreement, 0 chance, below 0 systematic discord.

    Each unit holds the ratings one question got, one per respondent, None where a respondent did
    not answer; rows may differ in length and the order inside a row does not matter. A unit with
    fewer than two ratings cannot be paired and is left out.

    None when nothing can be paired, and when all paired ratings are the same: there is then no
    variation against which agreement could be told from chance (expected disagreement 0).

    ``alpha = 1 - D_o / D_e`` with the observed disagreement inside units and the expected one over
    all paired ratings; the difference of two ratings is 1 (nominal), their squared distance
    (interval) or the squared number of ratings between them, the ends counted half (ordinal).
    Source: Hayes & Krippendorff (2007), Communication Methods and Measures 1, 77-89;
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    tallies = [Counter(rating for rating in unit if rating is not None) for unit in units]
    paired = [tally for tally in tallies if tally.total() >= MIN_FOR_SPREAD]
    totals: Counter[Rating] = sum(paired, Counter())
    difference = _DIFFERENCES[metric](totals)
    expected = _disagreement(totals, difference)
    if not expected:
        return None
    observed = sum(
        (_disagreement(tally, difference) / (tally.total() - 1) for tally in paired), Fraction(0)
    )
    return 1 - (totals.total() - 1) * observed / expected


Pair: TypeAlias = tuple[Rating, Rating]
Difference: TypeAlias = Mapping[Pair, Fraction]


def _disagreement(tally: Counter[Rating], difference: Difference) -> Fraction:
    """Return the summed difference over all pairs of unequal ratings of a tally."""
    return sum(
        (tally[a] * tally[b] * difference[a, b] for a, b in combinations(sorted(tally), 2)),
        Fraction(0),
    )


def _nominal(totals: Counter[Rating]) -> Difference:
    return {pair: Fraction(1) for pair in combinations(sorted(totals), 2)}


def _interval(totals: Counter[Rating]) -> Difference:
    return {(a, b): Fraction(b - a) ** 2 for a, b in combinations(sorted(totals), 2)}


def _ordinal(totals: Counter[Rating]) -> Difference:
    # A rating's place in the ranking is the middle of its block: all ratings below it and half of
    # its own; the distance of two middles is the count between, with the ends counted half.
    ordered = sorted(totals)
    above = accumulate(totals[rating] for rating in ordered)
    middles = {r: end - Fraction(totals[r], 2) for r, end in zip(ordered, above, strict=True)}
    return {(a, b): (middles[b] - middles[a]) ** 2 for a, b in combinations(ordered, 2)}


_DIFFERENCES: Final[dict[Metric, Callable[[Counter[Rating]], Difference]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
}
