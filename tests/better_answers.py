"""One answer of an enterprise made better, or taken back: the moves properties are about."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from app.domain.definitions.questionnaire import Question
from app.domain.response import Answer, AnswerValue, Assessment
from tests.enterprises import EVIDENCE, private_domain_model

ANSWERED = ("choice", "multi", "number", "yes-no")


def answers_given(
    assessment: Assessment, types: Sequence[str] = ANSWERED
) -> list[tuple[int, Question, Answer]]:
    """Return every known answer to a question of ``types``, with its respondent's place."""
    model = private_domain_model()
    return [
        (place, model.questions[name], answer)
        for place, person in enumerate(assessment.respondents)
        for name, answer in person.answers.items()
        if answer.value is not None and model.questions[name].type in types
    ]


def with_answer(assessment: Assessment, place: int, question: str, answer: Answer) -> Assessment:
    """Return the assessment with one answer of one respondent replaced."""
    people = list(assessment.respondents)
    person = people[place]
    people[place] = replace(person, answers={**person.answers, question: answer})
    return replace(assessment, respondents=tuple(people))


def better_answers(question: Question, answer: Answer, quarters: int) -> list[Answer]:
    """Return better answers: one option or item more, a better number, evidence one grade up.

    ``quarters`` (1–4) is how far a number moves towards the best it can be. The best answer on the
    best evidence has none.
    """
    found = []
    value = _better_value(question, answer.value, quarters)
    if value is not None:
        found.append(replace(answer, value=value))
    grade = EVIDENCE.index(answer.evidence)
    if grade + 1 < len(EVIDENCE):
        found.append(replace(answer, evidence=EVIDENCE[grade + 1]))
    return found


def _better_value(
    question: Question, value: AnswerValue | None, quarters: int
) -> AnswerValue | None:
    if isinstance(value, bool):
        return None if value else True
    if isinstance(value, tuple):
        return _better_list(question, value, quarters)
    if isinstance(value, int) and question.type == "choice":
        return value + 1 if value < 5 else None
    if isinstance(value, Fraction):
        return _better_number(question, value, quarters)
    return None


def _better_list(question: Question, picked: tuple[str, ...], place: int) -> tuple[str, ...] | None:
    if question.negative:
        return picked[:-1] if picked else None
    missing = [item.id for item in question.items if item.id not in picked]
    return (*picked, missing[place % len(missing)]) if missing else None


def rises(question: Question) -> bool:
    """Return whether a larger number is the better one."""
    return not question.bands or question.bands[-1].score > question.bands[0].score


def _better_number(question: Question, value: Fraction, quarters: int) -> Fraction | None:
    low, high = Fraction(question.minimum or 0), Fraction(question.maximum or 100)
    # From a small number a quarter of the way to a million is a leap over every band.
    best = min(high, 2 * value + 10) if rises(question) else low
    moved = value + (best - value) * Fraction(quarters, 4)
    if question.integer:
        moved = Fraction(ceil(moved) if rises(question) else floor(moved))
    return moved if moved != value else None


def best_and_worst(question: Question) -> tuple[Answer, Answer]:
    """Return the best answer a question permits, on the best evidence, and the worst."""
    low, high = Fraction(question.minimum or 0), Fraction(question.maximum or 100)
    every = tuple(item.id for item in question.items)
    ends: dict[str, tuple[AnswerValue, AnswerValue]] = {
        "choice": (5, 1),
        "yes-no": (True, False),
        "multi": ((), every) if question.negative else (every, ()),
        "number": (high, low) if rises(question) else (low, high),
    }
    best, worst = ends[question.type]
    return Answer(best, "E3"), Answer(worst, "E0")
