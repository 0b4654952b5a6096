"""The roadmap dated anew after a gate: a phase begins, is extended, or is gone back to.

What was planned for phases gone through stays as it was; what is still to come keeps its order,
its lengths and its working days. A task keeps its id, so what was said of it is found again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from app.domain.calendar import WorkingCalendar
from app.domain.carriers import opening_days
from app.domain.definitions.roadmap import Phase
from app.domain.gate_review import GateReview
from app.domain.initiatives import Initiative
from app.domain.plan import Plan
from app.domain.planning import Task
from app.domain.roadmap import (
    Placement,
    PlannedPhase,
    Roadmap,
    date_roadmap,
    phase_days,
    place_initiatives,
    schedule_phase,
)
from app.domain.world import World

A_DAY = timedelta(days=1)


def after_review(
    world: World, plan: Plan, roadmap: Roadmap, review: GateReview, calendar: WorkingCalendar
) -> Roadmap:
    """Return the roadmap as the verdict of a gate leaves it.

    Go: the next phase begins the day after. Fix: the phase ends with its repair loop. Stop: a new
    roadmap begins the day after with the phase gone back to; from the first phase there is none to
    go back to, and nothing moves until somebody decides. Open: the phase lasts at least until the
    review.
    """
    phase, on = review.phase.id, review.on
    place = _place(roadmap, phase)
    if review.verdict == "stop":
        if review.back_to is None:
            return roadmap
        return go_back(world, plan, roadmap, review.back_to, on + A_DAY, calendar)
    if review.verdict == "go" and place + 1 < len(roadmap.phases):
        following = roadmap.phases[place + 1].phase.id
        return begin_phase(world, roadmap, following, on + A_DAY, calendar, on)
    last = max(roadmap.phases[place].end, on)
    if review.repair is not None:
        last = review.repair.last
    return extend_phase(world, roadmap, phase, last, calendar, on)


def begin_phase(
    world: World, roadmap: Roadmap, phase: str, on: date, calendar: WorkingCalendar, today: date
) -> Roadmap:
    """Return the roadmap with a phase beginning on a day, later phases following it.

    The phase before it ends the day before; nothing new is dated before ``today``. Raises
    ``ValueError`` where the phase is not in the roadmap or would begin before the one before it.
    """
    place = _place(roadmap, phase)
    before, later = roadmap.phases[:place], roadmap.phases[place:]
    if before and before[-1].start >= on:
        raise ValueError(f"{phase} cannot begin before {before[-1].phase.id} does")
    first_build = later[0].phase.kind != "align" and all(
        planned.phase.kind == "align" for planned in before
    )
    start = on if first_build else roadmap.start
    kept = {planned.phase.id for planned in before}
    phases = [*before[:-1], *(_dated(one, one.start, on - A_DAY) for one in before[-1:])]
    initiatives = [item for item in roadmap.initiatives if item.phase in kept]
    tasks = [task for task in roadmap.tasks if task.phase in kept]
    opened = dict(opening_days(tasks))
    not_before = max(roadmap.phases[0].start, today)
    begin = on
    for planned in later:
        length = (planned.end - planned.start).days + 1
        own = [item for item in roadmap.initiatives if item.phase == planned.phase.id]
        phases.append(_dated(planned, begin, begin + timedelta(days=length - 1)))
        for item, work in schedule_phase(
            world, own, planned.phase, begin, length, not_before, calendar, opened
        ):
            initiatives.append(item)
            tasks.extend(work)
        begin += timedelta(days=length)
    return _whole(replace(roadmap, start=start), phases, initiatives, tasks)


def extend_phase(
    world: World, roadmap: Roadmap, phase: str, last: date, calendar: WorkingCalendar, today: date
) -> Roadmap:
    """Return the roadmap with a phase that ends on another day, later phases following it.

    Its own tasks stay where they are. Raises ``ValueError`` as ``begin_phase`` does.
    """
    place = _place(roadmap, phase)
    if place + 1 < len(roadmap.phases):
        following = roadmap.phases[place + 1].phase.id
        return begin_phase(world, roadmap, following, last + A_DAY, calendar, today)
    planned = roadmap.phases[place]
    if last < planned.start:
        raise ValueError(f"{phase} cannot end before it begins")
    phases = [*roadmap.phases[:-1], _dated(planned, planned.start, last)]
    return _whole(roadmap, phases, roadmap.initiatives, roadmap.tasks)


def go_back(
    world: World, plan: Plan, roadmap: Roadmap, to: Phase, on: date, calendar: WorkingCalendar
) -> Roadmap:
    """Return a new roadmap that begins with ``to`` on a day and runs through what follows it.

    What stood in these phases stands in them again. A phase that the plan had skipped (it began
    beyond it) is filled by order and capacity, as a plan is.
    """
    model = world.model.content.roadmap
    if model is None:
        raise ValueError("a roadmap is dated only where the model has roadmap parameters")
    names = [phase.id for phase in model.phases]
    phases = tuple(phase for phase in model.phases[names.index(to.id) :] if phase.kind != "repair")
    team = _team(plan, roadmap, phases)
    known = {planned.phase.id: planned for planned in roadmap.phases}
    if to.id in known:
        wanted = {phase.id for phase in phases}
        placement = Placement(
            phases,
            tuple(item for item in roadmap.initiatives if item.phase in wanted),
            {name: known[name].used_days if name in known else 0 for name in wanted},
            roadmap.shortage_fte,
        )
    else:
        drafts = {
            item.template.id: item
            for item in roadmap.initiatives
            if known[item.phase].phase.kind != "align"
        }
        placement = place_initiatives(world, phases, drafts, team, {})
    aligning = phase_days(to) if to.kind == "align" else 0
    start = on + timedelta(days=aligning)
    return date_roadmap(world, placement, start, team, False, calendar, on)


def _team(plan: Plan, roadmap: Roadmap, phases: tuple[Phase, ...]) -> Mapping[str, Fraction]:
    """Return the team's FTE per phase; a phase not staffed has the first build phase's team."""
    staffed = plan.staffing.team_fte() if plan.staffing is not None else {}
    built = [one.phase.id for one in roadmap.phases if one.phase.kind != "align"]
    first = next((staffed[name] for name in built if name in staffed), Fraction(1))
    return {phase.id: staffed.get(phase.id, first) for phase in phases}


def _place(roadmap: Roadmap, phase: str) -> int:
    names = [planned.phase.id for planned in roadmap.phases]
    if phase not in names:
        raise ValueError(f"the roadmap does not run through {phase}")
    return names.index(phase)


def _dated(planned: PlannedPhase, start: date, end: date) -> PlannedPhase:
    return replace(planned, start=start, end=end)


def _whole(
    roadmap: Roadmap,
    phases: list[PlannedPhase],
    initiatives: list[Initiative] | tuple[Initiative, ...],
    tasks: list[Task] | tuple[Task, ...],
) -> Roadmap:
    """Return a roadmap of parts, its days numbered from its start and its tasks in order."""
    numbered = (
        replace(
            one,
            first_day=(one.start - roadmap.start).days + 1,
            last_day=(one.end - roadmap.start).days + 1,
        )
        for one in phases
    )
    return replace(
        roadmap,
        phases=tuple(numbered),
        initiatives=tuple(initiatives),
        tasks=tuple(sorted(tasks, key=lambda task: (task.start, task.id))),
    )
