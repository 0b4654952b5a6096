"""Every answer by question: what each role said, the evidence, the notes, the verbatim texts.

Nobody is named. A front-line role with too few answers appears as "the front line" without what
it answered, and its notes without the role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.figures import Figures
from app.domain.response import Answer, AnswerValue
from app.domain.scoring import QuestionResult
from app.reporting.clauses import without_stop
from app.reporting.context.findings_voices import Voices
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING, rounded

PLACES: Final = 4
"""Places a figure of the appendix is printed with at most; nothing is hidden by rounding."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question: ``said`` by role, ``notes`` as written down, and what all comes to.

    ``value`` is the figure, the items picked or a dash; ``score`` the score on the scale;
    ``ruled`` marks a score set by the consultant.
    """

    code: str
    topic: str
    said: str
    notes: str
    value: str
    score: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """The questions of one area under its code, title, score and level."""

    code: str
    title: str
    score: str
    level: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One profile fact: its value as given with its unit, its evidence grade and note."""

    code: str
    title: str
    value: str
    unit: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A value the consultant set: on which question, what, why, on which evidence."""

    code: str
    topic: str
    value: str
    reason: str
    evidence: str
    said: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One open question with the texts of those who answered: (who, text)."""

    code: str
    question: str
    texts: tuple[tuple[str, str], ...]


def answers(source: Source) -> tuple[AreaAnswers, ...]:
    """Return the answered questions by area; areas without an answer are left out."""
    voices, blocks = Voices(source), []
    for name, area in source.model.areas.items():
        rows = tuple(
            _row(source, voices, question)
            for question in source.model.questions_of[name]
            if _is_answered(source, question)
        )
        if rows:
            found = source.diagnosis.scorecard.areas[name]
            blocks.append(
                AreaAnswers(
                    code=area.code,
                    title=area.title,
                    score=source.wording.score(found.score),
                    level=source.wording.level(found.level),
                    rows=rows,
                )
            )
    return tuple(blocks)


def _is_answered(source: Source, question: Question) -> bool:
    result = source.diagnosis.questions.get(question.id)
    return result is not None and (result.score is not None or bool(_given(source, question)))


def _given(source: Source, question: Question) -> list[tuple[str, Answer]]:
    """Return (role, answer) of everybody who was asked, in the order of the answers file."""
    return [
        (person.role, answer)
        for person in source.diagnosis.assessment.respondents
        if (answer := person.answers.get(question.id)) is not None
    ]


def _row(source: Source, voices: Voices, question: Question) -> AnswerRow:
    result = source.diagnosis.questions[question.id]
    return AnswerRow(
        code=question.code,
        topic=question.short or question.text,
        said=_said(source, voices, question),
        notes=notes_on(source, question),
        value=_value(source, question, result),
        score=source.wording.score(result.score),
        ruled=result.adjudicated,
    )


def _said(source: Source, voices: Voices, question: Question) -> str:
    """Return what every role answered, and how many did not know."""
    say = source.wording.translate
    voice = next(iter(voices.of([question.id], 1)), None)
    parts = list(voice.said) if voice else []
    unsure = sum(answer.value is None for _, answer in _given(source, question))
    if unsure:
        parts.append(say("{}人答不清楚").format(unsure))
    if not parts and not source.diagnosis.questions[question.id].adjudicated:
        parts.append(say("由画像事实推算"))
    return say("；").join(parts)


def notes_on(source: Source, question: Question) -> str:
    """Return what was written down at the answers to a question, with role and evidence grade."""
    say = source.wording.translate
    given = _given(source, question)
    counts: dict[str, int] = {}
    for role, _ in given:
        counts[role] = counts.get(role, 0) + 1
    seen: dict[str, None] = {}
    for role, answer in given:
        if answer.note:
            who = who_said(source, role, counts[role])
            seen[say("{}：{}（{}）").format(who, without_stop(answer.note), answer.evidence)] = None
    return say("；").join(seen)


def who_said(source: Source, role: str, together: int) -> str:
    """Return a role's title, or only "the front line" where too few of that role spoke."""
    if source.printable(role, together):
        return source.wording.role(role)
    return source.wording.translate("一线")


def _value(source: Source, question: Question, result: QuestionResult) -> str:
    if question.type == "multi" and result.items is not None:
        return f"{len(result.items)}/{len(question.items)}"
    if question.type in ("number", "computed") and result.value is not None:
        # Nobody gave a computed figure: its further places say nothing.
        computed = question.type == "computed"
        value = Fraction(rounded(result.value, 2)) if computed else result.value
        return source.wording.with_unit(figure(value), question.unit)
    return NOTHING


def figure(value: Fraction) -> str:
    """Return a figure in full: separators, no zeros after the last place that counts."""
    text = f"{rounded(value, PLACES):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def facts(source: Source) -> tuple[FactRow, ...]:
    """Return every fact that was given."""
    figures, rows = Figures.of(source.diagnosis.assessment), []
    for fact in source.model.content.facts:
        for part in fact.parts:
            given = figures.given(part.id)
            if given is None:
                continue
            whole = len(fact.parts) == 1
            rows.append(
                FactRow(
                    code=fact.code,
                    title=fact.title if whole else part.title,
                    value=fact_value(source, part, given.value),
                    unit=part.unit,
                    evidence=given.evidence or source.model.content.rating.fact_evidence,
                    note=given.note,
                )
            )
    return tuple(rows)


def fact_value(source: Source, part: FactPart, value: AnswerValue) -> str:
    """Return a fact in words, without its unit."""
    say = source.wording.translate
    titles = {choice.id: choice.title for choice in part.choices}
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, tuple):
        return source.wording.joined([titles[item] for item in value]) or say("无")
    if isinstance(value, str):
        return titles.get(value, value)
    return figure(Fraction(value))


def rulings(source: Source) -> tuple[Ruling, ...]:
    """Return the consultant's rulings in the order of the questions."""
    given, voices = source.diagnosis.assessment.adjudications, Voices(source)
    return tuple(
        Ruling(
            code=question.code,
            topic=question.short or question.text,
            value=ruled_value(source, question, given[name].value),
            reason=given[name].reason,
            evidence=given[name].evidence,
            said=_said(source, voices, question),
        )
        for name, question in source.model.questions.items()
        if name in given
    )


def ruled_value(source: Source, question: Question, value: AnswerValue) -> str:
    """Return an answer or a ruling in words."""
    say = source.wording.translate
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, tuple):
        titles = {item.id: item.title for item in question.items}
        return source.wording.joined([titles[item] for item in value]) or say("无")
    if isinstance(value, str):
        return value
    if question.type == "choice" and not question.choices:
        return source.wording.level(int(value))
    return source.wording.with_unit(figure(Fraction(value)), question.unit)


def verbatim(source: Source) -> tuple[Verbatim, ...]:
    """Return the open questions with what was said, word for word, in the order of the roles."""
    texts = (
        Verbatim(question.code, question.text, tuple(_open_texts(source, question)))
        for question in source.model.questions.values()
        if question.type == "text" and question.id in source.diagnosis.questions
    )
    return tuple(item for item in texts if item.texts)


def _open_texts(source: Source, question: Question) -> Iterable[tuple[str, str]]:
    spoken = [
        (role, answer.value)
        for role, answer in _given(source, question)
        if isinstance(answer.value, str) and answer.value.strip()
    ]
    order = list(source.model.roles)
    for role, text in sorted(spoken, key=lambda entry: order.index(entry[0])):
        together = sum(other == role for other, _ in spoken)
        yield who_said(source, role, together), text
