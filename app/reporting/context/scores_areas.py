"""The capability areas: where each stands, what holds it, how far it is from its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.definitions.structure import Area, Dimension
from app.reporting.charts import GapRow, gap_plot
from app.reporting.context.confidence import confidence_of
from app.reporting.context.scores_levels import (
    area_hold,
    chart_score,
    chart_signed,
    gap_to,
    target_of_level,
)
from app.reporting.context.source import Source

MOST_ALERTS = 6
"""Widest gaps marked in the drawing: marking more would mark nothing."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area that is rated.

    ``code`` and ``title`` name it, ``state`` describes its level in observable words; ``score``,
    ``level``, ``target``, ``gap`` are printed figures or a dash; ``hold`` says what holds the
    level down or how far the next one is; ``confidence`` is the word for its evidence.
    """

    code: str
    title: str
    state: str
    score: str
    level: str
    target: str
    gap: str
    hold: str
    confidence: str


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """One dimension: ``title`` is its name with score and level, ``rows`` its rated areas."""

    title: str
    rows: tuple[AreaRow, ...]


def area_groups(source: Source) -> tuple[AreaGroup, ...]:
    """Return the areas that are rated, dimension by dimension."""
    groups = (
        AreaGroup(_group_title(source, dimension), _rows(source, dimension))
        for dimension in source.model.content.dimensions
    )
    return tuple(group for group in groups if group.rows)


def area_plot(source: Source) -> Markup | None:
    """Draw all areas asked, widest gap first; None where none is rated."""
    rows = []
    for area in _asked(source):
        found = source.diagnosis.scorecard.areas[area.id]
        target = target_of_level(source, found.level)
        rows.append(GapRow(area.title, found.score, target, code=area.code))
    if all(row.now is None for row in rows):
        return None
    scale = source.model.content.scale
    return gap_plot(
        rows,
        title=source.wording.translate("各领域的得分与12个月目标，差距大的在前"),
        low=scale.minimum,
        high=scale.maximum,
        ticks=[(level.level, f"L{level.level}") for level in scale.levels],
        alert_from=_alert_from([row.gap for row in rows if row.gap is not None]),
        format=chart_score(source),
        format_gap=chart_signed(source),
        theme=source.theme,
        words=source.words,
    )


def widest_areas(source: Source, count: int) -> tuple[str, ...]:
    """Return the names of the ``count`` areas farthest from their targets: ``SOP体系（1.0）``."""
    gaps = []
    for area in _asked(source):
        found = source.diagnosis.scorecard.areas[area.id]
        gap = gap_to(target_of_level(source, found.level), found.score)
        if gap is not None and gap > 0 and found.score is not None:
            named = source.wording.translate("{title}（{score}）").format(
                title=area.title, score=source.wording.score(found.score)
            )
            gaps.append((-gap, area.code, named))
    return tuple(name for _, _, name in sorted(gaps)[:count])


def _alert_from(gaps: Sequence[Fraction]) -> Fraction | None:
    """Return the gap from which a row is marked, so that the widest few stand out."""
    marked = None
    for gap in sorted(set(gaps), reverse=True):
        if sum(other >= gap for other in gaps) > MOST_ALERTS:
            break
        marked = gap
    return marked


def _asked(source: Source) -> tuple[Area, ...]:
    card = source.diagnosis.scorecard
    return tuple(area for area in source.model.areas.values() if card.areas[area.id].asked)


def _group_title(source: Source, dimension: Dimension) -> str:
    wording = source.wording
    found = source.diagnosis.scorecard.dimensions[dimension.id]
    if found.score is None:
        return wording.translate("{code} {title}：未评").format(
            code=dimension.code, title=dimension.title
        )
    return wording.translate("{code} {title}：{score}，{level}").format(
        code=dimension.code,
        title=dimension.title,
        score=wording.score(found.score),
        level=wording.level(found.level),
    )


def _rows(source: Source, dimension: Dimension) -> tuple[AreaRow, ...]:
    wording, card = source.wording, source.diagnosis.scorecard
    minimum = source.model.content.scale.minimum
    rows = []
    for area in dimension.areas:
        found = card.areas[area.id]
        if found.score is None or found.level is None:
            continue  # told in one sentence below the table
        target = target_of_level(source, found.level)
        rows.append(
            AreaRow(
                code=area.code,
                title=area.title,
                state=area.anchors[found.level - minimum],
                score=wording.score(found.score),
                level=f"L{found.level}",
                target=wording.score(target),
                gap=wording.signed(gap_to(target, found.score)),
                hold=area_hold(source, found.score, found.level, found.held_by),
                confidence=wording.confidence(confidence_of(source.diagnosis, found.trust)),
            )
        )
    return tuple(rows)
