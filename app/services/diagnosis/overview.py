"""The first page of a diagnosis on screen: the figures that matter, each with its way down."""

from dataclasses import dataclass

from markupsafe import Markup

from app.domain.definitions.structure import Dimension
from app.domain.diagnosis import Diagnosis
from app.reporting.context.confidence import is_self_reported, overall_trust
from app.reporting.context.decisions import mark_of
from app.reporting.context.dimension_radar import dimension_radar
from app.reporting.context.scores_levels import (
    dimension_hold,
    gap_to,
    overall_verdict,
    weakest_dimensions,
)
from app.reporting.context.summary import Summary, build
from app.services.diagnosis.deciding import undecided
from app.services.diagnosis.footing import Footing, footing_of
from app.services.diagnosis.reading import Named, Reading, Target

RADAR_WIDTH = 400.0
FIRST_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One key or step: figures as printed, what holds it; ``binds`` where it holds the overall."""

    named: Named
    asks: str
    score: str
    level: str
    target: str
    gap: str
    hold: str
    confidence: str
    binds: bool


@dataclass(frozen=True, slots=True)
class LensTable:
    """One way of looking with its dimensions."""

    id: str
    title: str
    score: str
    rows: tuple[DimensionLine, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One area on the heat map; ``shade`` grows with its level from 1 to 5, 0 unrated."""

    named: Named
    score: str
    level: str
    shade: int
    asked: bool
    binds: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """The areas of one dimension."""

    named: Named
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatLens:
    """The dimensions of one way of looking; ``upright`` where each makes a better column than row.

    That is so where there are more dimensions than any of them has areas.
    """

    title: str
    upright: bool
    rows: tuple[HeatRow, ...]


@dataclass(frozen=True, slots=True)
class StageReading:
    """One of the three readings of the stage; ``at`` is empty where facts are missing."""

    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class StageFigure:
    """The verdict on the stage, with its three readings; empty texts where nothing is known."""

    code: str
    title: str
    readings: tuple[StageReading, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """What limits the enterprise most, with its level."""

    named: Named
    level: str


@dataclass(frozen=True, slots=True)
class TopFinding:
    """One of the first findings with the sentence that proves it."""

    rule: str
    code: str
    title: str
    says: str
    mark: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page. ``told`` is the report's own summary of the same diagnosis.

    ``begun`` is false while nobody has answered and no fact is known. ``held_by`` are what the
    binding gate names, or else the weakest dimensions; ``gate`` is that gate's title, empty where
    none holds the level down.
    """

    begun: bool
    told: Summary
    index: str
    footing: Footing
    score: str
    level: str
    by_score: str
    verdict: str
    gate: str
    warnings: tuple[str, ...]
    confidence: str
    self_reported: bool
    held_by: tuple[Holder, ...]
    stage: StageFigure | None
    radar: Markup | None
    lenses: tuple[LensTable, ...]
    heat: tuple[HeatLens, ...]
    findings: tuple[TopFinding, ...]
    found: int
    undecided: int
    open_questions: int
    open_rules: int
    contradictions: int


def overview(reading: Reading) -> Overview:
    """Return the first page."""
    diagnosis, card, wording = reading.diagnosis, reading.card, reading.wording
    told = build(reading.source)
    return Overview(
        begun=_begun(diagnosis),
        told=told,
        index=wording.number(card.index, 1),
        footing=footing_of(diagnosis),
        score=wording.number(card.overall, 2),
        level=wording.level(card.level),
        by_score=wording.level(card.by_score),
        verdict=overall_verdict(reading.source),
        gate=card.binding.gate.title if card.binding is not None else "",
        warnings=tuple(gate.red_flag for gate in card.red_flags() if gate.red_flag),
        confidence=reading.confidence(overall_trust(diagnosis)),
        self_reported=is_self_reported(diagnosis),
        held_by=_held_by(reading),
        stage=_stage(reading),
        radar=dimension_radar(
            reading.source,
            wording.translate("三个关键与五步：现在的得分与12个月目标"),
            RADAR_WIDTH,
        ),
        lenses=_lenses(reading),
        heat=_heat(reading),
        findings=tuple(
            TopFinding(
                finding.rule.id,
                finding.rule.code,
                finding.title,
                line.says,
                mark_of(reading.source, finding, short=True),
            )
            for finding, line in zip(
                diagnosis.diagnostics.findings[:FIRST_FINDINGS], told.findings, strict=True
            )
        ),
        found=len(diagnosis.diagnostics.findings),
        undecided=len(undecided(diagnosis)),
        open_questions=len(diagnosis.not_assessed.questions),
        open_rules=len(diagnosis.diagnostics.undecided),
        contradictions=len(diagnosis.contradictions.found),
    )


def _begun(diagnosis: Diagnosis) -> bool:
    said = any(person.answers for person in diagnosis.assessment.respondents)
    return said or bool(diagnosis.assessment.facts)


def _held_by(reading: Reading) -> tuple[Holder, ...]:
    """Return what holds the level down, else what is weakest; nothing while nothing is rated."""
    card = reading.card
    if card.level is None:
        return ()
    names = card.binding.binds if card.binding is not None else weakest_dimensions(reading.source)
    levels = {name: area.level for name, area in card.areas.items()}
    levels |= {name: dimension.level for name, dimension in card.dimensions.items()}
    return tuple(Holder(reading.scored(name), f"L{levels[name]}") for name in names)


def _stage(reading: Reading) -> StageFigure | None:
    verdict = reading.diagnosis.stage
    if verdict is None:
        return None
    places = (
        ("scale", verdict.scale),
        ("economics", verdict.economics),
        ("capability", verdict.capability),
    )
    readings = tuple(
        StageReading(kind, "" if at is None else verdict.stages[at].code) for kind, at in places
    )
    if not verdict.decided:
        return StageFigure("", "", readings)
    return StageFigure(verdict.stage.code, verdict.stage.title, readings)


def _lenses(reading: Reading) -> tuple[LensTable, ...]:
    return tuple(
        LensTable(
            lens.id,
            lens.title,
            reading.wording.score(reading.card.lenses[lens.id]),
            tuple(
                _dimension(reading, dimension.id)
                for dimension in reading.model.content.dimensions
                if dimension.lens == lens.id
            ),
        )
        for lens in reading.model.content.lenses
    )


def _dimension(reading: Reading, name: str) -> DimensionLine:
    wording, found = reading.wording, reading.card.dimensions[name]
    target, binding = reading.source.target(name), reading.card.binding
    return DimensionLine(
        named=reading.named(Target("dimension", name)),
        asks=reading.model.dimensions[name].asks,
        score=wording.score(found.score),
        level="" if found.level is None else f"L{found.level}",
        target=wording.score(target),
        gap=wording.signed(gap_to(target, found.score)),
        hold=dimension_hold(reading.source, name),
        confidence=reading.confidence(found.trust if found.score is not None else None),
        binds=binding is not None and name in binding.binds,
    )


def _heat(reading: Reading) -> tuple[HeatLens, ...]:
    lenses = []
    for lens in reading.model.content.lenses:
        dimensions = [d for d in reading.model.content.dimensions if d.lens == lens.id]
        rows = tuple(_heat_row(reading, dimension) for dimension in dimensions)
        longest = max((len(row.cells) for row in rows), default=0)
        lenses.append(HeatLens(lens.title, len(rows) > longest, rows))
    return tuple(lenses)


def _heat_row(reading: Reading, dimension: Dimension) -> HeatRow:
    binding = reading.card.binding
    held = binding.binds if binding is not None else ()
    cells = []
    for area in dimension.areas:
        found = reading.card.areas[area.id]
        cells.append(
            HeatCell(
                named=reading.named(Target("area", area.id)),
                score=reading.wording.score(found.score),
                level="" if found.level is None else f"L{found.level}",
                shade=reading.shade(found.level),
                asked=found.asked,
                binds=area.id in held,
            )
        )
    return HeatRow(reading.named(Target("dimension", dimension.id)), tuple(cells))
