"""The values the consultant set where roles disagree, with reasons."""

from dataclasses import dataclass

from app.domain.definitions.questionnaire import Question
from app.domain.response import Adjudication, AnswerValue
from app.domain.scoring import as_number
from app.reporting.context.perception_views import QuestionView, option_text, shared_questions
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class AdjudicationRow:
    """One adjudicated question.

    ``code`` and ``title`` name it; ``said`` are the printable views it replaces; ``value`` what
    counts now and ``meaning`` its description; ``evidence`` the grade with its name; ``reason``
    the consultant's.
    """

    code: str
    title: str
    said: str
    value: str
    meaning: str
    evidence: str
    reason: str


def adjudications(source: Source) -> tuple[AdjudicationRow, ...]:
    """Return the adjudications of the questions asked, in asking order."""
    views = {view.question.id: view for view in shared_questions(source)}
    grades = {grade.code: grade.title for grade in source.model.content.rating.evidence}
    given = source.diagnosis.assessment.adjudications
    rows = []
    for name in source.diagnosis.questions:
        adjudication = given.get(name)
        if adjudication is None:
            continue
        question = source.model.questions[name]
        value, meaning = _value(source, question, adjudication)
        rows.append(
            AdjudicationRow(
                code=question.code,
                title=question.short or question.text,
                said=_said(source, views.get(name)),
                value=value,
                meaning=meaning,
                evidence=f"{adjudication.evidence} {grades[adjudication.evidence]}",
                reason=adjudication.reason,
            )
        )
    return tuple(rows)


def _said(source: Source, view: QuestionView | None) -> str:
    wording = source.wording
    if view is None:
        return wording.translate("—")
    return wording.joined(
        [wording.beside(role.title, wording.score(role.mean)) for role in view.roles]
    )


def _value(source: Source, question: Question, adjudication: Adjudication) -> tuple[str, str]:
    wording, translate = source.wording, source.wording.translate
    value: AnswerValue = adjudication.value
    if isinstance(value, bool):
        return (translate("是") if value else translate("否")), ""
    if isinstance(value, tuple):
        picked = [item.title for item in question.items if item.id in value]
        return translate("{n}项").format(n=len(picked)), wording.joined(picked)
    number = as_number(value)
    if number is None:
        return str(value), ""
    if question.type == "choice":
        return f"L{int(number)}", option_text(source, question, number)
    return wording.with_unit(wording.plain(number), question.unit), ""
