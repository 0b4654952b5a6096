"""One thing said or known, changed: what it was, what it becomes, and how large the change is.

Sizes make unlike changes comparable; each lies between 0 and 1 and is exact:

- a choice or a yes–no question: how far its score moves, as a share of the scale;
- a list: the items added or taken away, as a share of all its items;
- a number: the difference, as a share of the larger of the two values;
- a fact chosen or flagged: 1, for it becomes another one;
- the evidence of answers: how far their trust moves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Literal, TypeAlias

from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.definitions.structure import EvidenceCode, Rating
from app.domain.model import MaturityModel
from app.domain.response import Adjudication, AnswerValue, Assessment, FactValue

Kind: TypeAlias = Literal["question", "respondent", "evidence", "fact"]
Said: TypeAlias = AnswerValue | None

CONSULTANT_EVIDENCE: EvidenceCode = "E2"
"""A value a consultant would set is one that has been seen."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one thing; what kind it is decides how it is applied.

    ``question``: what all answers to the question ``name`` come to is set to ``after``, with
    ``evidence``, as a consultant's ruling. ``respondent``: the answer of one person, by place in
    the assessment, becomes ``after``. ``evidence``: all answers to the question get ``evidence``
    and say what they said. ``fact``: the fact part ``name`` becomes ``after``. ``before`` is what a
    question came to (its score for choices and yes–no), what the person answered, or the fact.
    """

    kind: Kind
    name: str
    before: Said
    after: Said
    size: Fraction
    evidence: EvidenceCode | None = None
    respondent: int | None = None


def apply(assessment: Assessment, change: Change) -> Assessment:
    """Return the assessment with one thing changed."""
    if change.kind == "fact":
        given = assessment.facts.get(change.name)
        evidence = given.evidence if given is not None else None
        after = change.after
        if isinstance(after, int) and not isinstance(after, bool):
            after = Fraction(after)
        changed = FactValue(after if after is not None else "", evidence)
        return replace(assessment, facts={**assessment.facts, change.name: changed})
    if change.kind == "question":
        value = change.after if change.after is not None else ""
        ruling = Adjudication(value, "", change.evidence or CONSULTANT_EVIDENCE)
        rulings = {**assessment.adjudications, change.name: ruling}
        return replace(assessment, adjudications=rulings)
    people = list(assessment.respondents)
    for place, person in enumerate(people):
        answer = person.answers.get(change.name)
        if answer is None or answer.value is None:
            continue
        if change.kind == "respondent" and place == change.respondent:
            answer = replace(answer, value=change.after)
        elif change.kind == "evidence" and change.evidence is not None:
            answer = replace(answer, evidence=max(answer.evidence, change.evidence))
        people[place] = replace(person, answers={**person.answers, change.name: answer})
    rulings = dict(assessment.adjudications)
    ruled = rulings.get(change.name)
    if change.kind == "evidence" and ruled is not None and change.evidence is not None:
        rulings[change.name] = replace(ruled, evidence=max(ruled.evidence, change.evidence))
    return replace(assessment, respondents=tuple(people), adjudications=rulings)


# -- what a thing could be instead -------------------------------------------------------------


def needed_evidence(rating: Rating, option: int) -> EvidenceCode:
    """Return the evidence a ruling needs for an option to count in full."""
    needs = [cap.needs for cap in rating.evidence_caps if option >= cap.from_option]
    return max([CONSULTANT_EVIDENCE, *needs])


def option_changes(model: MaturityModel, question: Question, score: Fraction) -> list[Change]:
    """Return the other outcomes of a choice or yes–no question, the nearest first."""
    scale, rating = model.content.scale, model.content.rating
    if question.type == "yes-no":
        evidence = max(CONSULTANT_EVIDENCE, rating.yes_evidence)
        ways: list[tuple[AnswerValue, int, EvidenceCode]] = [
            (False, scale.minimum, evidence),
            (True, scale.maximum, evidence),
        ]
    else:
        ways = [(n, n, needed_evidence(rating, n)) for n in options_of(model, question)]
    span = scale.maximum - scale.minimum
    changes = [
        Change("question", question.id, score, after, abs(worth - score) / span, evidence)
        for after, worth, evidence in ways
        if worth != score
    ]
    return sorted(changes, key=lambda change: change.size)


def options_of(model: MaturityModel, question: Question) -> range:
    """Return the option numbers of a choice question: its own, or the levels of the scale."""
    scale = model.content.scale
    count = len(question.choices) or scale.maximum - scale.minimum + 1
    return range(scale.minimum, scale.minimum + count)


def list_changes(
    items: Sequence[str], picked: frozenset[str], telling: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], Fraction]]:
    """Yield other lists with their size, the fewest items changed first.

    ``telling`` items are those a condition names: any of them may change. Of the others only the
    number matters, so they are added, or taken away, in the order they stand.
    """
    named = [item for item in items if item in telling]
    absent = [item for item in items if item not in telling and item not in picked]
    present = [item for item in items if item not in telling and item in picked]
    for count in range(1, len(items) + 1):
        for own in range(min(count, len(named)), -1, -1):
            for chosen in combinations(named, own):
                for others in (absent, present):
                    if count - own > len(others) or (own == count and others is present):
                        continue
                    changed = {*chosen, *others[: count - own]}
                    after = tuple(item for item in items if (item in picked) != (item in changed))
                    yield after, Fraction(count, len(items))


def number_size(before: Fraction, after: Fraction) -> Fraction:
    """Return the size of a change of a number: the difference by the larger of the two values."""
    larger = max(abs(after), abs(before))
    return abs(after - before) / larger if larger else Fraction(0)


def other_choices(part: FactPart, before: Said) -> list[Said]:
    """Return what else a chosen or flagged fact could be."""
    if part.type == "yes-no":
        return [not before]
    return [choice.id for choice in part.choices if choice.id != before]


def evidence_changes(model: MaturityModel, question: str, trust: Fraction) -> list[Change]:
    """Return the better grades the answers to a question could be evidenced with."""
    better = sorted((grade, code) for code, grade in model.trusts.items() if grade > trust)
    return [Change("evidence", question, None, None, grade - trust, code) for grade, code in better]
