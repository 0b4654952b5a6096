"""The agenda of an interview: its questions, its order, and minutes that add up."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agenda import agenda, time_boxes
from app.domain.model import MaturityModel
from tests.enterprises import private_domain_model

INTERVIEWED = [role.id for role in private_domain_model().content.roles if role.minutes]


@pytest.mark.parametrize("name", INTERVIEWED)
def test_the_time_boxes_of_an_interview_add_up_to_its_length(name: str) -> None:
    model = private_domain_model()
    found = agenda(model, model.forms["full"], model.roles[name])
    assert found.minutes == model.roles[name].minutes
    assert sum(item.minutes for item in found.items) == found.minutes
    for item in found.items:
        if item.section is not None:
            assert 1 <= item.minutes <= item.section.minutes


@pytest.mark.parametrize("name", INTERVIEWED)
def test_a_role_gets_its_own_questions_once_each_the_first_source_first(name: str) -> None:
    model = private_domain_model()
    found = agenda(model, model.forms["full"], model.roles[name])
    expected = {
        q.id
        for q in model.questions.values()
        if q.type != "computed" and name in (*q.primary, *q.secondary)
    }
    assert [q.id for q in found.questions] == list(dict.fromkeys(q.id for q in found.questions))
    assert {q.id for q in found.questions} == expected
    for item in found.items:
        first, second = item.questions[: item.primary], item.questions[item.primary :]
        assert all(name in q.primary for q in first)
        assert all(name in q.secondary for q in second)


def test_sections_come_in_asking_order_and_close_with_the_open_questions(
    private_domain: MaturityModel,
) -> None:
    found = agenda(private_domain, private_domain.forms["full"], private_domain.roles["ceo"])
    sections = [item.section.id for item in found.items if item.section]
    assert sections == ["method", "team", "ip", "open"]
    assert found.items[-1].minutes == private_domain.content.sections[-1].minutes


def test_facts_stand_first_and_take_no_minutes(private_domain: MaturityModel) -> None:
    head = private_domain.roles["private-domain-head"]
    found = agenda(private_domain, private_domain.forms["full"], head)
    assert found.items[0].section is None
    assert found.items[0].minutes == 0
    assert [fact.id for fact in found.facts] == [
        fact.id for fact in private_domain.content.facts if head.id in fact.roles
    ]


def test_more_questions_of_a_section_get_more_of_the_time(private_domain: MaturityModel) -> None:
    form, roles = private_domain.forms["full"], private_domain.roles
    boxes = {
        item.section.id: item.minutes
        for item in agenda(private_domain, form, roles["content"]).items
        if item.section
    }
    assert boxes["process"] > boxes["team"]


def test_a_short_form_asks_only_its_own_questions_of_whoever_fills_it_in(
    private_domain: MaturityModel,
) -> None:
    form = private_domain.forms["self-check"]
    found = agenda(private_domain, form, private_domain.roles["ceo"])
    assert [q.id for q in found.questions] == [
        q.id for q in private_domain.questions.values() if q.id in form.questions
    ]
    assert {fact.id for fact in found.facts} == set(form.facts)


def test_a_role_that_is_asked_nothing_has_no_agenda(private_domain: MaturityModel) -> None:
    found = agenda(private_domain, private_domain.forms["full"], private_domain.roles["automation"])
    assert (found.minutes, found.items) == (0, ())


def test_a_role_without_a_planned_length_keeps_the_sections_own_minutes(
    kitchen_hygiene: MaturityModel,
) -> None:
    form = kitchen_hygiene.forms["full"]
    for role in kitchen_hygiene.content.roles:
        found = agenda(kitchen_hygiene, form, role)
        assert sum(item.minutes for item in found.items) == found.minutes
        assert found.minutes <= sum(s.minutes for s in kitchen_hygiene.content.sections)
        assert bool(found.minutes) is bool(found.questions)


def test_remainders_go_to_the_largest_and_ties_to_the_first() -> None:
    thirds = [Fraction(1)] * 3
    assert time_boxes(10, thirds, [10, 10, 10]) == (4, 3, 3)
    assert time_boxes(10, [Fraction(5), Fraction(4), Fraction(1)], [20] * 3) == (5, 4, 1)
    assert time_boxes(10, [Fraction(8), Fraction(1), Fraction(1)], [5, 20, 20]) == (5, 3, 2)
    assert time_boxes(10, [Fraction(98), Fraction(1), Fraction(1)], [20] * 3) == (8, 1, 1)


@given(
    boxes=st.lists(st.tuples(st.integers(1, 500), st.integers(1, 60)), min_size=1, max_size=9),
    place=st.fractions(0, 1),
)
def test_minutes_always_add_up_within_their_bounds(
    boxes: list[tuple[int, int]], place: Fraction
) -> None:
    weights, most = [Fraction(weight, 7) for weight, _ in boxes], [cap for _, cap in boxes]
    minutes = len(boxes) + int((sum(most) - len(boxes)) * place)
    found = time_boxes(minutes, weights, most)
    assert sum(found) == minutes
    for given_, cap in zip(found, most, strict=True):
        assert 1 <= given_ <= cap
    heavier = sorted(range(len(boxes)), key=lambda i: weights[i])
    for light, heavy in pairwise(heavier):
        # A heavier section has more time unless its own box is full; rounding moves one minute.
        assert found[heavy] >= found[light] - 1 or found[heavy] == most[heavy]
