"""Which SOPs the enterprise needs, and every step of them as a dated, owned, timed task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar
from app.domain.definitions.sop import Sop, SopStep
from app.domain.response import PlanControls
from app.domain.rules import Diagnostics
from app.domain.stage import StageVerdict
from app.domain.world import World

ALWAYS_OPEN: Final = frozenset({"store", "automation", "customer"})
"""Roles whose work goes on at weekends; the others' one-off steps move to the next workday."""


@dataclass(frozen=True, slots=True)
class SelectedSop:
    """A SOP of the plan and why it is there.

    ``rules`` are the rules that cite it, ``stage`` the stage that demands it; ``supports`` the
    planned SOPs that build on it, where only they bring it into the plan, ``chosen`` where only the
    client's choice does.
    """

    sop: Sop
    rules: tuple[str, ...]
    stage: str | None
    chosen: bool = False
    supports: tuple[str, ...] = ()


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
    world: World,
    diagnostics: Diagnostics,
    verdict: StageVerdict | None,
    controls: PlanControls,
) -> tuple[SelectedSop, ...]:
    """Return SOPs of fired rules and of the stages reached, without those already proven.

    A SOP is proven when every area it lifts stands at the model's proven level; one that cannot
    apply (a store's routine without stores) is left out. The first build stage's SOPs are needed
    even where nothing has started. With a target level, SOPs whose areas all stand there are left
    out, unless a must-fix finding asks for them, and those that lift an area short of it come in.
    The client may add SOPs and take SOPs away. What planned SOPs build on comes along where it is
    not there yet.
    """
    reasons: dict[str, list[str]] = {}
    for rule in diagnostics.fired():
        for name in rule.sops:
            reasons.setdefault(name, []).append(rule.id)
    must = {sop for finding in diagnostics.must for sop in finding.rule.sops}
    demanded: dict[str, str] = {}
    if verdict is not None:
        for stage in verdict.stages[: max(verdict.verdict, 1) + 1]:
            for name in stage.sops:
                demanded.setdefault(name, stage.id)
    target = controls.target_level

    def needed(sop: Sop) -> bool:
        if target is None:
            return sop.id in reasons or (sop.id in demanded and not is_proven(world, sop))
        return sop.id in must or falls_short(world, sop, target)

    def possible(sop: Sop) -> bool:
        return sop.id not in controls.drop_sops and can_apply(world, sop)

    model = world.model
    own = {sop.id for sop in model.sops.values() if needed(sop) and possible(sop)}
    added = {name for name in controls.add_sops if possible(model.sops[name])}
    planned, waiting = own | added, sorted(own | added)
    while waiting:
        for name in model.sops[waiting.pop()].requires:
            sop = model.sops[name]
            if name not in planned and possible(sop) and _is_missing(world, sop):
                planned.add(name)
                waiting.append(name)
    return tuple(
        SelectedSop(
            sop,
            tuple(reasons.get(sop.id, ())),
            demanded.get(sop.id),
            chosen=sop.id in added - own,
            supports=()
            if sop.id in own | added
            else tuple(
                other.id
                for other in model.sops.values()
                if other.id in planned and sop.id in other.requires
            ),
        )
        for sop in model.sops.values()
        if sop.id in planned
    )


def _is_missing(world: World, sop: Sop) -> bool:
    """Return whether a SOP that others build on is not there: an area it lifts does not stand."""
    return falls_short(world, sop, world.model.content.rating.standing_level)


def can_apply(world: World, sop: Sop) -> bool:
    """Return whether a SOP makes sense for the enterprise; while undecided, it does."""
    return sop.applies is None or world.holds(sop.applies) is not False


def is_proven(world: World, sop: Sop) -> bool:
    """Return whether all areas a SOP lifts stand at the proven level: it is at work already."""
    ladder = world.model.content.stage_model
    return ladder is not None and stands_at(world, sop, ladder.proven_level)


def stands_at(world: World, sop: Sop, level: int) -> bool:
    """Return whether all areas a SOP lifts stand at a level or above."""
    if not sop.areas:
        return False
    found = [world.area(area).level for area in sop.areas]
    return all(reached is not None and reached >= level for reached in found)


def falls_short(world: World, sop: Sop, level: int) -> bool:
    """Return whether some area a SOP lifts is known to stand below a level."""
    found = [world.area(area).level for area in sop.areas]
    return any(reached is not None and reached < level for reached in found)


def opening_day(sop: Sop) -> int:
    """Return the first day of a SOP's own work, counted from its trigger; preparation is before."""
    return min((step.timing.day for step in sop.steps if step.timing.day >= 0), default=0)


def date_tasks(
    sop: Sop,
    phase: str,
    opening: date,
    not_before: date | None = None,
    calendar: WorkingCalendar = WEEKENDS_ONLY,
) -> tuple[Task, ...]:
    """Return a SOP's steps dated so that its own work begins on ``opening``.

    Preparation lies before that day, but never before ``not_before``. Steps of office roles that
    fall on a day off move to the next working day; recurring ones go on from there.
    """
    trigger = opening - timedelta(days=opening_day(sop))
    tasks = []
    for step in sop.steps:
        begin = trigger + timedelta(days=step.timing.day)
        finish = trigger + timedelta(days=max(step.timing.until or 0, step.timing.day))
        if step.timing.every:
            begin = finish = max(begin, opening)
        if step.owner not in ALWAYS_OPEN:
            begin, finish = calendar.next_working(begin), calendar.next_working(finish)
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


def by_sop(tasks: Sequence[Task]) -> Mapping[str, tuple[Task, ...]]:
    """Group tasks by SOP id, in the order they stand."""
    grouped: dict[str, list[Task]] = {}
    for task in tasks:
        grouped.setdefault(task.sop, []).append(task)
    return {sop: tuple(items) for sop, items in grouped.items()}
