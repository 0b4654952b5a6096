"""What differs between two versions is counted thing by thing."""

from dataclasses import replace
from fractions import Fraction

from app.domain.response import (
    Adjudication,
    Answer,
    Assessment,
    ClientProfile,
    FactValue,
    FindingDecision,
    PlanControls,
    Respondent,
)
from app.services.reports.version_changes import FIELDS, assessment_changes

CHIEF = Respondent("ceo", "", {"a": Answer(1), "b": Answer(2, "E1", "seen"), "c": Answer(None)})
BEFORE = Assessment(
    "full",
    ClientProfile("x"),
    facts={"stores": FactValue(Fraction(3)), "users": FactValue(Fraction(5), "E2")},
    respondents=(CHIEF,),
    adjudications={"a": Adjudication(2, "why")},
    decisions={"r": FindingDecision("accepted")},
)


def test_nothing_differs_from_itself() -> None:
    assert assessment_changes(BEFORE, BEFORE) == {}


def test_everything_that_differs_is_counted() -> None:
    answers = {"a": Answer(1), "b": Answer(2, "E2", "seen"), "d": Answer(4)}
    second = Respondent("ceo", "二", {"a": Answer(1)})
    after = replace(
        BEFORE,
        client=ClientProfile("y"),
        facts={"stores": FactValue(Fraction(4)), "aov": FactValue(Fraction(5))},
        respondents=(replace(CHIEF, answers=answers), second),
        adjudications={},
        decisions={"r": FindingDecision("rejected", "no"), "s": FindingDecision("accepted")},
        controls=PlanControls(target_level=3),
    )
    found = assessment_changes(BEFORE, after)
    assert found == {
        "answers_new": 2,
        "answers_changed": 1,
        "answers_gone": 1,
        "facts": 3,
        "adjudications": 1,
        "decisions": 2,
        "plan": 1,
        "client": 1,
    }
    assert set(found) <= set(FIELDS)


def test_a_note_or_a_grade_is_a_change_of_its_answer() -> None:
    for changed in (Answer(1, "E1"), Answer(1, "E0", "note"), Answer(1, "E0", "", "quote")):
        answers = {**CHIEF.answers, "a": changed}
        after = replace(BEFORE, respondents=(replace(CHIEF, answers=answers),))
        assert assessment_changes(BEFORE, after) == {"answers_changed": 1}
