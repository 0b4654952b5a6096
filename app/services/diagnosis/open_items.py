"""What the diagnosis does not know, each line with the very place to ask it.

The tables are the report's own ("Not assessed"); a screen adds the interview to ask in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.definitions.questionnaire import Fact, Question
from app.domain.expression import Reference
from app.reporting.context.unknowns import Unknowns, build
from app.reporting.context.unknowns_tables import OpenFact, OpenQuestion, WeakArea
from app.services.diagnosis.reading import Named, Reading, Target


@dataclass(frozen=True, slots=True)
class Asking:
    """Where something can be asked: the interview (empty: there is none yet), its part, the item.

    ``section`` is the id of the questionnaire's section, empty for a fact.
    """

    response: str
    section: str
    item: str


@dataclass(frozen=True, slots=True)
class QuestionToAsk:
    """An open question as the report tells it, its page, and where to ask it."""

    told: OpenQuestion
    named: Named
    asking: Asking | None


@dataclass(frozen=True, slots=True)
class FactToAsk:
    """An open fact as the report tells it, its parts, and where to put it in."""

    told: OpenFact
    parts: tuple[Named, ...]
    asking: Asking


@dataclass(frozen=True, slots=True)
class WaitingRule:
    """A rule or a contradiction that could not be decided, and what it waits for."""

    code: str
    says: str
    needs: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class WeakLine:
    """A rated area on weak evidence, and the question whose evidence would help most."""

    told: WeakArea
    area: Named
    question: Named
    asking: Asking | None


@dataclass(frozen=True, slots=True)
class OpenArea:
    """An area asked about that could not be rated, with the share of its weight unanswered."""

    named: Named
    missing: str


@dataclass(frozen=True, slots=True)
class OpenItems:
    """The page: the report's section, and its tables with their links."""

    told: Unknowns
    questions: tuple[QuestionToAsk, ...]
    facts: tuple[FactToAsk, ...]
    rules: tuple[WaitingRule, ...]
    contradictions: tuple[WaitingRule, ...]
    weak: tuple[WeakLine, ...]
    areas: tuple[OpenArea, ...]

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to ask."""
        return not (self.questions or self.facts or self.rules or self.contradictions or self.areas)


def open_items(reading: Reading) -> OpenItems:
    """Return what the diagnosis does not know."""
    told, model = build(reading.source), reading.model
    questions = {question.code: question for question in model.questions.values()}
    facts = {fact.code: fact for fact in model.content.facts}
    areas = {area.code: area.id for area in model.areas.values()}
    diagnosis = reading.diagnosis
    return OpenItems(
        told=told,
        questions=tuple(_question(reading, line, questions[line.code]) for line in told.questions),
        facts=tuple(_fact(reading, line, facts[line.code]) for line in told.facts),
        rules=tuple(
            _waiting(reading, item.rule.code, item.rule.finding, item.needs)
            for item in diagnosis.diagnostics.undecided
        ),
        contradictions=tuple(
            _waiting(reading, item.contradiction.code, item.contradiction.claim, item.needs)
            for item in diagnosis.contradictions.undecided
        ),
        weak=tuple(_weak(reading, line, areas, questions) for line in told.weak_areas),
        areas=tuple(
            OpenArea(
                reading.named(Target("area", name)),
                reading.wording.percent(reading.card.areas[name].missing * 100),
            )
            for name in diagnosis.not_assessed.areas
        ),
    )


def asking_of(reading: Reading, question: Question) -> Asking | None:
    """Return where a question can be asked; None for one that is computed from facts."""
    if question.formula is not None:
        return None
    found = reading.interview_for((*question.primary, *question.secondary))
    section = next((s.id for s in reading.model.content.sections if question in s.questions), "")
    return Asking(found.id if found is not None else "", section, question.id)


def _question(reading: Reading, told: OpenQuestion, question: Question) -> QuestionToAsk:
    named = reading.named(Target("question", question.id))
    return QuestionToAsk(told, named, asking_of(reading, question))


def _fact(reading: Reading, told: OpenFact, fact: Fact) -> FactToAsk:
    sheet = reading.facts_sheet()
    missing = [p for p in fact.parts if reading.world.figures.given(p.id) is None]
    return FactToAsk(
        told=told,
        parts=tuple(reading.named(Target("fact", part.id)) for part in missing),
        asking=Asking(sheet.id if sheet is not None else "", "", missing[0].id),
    )


def _waiting(reading: Reading, code: str, says: str, needs: tuple[Reference, ...]) -> WaitingRule:
    """Return what a condition waits for: the questions and facts themselves, not their areas."""
    found: dict[Named, None] = {}
    for reference in needs:
        behind = reading.grounds.waits_for(reference)
        for question in behind.questions:
            found[reading.named(Target("question", question))] = None
        for part in behind.facts:
            found[reading.named(Target("fact", part))] = None
        if not behind:
            found[reading.read_by(reference)] = None
    return WaitingRule(code, says, tuple(found))


def _weak(
    reading: Reading,
    told: WeakArea,
    areas: Mapping[str, str],
    questions: Mapping[str, Question],
) -> WeakLine:
    question = questions[told.question]
    return WeakLine(
        told=told,
        area=reading.named(Target("area", areas[told.code])),
        question=reading.named(Target("question", question.id)),
        asking=asking_of(reading, question),
    )
