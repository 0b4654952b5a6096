"""Who was asked and how well their answers are evidenced, counted by role and by grade."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.questionnaire import RoleSide
from app.domain.definitions.structure import EvidenceCode
from app.domain.response import Answer, Respondent
from app.domain.scoring import as_number
from app.reporting.context.source import Source

CHECKED_FROM: EvidenceCode = "E2"
"""The grade from which somebody besides the respondent has seen it."""


@dataclass(frozen=True, slots=True)
class RespondentRow:
    """One role among the respondents.

    ``role`` and ``side`` name it; ``people``, ``answers`` and ``unknown`` are counts (``unknown``:
    asked, but did not know); ``checked`` is the share of answers seen as artefact or system data.
    """

    role: str
    side: str
    people: str
    answers: str
    unknown: str
    checked: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One evidence grade.

    ``code`` and ``title`` name it, ``meaning`` explains it; ``trust`` (0–1) is its share in the
    confidence; ``answers`` counts the answers here that have it, ``share`` in percent of all.
    """

    code: str
    title: str
    meaning: str
    trust: str
    answers: str
    share: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of an assessment.

    ``people`` who answered; ``answers`` that carry a value, ``unknown`` that are "don't know";
    ``checked`` answers whose artefact or data somebody has seen.
    """

    people: int
    answers: int
    unknown: int
    checked: int

    @property
    def checked_share(self) -> Fraction | None:
        """Return the share of checked answers in percent; None without answers."""
        return Fraction(100 * self.checked, self.answers) if self.answers else None


def tally(source: Source) -> Tally:
    """Count the answers of all respondents."""
    people = source.diagnosis.assessment.respondents
    return _tally(people)


def respondents(source: Source) -> tuple[int, int]:
    """Return how many people and how many roles of the enterprise answered, consultants aside."""
    roles = [
        person.role
        for person in source.diagnosis.assessment.respondents
        if source.model.roles[person.role].side not in ("consultant", "system")
    ]
    return len(roles), len(set(roles))


def _tally(people: Iterable[Respondent]) -> Tally:
    people = tuple(people)
    answers = [answer for person in people for answer in person.answers.values()]
    known = [answer for answer in answers if answer.value is not None]
    return Tally(
        people=len(people),
        answers=len(known),
        unknown=len(answers) - len(known),
        checked=sum(answer.evidence >= CHECKED_FROM for answer in known),
    )


def respondent_rows(source: Source) -> tuple[RespondentRow, ...]:
    """Return one row per role that answered, in the model's order, and a total."""
    wording = source.wording
    people = source.diagnosis.assessment.respondents
    rows = [
        _respondents(
            source,
            role.title,
            _side(source, role.side),
            _tally(person for person in people if person.role == role.id),
        )
        for role in source.model.roles.values()
        if any(person.role == role.id for person in people)
    ]
    if len(rows) > 1:
        rows.append(_respondents(source, wording.translate("合计"), "", _tally(people)))
    return tuple(rows)


def _respondents(source: Source, role: str, side: str, found: Tally) -> RespondentRow:
    wording = source.wording
    return RespondentRow(
        role=role,
        side=side,
        people=wording.number(found.people),
        answers=wording.number(found.answers),
        unknown=wording.number(found.unknown),
        checked=wording.percent(found.checked_share),
    )


def _side(source: Source, side: RoleSide) -> str:
    words = {
        "top": "高层",
        "front": "一线",
        "support": "支持",
        "customer": "客户",
        "consultant": "顾问",
        "system": "系统",
    }
    return source.wording.translate(words[side])


def evidence_rows(source: Source) -> tuple[EvidenceRow, ...]:
    """Return the evidence grades with how many of this assessment's answers have each."""
    wording = source.wording
    given = Counter(
        answer.evidence
        for person in source.diagnosis.assessment.respondents
        for answer in person.answers.values()
        if answer.value is not None
    )
    total = given.total()
    return tuple(
        EvidenceRow(
            code=grade.code,
            title=grade.title,
            meaning=grade.meaning,
            trust=wording.number(grade.trust, 1),
            answers=wording.number(given[grade.code]),
            share=wording.percent(Fraction(100 * given[grade.code], total) if total else None),
        )
        for grade in source.model.content.rating.evidence
    )


def capped_answers(source: Source) -> int:
    """Count the choices that were lowered because their evidence did not carry them."""
    if not source.model.forms[source.diagnosis.assessment.form].caps_by_evidence:
        return 0
    return sum(
        _is_capped(source, answer)
        for person in source.diagnosis.assessment.respondents
        for name, answer in person.answers.items()
        if name in source.diagnosis.questions and source.model.questions[name].type == "choice"
    )


def _is_capped(source: Source, answer: Answer) -> bool:
    option = as_number(answer.value)
    return option is not None and any(
        option >= rule.from_option and answer.evidence < rule.needs and rule.cap < option
        for rule in source.model.content.rating.evidence_caps
    )
