"""A questionnaire on a phone: small screens, nothing left out, nothing asked twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agenda import Agenda, AgendaItem, agenda
from app.domain.definitions.questionnaire import Fact, FactPart
from app.domain.model import MaturityModel
from app.domain.screens import MOST, minutes_alone, screens
from tests.enterprises import private_domain_model

ROLES = [
    role.id
    for role in private_domain_model().content.roles
    if agenda(private_domain_model(), private_domain_model().forms["full"], role).items
]


def plan(role: str) -> Agenda:
    model = private_domain_model()
    return agenda(model, model.forms["full"], model.roles[role])


@pytest.mark.parametrize("role", ROLES)
def test_every_question_and_figure_is_on_exactly_one_screen_and_none_is_crowded(role: str) -> None:
    found = screens(plan(role))
    assert [screen.number for screen in found] == list(range(1, len(found) + 1))
    assert all(1 <= len(screen.items) <= MOST for screen in found)
    questions = [question for screen in found for question in screen.questions]
    assert questions == list(plan(role).questions)
    parts = [part for screen in found for part in screen.parts]
    assert parts == [part for fact in plan(role).facts for part in fact.parts]


@pytest.mark.parametrize("role", ROLES)
def test_figures_come_last_and_no_screen_mixes_two_sections(role: str) -> None:
    sections = [screen.section for screen in screens(plan(role))]
    with_figures = [place for place, section in enumerate(sections) if section is None]
    assert with_figures == list(range(len(sections) - len(with_figures), len(sections)))
    for screen in screens(plan(role)):
        known = screen.section.questions if screen.section is not None else ()
        assert set(screen.questions) <= set(known)


def test_a_long_section_is_divided_evenly() -> None:
    sizes = [len(screen.items) for screen in screens(plan("operations")) if screen.section]
    by_section: dict[str, list[int]] = {}
    for screen in screens(plan("operations")):
        if screen.section is not None:
            by_section.setdefault(screen.section.id, []).append(len(screen.items))
    assert sum(sizes) == len(plan("operations").questions)
    assert all(max(found) - min(found) <= 1 for found in by_section.values())
    assert by_section["process"] == [5, 5]


@given(st.lists(st.integers(1, 9), max_size=12))
def test_the_parts_of_a_fact_stay_together_where_they_fit(sizes: list[int]) -> None:
    role = private_domain_model().roles["ceo"]
    facts = tuple(
        Fact(
            id=f"f{number}",
            code="F",
            title="t",
            ask_to_see="a",
            roles=(role.id,),
            parts=tuple(
                FactPart(id=f"f{number}-{part}", title="t", type="number") for part in range(size)
            ),
        )
        for number, size in enumerate(sizes)
    )
    found = screens(Agenda(role, 0, (AgendaItem(None, 0, facts=facts),) if facts else ()))
    assert [part for screen in found for part in screen.parts] == [
        part for fact in facts for part in fact.parts
    ]
    assert all(1 <= len(screen.parts) <= MOST for screen in found)
    for fact in facts:
        on = {screen.number for screen in found if set(screen.parts) & set(fact.parts)}
        assert len(on) == 1 or len(fact.parts) > MOST


def test_filling_in_alone_is_told_in_steps_of_five_minutes_and_grows_with_what_is_asked(
    kitchen_hygiene: MaturityModel,
) -> None:
    minutes = {role: minutes_alone(plan(role)) for role in ROLES}
    assert all(told % 5 == 0 and told > 0 for told in minutes.values())
    assert minutes["customer"] < minutes["operations"] < minutes["private-domain-head"]
    cook = kitchen_hygiene.roles["cook"]
    asked = agenda(kitchen_hygiene, kitchen_hygiene.forms["full"], cook)
    # Two choices of 40 seconds, ticks of 60, words of 120: more than four minutes.
    assert minutes_alone(asked) == 5
