"""Perception gap: whether top and front line, team and customers, see the same company."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.reporting.charts import PerceptionRow, RoleScore, perception_plot
from app.reporting.context.perception_adjudications import AdjudicationRow, adjudications
from app.reporting.context.perception_contradictions import (
    ContradictionPart,
    contradiction_part,
)
from app.reporting.context.perception_pulse import PulsePart, pulse_part
from app.reporting.context.perception_statistics import (
    AgreementRow,
    Statistic,
    agreement_rows,
    gap_side,
    statistics,
)
from app.reporting.context.perception_views import (
    QuestionView,
    RoleView,
    option_text,
    shared_questions,
)
from app.reporting.context.scores_levels import chart_score, chart_signed
from app.reporting.context.source import Source

PLOTTED = 10
"""Most questions in the drawing: what one page carries; the table has them all."""

STORIES = 4
"""Most gaps told with the words of the levels both sides chose."""


@dataclass(frozen=True, slots=True)
class GapStory:
    """One gap told with the level descriptions both sides chose.

    ``code`` and ``title`` name the question; ``gap`` is signed, in levels; ``direction`` its sign
    in words; ``top`` and ``front`` are the means, ``top_sees`` and ``front_sees`` the description
    of the level each mean comes to.
    """

    code: str
    title: str
    gap: str
    direction: str
    top: str
    top_sees: str
    front: str
    front_sees: str


@dataclass(frozen=True, slots=True)
class Perception:
    """The section on perception.

    ``headline`` is its conclusion, ``lead`` who is compared and how; ``plot`` the drawing role by
    role (None without shared questions) with ``plot_note`` below it; ``stories`` the widest gaps
    in words with their ``meanings`` for the work ahead; ``contradictions`` the claims that numbers
    do not bear out; ``statistics`` and ``rows`` the figures;
    ``privacy`` what is withheld and why; ``adjudications`` the values the consultant set;
    ``pulse`` the customers' side.
    """

    headline: str
    lead: str
    plot: Markup | None
    plot_note: str
    stories: tuple[GapStory, ...]
    meanings: tuple[str, ...]
    contradictions: ContradictionPart | None
    statistics: tuple[Statistic, ...]
    rows: tuple[AgreementRow, ...]
    privacy: str
    adjudications: tuple[AdjudicationRow, ...]
    pulse: PulsePart | None


def build(source: Source) -> Perception:
    """Build the section."""
    views = shared_questions(source)
    return Perception(
        headline=_headline(source, views),
        lead=_lead(source, views),
        plot=_plot(source, views),
        plot_note=_plot_note(source, views),
        stories=_stories(source, views),
        meanings=_meanings(source, views),
        contradictions=contradiction_part(source),
        statistics=statistics(source, views) if views else (),
        rows=agreement_rows(source, views),
        privacy=_privacy(source, views),
        adjudications=adjudications(source),
        pulse=pulse_part(source),
    )


def _headline(source: Source, views: Sequence[QuestionView]) -> str:
    wording, translate = source.wording, source.wording.translate
    bands = source.model.content.rating.agreement
    if not views:
        return translate("只有{n}人作答，还没有两个角色答过同一道题").format(
            n=len(source.diagnosis.assessment.respondents)
        )
    widest = next((view for view in views if view.gap is not None), None)
    if widest is None or widest.gap is None:
        return translate("一线可比的回答不足{n}人，还看不出高层与一线差多少").format(
            n=bands.minimum_group
        )
    title = widest.question.short or widest.question.text
    if abs(widest.gap) < Fraction(bands.gap_watch):
        return translate("高层与一线大体看见同一家公司：差得最多的「{title}」也只有{gap}级").format(
            title=title, gap=wording.score(abs(widest.gap))
        )
    text = (
        translate("高层比一线乐观{gap}级：「{title}」{top}对{front}")
        if widest.gap > 0
        else translate("高层比一线悲观{gap}级：「{title}」{top}对{front}")
    )
    return text.format(
        title=title,
        top=wording.score(widest.top),
        front=wording.score(widest.front),
        gap=wording.score(abs(widest.gap)),
    )


def _lead(source: Source, views: Sequence[QuestionView]) -> str:
    translate = source.wording.translate
    people = source.diagnosis.assessment.respondents
    if not views:
        return translate(
            "比较需要两个以上的角色回答同一道分级题，其中一线至少{n}人。下一步："
            "请店长导购、社群运营或销售客服共{n}人以上，回答高层已经答过的分级题。"
        ).format(n=source.model.content.rating.agreement.minimum_group)
    top, front, support = (
        sum(source.model.roles[person.role].side == side for person in people)
        for side in ("top", "front", "support")
    )
    return translate(
        "高层{top}人、一线{front}人、支持岗{support}人，有{n}道分级题由两个以上的角色回答。"
        "这里比较每个人自己选的级别，不因证据不足打折：看的是大家怎么想，不是谁说得对。"
    ).format(top=top, front=front, support=support, n=len(views))


def _plot(source: Source, views: Sequence[QuestionView]) -> Markup | None:
    compared = [view for view in views if view.gap is not None]
    if not compared:
        return None
    scale, bands = source.model.content.scale, source.model.content.rating.agreement
    rows = [
        PerceptionRow(
            question=view.question.short or view.question.text,
            scores=tuple(RoleScore(_with_count(source, role), role.mean) for role in view.roles),
            top=view.top,
            front=view.front,
            code=view.question.code,
        )
        for view in compared[:PLOTTED]
    ]
    return perception_plot(
        rows,
        title=source.wording.translate("各角色对同一道题的评分，差距大的在前"),
        low=scale.minimum,
        high=scale.maximum,
        ticks=[(level.level, str(level.level)) for level in scale.levels],
        alert_from=Fraction(bands.gap_watch),
        format=chart_score(source),
        format_gap=chart_signed(source),
        theme=source.theme,
        words=source.words,
    )


def _with_count(source: Source, role: RoleView) -> str:
    if role.answers == 1:
        return role.title
    return source.wording.translate("{role}{n}人").format(role=role.title, n=role.answers)


def _plot_note(source: Source, views: Sequence[QuestionView]) -> str:
    translate = source.wording.translate
    note = translate("色带从一线的平均到高层的平均；差距为正，是高层评得更高。")
    compared = sum(view.gap is not None for view in views)
    if compared > PLOTTED:
        note += translate("图中是差距最大的{n}道，全部{all}道见后表。").format(
            n=PLOTTED, all=compared
        )
    return note


def _stories(source: Source, views: Sequence[QuestionView]) -> tuple[GapStory, ...]:
    watch = Fraction(source.model.content.rating.agreement.gap_watch)
    told = [
        _story(source, view, view.gap, view.top, view.front)
        for view in views
        if view.gap is not None
        and view.top is not None
        and view.front is not None
        and abs(view.gap) >= watch
    ]
    return tuple(told[:STORIES])


def _story(
    source: Source, view: QuestionView, gap: Fraction, top: Fraction, front: Fraction
) -> GapStory:
    wording = source.wording
    return GapStory(
        code=view.question.code,
        title=view.question.short or view.question.text,
        gap=wording.signed(gap),
        direction=gap_side(source, gap),
        top=wording.score(top),
        top_sees=option_text(source, view.question, top),
        front=wording.score(front),
        front_sees=option_text(source, view.question, front),
    )


def _meanings(source: Source, views: Sequence[QuestionView]) -> tuple[str, ...]:
    """Return what the gaps of each direction lead to, the direction with more gaps first."""
    translate = source.wording.translate
    watch = Fraction(source.model.content.rating.agreement.gap_watch)
    gaps = [view.gap for view in views if view.gap is not None and abs(view.gap) >= watch]
    above, below = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    texts = []
    if above:
        texts.append(
            (
                -above,
                translate(
                    "正差{n}道：高层会按已经做到来加指标，一线会按还没开始来应付。"
                    "先一起看原件，再定目标。"
                ).format(n=above),
            )
        )
    if below:
        texts.append(
            (
                -below,
                translate(
                    "负差{n}道：好做法停在一线手里，总部没有收上来。先去现场看，再写进标准。"
                ).format(n=below),
            )
        )
    return tuple(text for _, text in sorted(texts))


def _privacy(source: Source, views: Sequence[QuestionView]) -> str:
    translate = source.wording.translate
    minimum = source.model.content.rating.agreement.minimum_group
    withheld = sum(view.withheld for view in views)
    if not views:
        return ""
    text = translate(
        "一线角色满{n}人才单列平均；不满{n}人的并入「一线合计」，合计仍不满{n}人的题不列一线。"
    ).format(n=minimum)
    if withheld:
        text += translate("本次有{k}道题因此没有可比的一线评分。").format(k=withheld)
    return text
