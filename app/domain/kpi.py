"""The KPI plan: today's value of every metric that can be known, and the next target."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.domain.definitions.kpi import Kpi
from app.domain.definitions.roadmap import Phase
from app.domain.world import World

Colour = Literal["green", "amber", "red"]


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One metric of the plan.

    ``targets`` maps phase ids to targets; empty where today's value is unknown (then it is to be
    measured first). ``colour`` judges today's value by the reference bounds.
    """

    kpi: Kpi
    baseline: Fraction | None
    good: Fraction | None
    colour: Colour | None
    targets: Mapping[str, Fraction]
    cited_by: tuple[str, ...]


def plan_kpis(
    world: World,
    phases: Iterable[Phase],
    cited: Mapping[str, tuple[str, ...]],
    without_work: Collection[str] = (),
) -> tuple[KpiLine, ...]:
    """Return every KPI of the catalogue with baseline and target per phase.

    Target = min(good bound, start × phase factor); for metrics that should fall, max(good bound,
    start ÷ factor). A pilot's factor is meant on today's value, a later phase's on the target
    before it. What is good already holds. Case results never enter. A KPI ``without_work`` has no
    target: the SOPs that would have moved it are not carried out.
    """
    phases = tuple(phases)
    lines = []
    for kpi in world.model.kpis.values():
        baseline = world.number(kpi.baseline) if kpi.baseline is not None else None
        good = good_bound(world, kpi)
        lines.append(
            KpiLine(
                kpi=kpi,
                baseline=baseline,
                good=good,
                colour=colour(kpi, baseline, good, bad_bound(world, kpi)),
                targets={} if kpi.id in without_work else _targets(kpi, baseline, good, phases),
                cited_by=cited.get(kpi.id, ()),
            )
        )
    return tuple(lines)


def rebased(line: KpiLine, baseline: Fraction, phases: Iterable[Phase]) -> KpiLine:
    """Return a line planned from a baseline that was measured after the diagnosis.

    What nobody could say at first is measured in the first weeks, and its targets follow from then.
    """
    targets = _targets(line.kpi, baseline, line.good, tuple(phases))
    return replace(line, baseline=baseline, targets=targets)


def good_bound(world: World, kpi: Kpi) -> Fraction | None:
    """Return the bound of "good": the archetype's benchmark, else the catalogue's default."""
    if kpi.benchmark is not None:
        return world.benchmark(kpi.benchmark)
    return Fraction(kpi.green) if kpi.green is not None else None


def bad_bound(world: World, kpi: Kpi) -> Fraction | None:
    """Return the bound of "bad": the archetype's benchmark, else the catalogue's default."""
    if kpi.benchmark is not None:
        return world.bad_benchmark(kpi.benchmark)
    return Fraction(kpi.red) if kpi.red is not None else None


def colour(
    kpi: Kpi, value: Fraction | None, good: Fraction | None, bad: Fraction | None
) -> Colour | None:
    """Judge a value by the bounds; None where value or the good bound is unknown."""
    if value is None or good is None or kpi.better == "range":
        return None
    sign = 1 if kpi.better == "higher" else -1
    if sign * value >= sign * good:
        return "green"
    if bad is not None and sign * value < sign * bad:
        return "red"
    return "amber"


def _targets(
    kpi: Kpi, baseline: Fraction | None, good: Fraction | None, phases: tuple[Phase, ...]
) -> dict[str, Fraction]:
    if baseline is None or good is None or kpi.better == "range":
        return {}
    targets, value = {}, baseline
    for phase in phases:
        if phase.kind == "align":
            continue
        start = baseline if phase.pilot else value
        value = _next(kpi, start, good, Fraction(phase.factor))
        targets[phase.id] = value
    return targets


def _next(kpi: Kpi, value: Fraction, good: Fraction, factor: Fraction) -> Fraction:
    if kpi.better == "higher":
        # Nothing grows out of zero or a loss by a factor: the target is a step towards the bound.
        grown = value * factor if value > 0 else value + (good - value) / 4
        return value if value >= good else min(good, grown)
    return value if value <= good else max(good, value / factor)
