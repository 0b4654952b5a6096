"""How a level is told: what holds it down, how far the next one is, what to aim for.

Used wherever a score is printed, so that the summary, the method page and the score tables say the
same of the same number.
"""

from collections.abc import Callable
from fractions import Fraction

from app.domain.definitions.structure import Gate
from app.domain.scorecard import DimensionScore
from app.reporting.charts.numbers import Number
from app.reporting.clauses import without_first
from app.reporting.context.source import Source


def target_of_level(source: Source, level: int | None) -> Fraction | None:
    """Return the twelve-month target of an area at ``level``, by the rule of ``Source.target``."""
    if level is None:
        return None
    scale = source.model.content.scale
    middle = (scale.minimum + scale.maximum) // 2
    return Fraction(min(max(level + 1, middle), scale.maximum))


def gap_to(target: Fraction | None, score: Fraction | None) -> Fraction | None:
    """Return target − score; None where either is unknown."""
    return None if target is None or score is None else target - score


def next_threshold(source: Source, level: int | None) -> Fraction | None:
    """Return the score from which the next level is reached; None at the top or unrated."""
    scale = source.model.content.scale
    if level is None or level >= scale.maximum:
        return None
    return level + 1 - Fraction(scale.tolerance)


def dimension_hold(source: Source, dimension: str) -> str:
    """Return in words what holds a dimension's level, or how far the next one is; empty unrated."""
    translate = source.wording.translate
    found = source.diagnosis.scorecard.dimensions[dimension]
    if found.level is None or found.score is None:
        return ""
    if found.held_by:
        return translate("按分数可评L{by_score}，被{holder}压在L{level}").format(
            by_score=found.by_score, level=found.level, holder=_holders(source, found)
        )
    return distance_to_next(source, found.score, found.level)


def _holders(source: Source, found: DimensionScore) -> str:
    """Return what lowered a dimension: critical areas with their levels, or a gate's holders."""
    gate = next((gate for gate in source.model.content.gates if gate.id in found.held_by), None)
    names = gate.binds if gate is not None else found.held_by
    return source.wording.joined([level_of(source, name) for name in names])


def level_of(source: Source, name: str) -> str:
    """Return an area or dimension with its level: ``数据报表（L1）``."""
    card = source.diagnosis.scorecard
    if name in source.model.areas:
        title, level = source.model.areas[name].title, card.areas[name].level
    else:
        title, level = source.model.dimensions[name].title, card.dimensions[name].level
    shown = source.wording.translate("未评") if level is None else f"L{level}"
    return source.wording.translate("{title}（{level}）").format(title=title, level=shown)


def distance_to_next(source: Source, score: Fraction, level: int) -> str:
    """Return how far the score is from the next level: ``离L3差0.9分``."""
    translate = source.wording.translate
    threshold = next_threshold(source, level)
    if threshold is None:
        return translate("已在最高一级")
    return translate("离L{level}差{distance}分").format(
        level=level + 1, distance=source.wording.number(threshold - score, 2)
    )


def area_hold(source: Source, score: Fraction, level: int, held_by: str | None) -> str:
    """Return in words what holds an area's level, or how far the next one is."""
    if held_by is not None:
        return source.wording.translate("被门槛题{question}压住").format(question=held_by)
    return distance_to_next(source, score, level)


def overall_verdict(source: Source) -> str:
    """Return the sentence on the overall level: the gate that bound it, or the way to the next."""
    wording, translate = source.wording, source.wording.translate
    card = source.diagnosis.scorecard
    if card.level is None or card.overall is None:
        return translate("已答的题还不足以评出总等级。")
    if card.binding is not None:
        return translate("按分数可评{by_score}，被{holder}压在{level}：{reason}。").format(
            by_score=wording.level(card.by_score),
            level=wording.level(card.level),
            holder=wording.joined([level_of(source, name) for name in card.binding.binds]),
            reason=gate_reason(card.binding.gate),
        )
    distance = distance_to_next(source, card.overall, card.level)
    weakest = weakest_dimension(source)
    if weakest is None:
        return translate("总分{score}，{distance}；没有门槛再往下压。").format(
            score=wording.number(card.overall, 2), distance=distance
        )
    alike = weakest_dimensions(source)
    if len(alike) > 1 and len(alike) == _rated_dimensions(source):
        # Whoever is equal everywhere is not told a list of everything as the weakest.
        return translate(
            "总分{score}，{distance}；没有门槛再往下压，{n}个维度得分一样，都是{each}。"
        ).format(
            score=wording.number(card.overall, 2),
            distance=distance,
            n=len(alike),
            each=wording.score(card.dimensions[alike[0]].score),
        )
    return translate("总分{score}，{distance}；没有门槛再往下压，最弱的是{weakest}。").format(
        score=wording.number(card.overall, 2), distance=distance, weakest=weakest
    )


def gate_reason(gate: Gate) -> str:
    """Return a gate's reason without the holder it begins with, which is named before it."""
    return without_first(gate.reason)


def _rated_dimensions(source: Source) -> int:
    return sum(each.score is not None for each in source.diagnosis.scorecard.dimensions.values())


def weakest_dimensions(source: Source) -> tuple[str, ...]:
    """Return the ids of the lowest-scored dimensions; empty when none is rated."""
    scores = source.diagnosis.scorecard.dimensions
    known = {name: found.score for name, found in scores.items() if found.score is not None}
    lowest = min(known.values(), default=None)
    return tuple(name for name, score in known.items() if score == lowest)


def weakest_dimension(source: Source) -> str | None:
    """Return the lowest-scored dimensions with their score: ``专业化团队（1.4）``; None unrated."""
    weakest = weakest_dimensions(source)
    if not weakest:
        return None
    lowest = source.diagnosis.scorecard.dimensions[weakest[0]].score
    names = [source.model.dimensions[name].title for name in weakest]
    return source.wording.translate("{names}（{score}）").format(
        names=source.wording.joined(names), score=source.wording.score(lowest)
    )


def chart_score(source: Source) -> Callable[[Number], str]:
    """Return the formatter of scores for charts: the same digits as in the tables."""
    return lambda value: source.wording.score(Fraction(value))


def chart_signed(source: Source) -> Callable[[Number], str]:
    """Return the formatter of signed differences for charts: the same digits as in the tables."""
    return lambda value: source.wording.signed(Fraction(value))
