"""Which answers of an earlier round are filled in before a new one begins.

What a senior consultant carries over is what ages slowly and nobody would lower or raise by
remembering it: what kind of company it is, where its team sits. What an answer is there to measure
is asked again:

- a **level** (every question of the questionnaire), because a second round exists to see whether it
  moved, and a number seen beforehand pulls the next answer towards it (anchoring);
- a **figure** that moves by itself (users, GMV, cost), because a stale one looks like a fact;
- a fact that guards the **law** (sensitive data), because "as last time" is no answer to it.

An author says how long a fact keeps (``Fact.keeps_months``); where nothing is said it is asked
again. What is carried over was not shown this time: its evidence counts as a statement at best,
until it is.

A **self-check** is another matter: the same person answered the same questions a short while ago,
and an engagement begins with them. All of it is handed on as claimed (E0), to be confirmed in the
interview; the difference is a finding of its own (``app.domain.self_rating``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.calendar import months_after
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.permitted import permits_answer, permits_fact
from app.domain.response import Answer, Assessment, FactValue
from app.domain.scoring import questions_asked

CLAIMED: Final[EvidenceCode] = "E0"

NotCarried: TypeAlias = Literal[
    "asked-again",  # a level, or a fact that never keeps
    "too-old",
    "gone",  # the new round does not ask it, or its model does not know it
    "not-permitted",  # the value is none of those the new model permits
    "unknown",  # nobody knew it then
    "disputed",  # a self-check answered by several people who differ
]


@dataclass(frozen=True, slots=True)
class Left:
    """What is not carried over, and why; ``id`` is that of a question or a fact part."""

    kind: Literal["question", "fact"]
    id: str
    why: NotCarried


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What a new round begins with: facts by part id, answers by question id; and what it does not.

    Everything filled in is to be confirmed: show it as taken over, with the day it was given.
    """

    facts: Mapping[str, FactValue]
    answers: Mapping[str, Answer]
    given_on: date
    left: tuple[Left, ...]


def from_earlier_round(
    earlier: Assessment, given_on: date, model: MaturityModel, form: str, on: date
) -> CarryOver:
    """Return what a round on ``on`` takes over from one held on ``given_on``.

    ``model`` and ``form`` are those of the new round. Raises ``KeyError`` for an unknown form.
    """
    left: list[Left] = []
    cap = model.content.rating.fact_evidence
    facts = {}
    for name, fact in earlier.facts.items():
        why = _fact_problem(model, form, name, fact) or _age(model, name, given_on, on)
        if why is None:
            evidence = min(fact.evidence, cap) if fact.evidence is not None else None
            facts[name] = FactValue(fact.value, evidence)
        else:
            left.append(Left("fact", name, why))
    asked = dict.fromkeys(
        name for person in earlier.respondents for name in person.answers if name in model.questions
    )
    left += [Left("question", name, "asked-again") for name in asked]
    return CarryOver(facts, {}, given_on, tuple(left))


def from_self_check(
    self_check: Assessment, given_on: date, model: MaturityModel, form: str, on: date
) -> CarryOver:
    """Return what an engagement's ``form`` takes over from a self-check, all of it as claimed.

    Nothing where it is older than the model lets a self-check be handed on.
    """
    left: list[Left] = []
    months = model.content.coaching.self_check_months
    stale: NotCarried | None = "too-old" if _older_than(months, given_on, on) else None
    facts = {}
    for name, fact in self_check.facts.items():
        why = _fact_problem(model, form, name, fact) or stale
        if why is None:
            facts[name] = FactValue(fact.value, CLAIMED)
        else:
            left.append(Left("fact", name, why))
    answers = {}
    for name, given in _by_question(self_check).items():
        problem = _answer_problem(model, form, name, given) or stale
        if problem is None:
            answers[name] = Answer(given[0].value, CLAIMED)
        else:
            left.append(Left("question", name, problem))
    return CarryOver(facts, answers, given_on, tuple(left))


def _age(model: MaturityModel, part: str, given_on: date, on: date) -> NotCarried | None:
    months = model.fact_of[part].keeps_months
    if not months:
        return "asked-again"
    return "too-old" if _older_than(months, given_on, on) else None


def _older_than(months: int, given_on: date, on: date) -> bool:
    return on > months_after(given_on, months)


def _fact_problem(model: MaturityModel, form: str, name: str, fact: FactValue) -> NotCarried | None:
    part, asked = model.fact_parts.get(name), model.forms[form]
    if part is None or not (asked.every_fact or model.fact_of[name].id in asked.facts):
        return "gone"
    return None if permits_fact(part, fact.value) else "not-permitted"


def _answer_problem(
    model: MaturityModel, form: str, name: str, given: list[Answer]
) -> NotCarried | None:
    question = model.questions.get(name)
    if question is None or not questions_asked(model.forms[form], [question]):
        return "gone"
    value = given[0].value
    if value is None:
        return "unknown"
    if any(answer.value != value for answer in given):
        return "disputed"
    return None if permits_answer(model, question, value) else "not-permitted"


def _by_question(assessment: Assessment) -> Mapping[str, list[Answer]]:
    """Return what was answered by question, unknown answers last."""
    given: dict[str, list[Answer]] = {}
    for person in assessment.respondents:
        for name, answer in person.answers.items():
            given.setdefault(name, []).append(answer)
    return {
        name: [a for a in answers if a.value is not None] or answers
        for name, answers in given.items()
    }
