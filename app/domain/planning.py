"""Which SOPs the enterprise needs, and every step of them as a dated, owned, timed task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.definitions.sop import Sop, SopStep
from app.domain.rules import Diagnostics
from app.domain.stage import StageVerdict
from app.domain.world import World

SATURDAY: Final = 5
ALWAYS_OPEN: Final = frozenset({"store", "automation", "customer"})
"""Roles whose work goes on at weekends; the others' one-off steps move to the next workday."""


@dataclass(frozen=True, slots=True)
class SelectedSop:
    """A SOP of the plan and why: rule ids that cite it, and whether its stage demands it."""

    sop: Sop
    rules: tuple[str, ...]
    stage: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """One step with its dates. ``end`` equals ``start`` for a single day.

    ``recurs`` is None for one-off work; recurring work starts at ``start`` and goes on.
    """

    id: str
    sop: str
    step: SopStep
    phase: str
    start: date
    end: date
    recurs: str | None


def select_sops(
    world: World, diagnostics: Diagnostics, verdict: StageVerdict | None
) -> tuple[SelectedSop, ...]:
    """Return SOPs of fired rules and of the stages reached, without those already proven.

    A SOP is proven when every area it lifts stands at the model's proven level; one that cannot
    apply (a store's routine without stores) is left out. The first build
    stage's SOPs are needed even where nothing has started.
    """
    reasons: dict[str, list[str]] = {}
    for rule in diagnostics.fired():
        for name in rule.sops:
            reasons.setdefault(name, []).append(rule.id)
    demanded: dict[str, str] = {}
    if verdict is not None:
        for stage in verdict.stages[: max(verdict.verdict, 1) + 1]:
            for name in stage.sops:
                demanded.setdefault(name, stage.id)
    return tuple(
        SelectedSop(sop, tuple(reasons.get(sop.id, ())), demanded.get(sop.id))
        for sop in world.model.sops.values()
        if (sop.id in reasons or (sop.id in demanded and not is_proven(world, sop)))
        and (sop.applies is None or world.holds(sop.applies) is not False)
    )


def is_proven(world: World, sop: Sop) -> bool:
    """Return whether all areas a SOP lifts stand at the proven level."""
    ladder = world.model.content.stage_model
    if ladder is None or not sop.areas:
        return False
    levels = [world.area(area).level for area in sop.areas]
    return all(level is not None and level >= ladder.proven_level for level in levels)


def opening_day(sop: Sop) -> int:
    """Return the first day of a SOP's own work, counted from its trigger; preparation is before."""
    return min((step.timing.day for step in sop.steps if step.timing.day >= 0), default=0)


def date_tasks(
    sop: Sop, phase: str, opening: date, not_before: date | None = None
) -> tuple[Task, ...]:
    """Return a SOP's steps dated so that its own work begins on ``opening``.

    Preparation lies before that day, but never before ``not_before``. One-off steps of office roles
    that fall on a weekend move to Monday.
    """
    trigger = opening - timedelta(days=opening_day(sop))
    tasks = []
    for step in sop.steps:
        begin = trigger + timedelta(days=step.timing.day)
        finish = trigger + timedelta(days=max(step.timing.until or 0, step.timing.day))
        if step.timing.every:
            begin = finish = max(trigger, opening)
        elif step.owner not in ALWAYS_OPEN:
            begin, finish = _workday(begin), _workday(finish)
        if not_before is not None:
            begin, finish = max(begin, not_before), max(finish, not_before)
        tasks.append(
            Task(
                id=f"{sop.code}/{step.code}",
                sop=sop.id,
                step=step,
                phase=phase,
                start=begin,
                end=finish,
                recurs=step.timing.every,
            )
        )
    return tuple(tasks)


def _workday(day: date) -> date:
    ahead = day.weekday() - SATURDAY
    return day if ahead < 0 else day + timedelta(days=2 - ahead)


def by_sop(tasks: Sequence[Task]) -> Mapping[str, tuple[Task, ...]]:
    """Group tasks by SOP id, in the order they stand."""
    grouped: dict[str, list[Task]] = {}
    for task in tasks:
        grouped.setdefault(task.sop, []).append(task)
    return {sop: tuple(items) for sop, items in grouped.items()}
