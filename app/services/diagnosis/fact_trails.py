"""A fact as given, its evidence, and everything that rests on it."""

from dataclasses import dataclass

from app.domain.definitions.questionnaire import Question
from app.services.diagnosis.answer_trails import fact_words, findings_reading, grade_title
from app.services.diagnosis.number_trails import FindingLink
from app.services.diagnosis.reading import Named, Reading, Target
from app.services.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class FactPage:
    """One fact as given, and what reads it. ``value`` is empty where nobody gave it."""

    named: Named
    fact: str
    value: str
    grade: str
    grade_title: str
    note: str
    why: str
    who: str
    ask_to_see: str
    from_profile: bool
    response: str
    questions: tuple[Named, ...]
    findings: tuple[FindingLink, ...]


def fact_page(reading: Reading, name: str) -> FactPage:
    """Return a fact with its evidence and what reads it; raises ``NotFoundError``."""
    model = reading.model
    part = model.fact_parts.get(name)
    if part is None:
        raise NotFoundError
    fact, given = model.fact_of[name], reading.world.figures.given(name)
    sheet = reading.facts_sheet()
    rows = reading.gathered.answers[sheet.id] if sheet is not None else ()
    on_sheet = any(row.item == name and row.kind == "given" for row in rows)
    grade = (given.evidence or model.content.rating.fact_evidence) if given is not None else None
    return FactPage(
        named=reading.named(Target("fact", name)),
        fact=fact.title,
        value=fact_words(reading, name),
        grade=grade or "",
        grade_title=grade_title(reading, grade),
        note=given.note if given is not None else "",
        why=fact.why,
        who=reading.wording.roles(fact.roles),
        ask_to_see=fact.ask_to_see,
        from_profile=given is not None and not on_sheet,
        response=sheet.id if sheet is not None else "",
        questions=tuple(
            reading.named(Target("question", question.id))
            for question in model.questions.values()
            if question.id in reading.diagnosis.questions and _rests_on(reading, question, name)
        ),
        findings=findings_reading(reading, fact=name),
    )


def _rests_on(reading: Reading, question: Question, part: str) -> bool:
    if question.formula is None and question.fallback != part:
        return False
    return part in reading.grounds.of_question(question).facts
