"""The roadmap: phases from the verdict on, filled with initiatives by order and capacity."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from app.domain.calendar import WorkingCalendar
from app.domain.definitions.roadmap import Phase, Risk, RoadmapModel
from app.domain.initiatives import Initiative, requirements, working_order
from app.domain.planning import Task, date_tasks
from app.domain.rules import Diagnostics
from app.domain.stage import StageVerdict
from app.domain.world import World

OPEN_END_DAYS = 90
"""Days of an open-ended phase that the roadmap draws and fills."""

WORKDAYS_OF_WEEK = Fraction(5, 7)
WORKING_WEEK = timedelta(days=5)
ALIGNING_STEPS = 3
"""What follows each other while aligning: research, decide, train."""


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase with its dates; ``first_day`` counts from the start (day 1), before it ≤ 0.

    ``budget_days`` and ``used_days`` are working days of the team for improvement work.
    """

    phase: Phase
    first_day: int
    last_day: int
    start: date
    end: date
    budget_days: Fraction
    used_days: int
    initiatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The dated plan. ``shortage_fte`` > 0: fixed work exceeds the team's days in some phase."""

    start: date
    phases: tuple[PlannedPhase, ...]
    initiatives: tuple[Initiative, ...]
    tasks: tuple[Task, ...]
    risks: tuple[Risk, ...]
    shortage_fte: Fraction
    repair: bool

    def window(self, first: int, last: int) -> tuple[Initiative, ...]:
        """Return the initiatives that start within days ``first`` … ``last`` of the plan."""
        begin, end = self.day(first), self.day(last)
        return tuple(item for item in self.initiatives if begin <= item.start <= end)

    def day(self, number: int) -> date:
        """Return the date of a day number (1 = start)."""
        return self.start + timedelta(days=number - 1)


def choose_phases(
    roadmap: RoadmapModel, verdict: StageVerdict | None, repair: bool
) -> tuple[Phase, ...]:
    """Return the phases a roadmap runs through: align, perhaps repair, then from the verdict on."""
    align = [phase for phase in roadmap.phases if phase.kind == "align"]
    repairs = [phase for phase in roadmap.phases if phase.kind == "repair"] if repair else []
    build = [phase for phase in roadmap.phases if phase.kind == "build"]
    first = 0
    if verdict is not None:
        stage = verdict.stage.id
        first = next((place for place, phase in enumerate(build) if stage in phase.from_stages), 0)
    return (*align, *repairs, *build[first:])


@dataclass(frozen=True, slots=True)
class Placement:
    """The initiatives in working order, each in its phase, not yet dated.

    ``used`` are the working days taken per phase; ``shortage_fte`` what fixed work lacks.
    """

    phases: tuple[Phase, ...]
    initiatives: tuple[Initiative, ...]
    used: Mapping[str, int]
    shortage_fte: Fraction

    def running(self) -> Mapping[str, tuple[tuple[str, bool], ...]]:
        """Return per phase the SOPs at work in it, each with whether that phase introduces it."""
        begun: list[str] = []
        running = {}
        for phase in self.phases:
            new = [
                sop
                for initiative in self.initiatives
                if initiative.phase == phase.id
                for sop in initiative.sops
            ]
            running[phase.id] = (
                *((sop, False) for sop in begun),
                *((sop, True) for sop in new),
            )
            begun += new
        return running


def place_initiatives(
    world: World,
    phases: Sequence[Phase],
    drafts: Mapping[str, Initiative],
    team_fte: Mapping[str, Fraction],
    not_before: Mapping[str, int],
) -> Placement:
    """Place the drafts in the phases.

    ``team_fte`` maps phase ids to the team's FTE in them; ``not_before`` initiative ids to the
    first place among ``phases`` they may take. Compliance comes first, then what others depend on,
    then priority. A phase takes initiatives until its cap or its working days are used up; the rest
    moves on, and must-fix work that fits nowhere is told as missing FTE.
    """
    parameters = world.model.content.roadmap
    if parameters is None:
        raise ValueError("initiatives are placed only where the model has roadmap parameters")
    requires = requirements(world, drafts)
    order = working_order(drafts, requires)
    placed, used, shortage = _fill(parameters, phases, order, requires, team_fte, not_before)
    return Placement(tuple(phases), tuple(placed), used, shortage)


def first_work(roadmap: RoadmapModel, verdict: StageVerdict | None) -> frozenset[str]:
    """Return the SOPs of the core initiatives of the first build phase a verdict leads to."""
    phases = choose_phases(roadmap, verdict, repair=False)
    first = next((phase.id for phase in phases if phase.kind == "build"), None)
    return frozenset(
        sop
        for template in roadmap.initiatives
        if template.core and template.earliest == first
        for sop in template.sops
    )


def needs_repair(diagnostics: Diagnostics, verdict: StageVerdict | None) -> bool:
    """Return whether scale ran ahead of capability beyond the pilot stage."""
    return (
        verdict is not None
        and verdict.mismatch == "scale-ahead"
        and verdict.verdict >= 2
        and bool(diagnostics.findings)
    )


@dataclass(slots=True)
class _Filling:
    """Phases being filled: working days used and initiatives counted, by phase id."""

    parameters: RoadmapModel
    phases: Sequence[Phase]
    team_fte: Mapping[str, Fraction]
    used: dict[str, int]
    count: dict[str, int]

    def rank(self, phase: str) -> int:
        """Return the place of a phase among those planned; of one passed already, the first."""
        order = [item.id for item in self.parameters.phases]
        planned = [order.index(item.id) for item in self.phases]
        return next(
            (place for place, at in enumerate(planned) if at >= order.index(phase)),
            len(planned) - 1,
        )

    def has_room(self, place: int, days: int) -> bool:
        """Return whether a phase can take ``days`` more of work and one more initiative."""
        phase = self.phases[place]
        budget = budget_days(self.parameters, phase, self.team_fte)
        fits = self.used[phase.id] + days <= budget or not self.used[phase.id]
        return fits and (phase.cap is None or self.count[phase.id] < phase.cap)

    def take(self, place: int, days: int) -> None:
        """Count an initiative into a phase."""
        self.used[self.phases[place].id] += days
        self.count[self.phases[place].id] += 1

    def missing_fte(self) -> Fraction:
        """Return the largest FTE by which fixed work exceeds the days of any phase."""
        missing = [Fraction(0)]
        for phase in self.phases:
            over = self.used[phase.id] - budget_days(self.parameters, phase, self.team_fte)
            share = phase_days(phase) * WORKDAYS_OF_WEEK * Fraction(self.parameters.capacity_share)
            missing.append(over / share)
        return max(missing)


def fixed_work(
    drafts: Iterable[Initiative], requires: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the initiatives whose phase does not wait for capacity.

    Core ones, those that mend a breach of law, and what either depends on.
    """
    fixed = {draft.template.id for draft in drafts if draft.template.core or draft.urgent}
    waiting = list(fixed)
    while waiting:
        for needed in requires[waiting.pop()]:
            if needed not in fixed:
                fixed.add(needed)
                waiting.append(needed)
    return frozenset(fixed)


def _fill(
    parameters: RoadmapModel,
    phases: Sequence[Phase],
    drafts: Sequence[Initiative],
    requires: Mapping[str, set[str]],
    team_fte: Mapping[str, Fraction],
    not_before: Mapping[str, int],
) -> tuple[list[Initiative], dict[str, int], Fraction]:
    """Place the drafts, given in working order.

    Fixed work first: core initiatives, must-fix compliance (the law does not wait for capacity)
    and what either depends on. The rest takes the first phase with room that is not before what
    it depends on.
    """
    zero = dict.fromkeys((phase.id for phase in phases), 0)
    filling = _Filling(parameters, phases, team_fte, dict(zero), dict(zero))
    names = [draft.template.id for draft in drafts]
    place: dict[str, int] = {}
    fixed = fixed_work(drafts, requires)
    for name, draft in reversed(list(zip(names, drafts, strict=True))):
        if name not in fixed:
            continue
        place[name] = min(place.get(name, len(phases)), filling.rank(draft.template.earliest))
        for needed in requires[name]:
            place[needed] = min(place.get(needed, len(phases)), place[name])
    for draft in drafts:
        if draft.template.id in fixed:
            filling.take(place[draft.template.id], draft.effort_days)
    for draft in drafts:
        name = draft.template.id
        if name in fixed:
            continue
        earliest = max(filling.rank(draft.template.earliest), not_before.get(name, 0))
        first = max([earliest, *(place[needed] for needed in requires[name])])
        rooms = range(first, len(phases))
        last = len(phases) - 1
        place[name] = next(
            (room for room in rooms if filling.has_room(room, draft.effort_days)), last
        )
        filling.take(place[name], draft.effort_days)
    placed = [replace(draft, phase=phases[place[draft.template.id]].id) for draft in drafts]
    return placed, filling.used, filling.missing_fte()


def budget_days(
    parameters: RoadmapModel, phase: Phase, team_fte: Mapping[str, Fraction]
) -> Fraction:
    """Return a phase's working days for improvement: team FTE × working days × capacity share."""
    days = phase_days(phase) * WORKDAYS_OF_WEEK
    return team_fte.get(phase.id, Fraction(1)) * days * Fraction(parameters.capacity_share)


def phase_days(phase: Phase) -> int:
    """Return the days a phase is planned for; of one that runs on, those the roadmap draws."""
    return phase.days if phase.days is not None else OPEN_END_DAYS


def date_roadmap(
    world: World,
    placement: Placement,
    start: date,
    team_fte: Mapping[str, Fraction],
    repair: bool,
    calendar: WorkingCalendar,
    not_before: date,
) -> Roadmap:
    """Give every initiative and every step of its SOPs its dates.

    ``start`` is the first day of the build. Aligning comes before it, shortened where that would
    lie before ``not_before``, the day of the diagnosis.
    """
    parameters = world.model.content.roadmap
    if parameters is None:
        raise ValueError("a roadmap is dated only where the model has roadmap parameters")
    phases, used = placement.phases, placement.used
    aligning = sum(phase_days(phase) for phase in phases if phase.kind == "align")
    aligning = max(1, min(aligning, (start - not_before).days)) if aligning else 0
    first = day = 1 - aligning
    planned: list[PlannedPhase] = []
    opened: dict[str, date] = {}
    dated: list[Initiative] = []
    tasks: list[Task] = []
    for phase in phases:
        begin = start + timedelta(days=day - 1)
        length = aligning if phase.kind == "align" else phase_days(phase)
        own = [item for item in placement.initiatives if item.phase == phase.id]
        opening = start + timedelta(days=first - 1)
        for item, work in schedule_phase(
            world, own, phase, begin, length, opening, calendar, opened
        ):
            dated.append(item)
            tasks.extend(work)
        planned.append(
            PlannedPhase(
                phase=phase,
                first_day=day,
                last_day=day + length - 1,
                start=begin,
                end=begin + timedelta(days=length - 1),
                budget_days=budget_days(parameters, phase, team_fte),
                used_days=used[phase.id],
                initiatives=tuple(item.template.id for item in own),
            )
        )
        day += length
    tasks.sort(key=lambda task: (task.start, task.id))
    return Roadmap(
        start=start,
        phases=tuple(planned),
        initiatives=tuple(dated),
        tasks=tuple(tasks),
        risks=tuple(
            risk for risk in parameters.risks if risk.when is None or world.holds(risk.when)
        ),
        shortage_fte=placement.shortage_fte,
        repair=repair,
    )


def schedule_phase(
    world: World,
    items: Sequence[Initiative],
    phase: Phase,
    begin: date,
    length: int,
    not_before: date,
    calendar: WorkingCalendar,
    opened: dict[str, date],
) -> list[tuple[Initiative, list[Task]]]:
    """Date a phase's initiatives with their tasks.

    Core work opens with the phase; the rest opens one after the other, spread over the first two
    thirds. No SOP opens before one it requires (``opened`` holds the days by SOP id and is filled);
    while aligning it follows after a working week. What a SOP prepares before it opens falls into
    the phase before, but not before the plan begins.
    """
    total = sum(item.effort_days for item in items)
    result, before = [], 0
    lead, last = timedelta(0), None
    if phase.kind == "align":
        days = (begin + timedelta(days=day) for day in reversed(range(length)))
        last = next((day for day in days if calendar.is_working(day)), None)
        lead = min(WORKING_WEEK, timedelta(days=length // ALIGNING_STEPS))
    for item in items:
        offset = ceil(Fraction(2 * length * before, 3 * total))
        first = begin + timedelta(days=0 if item.template.core else offset)
        work: list[Task] = []
        for name in item.sops:
            sop = world.model.sops[name]
            ready = max([first, *(opened[o] + lead for o in sop.requires if o in opened)])
            opened[name] = calendar.next_working(ready)
            if last is not None:
                # The build waits for nobody: what would fall into it begins on the last day before.
                opened[name] = min(opened[name], last)
            work.extend(date_tasks(sop, phase.id, opened[name], not_before, calendar))
        start = min(opened[name] for name in item.sops)
        ends = [task.end for task in work if task.recurs is None]
        end = max([*ends, start + timedelta(days=item.effort_days - 1)])
        result.append((replace(item, start=start, end=end), work))
        before += item.effort_days
    return result
