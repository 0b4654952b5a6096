"""Checks of what coaching reads: gates name what exists, and their bounds can decide."""

from collections.abc import Iterator
from typing import Final

from app.content.references import Index, Mistake, repeated, unknown_id, unknown_ids
from app.domain.definitions.gate import GateMetric, KpiSign
from app.domain.definitions.stage import GateItem
from app.domain.model import ContentPath, ModelContent

OF_A_KPI: Final = frozenset({"latest", "variation", "change", "rising", "weeks", "units-at-target"})
"""Readings that read the actuals of a KPI."""

OVER_A_SPAN: Final = frozenset({"variation", "rising", "on-time"})
"""Readings that look at several weeks, quarters or days."""


def coaching_mistakes(content: ModelContent, index: Index) -> Iterator[Mistake]:
    """Yield path and message of every mistake in gates, signs of stopping, and KPI plans."""
    coaching = content.coaching
    yield from unknown_id(("coaching", "on_time_kpi"), coaching.on_time_kpi, index.kpis, "KPI")
    bands = coaching.bands
    if not 0 <= bands.amber <= bands.red:
        yield ("coaching", "bands"), "应有0≤amber≤red。"
    if coaching.benchmark_clients < 1 or coaching.compare_weeks < 1:
        yield ("coaching",), "benchmark_clients与compare_weeks至少为1。"
    for place, kpi in enumerate(content.kpis):
        bounded = kpi.green is not None or kpi.benchmark is not None
        if kpi.baseline_period is not None and bounded:
            path: ContentPath = ("kpis", place, "baseline_period")
            yield path, "基线与参考线周期不同，目标无从比较；有参考线的指标不写baseline_period。"
    if content.stage_model is not None:
        for place, stage in enumerate(content.stage_model.stages):
            yield from _gate(("stage_model", "stages", place, "exit_gate"), stage.exit_gate, index)
    if content.roadmap is not None:
        for place, phase in enumerate(content.roadmap.phases):
            at: ContentPath = ("roadmap", "phases", place)
            yield from _gate((*at, "gate"), phase.gate, index)
            if phase.gate and phase.exit_stage is not None:
                yield (*at, "gate"), "有exit_stage的时期用该阶段的出口清单，不另写gate。"
            yield from repeated((*at, "stops"), [sign.id for sign in phase.stops], "id")
            for inner, sign in enumerate(phase.stops):
                yield from _signs((*at, "stops", inner, "checks"), sign.checks, index)


def _gate(path: ContentPath, items: tuple[GateItem, ...], index: Index) -> Iterator[Mistake]:
    yield from repeated(path, [item.id for item in items], "id")
    for place, item in enumerate(items):
        if item.metric is not None:
            yield from _metric((*path, place, "metric"), item.metric, index)


def _metric(path: ContentPath, metric: GateMetric, index: Index) -> Iterator[Mistake]:
    yield from unknown_id((*path, "kpi"), metric.kpi, index.kpis, "KPI")
    yield from unknown_ids((*path, "areas"), metric.areas, index.areas, "领域")
    yield from unknown_ids((*path, "sops"), metric.sops, index.sops, "SOP")
    yield from _signs((*path, "unless"), metric.unless, index)
    bounded = metric.at_least is not None or metric.at_most is not None or metric.at_good
    if (metric.reading in OF_A_KPI or metric.at_good) and metric.kpi is None:
        yield path, f"reading为{metric.reading}或写了at_good时，要写kpi。"
    if metric.reading in OVER_A_SPAN and metric.span < 1:
        yield path, f"reading为{metric.reading}时，要写span（看几周、几季或几天）。"
    if metric.reading not in ("stated", "rising") and not bounded:
        yield path, "要写at_least、at_most或at_good之一，否则数出来了也判不了。"
    if metric.reading == "rising" and bounded:
        yield path, "reading为rising时只看升没升，不写at_least或at_most。"


def _signs(path: ContentPath, signs: tuple[KpiSign, ...], index: Index) -> Iterator[Mistake]:
    for place, sign in enumerate(signs):
        at: ContentPath = (*path, place)
        yield from unknown_id((*at, "kpi"), sign.kpi, index.kpis, "KPI")
        if (sign.bound is None) != (sign.turns == "falling"):
            yield at, "below与above要写bound，falling不写。"
        if sign.periods < 1:
            yield at, "periods至少为1。"
