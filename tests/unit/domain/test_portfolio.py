"""All clients at a glance: where each stands, what holds it down, and the archetypes among them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.diagnosis import diagnose
from app.domain.portfolio import (
    ClientStanding,
    by_archetype,
    limiting_factor,
    quantile,
    standing,
)
from app.domain.response import Answer, Assessment, ClientProfile
from tests.coached import MODEL, diagnosis
from tests.enterprises import AS_OF
from tests.standard_enterprise import at_level, standard_enterprise


def client(
    name: str, archetype: str | None, index: int | None, level: int | None = 2
) -> ClientStanding:
    return ClientStanding(
        client=name,
        archetype=archetype,
        as_of=date(2026, 11, 21),
        index=Fraction(index) if index is not None else None,
        level=level,
        stage="run-model",
        limiting=None,
        dimensions={},
        shares=True,
    )


def test_a_client_stands_where_its_newest_diagnosis_says() -> None:
    found = standing("c-1", diagnosis(), shares=True, previous=Fraction(20), rounds=2)
    card = diagnosis().scorecard
    assert (found.index, found.level) == (card.index, card.level)
    assert found.archetype == "store-frequent"
    assert diagnosis().stage is not None
    assert found.stage == diagnosis().stage.stage.id  # type: ignore[union-attr] # asserted above
    assert found.index is not None
    assert found.gained == found.index - 20
    assert set(found.dimensions) == set(MODEL.dimensions)


def test_a_gate_that_binds_is_what_holds_a_client_down() -> None:
    plain = standard_enterprise(MODEL, 5000, 300, level=4)
    worst = {
        question.id: Answer(value, "E2")
        for question in MODEL.questions_of["compliance"]
        if (value := at_level(MODEL, question, 1)) is not None
    }
    people = tuple(
        replace(person, answers={**person.answers, **worst}) for person in plain.respondents
    )
    bound = diagnose(MODEL, replace(plain, respondents=people), AS_OF)
    assert bound.scorecard.binding is not None
    assert bound.scorecard.binding.gate.binds == ("compliance",)
    factor = limiting_factor(bound)
    assert factor is not None
    assert (factor.kind, factor.id) == ("gate", bound.scorecard.binding.gate.id)
    assert factor.through == bound.scorecard.binding.binds


def test_without_a_gate_it_is_the_dimension_with_most_to_gain() -> None:
    found = diagnosis()
    assert found.scorecard.binding is None
    factor = limiting_factor(found)
    assert factor is not None
    assert factor.kind == "dimension"
    assert factor.gain is not None
    weights = {
        name: next(
            Fraction(lens.weight) for lens in MODEL.content.lenses if lens.id == dimension.lens
        )
        * found.scorecard.dimensions[name].weight
        * (5 - (found.scorecard.dimensions[name].score or 5))
        for name, dimension in MODEL.dimensions.items()
    }
    assert factor.id == max(weights, key=lambda name: weights[name])
    assert factor.gain == weights[factor.id] / 4 * 100
    assert factor.through


def test_a_client_nobody_rated_has_no_limiting_factor_and_no_index() -> None:
    empty = diagnose(MODEL, Assessment("full", ClientProfile("新客户")), AS_OF)
    found = standing("c-2", empty, shares=False)
    assert found.limiting is None
    assert found.index is None
    assert found.stage is None
    assert found.gained is None


def test_archetypes_are_told_with_their_numbers_and_those_not_said_come_last() -> None:
    lines = by_archetype(
        [
            client("a", "b2b", 30, 2),
            client("b", None, 90, 5),
            client("c", "online-frequent", 40, 2),
            client("d", "online-frequent", 60, 3),
            client("e", "online-frequent", None, None),
        ]
    )
    assert [one.archetype for one in lines] == ["online-frequent", "b2b", None]
    first = lines[0]
    assert (first.clients, first.rated) == (3, 2)
    assert first.median == 50
    assert dict(first.levels) == {2: 1, 3: 1, None: 1}


def test_a_quantile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile([], Fraction(1, 2))


@given(
    values=st.lists(st.integers(-100, 100).map(Fraction), min_size=1, max_size=20),
    low=st.fractions(0, 1, max_denominator=20),
    high=st.fractions(0, 1, max_denominator=20),
)
def test_quantiles_lie_between_the_extremes_and_in_order(
    values: list[Fraction], low: Fraction, high: Fraction
) -> None:
    low, high = min(low, high), max(low, high)
    assert min(values) <= quantile(values, low) <= quantile(values, high) <= max(values)
    assert quantile(values, Fraction(0)) == min(values)
    assert quantile(values, Fraction(1)) == max(values)
