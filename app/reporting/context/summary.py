"""The summary: everything a board needs, on one page."""

from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.expression import Reference
from app.domain.figures import Figures
from app.domain.model import slots
from app.domain.rules import Finding, Sentence
from app.reporting.clauses import width, without_stop
from app.reporting.context.confidence import confidence_of, is_self_reported, overall_trust
from app.reporting.context.decisions import mark_of
from app.reporting.context.dimension_radar import dimension_radar
from app.reporting.context.findings_opening import CLUSTERS
from app.reporting.context.method_evidence import respondents, tally
from app.reporting.context.perception_views import gap_conclusion, widest_gap
from app.reporting.context.scores_levels import level_of, overall_verdict
from app.reporting.context.source import Source
from app.reporting.context.summary_plan import (
    NextDays,
    OneNumber,
    PeopleAndMoney,
    next_days,
    one_number,
    people_and_money,
)
from app.reporting.context.summary_stage import SummaryStage, summary_stage

TOP_FINDINGS = 3
RADAR_WIDTH = 300.0
TWO_LINES = 84
"""Width of title and sentence together, in Chinese characters, that still fills two lines."""
BARE_RATINGS = frozenset({"level", "score", "confidence"})
COUNTS = ("一", "两", "三")


@dataclass(frozen=True, slots=True)
class SummaryFinding:
    """One of the first findings.

    ``title`` is what was found, ``says`` the sentence with the client's own numbers; ``code`` the
    rule, ``sops`` the first SOPs against it; ``mark`` says that the consultant confirmed or
    reworded it (empty for neither).
    """

    title: str
    says: str
    code: str
    sops: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Perceived:
    """The widest gap between top and front line: ``says`` it, ``code`` is the question."""

    says: str
    code: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The one page of conclusions.

    ``headline`` is the conclusion; ``index`` 0–100, ``low`` if its level is below the middle of
    the scale; ``level`` with its description ``test``;
    ``verdict`` says what bound the level; ``warning`` a red line (empty if none); ``partial`` that
    the index stands for few areas only (empty if it stands for most); ``basis`` who
    said so and how sure it is; ``perceived`` the widest gap of views; ``radar`` the keys and steps
    now and in twelve months with its reading ``rings``; ``stage`` the verdict on the stage;
    ``findings_title`` and ``findings`` what to change first, ``more`` how many there are besides,
    ``cause`` the root cause most of them share (empty if none);
    ``days``, ``people`` and ``number`` what to do, what it costs, how to see that it works.
    """

    headline: str
    index: str
    low: bool
    level: str
    test: str
    verdict: str
    warning: str
    partial: str
    basis: str
    perceived: Perceived | None
    radar: Markup | None
    rings: str
    stage: SummaryStage | None
    findings_title: str
    findings: tuple[SummaryFinding, ...]
    more: str
    cause: str
    days: NextDays | None
    people: PeopleAndMoney | None
    number: OneNumber | None


def build(source: Source) -> Summary:
    """Build the page."""
    wording, card = source.wording, source.diagnosis.scorecard
    findings = source.diagnosis.diagnostics.findings[:TOP_FINDINGS]
    return Summary(
        headline=_headline(source),
        index=wording.number(card.index, 1),
        low=_is_low(source),
        level=wording.level(card.level),
        test=_test(source),
        verdict=overall_verdict(source),
        warning=next((gate.red_flag for gate in card.red_flags() if gate.red_flag), ""),
        partial=_partial(source),
        basis=_basis(source),
        perceived=_perceived(source),
        radar=dimension_radar(
            source, source.wording.translate("三个关键与五步：现在的得分与12个月目标"), RADAR_WIDTH
        ),
        rings=_rings(source),
        stage=summary_stage(source),
        findings_title=_findings_title(source, len(findings)),
        findings=tuple(_finding(source, finding) for finding in findings),
        more=_more(source),
        cause=_cause(source),
        days=next_days(source),
        people=people_and_money(source),
        number=one_number(source),
    )


def _partial(source: Source) -> str:
    """Warn when fewer than half of the areas asked could be rated."""
    areas = [area for area in source.diagnosis.scorecard.areas.values() if area.asked]
    rated = sum(area.score is not None for area in areas)
    if not rated or rated * 2 >= len(areas):
        return ""
    return source.wording.translate("{asked}个领域只评出{rated}个，指数只代表这一部分。").format(
        asked=len(areas), rated=rated
    )


def _headline(source: Source) -> str:
    """Return the conclusion in one line: what is wrong, then the first move."""
    wording, translate = source.wording, source.wording.translate
    card, stage = source.diagnosis.scorecard, source.diagnosis.stage
    level = wording.level(card.level)
    users = Figures.of(source.diagnosis.assessment).number("users")
    if card.red_flags() and card.level is not None:
        return _red_headline(source, users)
    if card.level is None:
        missing = len(source.diagnosis.not_assessed.questions)
        return translate("还差{n}道题没有回答，总等级暂时评不出来").format(n=missing)
    first = _first_move(source)
    if stage is not None and stage.mismatch == "scale-ahead" and users is not None:
        return translate("{users}名用户，能力只有L{level}：{first}").format(
            users=wording.amount(users), level=card.level, first=first
        )
    if stage is not None and stage.overdue:
        return translate("上线{months}个月还停在{stage}：{first}").format(
            months=wording.plain(stage.months), stage=stage.stage.title, first=first
        )
    if card.binding is not None:
        return translate("按分数可评L{by_score}，被{holder}压在L{level}：{first}").format(
            by_score=card.by_score,
            holder=wording.joined([source.model.dimensions[n].title for n in card.binding.binds])
            if all(name in source.model.dimensions for name in card.binding.binds)
            else wording.joined([level_of(source, name) for name in card.binding.binds]),
            level=card.level,
            first=first,
        )
    return translate("指数{index}，处在{level}：{first}").format(
        index=wording.number(card.index, 1), level=level, first=first
    )


def _red_headline(source: Source, users: Fraction | None) -> str:
    """Return the conclusion while a red line is crossed: nothing grows before it is mended."""
    wording, translate = source.wording, source.wording.translate
    binds = source.diagnosis.scorecard.red_flags()[0].binds
    holders = wording.joined([level_of(source, name) for name in binds])
    if users is None:
        return translate("{holders}：先清红线，再谈增长").format(holders=holders)
    return translate("{holders}：{users}名用户先清红线，再谈扩量").format(
        holders=holders, users=wording.amount(users)
    )


def _first_move(source: Source) -> str:
    """Return the first phase of the build in a few words, with the client's own size."""
    translate, roadmap = source.wording.translate, source.diagnosis.plan.roadmap
    parameters = source.model.content.roadmap
    build = [phase for phase in roadmap.phases if phase.phase.kind != "align"] if roadmap else []
    if not build or parameters is None:
        return translate("先补最弱的一项")
    phase = build[0].phase
    if phase.kind == "repair" and phase.days is not None:
        return translate("先停放量，用{days}天补根基").format(days=phase.days)
    if phase.pilot and phase.days is not None:
        stores = Figures.of(source.diagnosis.assessment).number("stores")
        if stores:
            units = min(int(stores), parameters.pilot_units)
            return translate("先用{days}天做成{units}家店").format(days=phase.days, units=units)
        return translate("先用{days}天跑通一个小盘子").format(days=phase.days)
    return translate("下一步是{phase}").format(phase=phase.title)


def _is_low(source: Source) -> bool:
    """Return whether the overall level lies below the middle of the scale."""
    scale, level = source.model.content.scale, source.diagnosis.scorecard.level
    return level is not None and level < (scale.minimum + scale.maximum) // 2


def _test(source: Source) -> str:
    level = source.diagnosis.scorecard.level
    return next(
        (item.test for item in source.model.content.scale.levels if item.level == level), ""
    )


def _basis(source: Source) -> str:
    wording, translate = source.wording, source.wording.translate
    found, trust = tally(source), overall_trust(source.diagnosis)
    if not found.answers:
        return translate("还没有人作答。")
    people, roles = respondents(source)
    text = translate(
        "{roles}类角色{people}人{consultant}的{answers}个回答，{share}核对过实物或系统数据"
    ).format(
        roles=roles,
        people=people,
        consultant=translate("和顾问") if people < found.people else "",
        answers=found.answers,
        share=wording.percent(found.checked_share),
    )
    if is_self_reported(source.diagnosis):
        text = translate("{people}人自评，{answers}个回答都未经核对").format(
            people=people, answers=found.answers
        )
    if trust is None:
        return text + translate("。")
    word = wording.confidence(confidence_of(source.diagnosis, trust))
    contradicted = len(source.diagnosis.contradictions.found)
    if contradicted:
        return translate("{text}；{n}处说法与数字对不上；结论可信度：{word}。").format(
            text=text, n=contradicted, word=word
        )
    return translate("{text}；结论可信度：{word}。").format(text=text, word=word)


def _perceived(source: Source) -> Perceived | None:
    view = widest_gap(source)
    if view is None or view.gap is None:
        return None
    wording, translate = source.wording, source.wording.translate
    return Perceived(
        says=translate("「{title}」高层评{top}、一线评{front}，差{gap}级：{verdict}。").format(
            title=view.question.short or view.question.text,
            top=wording.score(view.top),
            front=wording.score(view.front),
            gap=wording.score(abs(view.gap)),
            verdict=gap_conclusion(source, view.gap),
        ),
        code=view.question.code,
    )


def _rings(source: Source) -> str:
    """Return the names of the rings."""
    levels = source.model.content.scale.levels
    beside = source.wording.beside
    return source.wording.joined([beside(str(level.level), level.name) for level in levels])


def _findings_title(source: Source, count: int) -> str:
    """Return the heading of the first findings; empty without any."""
    if not count:
        return ""
    translate = source.wording.translate
    return translate("{n}件必须先改的事").format(n=translate(COUNTS[count - 1]))


def _finding(source: Source, finding: Finding) -> SummaryFinding:
    rule = finding.rule
    return SummaryFinding(
        title=without_stop(finding.title),
        says=_telling(source, finding),
        code=rule.code,
        sops=tuple(source.model.sops[sop].code for sop in rule.sops[:2]),
        mark=mark_of(source, finding, short=True),
    )


def _telling(source: Source, finding: Finding) -> str:
    """Return the evidence sentence that tells most in one breath.

    First those that state what decided the rule, then those with any figure besides a level or
    score, then the rest; of these the first that fits, else the shortest. Beside a title of two
    lines, which only a consultant writes, none stands that does not fit: the page stays one page.
    """
    decisive = {ref for atom in finding.trace.decisive() for ref in atom.references}
    ranked: list[tuple[int, str]] = []
    for sentence in finding.says:
        references = _references(source, sentence)
        figures = {item for item in references if item.function not in BARE_RATINGS}
        # Without any slot an author states what the rule itself has found.
        rank = 0 if figures & decisive or not references else 1 if figures else 2
        ranked.append((rank, source.wording.sentence(sentence)))
    if not ranked:
        return finding.rule.cause
    best = min(rank for rank, _ in ranked)
    texts = [text for rank, text in ranked if rank == best]
    room = TWO_LINES - width(finding.title)
    if fitting := [text for text in texts if width(text) <= room]:
        return fitting[0]
    return min(texts, key=len) if room > TWO_LINES // 2 else ""


def _references(source: Source, sentence: Sentence) -> set[Reference]:
    """Return what the slots of an evidence sentence refer to."""
    return {
        reference
        for slot in slots(sentence.template)
        for reference in source.model.expression(slot).references
    }


def _more(source: Source) -> str:
    """Return how many findings there are besides."""
    diagnostics = source.diagnosis.diagnostics
    rest = len(diagnostics.findings) - TOP_FINDINGS
    if rest <= 0:
        return ""
    return source.wording.translate("（其余{n}条见「问题清单」）").format(n=rest)


def _cause(source: Source) -> str:
    """Return the root cause most findings share; empty while too few share one."""
    diagnostics = source.diagnosis.diagnostics
    first = next(iter(diagnostics.root_causes), None)
    if first is None or not first.headline:
        return ""
    translate = source.wording.translate
    return translate("命中的{fired}条规则里，{n}条同一个根因：{cause}。").format(
        fired=len(diagnostics.fired()),
        n=len(first.findings),
        cause=translate(CLUSTERS[first.cluster]),
    )
