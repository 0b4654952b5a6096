"""Scores: where the enterprise stands, per key, step and area, and what holds each level down."""

from dataclasses import dataclass

from markupsafe import Markup

from app.domain.definitions.structure import Dimension, Lens
from app.reporting.context.confidence import confidence_of, is_self_reported, overall_trust
from app.reporting.context.scores_areas import AreaGroup, area_groups, area_plot, widest_areas
from app.reporting.context.scores_levels import (
    dimension_hold,
    gap_to,
    overall_verdict,
    weakest_dimensions,
)
from app.reporting.context.scores_panels import PanelPart, grid_panels, list_panels
from app.reporting.context.source import Source

NAMED_AREAS = 5
"""Areas farthest from their targets that are named in words."""


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One key or step.

    ``code``, ``title`` name it, ``asks`` is the question it answers; ``weight`` is its share in
    the lens; ``score``, ``level``, ``target``, ``gap`` are printed figures; ``hold`` says what
    holds the level down or how far the next one is; ``confidence`` is the word for its evidence.
    """

    code: str
    title: str
    asks: str
    weight: str
    score: str
    level: str
    hold: str
    target: str
    gap: str
    confidence: str


@dataclass(frozen=True, slots=True)
class LensBlock:
    """One way of looking (three keys, five steps) with its rows.

    ``title`` is its name, ``weight`` its share in the total, ``score`` its combined score,
    ``rows`` what it looks at.
    """

    title: str
    weight: str
    score: str
    rows: tuple[DimensionRow, ...]


@dataclass(frozen=True, slots=True)
class Overall:
    """The last line of the score table: total ``score``, ``index``, ``level``, ``confidence``."""

    score: str
    index: str
    level: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The section on scores.

    ``headline`` is its conclusion; ``verdict`` the sentence on the overall level; ``warnings`` red
    flags; ``lenses`` and ``overall`` the table; ``grids`` the heat map of keys × steps; ``panels``
    the other derived views; ``plot`` the areas by gap with its sentence ``plot_says``; ``areas``
    the table of areas; ``unrated`` what could not be rated (empty if all was);
    ``self_reported`` says that nobody looked at evidence (empty otherwise).
    """

    headline: str
    verdict: str
    warnings: tuple[str, ...]
    lenses: tuple[LensBlock, ...]
    overall: Overall
    grids: tuple[PanelPart, ...]
    panels: tuple[PanelPart, ...]
    plot: Markup | None
    plot_says: str
    areas: tuple[AreaGroup, ...]
    unrated: str
    self_reported: str


def build(source: Source) -> Scores:
    """Build the section."""
    card = source.diagnosis.scorecard
    return Scores(
        headline=_headline(source),
        verdict=overall_verdict(source),
        warnings=tuple(gate.red_flag for gate in card.red_flags() if gate.red_flag),
        lenses=tuple(_lens(source, lens) for lens in source.model.content.lenses),
        overall=_overall(source),
        grids=grid_panels(source),
        panels=list_panels(source),
        plot=area_plot(source),
        plot_says=_plot_says(source),
        areas=area_groups(source),
        unrated=_unrated(source),
        self_reported=_self_reported(source),
    )


def _headline(source: Source) -> str:
    """Return the conclusion: the levels of each lens and the weakest of all."""
    wording, translate = source.wording, source.wording.translate
    card = source.diagnosis.scorecard
    weakest = weakest_dimensions(source)
    if card.level is None or not weakest:
        areas = source.diagnosis.scorecard.areas.values()
        return translate("{asked}个领域评出{rated}个，还下不了总的结论").format(
            asked=sum(area.asked for area in areas),
            rated=sum(area.score is not None for area in areas),
        )
    parts = [
        wording.beside(lens.title, wording.score(card.lenses[lens.id]))
        for lens in source.model.content.lenses
        if card.lenses[lens.id] is not None
    ]
    return translate("{lenses}，整体L{level}：最弱是{weakest}").format(
        lenses=wording.joined(parts),
        level=card.level,
        weakest=wording.joined([source.model.dimensions[name].title for name in weakest]),
    )


def _lens(source: Source, lens: Lens) -> LensBlock:
    wording = source.wording
    dimensions = [d for d in source.model.content.dimensions if d.lens == lens.id]
    return LensBlock(
        title=lens.title,
        weight=wording.percent(lens.weight * 100),
        score=wording.score(source.diagnosis.scorecard.lenses[lens.id]),
        rows=tuple(_dimension(source, dimension) for dimension in dimensions),
    )


def _dimension(source: Source, dimension: Dimension) -> DimensionRow:
    wording = source.wording
    found = source.diagnosis.scorecard.dimensions[dimension.id]
    target = source.target(dimension.id)
    rated = found.score is not None
    return DimensionRow(
        code=dimension.code,
        title=dimension.title,
        asks=dimension.asks,
        weight=wording.percent(found.weight * 100),
        score=wording.score(found.score),
        level=wording.level(found.level) if rated else wording.translate("未评"),
        hold=dimension_hold(source, dimension.id),
        target=wording.score(target),
        gap=wording.signed(gap_to(target, found.score)),
        confidence=wording.confidence(confidence_of(source.diagnosis, found.trust))
        if rated
        else wording.number(None),
    )


def _overall(source: Source) -> Overall:
    wording, card = source.wording, source.diagnosis.scorecard
    trust = overall_trust(source.diagnosis)
    return Overall(
        score=wording.number(card.overall, 2),
        index=wording.number(card.index, 1),
        level=wording.level(card.level),
        confidence=wording.number(None)
        if trust is None
        else wording.confidence(confidence_of(source.diagnosis, trust)),
    )


def _plot_says(source: Source) -> str:
    names = widest_areas(source, NAMED_AREAS)
    if not names:
        return ""
    return source.wording.translate("离目标最远的{n}个领域：{names}。").format(
        n=len(names), names=source.wording.joined(names)
    )


def _unrated(source: Source) -> str:
    wording, translate = source.wording, source.wording.translate
    areas = source.diagnosis.not_assessed.areas
    if not areas:
        return ""
    names = [f"{source.model.areas[a].code} {source.model.areas[a].title}" for a in areas]
    limit = wording.percent(source.model.content.rating.missing_limit * 100)
    return translate("{n}个领域缺答超过{limit}，不评分：{names}。").format(
        n=len(areas), limit=limit, names=wording.joined(names)
    )


def _self_reported(source: Source) -> str:
    if not is_self_reported(source.diagnosis):
        return ""
    return source.wording.translate(
        "本表全部来自自评，没有人核对过证据，可信度一律为低；自评通常偏高，请按上限理解。"
    )
