"""The three pages of a self-check: the result, the scores, and what a self-check cannot see."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.domain.rules import Finding
from app.reporting.context.dimension_radar import dimension_radar
from app.reporting.context.masthead import Masthead, masthead
from app.reporting.context.scores_levels import level_of, overall_verdict
from app.reporting.context.selfcheck_beyond import Beyond, beyond
from app.reporting.context.selfcheck_scores import SelfScores, self_scores
from app.reporting.context.source import Source
from app.reporting.context.summary_stage import SummaryStage, summary_stage

FIRST_MOVES: Final = 3
RADAR_WIDTH: Final = 318.0
COUNTS: Final = ("", "一", "两", "三")


@dataclass(frozen=True, slots=True)
class FirstMove:
    """One thing to begin with: what was found, the client's own figures, the first step, its code.

    Without a finding it is the next move of a weak area and ``says`` where that area stands.
    """

    title: str
    says: str
    step: str
    code: str


@dataclass(frozen=True, slots=True)
class SelfResult:
    """The first page.

    ``headline`` is the conclusion; ``index`` 0–100 (``low`` below the middle of the scale),
    ``level`` with its description ``test``; ``factor`` is the one area that limits most, with its
    level (empty while nothing is rated), ``factor_why`` why it is that one (empty where a gate is
    the reason: then ``verdict`` says it), ``verdict`` says what limits the level; ``label`` says
    that everything is self-reported; ``warning`` is a red line (empty if none); ``radar`` the keys
    and steps; ``rings`` its reading; ``stage`` the verdict on the stage; ``moves_title`` and
    ``moves`` what to begin with.
    """

    headline: str
    index: str
    low: bool
    level: str
    test: str
    factor: str
    factor_why: str
    verdict: str
    label: str
    warning: str
    radar: Markup | None
    rings: str
    stage: SummaryStage | None
    moves_title: str
    moves: tuple[FirstMove, ...]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What the templates of the short report may print; one field per page, and the head."""

    cover: Masthead
    result: SelfResult
    scores: SelfScores
    beyond: Beyond


def build(source: Source) -> SelfCheck:
    """Build all three pages."""
    title = source.wording.translate("私域成熟度自查报告")
    return SelfCheck(
        cover=masthead(source, title),
        result=_result(source),
        scores=self_scores(source),
        beyond=beyond(source),
    )


def _result(source: Source) -> SelfResult:
    wording, card = source.wording, source.diagnosis.scorecard
    scale = source.model.content.scale
    moves = _moves(source)
    factor, why = _factor(source)
    middle = (scale.minimum + scale.maximum) // 2
    return SelfResult(
        headline=_headline(source),
        index=wording.number(card.index, 1),
        low=card.level is not None and card.level < middle,
        level=wording.level(card.level),
        test=next((item.test for item in scale.levels if item.level == card.level), ""),
        factor=factor,
        factor_why=why,
        verdict=overall_verdict(source),
        label=_label(source),
        warning=next((gate.red_flag for gate in card.red_flags() if gate.red_flag), ""),
        radar=dimension_radar(
            source, source.wording.translate("三个关键与五步：自评得分与12个月目标"), RADAR_WIDTH
        ),
        rings=wording.joined(
            [wording.beside(str(level.level), level.name) for level in scale.levels]
        ),
        stage=summary_stage(source),
        moves_title=wording.translate("先做{}件事").format(wording.translate(COUNTS[len(moves)])),
        moves=moves,
    )


def _headline(source: Source) -> str:
    say, card = source.wording.translate, source.diagnosis.scorecard
    if card.index is None:
        return say("自查还没有足够的答案，评不出等级")
    index, level = source.wording.number(card.index, 1), source.wording.level(card.level)
    if card.red_flags():
        return say("自评指数{}，但红线做法先清零，再谈增长").format(index)
    weakest, scale = _first_area(source), source.model.content.scale
    if weakest is None:
        return say("自评指数{}，处在{}").format(index, level)
    title, score = source.model.areas[weakest].title, card.areas[weakest].score or 0
    if score >= (scale.minimum + scale.maximum) // 2:
        return say("自评指数{}，处在{}：先拿原件核实{}").format(index, level, title)
    return say("自评指数{}，处在{}：先补{}").format(index, level, title)


def _factor(source: Source) -> tuple[str, str]:
    """Return what holds the level down through a gate, else the area to begin with; and why it."""
    binding, say = source.diagnosis.scorecard.binding, source.wording.translate
    held = next(iter(binding.binds), None) if binding is not None else None
    if held is not None:
        return level_of(source, held), ""
    first = _first_area(source)
    if first is None:
        return "", ""
    if _usable_findings(source):
        return level_of(source, first), say("下面先做的第一件事就针对它。")
    return level_of(source, first), say("答过的领域里，没有哪个得分比它低。")


def _first_area(source: Source) -> str | None:
    """Return the area to begin with: that of the first finding, else the lowest."""
    findings = _usable_findings(source)
    if findings:
        return findings[0].rule.area
    areas = source.diagnosis.scorecard.areas
    rated = [(score, name) for name, found in areas.items() if (score := found.score) is not None]
    return min(rated, key=lambda entry: entry[0])[1] if rated else None


def _label(source: Source) -> str:
    """Return who answered and that nobody looked: the confidence is always "self-reported"."""
    say, people = source.wording.translate, source.diagnosis.assessment.respondents
    answered = sum(result.score is not None for result in source.diagnosis.questions.values())
    roles = list(dict.fromkeys(person.role for person in people))
    if not roles:
        return say("可信度：自评。还没有人作答。")
    return say("可信度：自评。{}{}人答{}题，没有看过任何原件或数据；等级只作起点。").format(
        source.wording.roles(roles), len(people), answered
    )


def _moves(source: Source) -> tuple[FirstMove, ...]:
    findings = _usable_findings(source)
    found = [_from_finding(source, finding) for finding in findings[:FIRST_MOVES]]
    if len(found) < FIRST_MOVES:
        covered = {finding.rule.area for finding in findings}
        found += _from_areas(source, covered, FIRST_MOVES - len(found))
    return tuple(found)


def _usable_findings(source: Source) -> list[Finding]:
    return [f for f in source.diagnosis.diagnostics.findings if not _about_evidence(f)]


def _about_evidence(finding: Finding) -> bool:
    """Return whether a finding only says that evidence is weak: of a self-check it always is."""
    read = {ref for atom in finding.trace.decisive() for ref in atom.references}
    return bool(read) and all(
        ref.function == "confidence" or ref.arguments == ("low_confidence_areas",) for ref in read
    )


def _from_finding(source: Source, finding: Finding) -> FirstMove:
    says = [source.wording.sentence(sentence) for sentence in finding.says]
    return FirstMove(
        title=finding.title,
        says=says[0] if says else finding.rule.cause,
        step=finding.rule.first_step,
        code=finding.rule.code,
    )


def _from_areas(source: Source, covered: set[str], most: int) -> list[FirstMove]:
    """Return the next moves of the lowest areas no finding speaks of."""
    areas, scale = source.diagnosis.scorecard.areas, source.model.content.scale
    moves = []
    rated = [
        (found.score, name)
        for name, found in areas.items()
        if found.score is not None and found.level is not None and name not in covered
    ]
    for score, name in sorted(rated, key=lambda entry: entry[0]):
        area, level = source.model.areas[name], areas[name].level
        if level is None or level - scale.minimum >= len(area.moves):
            continue
        stands = source.wording.translate("自评{}，得分{}。").format(
            source.wording.level(level), source.wording.score(score)
        )
        moves.append(FirstMove(area.title, stands, area.moves[level - scale.minimum], area.code))
    return moves[:most]
