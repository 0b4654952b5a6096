"""The method page counts what was really answered and shows the sum that led to the index."""

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.response import Answer
from app.reporting.context import method
from tests.reports.sample_sources import case, choices, decided, interviewed, source_of

CASES = ("case-1-mother-baby", "case-2-jewellery")


@pytest.mark.parametrize("name", CASES)
def test_the_total_counts_every_answer_once(name: str) -> None:
    source = case(name)
    people = source.diagnosis.assessment.respondents
    known = [a for person in people for a in person.answers.values() if a.value is not None]
    total = method.build(source).respondents[-1]
    assert total.people == str(len(people))
    assert total.answers == str(len(known))


def test_the_consultant_is_not_counted_among_the_people_asked() -> None:
    source = case(CASES[0])
    roles = [person.role for person in source.diagnosis.assessment.respondents]
    assert "consultant" in roles
    assert f"{len(roles) - roles.count('consultant')}人" in method.build(source).headline


def test_no_label_of_a_respondent_is_printed() -> None:
    source = case(CASES[0])
    rows = method.build(source).respondents
    titles = {role.title for role in source.model.roles.values()} | {"合计"}
    assert {row.role for row in rows} <= titles


def test_the_evidence_shares_are_of_all_answers() -> None:
    assessment = interviewed(("ceo", {"strategy-shared": 2, "budget-months": 3}))
    ceo = assessment.respondents[0]
    graded = replace(
        ceo, answers={"strategy-shared": Answer(2, "E3"), "budget-months": Answer(Fraction(3))}
    )
    rows = method.build(source_of(replace(assessment, respondents=(graded,)))).evidence
    assert {row.code: (row.answers, row.share) for row in rows} == {
        "E0": ("1", "50%"),
        "E1": ("0", "0%"),
        "E2": ("0", "0%"),
        "E3": ("1", "50%"),
    }


def test_a_choice_beyond_its_evidence_is_counted_as_lowered() -> None:
    built = method.build(source_of(interviewed(("ceo", {"strategy-shared": 5}))))
    assert built.steps[0].here == "本次1个回答因证据不够被压低。"


def test_the_sum_leads_to_the_printed_index() -> None:
    source = case(CASES[0])
    here = method.build(source).steps[-1].here
    assert here.endswith(f"= {source.wording.number(source.diagnosis.scorecard.index, 1)}。")
    assert "0.60×" in here


def test_the_gate_that_binds_is_marked_and_no_other() -> None:
    source = decided(case(CASES[1]), choices("MPICASR", 5) | choices("T", 1))
    binding = source.diagnosis.scorecard.binding
    assert binding is not None
    marked = [gate for gate in method.build(source).gates if gate.binding]
    assert binding.gate.title in [gate.title for gate in marked]
    assert all("压在" in gate.holds for gate in marked)


def test_exactly_the_overall_level_is_marked_in_the_vocabulary() -> None:
    source = case(CASES[1])
    current = [row.name for row in method.build(source).levels if row.current]
    assert current == [source.wording.level(source.diagnosis.scorecard.level)]


def test_without_any_answer_the_page_says_that_nobody_answered() -> None:
    built = method.build(source_of(interviewed()))
    assert "没有人作答" in built.headline
    assert built.respondents == ()
    assert "一项也没有给" in built.lead
