"""Agreement statistics against published worked examples and an independent package."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.agreement import (
    Metric,
    average_deviation,
    directional_gap,
    krippendorff_alpha,
    mean,
    median,
    r_wg,
    sample_variance,
    standard_deviation,
)

Matrix = list[list[int | None]]

METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval")


def units_of(*observers: str) -> Matrix:
    """Turn published tables (one row per observer, ``.`` for missing) into units."""
    rows = [[None if mark == "." else int(mark) for mark in row.split()] for row in observers]
    return [list(unit) for unit in zip(*rows, strict=True)]


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", sections A, B, C-E.
BINARY = units_of("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NOMINAL = units_of("1 1 2 2 4 3 3 3 5 4 4 1", "2 1 2 2 2 3 3 3 5 4 4 4")
FOUR_OBSERVERS = units_of(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# The three-coder example of the encyclopaedic article on the coefficient.
THREE_CODERS = units_of(
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)


@pytest.mark.parametrize(
    ("units", "metric", "published"),
    [
        (BINARY, "nominal", "0.095"),
        (NOMINAL, "nominal", "0.692"),
        (FOUR_OBSERVERS, "nominal", "0.743"),
        (FOUR_OBSERVERS, "ordinal", "0.815"),
        (FOUR_OBSERVERS, "interval", "0.849"),
        (THREE_CODERS, "nominal", "0.691"),
        (THREE_CODERS, "interval", "0.811"),
    ],
)
def test_alpha_reproduces_published_examples(units: Matrix, metric: Metric, published: str) -> None:
    alpha = krippendorff_alpha(units, metric)
    assert alpha is not None
    assert f"{float(alpha):.3f}" == published


def test_alpha_is_ordinal_unless_told_otherwise() -> None:
    assert krippendorff_alpha(FOUR_OBSERVERS) == krippendorff_alpha(FOUR_OBSERVERS, "ordinal")


def test_alpha_is_one_when_all_agree_on_different_answers() -> None:
    units: Matrix = [[1, 1, 1], [4, 4, None], [2, 2]]
    for metric in METRICS:
        assert krippendorff_alpha(units, metric) == 1


def test_alpha_is_negative_when_views_are_opposed() -> None:
    alpha = krippendorff_alpha([[1, 5], [5, 1], [1, 5]], "interval")
    assert alpha is not None
    assert alpha < 0


@pytest.mark.parametrize(
    "units",
    [
        [],
        [[]],
        [[None, None]],
        [[3, None], [None, 4]],
        [[3, 3], [3, None, 3]],
        [[3, 3], [None, 5]],
    ],
)
def test_alpha_is_not_assessed_without_pairs_or_without_variation(units: Matrix) -> None:
    for metric in METRICS:
        assert krippendorff_alpha(units, metric) is None


def test_a_question_answered_once_does_not_change_alpha() -> None:
    more: Matrix = [*FOUR_OBSERVERS, [5], [None, 1]]
    assert krippendorff_alpha(more) == krippendorff_alpha(FOUR_OBSERVERS)


matrices = st.integers(2, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.none() | st.integers(1, 5), min_size=width, max_size=width),
        min_size=1,
        max_size=8,
    )
)


@settings(deadline=None)
@given(matrices, st.sampled_from(METRICS))
def test_alpha_agrees_with_an_independent_package(units: Matrix, metric: Metric) -> None:
    alpha = krippendorff_alpha(units, metric)
    answers = [[rating for rating in unit if rating is not None] for unit in units]
    pairable = [rating for unit in answers if len(unit) > 1 for rating in unit]
    assert (alpha is None) == (len(set(pairable)) < 2)
    if alpha is None:
        return
    ratings = [[math.nan if rating is None else rating for rating in unit] for unit in units]
    reference = krippendorff.alpha(
        reliability_data=np.array(ratings, dtype=float).T, level_of_measurement=metric
    )
    assert float(alpha) == pytest.approx(reference, abs=1e-9)


@given(matrices)
def test_alpha_does_not_depend_on_the_order_of_respondents_or_questions(units: Matrix) -> None:
    turned = [unit[::-1] for unit in units[::-1]]
    assert krippendorff_alpha(turned) == krippendorff_alpha(units)


@given(matrices, st.fractions(Fraction(1, 7), 3), st.fractions(-2, 2))
def test_alpha_does_not_depend_on_where_an_interval_scale_starts_or_how_wide_it_is(
    units: Matrix, width: Fraction, start: Fraction
) -> None:
    moved = [[None if r is None else start + width * r for r in unit] for unit in units]
    assert krippendorff_alpha(moved, "interval") == krippendorff_alpha(units, "interval")


def test_the_gap_is_taken_between_role_means() -> None:
    # CEO 5, head 4 against forty store managers at 2 (one role) and sales at 3.
    stores = mean([2] * 40)
    assert stores is not None
    assert directional_gap([5, 4], [stores, 3]) == 2
    assert directional_gap([2], [Fraction(7, 2)]) == Fraction(-3, 2)


def test_a_gap_needs_both_sides() -> None:
    assert directional_gap([], [3]) is None
    assert directional_gap([3], []) is None


def test_a_gap_on_the_threshold_is_met_exactly() -> None:
    thirds = [Fraction(10, 3), Fraction(11, 3), Fraction(12, 3)]
    assert directional_gap(thirds, [Fraction(8, 3)]) == 1


def test_spread_of_a_hand_worked_example() -> None:
    # 2, 3, 3, 4: mean 3, squares 1+0+0+1 = 2, over 3.
    assert sample_variance([2, 3, 3, 4]) == Fraction(2, 3)
    assert standard_deviation([2, 3, 3, 4]) == pytest.approx(0.8165, abs=5e-5)
    assert r_wg([2, 3, 3, 4], 5) == Fraction(2, 3)
    assert average_deviation([2, 3, 3, 4]) == Fraction(1, 2)


def test_r_wg_compares_with_an_even_spread_over_the_options() -> None:
    # For five options the even spread has variance 2.0, for seven 4.0 (James et al. 1984).
    assert r_wg([1, 3, 3], 5) == 1 - Fraction(4, 3) / 2
    assert r_wg([1, 3, 3], 7) == 1 - Fraction(4, 3) / 4
    assert r_wg([4, 4, 4], 5) == 1


def test_r_wg_below_zero_is_shown_as_zero() -> None:
    assert r_wg([1, 1, 5, 5], 5) == 0


def test_r_wg_of_a_scale_without_choice_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least two options"):
        r_wg([1, 1, 1], 1)


def test_average_deviation_is_taken_from_the_median_not_the_mean() -> None:
    assert median([1, 5, 5]) == 5
    assert median([1, 2, 4, 5]) == 3
    assert average_deviation([1, 5, 5]) == Fraction(4, 3)
    assert average_deviation([1, 2, 4, 5]) == Fraction(3, 2)


@pytest.mark.parametrize(
    ("count", "deviations", "rwg"), [(0, False, False), (1, False, False), (2, True, False)]
)
def test_too_few_answers_are_not_assessed(count: int, deviations: bool, rwg: bool) -> None:
    ratings = [3] * count
    assert (standard_deviation(ratings) is not None) is deviations
    assert (average_deviation(ratings) is not None) is deviations
    assert (r_wg(ratings, 5) is not None) is rwg
    assert (mean(ratings) is not None) is (count > 0)


@given(st.lists(st.integers(1, 5) | st.fractions(1, 5, max_denominator=6), min_size=2, max_size=12))
def test_spread_agrees_with_the_standard_library(ratings: list[Fraction | int]) -> None:
    exact = [Fraction(rating) for rating in ratings]
    assert sample_variance(ratings) == statistics.variance(exact)
    assert standard_deviation(ratings) == pytest.approx(statistics.stdev(map(float, ratings)))
    assert median(ratings) == statistics.median(exact)
