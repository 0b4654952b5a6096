"""The plan: SOPs, people, hours, dates and money that agree with each other.

``make_plan`` is the what-if engine: one pure function from what was diagnosed and what the client
decides to the whole plan, fast enough to be called on every move of a slider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from app.domain.business_case import BusinessCase, business_case
from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar
from app.domain.definitions.roadmap import Phase
from app.domain.definitions.sop import Sop
from app.domain.fitting import Release
from app.domain.hiring import Cut
from app.domain.initiatives import Initiative, draft_initiatives
from app.domain.kpi import KpiLine, plan_kpis
from app.domain.plan_limits import LimitReport, Outlook, at_work, check_limits
from app.domain.plan_loop import Loop, Settled
from app.domain.planning import SelectedSop, can_apply, is_proven, select_sops
from app.domain.projection import Projection, project
from app.domain.reconciliation import Reconciled
from app.domain.response import PlanControls
from app.domain.roadmap import (
    Placement,
    Roadmap,
    choose_phases,
    date_roadmap,
    needs_repair,
    place_initiatives,
)
from app.domain.rules import Diagnostics
from app.domain.sacrifice import Sacrifice, kpis_without_work, sacrifice_of
from app.domain.sop_load import PostLoad
from app.domain.staffing_plan import StaffingPlan
from app.domain.stage import StageVerdict
from app.domain.team_months import team_months
from app.domain.world import World

ALIGNMENT_LEAD: Final = timedelta(days=14)
"""Days between a diagnosis and the first day of the build, when the client names no start."""


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan is made from, and what no control changes: the diagnosis behind it."""

    world: World
    diagnostics: Diagnostics
    stage: StageVerdict | None
    as_of: date
    calendar: WorkingCalendar = WEEKENDS_ONLY


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan under one set of controls.

    ``sops`` are those it carries out, ``standing`` those at work already, ``thinned`` the ids of
    those that run without their optional steps. ``releases`` is what gave way, ``cuts`` the people
    not granted; ``outside`` the hours a month asked of CEO and consultant by phase and role.
    ``projection`` is where it leads; ``sacrifice`` what was given up against the plan
    with everyone it asks for, None where nothing was. ``business_case`` is None where the figures
    it needs are unknown. ``limits`` holds the plan against platform, law and house.
    """

    controls: PlanControls
    start: date
    sops: tuple[SelectedSop, ...]
    standing: tuple[Sop, ...]
    thinned: frozenset[str]
    releases: tuple[Release, ...]
    cuts: tuple[Cut, ...]
    roadmap: Roadmap | None
    staffing: StaffingPlan | None
    loads: tuple[PostLoad, ...]
    reconciled: tuple[Reconciled, ...]
    outside: Mapping[str, Mapping[str, Fraction]]
    kpis: tuple[KpiLine, ...]
    projection: Projection
    sacrifice: Sacrifice | None
    business_case: BusinessCase | None
    limits: LimitReport

    @property
    def overloads(self) -> tuple[PostLoad, ...]:
        """Return the loads that exceed the hours people have."""
        return tuple(load for load in self.loads if load.excess > 0)

    def over_cap(self) -> Mapping[str, Fraction]:
        """Return per phase the CNY a month above the payroll cap: today's people alone cost it."""
        cap = self.controls.payroll_cap
        if cap is None or self.staffing is None:
            return {}
        staffing = self.staffing
        over = {h.phase: staffing.cost_with(h.heads()) - cap for h in staffing.horizons}
        return {phase: money for phase, money in over.items() if money > 0}


def make_plan(basis: PlanBasis, controls: PlanControls) -> Plan:
    """Return the whole plan under ``controls``. Pure; the same inputs give an equal plan."""
    world, content = basis.world, basis.world.model.content
    selected = select_sops(world, basis.diagnostics, basis.stage, controls)
    standing = _standing(world, selected, controls)
    phases: tuple[Phase, ...] = ()
    drafts: dict[str, Initiative] = {}
    repair = False
    if content.roadmap is not None:
        repair = needs_repair(basis.diagnostics, basis.stage)
        phases = choose_phases(content.roadmap, basis.stage, repair)
        drafts = draft_initiatives(world, content.roadmap, basis.diagnostics, selected)
    settled: Settled | None = None
    placement: Placement | None = None
    if content.staffing is not None and phases:
        settled = Loop(world, content.staffing, controls, phases, drafts, standing).settle()
    if settled is not None:
        placement = settled.placement
    elif phases:
        placement = place_initiatives(world, phases, drafts, {}, {})
    dropped = settled.reductions.dropped if settled else frozenset()
    thinned = settled.reductions.thinned if settled else frozenset()
    kept = tuple(item for item in selected if item.sop.id not in dropped)
    # The build follows at least one day of aligning, and that the diagnosis.
    start = max(controls.start or basis.as_of + ALIGNMENT_LEAD, basis.as_of + timedelta(days=1))
    roadmap = full_roadmap = None
    if placement is not None:
        team = settled.staffing.team_fte() if settled else {}
        roadmap = date_roadmap(world, placement, start, team, repair, basis.calendar, basis.as_of)
    if settled is not None and (settled.cuts or settled.reductions.releases):
        asked = settled.asked.team_fte()
        full_roadmap = date_roadmap(
            world, settled.asked_placement, start, asked, repair, basis.calendar, basis.as_of
        )
    projection = _projected(world, placement, thinned, controls)
    running = [*(item.sop for item in kept), *standing]
    lost = kpis_without_work(world.model, [item.sop for item in selected], running)
    outlook = Outlook(
        users=Fraction(settled.staffing.forecast.base[-1]) if settled else None,
        store_led=settled is not None and any(h.work.store_led for h in settled.staffing.horizons),
        needed=frozenset(sop for rule in basis.diagnostics.fired() for sop in rule.sops),
    )
    in_order = at_work([*_by_importance(kept, drafts), *standing], thinned)
    return Plan(
        controls=controls,
        start=start,
        sops=kept,
        standing=standing,
        thinned=thinned,
        releases=settled.reductions.releases if settled else (),
        cuts=settled.cuts if settled else (),
        roadmap=roadmap,
        staffing=settled.staffing if settled else None,
        loads=settled.loads if settled else (),
        reconciled=settled.reconciled if settled else (),
        outside=settled.outside if settled else {},
        kpis=plan_kpis(world, phases, _cited(basis.diagnostics), lost),
        projection=projection,
        sacrifice=sacrifice_of(
            settled,
            full_roadmap,
            roadmap,
            _projected(world, settled.asked_placement, frozenset(), controls),
            projection,
            lost,
        )
        if settled is not None and full_roadmap is not None and roadmap is not None
        else None,
        business_case=business_case(world, controls, team_months(settled.staffing))
        if settled is not None
        else None,
        limits=check_limits(world.model, in_order, controls, world.figures, outlook),
    )


def _by_importance(
    kept: tuple[SelectedSop, ...], drafts: Mapping[str, Initiative]
) -> tuple[Sop, ...]:
    """Return the SOPs of the plan, those of the most pressing initiative first."""
    priority = {sop: draft.priority for draft in drafts.values() for sop in draft.sops}
    sops = (item.sop for item in kept)
    return tuple(sorted(sops, key=lambda sop: (-priority.get(sop.id, Fraction(0)), sop.code)))


def _standing(
    world: World, selected: tuple[SelectedSop, ...], controls: PlanControls
) -> tuple[Sop, ...]:
    """Return the SOPs at work already: proven ones that the plan does not introduce."""
    chosen = {item.sop.id for item in selected} | set(controls.drop_sops)
    return tuple(
        sop
        for sop in world.model.sops.values()
        if sop.id not in chosen and is_proven(world, sop) and can_apply(world, sop)
    )


def _projected(
    world: World,
    placement: Placement | None,
    thinned: frozenset[str],
    controls: PlanControls,
) -> Projection:
    placed = placement.initiatives if placement is not None else ()
    introduced = [sop for item in placed for sop in item.sops]
    return project(world, introduced, thinned, controls.target_level)


def _cited(diagnostics: Diagnostics) -> dict[str, tuple[str, ...]]:
    cited: dict[str, list[str]] = {}
    for rule in diagnostics.fired():
        for kpi in rule.kpis:
            cited.setdefault(kpi, []).append(rule.id)
    return {kpi: tuple(rules) for kpi, rules in cited.items()}
