"""What answered questions still lack: evidence that was only claimed, roles that were not heard."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from app.domain.change import needed_evidence
from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import EvidenceCode
from app.domain.response import Answer
from app.domain.scoring import as_number, role_weight
from app.domain.world import World

Grades: TypeAlias = tuple[EvidenceCode, EvidenceCode]
"""The evidence an answer has, and the evidence it needs to count in full."""


@dataclass(frozen=True, slots=True)
class RoleEvidence:
    """The answers of one role to one question.

    ``weight`` of the role in the question, mean ``trust`` (0–1) and the ``lift`` it would get if
    every weak answer were shown as it needs to be; ``weak`` are the grades of the weak ones.
    """

    weight: Fraction
    trust: Fraction
    lift: Fraction
    weak: tuple[Grades, ...]


@dataclass(frozen=True, slots=True)
class WeakEvidence:
    """The ``trust`` (0–1) gained when weak answers, the best of grade ``has``, are lifted."""

    trust: Fraction
    has: EvidenceCode
    wants: EvidenceCode


@dataclass(frozen=True, slots=True)
class AnswerGap:
    """What one answered question lacks.

    ``heard`` are the roles whose answers count, ``silent`` those that are primary for the question
    and have not answered it; ``weights`` of all roles it is asked of; ``seen`` the grade of an
    answer that was seen, and its trust. ``stated`` is the grade and trust of the fact that answers
    the question where no person did.
    """

    question: str
    heard: Mapping[str, RoleEvidence]
    silent: tuple[str, ...]
    weights: Mapping[str, Fraction]
    seen: tuple[EvidenceCode, Fraction]
    stated: tuple[EvidenceCode, Fraction] | None = None

    @property
    def _counted(self) -> Fraction:
        return sum((role.weight for role in self.heard.values()), Fraction(0))

    def weak(self, role: str | None) -> WeakEvidence | None:
        """Return what showing evidence would lift: in a role's own answers, or in all of them.

        A role not heard yet lifts the whole by answering with evidence. None where nothing lifts.
        """
        grade, trust = self.seen
        if self.stated is not None:
            has, stated = self.stated
            return WeakEvidence(trust - stated, has, grade) if trust > stated else None
        weak = [grades for found in self.heard.values() for grades in found.weak]
        if not weak:
            return None
        if role is None or role in self.heard:
            chosen = [found for name, found in self.heard.items() if role in (None, name)]
            own = [grades for found in chosen for grades in found.weak]
            gain = sum((f.weight * f.lift for f in chosen), Fraction(0))
            return _weak(gain / self._counted, own)
        weight = self.weights.get(role, Fraction(0))
        mean = sum((f.weight * f.trust for f in self.heard.values()), Fraction(0)) / self._counted
        gain = weight * (trust - mean) / (self._counted + weight)
        return _weak(gain, [(has, grade) for has, _ in weak if has < grade])

    def part_of(self, roles: Collection[str]) -> Fraction:
        """Return the part (0–1) of the question's mean that roles not heard yet would hold."""
        weight = sum((self.weights[role] for role in roles), Fraction(0))
        return weight / (self._counted + weight)


def answer_gaps(world: World, asked: Iterable[Question]) -> Iterator[AnswerGap]:
    """Yield what the answered ones of ``asked`` lack; those that lack nothing are left out.

    Left out as well: texts, computed questions, and what the consultant has ruled on.
    """
    rating, form = world.model.content.rating, world.form
    seen = (rating.yes_evidence, world.model.trusts[rating.yes_evidence])
    exact = {n: Fraction(n) for n in (rating.primary_weight, rating.secondary_weight, 0)}
    said = _said(world)
    for question in asked:
        result = world.question(question.id)
        if question.type in ("text", "computed") or result.adjudicated or result.score is None:
            continue
        roles = dict.fromkeys((*said.get(question.id, {}), *question.primary, *question.secondary))
        weights = {role: exact[role_weight(question, role, rating, form)] for role in roles}
        heard = {
            role: _role(world, grades, weights[role])
            for role, grades in said.get(question.id, {}).items()
            if weights[role]
        }
        silent = () if form.everyone_counts else _silent(world, question, heard)
        stated = None
        if not heard:
            given = world.figures.given(question.fallback) if question.fallback else None
            stated = ((given and given.evidence) or rating.fact_evidence, result.trust)
            silent = ()
        if silent or stated or any(found.weak for found in heard.values()):
            yield AnswerGap(question.id, heard, silent, weights, seen, stated)


def _silent(world: World, question: Question, heard: Collection[str]) -> tuple[str, ...]:
    return tuple(
        role
        for role in question.primary
        if role not in heard and world.model.roles[role].side != "system"
    )


def _said(world: World) -> dict[str, dict[str, dict[Grades, int]]]:
    """Count the grades of all answers by question and role."""
    rating, questions = world.model.content.rating, world.model.questions
    needs: dict[int, EvidenceCode] = {}

    def needed(question: Question, answer: Answer) -> EvidenceCode:
        option = as_number(answer.value) if question.type == "choice" else None
        if option is None:
            return rating.yes_evidence
        if int(option) not in needs:
            needs[int(option)] = needed_evidence(rating, int(option))
        return needs[int(option)]

    said: dict[str, dict[str, dict[Grades, int]]] = {}
    for person in world.assessment.respondents:
        for name, answer in person.answers.items():
            if answer.value is None or name not in questions:
                continue
            grades = (answer.evidence, needed(questions[name], answer))
            counts = said.setdefault(name, {}).setdefault(person.role, {})
            counts[grades] = counts.get(grades, 0) + 1
    return said


def _role(world: World, counts: Mapping[Grades, int], weight: Fraction) -> RoleEvidence:
    trusts, number = world.model.trusts, sum(counts.values())
    weak = tuple(grades for grades in counts if grades[0] < grades[1])
    total = sum((trusts[has] * count for (has, _), count in counts.items()), Fraction(0))
    lift = sum(
        (max(trusts[wants] - trusts[has], Fraction(0)) * counts[has, wants] for has, wants in weak),
        Fraction(0),
    )
    return RoleEvidence(weight, total / number, lift / number, weak)


def _weak(gain: Fraction, grades: Collection[Grades]) -> WeakEvidence | None:
    if gain <= 0 or not grades:
        return None
    return WeakEvidence(gain, max(has for has, _ in grades), max(wants for _, wants in grades))
