"""The closed loop: heads from formulas, hours from work, and each moved until both hold.

Heads follow the work; hires the client refuses and money the client does not give take heads away
again; what then no longer fits is thinned, postponed or dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.definitions.roadmap import Phase
from app.domain.definitions.sop import Sop
from app.domain.definitions.staffing import StaffingModel
from app.domain.fitting import Fitting, Reductions
from app.domain.hiring import Cut, grant, heads_for_load
from app.domain.initiatives import Initiative, requirements
from app.domain.reconciliation import Reconciled
from app.domain.response import PlanControls
from app.domain.roadmap import Placement, fixed_work, place_initiatives
from app.domain.sop_load import PostLoad, monthly_hours, sop_profile
from app.domain.staffing_plan import StaffingPlan, plan_staffing, with_heads, with_needs
from app.domain.team_load import TeamLoad
from app.domain.world import World

GROWTH_ROUNDS: Final = 8
"""Heads and work ask for each other: more heads run more accounts. A few rounds settle it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """People and work that agree.

    ``asked`` and ``asked_placement`` are what the plan would be with everyone it asks for;
    ``staffing`` and ``placement`` what it is.
    """

    asked: StaffingPlan
    asked_placement: Placement
    staffing: StaffingPlan
    placement: Placement
    reductions: Reductions
    cuts: tuple[Cut, ...]
    loads: tuple[PostLoad, ...]
    reconciled: tuple[Reconciled, ...]
    outside: Mapping[str, Mapping[str, Fraction]]


class Loop:
    """Settles one plan. ``standing`` are SOPs at work already, ``drafts`` what is to be placed."""

    def __init__(
        self,
        world: World,
        parameters: StaffingModel,
        controls: PlanControls,
        phases: Sequence[Phase],
        drafts: Mapping[str, Initiative],
        standing: Sequence[Sop],
    ) -> None:
        self._world = world
        self._parameters = parameters
        self._controls = controls
        self._phases = phases
        self._drafts = drafts
        self._standing = standing
        self._profiles = {
            **world.model.sop_profiles,
            **{
                sop.id: sop_profile(sop, controls.cadence)
                for sop in world.model.sops.values()
                if any(step.code in controls.cadence for step in sop.steps)
            },
        }
        self._hours = monthly_hours(parameters, controls.productive_hours)

    def settle(self) -> Settled | None:
        """Return people and work that agree; None where the users are unknown."""
        staffing = plan_staffing(self._world, self._controls, self._phases)
        if staffing is None:
            return None
        asked, asked_placement, loads, team = self._grown(staffing)
        heads, cuts = grant(asked, self._controls, loads)
        granted = with_heads(asked, heads) if cuts else asked
        reductions, team = Reductions(), self._team(granted, team)
        placement, loads = self._counted(team, granted, reductions)
        fitting = Fitting(
            self._world.model,
            self._drafts,
            fixed_work(self._drafts.values(), requirements(self._world, self._drafts)),
            frozenset(sop.id for sop in self._standing),
            self._phases,
        )
        while (relieved := fitting.relieve(reductions, placement, loads)) is not None:
            reductions = relieved
            placement, loads = self._counted(team, granted, reductions)
        return Settled(
            asked=asked,
            asked_placement=asked_placement,
            staffing=granted,
            placement=placement,
            reductions=reductions,
            cuts=cuts,
            loads=loads,
            reconciled=team.reconciled(placement, self._standing, reductions.thinned, loads),
            outside=team.outside(placement),
        )

    def _grown(
        self, staffing: StaffingPlan
    ) -> tuple[StaffingPlan, Placement, tuple[PostLoad, ...], TeamLoad]:
        """Return the staffing that all the work asks for, with its placement and loads."""
        nothing = Reductions()
        team = self._team(staffing, None)
        placement, loads = self._counted(team, staffing, nothing)
        for _ in range(GROWTH_ROUNDS):
            more = heads_for_load(staffing, loads, self._hours)
            if not more:
                break
            staffing = with_heads(with_needs(staffing, more, "load"), {})
            team = self._team(staffing, team)
            placement, loads = self._counted(team, staffing, nothing)
        return staffing, placement, loads, team

    def _team(self, staffing: StaffingPlan, known: TeamLoad | None) -> TeamLoad:
        return TeamLoad(self._parameters, staffing, self._profiles, self._hours, known)

    def _counted(
        self, team: TeamLoad, staffing: StaffingPlan, reductions: Reductions
    ) -> tuple[Placement, tuple[PostLoad, ...]]:
        """Return where the work stands with these people, and the hours it takes."""
        placement = place_initiatives(
            self._world,
            self._phases,
            without(self._drafts, reductions.dropped),
            staffing.team_fte(),
            reductions.not_before,
        )
        return placement, team.loads(placement, self._standing, reductions.thinned)


def without(drafts: Mapping[str, Initiative], dropped: frozenset[str]) -> dict[str, Initiative]:
    """Return the drafts without dropped SOPs; one with nothing left is gone."""
    kept = {}
    for name, draft in drafts.items():
        sops = tuple(sop for sop in draft.sops if sop not in dropped)
        if sops:
            kept[name] = draft if sops == draft.sops else replace(draft, sops=sops)
    return kept
