"""The questions and facts behind a reference, answered or not: what one would have to ask.

``app.domain.sources`` tells what was read for a condition as it stands; here blanks count as well,
because a blank is what an interview is there to fill.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.expression import Reference
from app.domain.figures import Figures
from app.domain.perception import QuestionAgreement
from app.domain.response import FactValue
from app.domain.scoring import AreaScore, QuestionResult, role_weight
from app.domain.sources import (
    SPREAD_OF_ALL,
    STAGES,
    HeardFigures,
    PlainWorld,
    rated_areas,
)
from app.domain.stage import classify
from app.domain.vocabulary import MEASURES
from app.domain.world import World


@dataclass(frozen=True, slots=True)
class Behind:
    """Question ids and fact part ids, each once."""

    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.questions or self.facts)


class Grounds:
    """Finds what references rest on, and what unknown ones wait for, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._areas = rated_areas(world)
        self._questions = {name: world.question(name) for name in world.model.questions}
        self._found: dict[Reference, Behind] = {}

    def of(self, reference: Reference) -> Behind:
        """Return everything a reference is read from, whether or not anything was said."""
        if reference not in self._found:
            self._found[reference] = self._look(reference)
        return self._found[reference]

    def of_all(self, references: Iterable[Reference]) -> Behind:
        """Return everything several references are read from."""
        found = [self.of(reference) for reference in references]
        return Behind(
            tuple(dict.fromkeys(name for each in found for name in each.questions)),
            tuple(dict.fromkeys(part for each in found for part in each.facts)),
        )

    def waits_for(self, reference: Reference) -> Behind:
        """Return the unanswered questions and the facts not given that a reference is read from.

        A measure waits for its missing facts first; only where none is missing for the questions.
        """
        behind, figures = self.of(reference), self.world.figures
        facts = tuple(part for part in behind.facts if figures.given(part) is None)
        if facts and reference.function == "name":
            return Behind((), facts)
        return Behind(tuple(name for name in behind.questions if self.is_open(name)), facts)

    def is_open(self, question: str) -> bool:
        """Return whether nobody whose answer counts has answered a question."""
        result = self._questions[question]
        return result.score is None and result.value is None

    def of_question(self, question: Question) -> Behind:
        """Return what a question's score is read from: itself, or facts where it is computed."""
        if question.formula is not None:
            return self.of_all(self.world.model.expression(question.formula).references)
        stated = stating_fact(self.world, question)
        return Behind((question.id,)) if stated is None else Behind((), (stated,))

    def _look(self, reference: Reference) -> Behind:
        model = self.world.model
        name = (model.vocabulary.canonical(reference) or ("",))[0]
        if name in model.fact_parts:
            return Behind((), (name,))
        if name in model.questions:
            return self.of_question(model.questions[name])
        if name in model.areas:
            return self._of_areas((name,))
        if name in SPREAD_OF_ALL:
            anchored = (q for q in model.questions.values() if q.type == "choice")
            return self._of_questions(anchored)
        return self._overheard(reference, name)

    def _overheard(self, reference: Reference, name: str) -> Behind:
        """Return what is looked at for a dimension, a stage or a measure."""
        listening = self._listening()
        if name in STAGES:
            classify(listening)
        listening.resolve(reference)
        asked = self._of_areas(listening.areas)
        named = self._of_questions(self.world.model.questions[q] for q in listening.questions)
        questions = dict.fromkeys((*named.questions, *asked.questions))
        facts = tuple(dict.fromkeys((*listening.facts, *named.facts, *asked.facts)))
        if name in MEASURES and name not in STAGES:
            facts = self._telling(name, facts)
        return Behind(tuple(questions), facts)

    def _of_areas(self, areas: Iterable[str]) -> Behind:
        asked = self.world.model.asked_in[self.world.form.id]
        return self._of_questions(question for area in areas for question, _ in asked[area])

    def _of_questions(self, questions: Iterable[Question]) -> Behind:
        found = [self.of_question(question) for question in questions]
        return Behind(
            tuple(dict.fromkeys(name for each in found for name in each.questions)),
            tuple(dict.fromkeys(part for each in found for part in each.facts)),
        )

    def _telling(self, measure: str, heard: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the facts looked at without which a measure would not be what it is.

        The engine computes several measures at a time and looks at the facts of all of them. Where
        the measure is unknown, any value stands in for what is missing.
        """
        given, model = self.world.figures, self.world.model
        facts = {part: fact for part in heard if (fact := given.given(part)) is not None}
        whole = self._measured(measure, facts)
        if whole is None:
            facts = {part: facts.get(part) or _stand_in(model.fact_parts[part]) for part in heard}
            whole = self._measured(measure, facts)
        return tuple(
            part
            for part in facts
            if self._measured(measure, {p: f for p, f in facts.items() if p != part}) != whole
        )

    def _measured(self, measure: str, facts: Mapping[str, FactValue]) -> Fraction | None:
        world = self._listening()
        world.figures = Figures(facts)
        return world.measure(measure)

    def _listening(self) -> "_Listening":
        return _Listening(self.world, self._areas, self._questions)


def stating_fact(world: World, question: Question) -> str | None:
    """Return the fact part that answers a question because nobody whose answer counts did."""
    result, rating = world.question(question.id), world.model.content.rating
    if question.fallback is None or result.score is None or result.adjudicated:
        return None
    if any(role_weight(question, role, rating, world.form) for role in result.role_means):
        return None
    return question.fallback


def _stand_in(part: FactPart) -> FactValue:
    if part.type == "number":
        return FactValue(max(Fraction(1), Fraction(part.minimum or 0)))
    if part.type == "yes-no":
        return FactValue(True)
    first = part.choices[0].id if part.choices else ""
    return FactValue((first,) if part.type == "multi" else first)


class _Listening(PlainWorld):
    """A world that notes what is looked at and computes no score anew.

    Weights are not noted: they say how much something counts, not what it is.
    """

    def __init__(
        self,
        base: World,
        areas: Mapping[str, AreaScore],
        questions: Mapping[str, QuestionResult],
    ) -> None:
        super().__init__(base.model, base.assessment, areas, questions)
        self._base = base
        self._figures = HeardFigures(self.figures)
        self.figures = self._figures
        self.areas: dict[str, None] = {}
        self.questions: dict[str, None] = {}

    @property
    def facts(self) -> Iterable[str]:
        """The fact parts looked at; a measure is first looked for among them."""
        return [part for part in self._figures.heard if part in self.model.fact_parts]

    def question(self, name: str) -> QuestionResult:
        self.questions[name] = None
        return super().question(name)

    def area(self, name: str) -> AreaScore:
        self.areas[name] = None
        return super().area(name)

    def _rate(self, name: str) -> AreaScore:
        self.areas[name] = None
        return super()._rate(name)

    def agreement(self, name: str) -> QuestionAgreement:
        self.questions[name] = None
        return self._base.agreement(name)

    def weight_of(self, dimension: str) -> Fraction:
        return self._base.weight_of(dimension)
