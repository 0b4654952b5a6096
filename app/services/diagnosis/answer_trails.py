"""From a question down to single answers: who said what, on which evidence, and where it is on
record.

Pages of the team alone: single answers stand with role and label, as in the interview. What may be
told to the client is decided by the report's own rules (``Source.printable``); a role's mean that
the report withholds is marked so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import EvidenceCode
from app.domain.response import AnswerValue
from app.domain.scoring import as_number
from app.domain.trail import Said, Trail
from app.reporting.context.appendix_answers import fact_value, ruled_value
from app.reporting.context.perception_views import option_text
from app.services.answers.assembling import ADJUDICATION
from app.services.diagnosis.number_trails import FindingLink
from app.services.diagnosis.reading import Named, Reading, Target
from app.services.errors import NotFoundError
from app.store.rows import CurrentAnswer

FRONT = "front"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer: what was said in words, its evidence grade by code and name, its score.

    ``limited_by`` is the evidence grade it would take to count in full (empty where it does);
    ``response`` is the row it stands on and ``item`` what it answers, for its history; ``alone``
    where the person filled it in without an interviewer.
    """

    label: str
    said: str
    means: str
    known: bool
    grade: str
    grade_title: str
    score: str
    limited_by: str
    note: str
    quote: str
    response: str
    item: str
    alone: bool


@dataclass(frozen=True, slots=True)
class RoleBlock:
    """The answers of one role: its weight in the question, its share of the score, its mean.

    ``counts`` is false for a role the question is not asked of, and for all where a ruling stands;
    ``withheld`` where the report does not print the mean by itself.
    """

    role: str
    title: str
    weight: str
    share: str
    mean: str
    adds: str
    counts: bool
    withheld: bool
    answers: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class RulingBlock:
    """The consultant's ruling on a question and why; ``response`` keeps its history."""

    said: str
    means: str
    grade: str
    grade_title: str
    score: str
    reason: str
    response: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact a question is computed or taken from."""

    named: Named
    value: str
    grade: str
    grade_title: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """How far the answers agree: printed figures, a dash for what they cannot carry."""

    gap: str
    sd: str
    rwg: str
    answers: int
    serious: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question with everything behind its score.

    ``weight`` is its part of the area; ``value`` the figure in its unit or how many items stand;
    ``means`` the level or option the score comes nearest to; ``from_fact`` where a fact of the
    profile answers it because nobody did, ``computed`` where it is always read from facts.
    """

    named: Named
    text: str
    kind: str
    ask_to_see: str
    gate: bool
    area: Named | None
    dimension: Named | None
    weight: str
    score: str
    value: str
    means: str
    confidence: str
    ruling: RulingBlock | None
    computed: bool
    from_fact: bool
    facts: tuple[FactLine, ...]
    roles: tuple[RoleBlock, ...]
    agreement: AgreementLine | None
    findings: tuple[FindingLink, ...]
    ask_in: str


def question_page(reading: Reading, name: str) -> QuestionPage:
    """Return everything behind a question's score; raises ``NotFoundError``."""
    model, wording = reading.model, reading.wording
    question, result = model.questions.get(name), reading.diagnosis.questions.get(name)
    if question is None or result is None:
        raise NotFoundError
    trail = reading.trails.question(name)
    asked = model.asked_in[reading.world.form.id].get(question.area or "", ())
    weight = next((share for other, share in asked if other.id == name), None)
    facts = [part for part in _below(trail) if part.kind == "fact"]
    found = reading.interview_for((*question.primary, *question.secondary))
    return QuestionPage(
        named=reading.named(Target("question", name)),
        text=question.text,
        kind=question.type,
        ask_to_see=question.ask_to_see,
        gate=question.gate,
        area=reading.named(Target("area", question.area)) if question.area else None,
        dimension=reading.named(Target("dimension", model.dimension_of[question.area].id))
        if question.area
        else None,
        weight="" if weight is None else wording.percent(weight * 100),
        score=wording.score(result.score),
        value=_value(reading, question, result.value, result.items),
        means=_means(reading, question, result.score),
        confidence=reading.confidence(result.trust if result.score is not None else None),
        ruling=_ruling(reading, question, trail),
        computed=any(part.kind == "computed" for part in trail.children),
        from_fact=any(part.kind == "fact" for part in trail.children),
        facts=tuple(_fact_line(reading, part) for part in facts),
        roles=_roles(reading, question, trail),
        agreement=_agreement(reading, name),
        findings=findings_reading(reading, question=name),
        ask_in=found.id if found is not None else "",
    )


def findings_reading(
    reading: Reading, *, question: str = "", fact: str = ""
) -> tuple[FindingLink, ...]:
    """Return the findings whose condition is read from a question or a fact."""
    found = []
    for finding in reading.diagnosis.diagnostics.every():
        references = [ref for atom in finding.trace.decisive() for ref in atom.references]
        behind = reading.grounds.of_all(references)
        if question in behind.questions or fact in behind.facts:
            found.append(FindingLink(finding.rule.id, finding.rule.code, finding.title))
    return tuple(found)


# -- what a question comes to ------------------------------------------------------------------


def _below(trail: Trail) -> Iterable[Trail]:
    for child in trail.children:
        yield child
        yield from _below(child)


def _value(
    reading: Reading, question: Question, value: Fraction | None, items: frozenset[str] | None
) -> str:
    if question.type == "multi" and items is not None:
        return f"{len(items)}/{len(question.items)}"
    if question.type in ("number", "computed") and value is not None:
        return reading.wording.with_unit(reading.wording.plain(value), question.unit)
    return ""


def _means(reading: Reading, question: Question, score: Fraction | None) -> str:
    if question.type != "choice" or score is None:
        return ""
    return option_text(reading.source, question, score)


def _in_words(reading: Reading, question: Question, value: AnswerValue | None) -> tuple[str, str]:
    """Return an answer in words, and the option behind a number of a choice."""
    if value is None:
        return "", ""
    number = as_number(value)
    if question.type == "choice" and number is not None:
        said = f"L{number}" if not question.choices else str(number)
        return said, option_text(reading.source, question, number)
    if question.type == "multi" and isinstance(value, tuple):
        return f"{len(value)}/{len(question.items)}", ruled_value(reading.source, question, value)
    return ruled_value(reading.source, question, value), ""


def grade_title(reading: Reading, code: EvidenceCode | None) -> str:
    """Return the name of an evidence grade."""
    grades = {grade.code: grade.title for grade in reading.model.content.rating.evidence}
    return grades[code] if code is not None else ""


def _ruling(reading: Reading, question: Question, trail: Trail) -> RulingBlock | None:
    told = next((part for part in trail.children if part.kind == "adjudication"), None)
    if told is None or told.said is None:
        return None
    sheet = next((row for row in reading.gathered.responses if row.kind == ADJUDICATION), None)
    said, means = _in_words(reading, question, told.said.value)
    return RulingBlock(
        said=said,
        means=means,
        grade=told.said.evidence,
        grade_title=grade_title(reading, told.said.evidence),
        score=reading.wording.score(told.value),
        reason=told.said.reason,
        response=sheet.id if sheet is not None else "",
    )


def _agreement(reading: Reading, name: str) -> AgreementLine | None:
    found = reading.diagnosis.agreements.get(name)
    if found is None or found.n < 2:
        return None
    wording, bands = reading.wording, reading.model.content.rating.agreement
    return AgreementLine(
        gap=wording.signed(found.gap),
        sd=wording.number(None if found.sd is None else Fraction(str(found.sd)), 1),
        rwg=wording.number(found.rwg, 2),
        answers=found.n,
        serious=found.gap is not None and abs(found.gap) >= Fraction(bands.gap_finding),
    )


# -- roles and their answers -------------------------------------------------------------------


def _roles(reading: Reading, question: Question, trail: Trail) -> tuple[RoleBlock, ...]:
    wording, model = reading.wording, reading.model
    rows = _rows_by_role(reading, question.id)
    blocks = []
    for part in trail.children:
        if part.kind != "role":
            continue
        lines = tuple(
            _answer(reading, question, answer, row)
            for answer, row in zip(part.children, rows[part.id], strict=True)
        )
        known = sum(line.known for line in lines)
        blocks.append(
            RoleBlock(
                role=part.id,
                title=model.roles[part.id].title,
                weight=wording.plain(part.weight) if part.weight else "",
                share=wording.percent(part.share * 100) if part.share else "",
                mean=wording.score(part.value),
                adds=wording.number(part.contribution if part.share else None, 2),
                counts=bool(part.share),
                withheld=known > 0
                and model.roles[part.id].side == FRONT
                and not reading.source.printable(part.id, known),
                answers=lines,
            )
        )
    order = list(model.roles)
    return tuple(sorted(blocks, key=lambda block: (not block.counts, order.index(block.role))))


def _rows_by_role(reading: Reading, question: str) -> Mapping[str, Sequence[CurrentAnswer]]:
    """Return the rows behind a question by role, in the order the trail tells the answers."""
    found: dict[str, list[CurrentAnswer]] = {}
    people = reading.diagnosis.assessment.respondents
    for person, rows in zip(people, reading.rows, strict=True):
        if question in person.answers:
            found.setdefault(person.role, []).append(rows[question])
    return found


def _answer(reading: Reading, question: Question, trail: Trail, row: CurrentAnswer) -> AnswerLine:
    told = trail.said or Said(None, "E0")
    said, means = _in_words(reading, question, told.value)
    limit = next((bound for bound in trail.bounds if bound.kind == "evidence"), None)
    return AnswerLine(
        label=told.label,
        said=said,
        means=means,
        known=told.value is not None,
        grade=told.evidence,
        grade_title=grade_title(reading, told.evidence),
        score=reading.wording.score(trail.value),
        limited_by=limit.ids[0] if limit is not None else "",
        note=row.note,
        quote=row.quote,
        response=row.response_id,
        item=row.item,
        alone=reading.is_own_account(row.response_id),
    )


# -- facts -------------------------------------------------------------------------------------


def fact_words(reading: Reading, name: str) -> str:
    """Return a fact as given, with its unit; empty where nobody gave it."""
    given, part = reading.world.figures.given(name), reading.model.fact_parts[name]
    if given is None:
        return ""
    return reading.wording.with_unit(fact_value(reading.source, part, given.value), part.unit)


def _fact_line(reading: Reading, trail: Trail) -> FactLine:
    told = trail.said
    grade = told.evidence if told is not None and told.value is not None else None
    return FactLine(
        named=reading.named(Target("fact", trail.id)),
        value=fact_words(reading, trail.id),
        grade=grade or "",
        grade_title=grade_title(reading, grade),
    )
