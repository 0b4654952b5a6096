"""Questions to rule on, as pages show them: who said what, how far apart, what was ruled."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from flask import g, url_for
from markupsafe import Markup

from app.domain.definitions.structure import AgreementBands
from app.reporting.charts import COLUMN, PerceptionRow, RoleScore, Theme, Words, perception_plot
from app.reporting.phrases import translation
from app.services.interviews.adjudicating import Case, Group
from app.web.interview.speaking import Speaker

_ALONE: Final = 500.0
"""Width of the drawing of one question, which has half a page."""


@dataclass(frozen=True, slots=True)
class Side:
    """One group as the page shows it: its name, how many answered, their mean, every value."""

    title: str
    mean: str
    answers: int
    counts: bool
    voices: tuple["VoiceView", ...]


@dataclass(frozen=True, slots=True)
class VoiceView:
    """One answer behind a mean, given so many ``times``, with the notes beside it.

    ``label`` tells whose it is, where that may be told.
    """

    label: str
    words: str
    evidence: str
    times: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One question as the page shows it."""

    case: Case
    code: str
    title: str
    short: str
    url: str
    gap: str
    says: str
    sides: tuple[Side, ...]
    ruled: str
    drawing: Markup | None


def case_view(engagement: str, shown: Case, speaks: Speaker, *, drawn: bool = False) -> CaseView:
    """Return one question as the page shows it, with a drawing of its own where ``drawn``."""
    question, wording = shown.question, speaks.wording
    ruling = shown.ruling
    return CaseView(
        case=shown,
        code=question.code,
        title=question.text,
        short=speaks.short_title(question),
        url=url_for("interview.case", engagement=engagement, question=question.id),
        gap=wording.signed(shown.gap) if shown.gap is not None else "",
        says=_says(shown, speaks),
        sides=tuple(_side(shown, group, speaks) for group in shown.groups),
        ruled=speaks.said(question, ruling.standing)
        if ruling is not None and ruling.stands
        else "",
        drawing=means_drawn([shown], speaks, _ALONE) if drawn else None,
    )


def _says(shown: Case, speaks: Speaker) -> str:
    """Return how far apart the sides are, in words."""
    if shown.withheld:
        return speaks.say("一线不足{n}人，不显示差距", n=_bands(speaks).minimum_group)
    if shown.gap is not None and abs(shown.gap) >= Fraction(_bands(speaks).gap_watch):
        size = speaks.wording.score(abs(shown.gap))
        higher = "高层比一线高{gap}级" if shown.gap > 0 else "一线比高层高{gap}级"
        return speaks.say(higher, gap=size)
    if shown.spread is None:
        return ""
    return speaks.say("最高与最低相差{spread}级", spread=speaks.wording.score(shown.spread))


def _bands(speaks: Speaker) -> AgreementBands:
    return speaks.model.content.rating.agreement


def _side(shown: Case, group: Group, speaks: Speaker) -> Side:
    heard: dict[tuple[str, str, str], list[str]] = {}
    for voice in group.voices:
        value = voice.answer.value
        words = speaks.value(shown.question, value) if value is not None else speaks.say("不知道")
        heard.setdefault((voice.label, words, voice.answer.evidence), []).append(voice.answer.note)
    return Side(
        title=_group_title(group, speaks),
        mean=speaks.wording.score(group.mean),
        answers=len(group.voices),
        counts=group.counts,
        voices=tuple(
            VoiceView(label, words, evidence, len(notes), tuple(note for note in notes if note))
            for (label, words, evidence), notes in heard.items()
        ),
    )


def _group_title(group: Group, speaks: Speaker) -> str:
    return group.role.title if group.role is not None else speaks.say("一线合计")


def means_drawn(cases: Sequence[Case], speaks: Speaker, width: float = COLUMN) -> Markup | None:
    """Draw the means of all groups side by side, the questions in the order given."""
    rows = [_row(shown, speaks) for shown in cases if shown.groups]
    if not rows:
        return None
    scale = speaks.model.content.scale
    return perception_plot(
        rows,
        title=speaks.say("各角色对同一道题的评分"),
        low=scale.minimum,
        high=scale.maximum,
        ticks=[(level.level, str(level.level)) for level in scale.levels],
        alert_from=Fraction(_bands(speaks).gap_watch),
        format=lambda value: speaks.wording.score(Fraction(value)),
        format_gap=lambda value: speaks.wording.signed(Fraction(value)),
        theme=Theme(),
        words=Words.translated(translation(g.locale)),
        width=width,
    )


def _row(shown: Case, speaks: Speaker) -> PerceptionRow:
    scores = tuple(
        RoleScore(
            _group_title(group, speaks)
            if len(group.voices) == 1
            else speaks.say("{role}{n}人", role=_group_title(group, speaks), n=len(group.voices)),
            group.mean,
        )
        for group in shown.groups
    )
    return PerceptionRow(
        question=speaks.short_title(shown.question),
        scores=scores,
        top=shown.top if not shown.withheld else None,
        front=shown.front,
        code=shown.question.code,
    )
