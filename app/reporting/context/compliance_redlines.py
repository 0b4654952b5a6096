"""Red lines: what the plan refuses to do, whether the client does it today, and what to do instead.

The practices are the items of the model's negative lists, the lawful way is the conduct of the
limit that forbids them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.definitions.limits import Limit
from app.domain.definitions.questionnaire import Question
from app.reporting.context.appendix_answers import notes_on
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING

FORBIDDEN_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "bought-lists": ("notice-and-consent", "data-subject-rights"),
    "shills": ("no-shills",),
    "plug-ins": ("bans",),
    "archive-without-consent": ("chat-archive-notice", "chat-archive"),
    "child-data": ("sensitive-data",),
    "no-opt-out": ("data-subject-rights",),
    "personal-accounts": ("company-accounts",),
}
"""Which limits of the model forbid a practice; the conduct of the first is the lawful way."""

NEVER_ASKED: Final = {"data-subject-rights": "把主动删除的好友换个账号再加回来"}
"""Refused practices that no question asks about, by the limit that forbids them."""


@dataclass(frozen=True, slots=True)
class RedLine:
    """One refused practice.

    ``today`` tells what respondents said; ``standing`` is True where somebody reported it, None
    where nobody answered. ``basis`` are limit codes, ``instead`` the lawful way.
    """

    practice: str
    today: str
    standing: bool | None
    basis: tuple[str, ...]
    instead: str


@dataclass(frozen=True, slots=True)
class RedLines:
    """All refused practices; ``seen`` is what was written down about them, ``code`` where asked."""

    rows: tuple[RedLine, ...]
    standing: int
    answered: bool
    seen: str
    code: str


def red_lines(source: Source) -> RedLines | None:
    """Return the red lines; None where the model asks about none."""
    model = source.model
    limits = {limit.id: limit for limit in model.content.limits}
    asked = next((q for q in model.questions.values() if q.negative), None)
    if asked is None:
        return None
    rows = [_asked(source, asked, limits, item.id, item.title) for item in asked.items]
    say = source.wording.translate
    for limit, practice in NEVER_ASKED.items():
        if limit in limits:
            found = limits[limit]
            rows.append(RedLine(say(practice), NOTHING, None, (found.code,), found.conduct))
    result = source.diagnosis.questions.get(asked.id)
    return RedLines(
        rows=tuple(sorted(rows, key=lambda row: row.standing is not True)),
        standing=sum(row.standing is True for row in rows),
        answered=result is not None and result.items is not None,
        seen=notes_on(source, asked),
        code=asked.code,
    )


def _asked(
    source: Source, question: Question, limits: Mapping[str, Limit], item: str, title: str
) -> RedLine:
    say = source.wording.translate
    basis = [limits[name] for name in FORBIDDEN_BY.get(item, ()) if name in limits]
    result = source.diagnosis.questions.get(question.id)
    standing = item in result.items if result is not None and result.items is not None else None
    return RedLine(
        practice=title,
        today=say("没有人答") if standing is None else _reported(source, question, item, standing),
        standing=standing,
        basis=tuple(limit.code for limit in basis),
        instead=basis[0].conduct if basis else "",
    )


def _reported(source: Source, question: Question, item: str, standing: bool) -> str:
    """Say how many reported a practice and on which evidence; never who."""
    say = source.wording.translate
    ruling = source.diagnosis.assessment.adjudications.get(question.id)
    if ruling is not None:
        word = say("顾问裁定有（{}）") if standing else say("顾问裁定没有（{}）")
        return word.format(ruling.evidence)
    answers = [
        answer
        for person in source.diagnosis.assessment.respondents
        if (answer := person.answers.get(question.id)) and isinstance(answer.value, tuple)
    ]
    reports = [
        answer for answer in answers if isinstance(answer.value, tuple) and item in answer.value
    ]
    if not reports:
        return say("{}人答，无人反映").format(len(answers))
    best = max(answer.evidence for answer in reports)
    return say("{}人答，{}人反映（{}）").format(len(answers), len(reports), best)
