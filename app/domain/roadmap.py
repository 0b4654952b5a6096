"""The roadmap: phases from the verdict on, filled with initiatives by order and capacity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from app.domain.definitions.roadmap import InitiativeTemplate, Phase, Risk, RoadmapModel
from app.domain.ordering import ordered
from app.domain.planning import SelectedSop, Task, date_tasks, span_days
from app.domain.rules import Diagnostics
from app.domain.stage import StageVerdict
from app.domain.world import World

OPEN_END_DAYS = 90
"""Days of an open-ended phase that the roadmap draws and fills."""

WORKDAYS_OF_WEEK = Fraction(5, 7)
COMPLIANCE = "compliance"
UNCITED = Fraction(1, 100)
"""Priority of work that no finding asks for but the stage demands."""


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
class Initiative:
    """A bundle of selected SOPs in its phase. ``must`` marks work a must-fix finding asks for."""

    template: InitiativeTemplate
    sops: tuple[str, ...]
    findings: tuple[str, ...]
    priority: Fraction
    effort_days: int
    must: bool
    phase: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The dated plan. ``shortage_fte`` > 0: must-fix work did not fit the team's capacity."""

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


def build_roadmap(
    world: World,
    diagnostics: Diagnostics,
    verdict: StageVerdict | None,
    selected: Sequence[SelectedSop],
    start: date,
    team_fte: Mapping[str, Fraction],
) -> Roadmap | None:
    """Fill the phases with initiatives.

    ``team_fte`` maps phase ids to the team's FTE in them. Compliance comes first, then what others
    depend on, then priority. A phase takes initiatives until its cap or its working days are
    used up; the rest moves on, and must-fix work that fits nowhere is told as missing FTE.
    """
    parameters = world.model.content.roadmap
    if parameters is None:
        return None
    repair = needs_repair(diagnostics, verdict)
    phases = choose_phases(parameters, verdict, repair)
    drafts = _drafts(world, parameters, diagnostics, selected)
    order = _order(world, drafts)
    placed, used, shortage = _fill(parameters, phases, [drafts[name] for name in order], team_fte)
    return _dated(world, parameters, phases, placed, used, start, team_fte, shortage, repair)


def needs_repair(diagnostics: Diagnostics, verdict: StageVerdict | None) -> bool:
    """Return whether scale ran ahead of capability beyond the pilot stage."""
    return (
        verdict is not None
        and verdict.mismatch == "scale-ahead"
        and verdict.verdict >= 2
        and bool(diagnostics.findings)
    )


def _drafts(
    world: World,
    parameters: RoadmapModel,
    diagnostics: Diagnostics,
    selected: Sequence[SelectedSop],
) -> dict[str, Initiative]:
    chosen = {item.sop.id: item for item in selected}
    priorities = {
        item.rule.id: finding.priority
        for finding in diagnostics.findings
        for item in (finding, *finding.collapsed)
    }
    must = {f.rule.id for finding in diagnostics.must for f in (finding, *finding.collapsed)}
    drafts = {}
    for template in parameters.initiatives:
        sops = tuple(sop for sop in template.sops if sop in chosen)
        if not sops:
            continue
        findings = tuple(dict.fromkeys(rule for sop in sops for rule in chosen[sop].rules))
        leading = [
            priorities[rule] if world.model.rules[rule].sops[0] in sops else priorities[rule] / 2
            for rule in findings
        ]
        drafts[template.id] = Initiative(
            template=template,
            sops=sops,
            findings=findings,
            priority=max(leading, default=UNCITED),
            effort_days=parameters.effort_days[template.effort],
            must=any(rule in must and world.model.rules[rule].sops[0] in sops for rule in findings),
            phase="",
            start=date.min,
            end=date.min,
        )
    return drafts


def _order(world: World, drafts: Mapping[str, Initiative]) -> list[str]:
    home = {sop: name for name, draft in drafts.items() for sop in draft.sops}
    requires = {
        name: {
            home[needed]
            for sop in draft.sops
            for needed in world.model.sops[sop].requires
            if needed in home and home[needed] != name
        }
        for name, draft in drafts.items()
    }

    def preference(name: str) -> tuple[bool, Fraction]:
        clusters = {world.model.rules[rule].cluster for rule in drafts[name].findings}
        first = drafts[name].must and COMPLIANCE in clusters
        return (not first, -drafts[name].priority)

    return ordered(drafts, _acyclic(requires), preference)


def _acyclic(requires: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Drop what would close a circle: bundles may need each other's parts though SOPs do not."""
    kept: dict[str, set[str]] = {name: set() for name in requires}

    def reaches(origin: str, goal: str) -> bool:
        return origin == goal or any(reaches(step, goal) for step in kept[origin])

    for name in sorted(requires):
        for needed in sorted(requires[name]):
            if not reaches(needed, name):
                kept[name].add(needed)
    return kept


def _fill(
    parameters: RoadmapModel,
    phases: Sequence[Phase],
    drafts: Sequence[Initiative],
    team_fte: Mapping[str, Fraction],
) -> tuple[list[Initiative], dict[str, int], Fraction]:
    rank = {phase.id: place for place, phase in enumerate(parameters.phases)}
    used = dict.fromkeys((phase.id for phase in phases), 0)
    count = dict.fromkeys((phase.id for phase in phases), 0)
    placed, shortage = [], Fraction(0)
    for draft in drafts:
        open_phases = [p for p in phases if rank[p.id] >= rank[draft.template.earliest]] or [
            phases[-1]
        ]
        home = None
        for phase in open_phases:
            budget = budget_days(parameters, phase, team_fte)
            fits = used[phase.id] + draft.effort_days <= budget or not used[phase.id]
            if fits and (phase.cap is None or count[phase.id] < phase.cap):
                home = phase
                break
        if home is None:
            home = open_phases[-1]
            if draft.must:
                days = _length(home) * WORKDAYS_OF_WEEK * Fraction(parameters.capacity_share)
                shortage += Fraction(draft.effort_days) / days
        used[home.id] += draft.effort_days
        count[home.id] += 1
        placed.append(replace(draft, phase=home.id))
    return placed, used, shortage


def budget_days(
    parameters: RoadmapModel, phase: Phase, team_fte: Mapping[str, Fraction]
) -> Fraction:
    """Return a phase's working days for improvement: team FTE × working days × capacity share."""
    days = _length(phase) * WORKDAYS_OF_WEEK
    return team_fte.get(phase.id, Fraction(1)) * days * Fraction(parameters.capacity_share)


def _length(phase: Phase) -> int:
    return phase.days if phase.days is not None else OPEN_END_DAYS


def _dated(
    world: World,
    parameters: RoadmapModel,
    phases: Sequence[Phase],
    placed: Sequence[Initiative],
    used: Mapping[str, int],
    start: date,
    team_fte: Mapping[str, Fraction],
    shortage: Fraction,
    repair: bool,
) -> Roadmap:
    day = 1 - sum(_length(phase) for phase in phases if phase.kind == "align")
    planned: list[PlannedPhase] = []
    dated: list[Initiative] = []
    tasks: list[Task] = []
    for phase in phases:
        begin = start + timedelta(days=day - 1)
        length = _length(phase)
        own = [item for item in placed if item.phase == phase.id]
        for item in _staggered(world, own, begin, length):
            dated.append(item)
            for sop in item.sops:
                tasks.extend(date_tasks(world.model.sops[sop], phase.id, item.start))
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
        shortage_fte=shortage,
        repair=repair,
    )


def _staggered(
    world: World, items: Sequence[Initiative], begin: date, length: int
) -> list[Initiative]:
    """Start a phase's initiatives one after the other, spread over its first two thirds."""
    total = sum(item.effort_days for item in items)
    result, before = [], 0
    for item in items:
        offset = ceil(Fraction(2 * length * before, 3 * total)) if total else 0
        first = begin + timedelta(days=offset)
        longest = max(span_days(world.model.sops[sop]) for sop in item.sops)
        last = first + timedelta(days=max(longest, item.effort_days) - 1)
        result.append(replace(item, start=first, end=last))
        before += item.effort_days
    return result
