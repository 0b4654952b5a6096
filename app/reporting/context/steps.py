"""The steps, one page each: where it stands, what the next level looks like, how to get there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.definitions.questionnaire import Question
from app.domain.definitions.structure import Area, Dimension
from app.domain.planning import SelectedSop
from app.domain.world import OVERALL
from app.reporting.context.findings_measures import Measure, Measures
from app.reporting.context.source import Source
from app.reporting.context.steps_funnel import Funnel, build_funnel, home_of
from app.reporting.context.steps_keys import StepKeys, build_keys
from app.reporting.context.steps_ways import KeyWay, Way, Ways

LENS: Final = "steps"
MOST_ROWS: Final = 5
"""Moves and SOPs told at length, together, so that a step keeps to its page; no SOPs on the page
that carries the funnel's drawing as well."""
MOST_SOPS: Final = 3


@dataclass(frozen=True, slots=True)
class Climb:
    """One area of a step and its next level.

    ``now`` is the anchor that applies, ``then`` the next one (what will be observable), ``move``
    the way there; ``then`` is empty at the top of the scale. ``proof`` is the lowest scoring answer
    that carries a figure; ``held_by`` names the gate question that holds the level. For an area
    nobody rated ``now`` is empty and ``ask`` says what to ask for.
    """

    code: str
    title: str
    score: str
    level: str
    now: str
    proof: str
    proof_code: str
    held_by: str
    next_level: str
    then: str
    move: str
    ask: str


@dataclass(frozen=True, slots=True)
class Lift:
    """A SOP of the plan that lifts areas of the step: when it starts and when it is done."""

    code: str
    title: str
    lifts: str
    starts: str
    owner: str
    done_when: str


@dataclass(frozen=True, slots=True)
class StepFinding:
    """A finding about an area of the step: code, headline, and how urgent ("must", "should")."""

    code: str
    headline: str
    tier: str
    word: str


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of one step.

    ``headline`` states level and cause, ``lead`` what the step asks and the score with its target.
    ``keys`` is None where the model has no grid for it. ``way`` is the cheapest way to the next
    level, ``stays`` tells of areas it leaves alone, where there is room. ``findings`` are those
    about the step's areas; ``lifts`` the first SOPs, ``more_lifts`` names the rest. ``measures``
    have a value today and a bound to judge it by, ``unjudged`` and ``unmeasured`` tell the others
    in a sentence. ``funnel`` stands on one page only. ``alone`` is false for a step with too little
    to tell for a page of its own, as one that nobody rated: it follows on the page before.
    """

    id: str
    code: str
    title: str
    headline: str
    lead: str
    keys: StepKeys | None
    climbs: tuple[Climb, ...]
    way: Way
    stays: tuple[str, ...]
    findings: tuple[StepFinding, ...]
    lifts: tuple[Lift, ...]
    more_lifts: str
    measures: tuple[Measure, ...]
    unjudged: str
    unmeasured: str
    funnel: Funnel | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The section: its conclusion, a page per step, and the way of the whole.

    ``overall`` is the cheapest way to the next overall level, ``reads`` how ways were found and
    what their hours are made of; ``keys`` are the ways of the dimensions without a page, on one
    line each, under ``keys_headline``.
    """

    headline: str
    pages: tuple[StepPage, ...]
    overall: Way
    reads: str
    keys: tuple[KeyWay, ...]
    keys_headline: str


def build(source: Source) -> Steps:
    """Build a page per dimension of the lens of steps; without that lens, of all dimensions."""
    dimensions = _dimensions(source)
    measures = Measures(source)
    home = home_of(source, [dimension.id for dimension in dimensions])
    funnel = build_funnel(source, measures) if home else None
    starts, ways = _starts(source), Ways(source)
    content = source.model.content
    others = [dimension for dimension in content.dimensions if dimension not in dimensions]
    return Steps(
        headline=_headline(source, dimensions),
        pages=tuple(
            _page(
                source, measures, ways, dimension, starts, funnel if dimension.id == home else None
            )
            for dimension in dimensions
        ),
        overall=ways.way(OVERALL),
        reads=ways.reads(),
        keys=tuple(ways.key_way(dimension.id) for dimension in others),
        keys_headline=source.wording.translate("{}各自升一级，最省的走法").format(
            source.wording.joined(
                [lens.title for lens in content.lenses if any(d.lens == lens.id for d in others)]
            )
        ),
    )


def _dimensions(source: Source) -> list[Dimension]:
    content = source.model.content
    steps = [dimension for dimension in content.dimensions if dimension.lens == LENS]
    return steps or list(content.dimensions)


def _starts(source: Source) -> dict[str, date]:
    roadmap = source.diagnosis.plan.roadmap
    if roadmap is None:
        return {}
    return {sop: item.start for item in roadmap.initiatives for sop in item.sops}


def _headline(source: Source, dimensions: Sequence[Dimension]) -> str:
    say, card = source.wording.translate, source.diagnosis.scorecard
    rated = [
        (found.score, dimension)
        for dimension in dimensions
        if (found := card.dimensions[dimension.id]).score is not None
    ]
    if not rated:
        return say("{}步都还没有评，先把题问完").format(len(dimensions))
    low = min(rated, key=lambda entry: entry[0])
    high = max(rated, key=lambda entry: entry[0])
    weakest = say("{}最弱（{}分）").format(low[1].title, source.wording.score(low[0]))
    if low[0] == high[0]:
        if len(rated) == 1:
            return say("评了一步：{}{}分").format(low[1].title, source.wording.score(low[0]))
        return say("{}步一样高：都是{}分").format(len(rated), source.wording.score(low[0]))
    strongest = say("{}最强（{}分）").format(high[1].title, source.wording.score(high[0]))
    return say("{}，{}：{}步各升一级").format(weakest, strongest, len(rated))


def _page(
    source: Source,
    measures: Measures,
    ways: Ways,
    dimension: Dimension,
    starts: dict[str, date],
    funnel: Funnel | None,
) -> StepPage:
    keys = build_keys(source, dimension.id)
    rated = source.diagnosis.scorecard.dimensions[dimension.id].level is not None
    own = [
        measure
        for kpi in source.model.kpis.values()
        if rated and kpi.step == dimension.id and (measure := measures.measure(kpi.id))
    ]
    lifts = _lifts(source, dimension, starts) if rated else ()
    way = ways.way(dimension.id)
    moves = sum(len(row.texts) for row in way.rows)
    most = 0 if funnel else min(MOST_SOPS, max(0, MOST_ROWS - moves))
    climbs = tuple(_climb(source, area) for area in dimension.areas)
    joined = source.wording.joined
    return StepPage(
        id=f"step-{dimension.id}",
        code=dimension.code,
        title=dimension.title,
        headline=_step_headline(source, dimension, keys),
        lead=_lead(source, dimension),
        keys=keys,
        climbs=climbs,
        way=way,
        stays=() if funnel else _stays(source, ways, dimension, climbs),
        findings=_findings(source, dimension),
        lifts=lifts[:most],
        more_lifts=joined([_in_short(source, lift) for lift in lifts[most:]]),
        measures=tuple(measure for measure in own if measure.known and measure.good),
        unjudged=joined(
            [source.wording.beside(m.title, m.today) for m in own if m.known and not m.good]
        ),
        unmeasured=joined([f"{m.code} {m.title}" for m in own if not m.known]),
        funnel=funnel,
        alone=rated and bool(lifts or own),
    )


def _stays(
    source: Source, ways: Ways, dimension: Dimension, climbs: Sequence[Climb]
) -> tuple[str, ...]:
    """Return for each area the way leaves alone what its own next move would be."""
    moved = ways.areas(dimension.id)
    if not moved:
        return ()
    return tuple(
        source.wording.translate("{area}这次不用动，轮到时：{move}。").format(
            area=f"{climb.code} {climb.title}", move=climb.move
        )
        for area, climb in zip(dimension.areas, climbs, strict=True)
        if climb.move and area.id not in moved
    )


def _in_short(source: Source, lift: Lift) -> str:
    if not lift.starts:
        return f"{lift.code} {lift.title}"
    return source.wording.translate("{}（{}）").format(f"{lift.code} {lift.title}", lift.starts)


def _findings(source: Source, dimension: Dimension) -> tuple[StepFinding, ...]:
    say, found = source.wording.translate, source.diagnosis.diagnostics
    tiers = (
        ("must", say("必改"), found.must),
        ("should", say("应改"), found.should),
        ("later", say("其余"), found.later),
    )
    areas = {area.id for area in dimension.areas}
    return tuple(
        StepFinding(finding.rule.code, finding.title, tier, word)
        for tier, word, findings in tiers
        for finding in findings
        if finding.rule.area in areas
    )


def _step_headline(source: Source, dimension: Dimension, keys: StepKeys | None) -> str:
    say, card = source.wording.translate, source.diagnosis.scorecard
    found = card.dimensions[dimension.id]
    if found.level is None:
        return say("{}：还没有评").format(dimension.title)
    level = source.wording.level(found.level)
    text = say("{}在{}").format(dimension.title, level)
    rated = [
        (score, area)
        for area in dimension.areas
        if (score := card.areas[area.id].score) is not None
    ]
    held = [area for area in dimension.areas if area.id in found.held_by]
    if held and found.by_score is not None:
        text += say("：分数够L{}，被「{}」压住").format(
            found.by_score, source.wording.joined([area.title for area in held])
        )
    elif found.level == source.model.content.scale.maximum:
        text += say("：已经到顶，守住")
    elif len({score for score, _ in rated}) > 1:
        lowest = min(rated, key=lambda entry: entry[0])
        text += say("：「{}」{}分最低").format(lowest[1].title, source.wording.score(lowest[0]))
    if keys is not None and keys.missing:
        text += say("，{}见底").format(source.wording.joined(keys.missing))
    return text


def _lead(source: Source, dimension: Dimension) -> str:
    say = source.wording.translate
    found = source.diagnosis.scorecard.dimensions[dimension.id]
    if found.score is None:
        return dimension.asks
    target = source.target(dimension.id)
    return say("{}得分{}，12个月目标{}。").format(
        dimension.asks, source.wording.score(found.score), source.wording.score(target)
    )


def _climb(source: Source, area: Area) -> Climb:
    say, scale = source.wording.translate, source.model.content.scale
    found = source.diagnosis.scorecard.areas[area.id]
    level = found.level
    place = None if level is None else level - scale.minimum
    proof, proof_code = _proof(source, area)
    rises = level is not None and level < scale.maximum
    return Climb(
        code=area.code,
        title=area.title,
        score=say("未评")
        if found.score is None
        else say("{}分").format(source.wording.score(found.score)),
        level=source.wording.level(level),
        now="" if place is None else area.anchors[place],
        proof=proof,
        proof_code=proof_code,
        held_by=say("门槛题{}压住了等级").format(found.held_by) if found.held_by else "",
        next_level=source.wording.level(level + 1) if rises and level is not None else "",
        then=area.anchors[place + 1] if rises and place is not None else "",
        move=area.moves[place] if place is not None and place < len(area.moves) else "",
        ask=_ask(source, area) if level is None else "",
    )


def _proof(source: Source, area: Area) -> tuple[str, str]:
    """Return the area's lowest scoring answer that carries a figure, and its question's code."""
    results = source.diagnosis.questions
    scored = [
        (score, question, answer)
        for question in source.model.questions_of[area.id]
        if question.id in results
        and (score := results[question.id].score) is not None
        and (answer := _figure(source, question))
    ]
    if not scored:
        return "", ""
    score, question, answer = min(scored, key=lambda entry: entry[0])
    text = source.wording.translate("{}{}（{}分）").format(
        question.short or question.text, answer, source.wording.score(score)
    )
    return text, question.code


def _figure(source: Source, question: Question) -> str:
    """Return what all answers to a question come to, as a figure; empty for one without."""
    result = source.diagnosis.questions[question.id]
    if question.type == "multi" and result.items is not None:
        return source.wording.translate("{}/{}项").format(len(result.items), len(question.items))
    if question.type in ("number", "computed") and result.value is not None:
        return source.wording.with_unit(source.wording.plain(result.value), question.unit)
    return ""


def _ask(source: Source, area: Area) -> str:
    say = source.wording.translate
    questions = source.model.questions_of[area.id]
    if not questions:
        return ""
    first = questions[0]
    return say("问{}（{}），看：{}").format(
        source.wording.roles(first.primary), first.code, first.ask_to_see
    )


def _lifts(source: Source, dimension: Dimension, starts: dict[str, date]) -> tuple[Lift, ...]:
    own = {area.id: area.code for area in dimension.areas}
    chosen = [s for s in source.diagnosis.plan.sops if any(area in own for area in s.sop.areas)]

    def first(item: SelectedSop) -> tuple[bool, date, str]:
        start = starts.get(item.sop.id)
        return (start is None, start or date.max, item.sop.code)

    return tuple(
        Lift(
            code=item.sop.code,
            title=item.sop.title,
            lifts=source.wording.joined([own[area] for area in item.sop.areas if area in own]),
            starts=source.wording.short_day(starts[item.sop.id]) if item.sop.id in starts else "",
            owner=source.wording.role(item.sop.owner),
            done_when=item.sop.done_when,
        )
        for item in sorted(chosen, key=first)
    )
