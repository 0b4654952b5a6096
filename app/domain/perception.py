"""Whether roles see the same company: directional gap and agreement per question, α overall."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.agreement import (
    average_deviation,
    directional_gap,
    krippendorff_alpha,
    r_wg,
    standard_deviation,
)
from app.domain.definitions.questionnaire import Question, RoleSide
from app.domain.model import MaturityModel
from app.domain.response import Answer, Assessment

Perceived = Callable[[Question, Answer], Fraction | None]
"""Returns the score a person gave, before any evidence cap."""

MIN_FOR_ALIGNMENT: Final = 3


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """Agreement on one question.

    ``gap`` in levels, top minus front line (positive: the top sees more than there is); ``sd``,
    ``ad`` in levels; ``rwg`` 0–1; ``n`` answers by ``roles`` roles, ``front`` of them from the
    front line. None where there are too few answers.
    """

    gap: Fraction | None
    sd: float | None
    rwg: Fraction | None
    ad: Fraction | None
    n: int
    roles: int
    front: int


def question_agreement(
    model: MaturityModel, question: Question, assessment: Assessment, perceived: Perceived
) -> QuestionAgreement:
    """Compare all human answers to one question, whoever was meant to answer it."""
    sides: dict[RoleSide, dict[str, list[Fraction]]] = {}
    values: list[Fraction] = []
    for respondent in assessment.respondents:
        answer = respondent.answers.get(question.id)
        score = perceived(question, answer) if answer is not None else None
        role = model.roles[respondent.role]
        if score is None or role.side in ("customer", "consultant"):
            continue
        sides.setdefault(role.side, {}).setdefault(role.id, []).append(score)
        values.append(score)
    scale = model.content.scale
    return QuestionAgreement(
        gap=directional_gap(
            _means(sides.get("top", {})),
            _means(sides.get("front", {})),
        ),
        sd=standard_deviation(values),
        rwg=r_wg(values, scale.maximum - scale.minimum + 1),
        ad=average_deviation(values),
        n=len(values),
        roles=sum(len(by_role) for by_role in sides.values()),
        front=sum(len(given) for given in sides.get("front", {}).values()),
    )


def _means(by_role: dict[str, list[Fraction]]) -> list[Fraction]:
    return [sum(values, Fraction(0)) / len(values) for values in by_role.values()]


def alignment_alpha(
    model: MaturityModel, assessment: Assessment, perceived: Perceived
) -> Fraction | None:
    """Return Krippendorff's ordinal α over the anchored questions several people answered.

    None for fewer than three people: two show their difference, not the state of a company.
    """
    people = [
        respondent
        for respondent in assessment.respondents
        if model.roles[respondent.role].side not in ("customer", "consultant")
    ]
    units: list[list[Fraction | None]] = []
    heard: set[int] = set()
    for question in model.questions.values():
        if question.type != "choice":
            continue
        ratings = [
            perceived(question, answer) if (answer := person.answers.get(question.id)) else None
            for person in people
        ]
        rated = [place for place, rating in enumerate(ratings) if rating is not None]
        if len(rated) > 1:
            units.append(ratings)
            heard.update(rated)
    if len(heard) < MIN_FOR_ALIGNMENT:
        return None
    return krippendorff_alpha(units, metric="ordinal")
