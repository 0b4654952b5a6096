"""An earlier round's answers made ready to be scored under another release of the model.

What the other release does not know, or does not permit, is left out and named; nothing is
guessed. Diagnosing the result tells what the new model alone makes of the old answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from app.domain.definitions.questionnaire import Question
from app.domain.model import MaturityModel
from app.domain.permitted import permits_answer, permits_fact
from app.domain.response import (
    Answer,
    AnswerValue,
    Assessment,
    FactValue,
    PlanControls,
    Respondent,
)
from app.domain.scoring import questions_asked

LeftOutKind: TypeAlias = Literal["question", "fact", "role", "rule"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of the old answers the other release cannot read.

    ``why``: it is ``gone``, or its values are ``not-permitted`` any more. ``id`` is that of a
    question, fact part, role or rule.
    """

    kind: LeftOutKind
    id: str
    why: Literal["gone", "not-permitted"]


@dataclass(frozen=True, slots=True)
class Rescorable:
    """Old answers for another release, and what was left out of them."""

    assessment: Assessment
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class QuestionChanges:
    """Questions by id: in the old form alone, in the new form alone, in both but not the same.

    ``reworded`` read otherwise or have other options; ``rescored`` count otherwise (weight, bands,
    gate, roles). A question may be both.
    """

    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    reworded: tuple[str, ...]
    rescored: tuple[str, ...]


def rescorable(assessment: Assessment, model: MaturityModel) -> Rescorable:
    """Return an assessment as ``model`` can read it; raises ``ValueError`` without its form."""
    if assessment.form not in model.forms:
        raise ValueError(f"the model has no form {assessment.form}")
    left: dict[LeftOut, None] = {}
    respondents = []
    for person in assessment.respondents:
        if person.role not in model.roles:
            left[LeftOut("role", person.role, "gone")] = None
            continue
        answers = dict(_answers(model, person, left))
        respondents.append(replace(person, answers=answers))
    rulings = {
        name: ruling
        for name, ruling in assessment.adjudications.items()
        if _reads(model, name, Answer(ruling.value), left)
    }
    return Rescorable(
        replace(
            assessment,
            facts=dict(_facts(model, assessment.facts, left)),
            respondents=tuple(respondents),
            adjudications=rulings,
            pulse=tuple(_pulse(model, given) for given in assessment.pulse),
            controls=readable_controls(model, assessment.controls),
            decisions={
                rule: said for rule, said in assessment.decisions.items() if rule in model.rules
            },
        ),
        (*left, *_lost_rules(model, assessment)),
    )


def _lost_rules(model: MaturityModel, assessment: Assessment) -> Iterator[LeftOut]:
    for rule in assessment.decisions:
        if rule not in model.rules:
            yield LeftOut("rule", rule, "gone")


def _answers(
    model: MaturityModel, person: Respondent, left: dict[LeftOut, None]
) -> Iterator[tuple[str, Answer]]:
    for name, answer in person.answers.items():
        if _reads(model, name, answer, left):
            yield name, answer


def _reads(model: MaturityModel, name: str, answer: Answer, left: dict[LeftOut, None]) -> bool:
    question = model.questions.get(name)
    if question is None:
        left[LeftOut("question", name, "gone")] = None
        return False
    if answer.value is not None and not permits_answer(model, question, answer.value):
        left[LeftOut("question", name, "not-permitted")] = None
        return False
    return True


def _facts(
    model: MaturityModel, facts: Mapping[str, FactValue], left: dict[LeftOut, None]
) -> Iterator[tuple[str, FactValue]]:
    for name, fact in facts.items():
        part = model.fact_parts.get(name)
        if part is None:
            left[LeftOut("fact", name, "gone")] = None
        elif not permits_fact(part, fact.value):
            left[LeftOut("fact", name, "not-permitted")] = None
        else:
            yield name, fact


def _pulse(model: MaturityModel, given: Mapping[str, AnswerValue]) -> Mapping[str, AnswerValue]:
    known = {item.id for item in model.content.pulse}
    return {name: value for name, value in given.items() if name in known}


def readable_controls(model: MaturityModel, controls: PlanControls) -> PlanControls:
    """Return the controls without what the model does not know."""
    staffing = model.content.staffing
    posts = {post.id for post in staffing.posts} if staffing is not None else set()
    modes = {mode.id for mode in staffing.service_modes} if staffing is not None else set()
    tiers = {tier.id for tier in staffing.city_tiers} if staffing is not None else set()
    steps = {step.code for sop in model.sops.values() for step in sop.steps}
    assumed = {item.id for item in model.content.assumptions}
    return replace(
        controls,
        service_mode=controls.service_mode if controls.service_mode in modes else None,
        city_tier=controls.city_tier if controls.city_tier in tiers else None,
        max_hires={post: most for post, most in controls.max_hires.items() if post in posts},
        add_sops=tuple(sop for sop in controls.add_sops if sop in model.sops),
        drop_sops=tuple(sop for sop in controls.drop_sops if sop in model.sops),
        cadence={code: runs for code, runs in controls.cadence.items() if code in steps},
        assumptions={name: v for name, v in controls.assumptions.items() if name in assumed},
    )


def question_changes(
    before: MaturityModel, before_form: str, after: MaturityModel, after_form: str
) -> QuestionChanges:
    """Return how the questions asked differ between two forms of two releases."""
    old = {q.id: q for q in questions_asked(before.forms[before_form], before.questions.values())}
    new = {q.id: q for q in questions_asked(after.forms[after_form], after.questions.values())}
    both = [name for name in new if name in old]
    return QuestionChanges(
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
        reworded=tuple(n for n in both if _words(before, old[n]) != _words(after, new[n])),
        rescored=tuple(n for n in both if _count(old[n]) != _count(new[n])),
    )


def _words(model: MaturityModel, question: Question) -> object:
    """Return what a respondent reads: the question, its options, and the anchors that are them."""
    anchors = model.areas[question.area].anchors if question.area is not None else ()
    options = anchors if question.type == "choice" and not question.choices else question.choices
    return (question.type, question.text, options, question.items, question.unit)


def _count(question: Question) -> object:
    """Return what an answer counts by."""
    return (
        question.area,
        question.weight,
        question.gate,
        question.bands,
        question.negative,
        question.minimum,
        question.maximum,
        question.relative_to,
        question.formula,
        question.fallback,
        question.primary,
        question.secondary,
    )
