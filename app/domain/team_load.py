"""The hours of the whole team over all phases: what its people have, and what the SOPs take."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Final

from app.domain.definitions.sop import Driver, Sop
from app.domain.definitions.staffing import StaffingModel
from app.domain.reconciliation import Reconciled, reconcile
from app.domain.roadmap import Placement
from app.domain.sop_load import (
    OUTSIDE_TEAM,
    SPECIALIST,
    STORE_POST,
    PhaseWork,
    PostLoad,
    SopProfile,
    post_loads,
)
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.domain.workload import reference_workload, volumes

DAYS_OF_MONTH: Final = 30

Running = Sequence[tuple[str, bool, bool]]
"""SOPs at work in a phase as (id, introduced in it, thinned)."""


def volumes_of(
    parameters: StaffingModel, staffing: StaffingPlan, horizon: Horizon
) -> Mapping[Driver, Fraction]:
    """Return how often work of each driver occurs in a month of a staffed phase."""
    return volumes(
        parameters,
        horizon.work,
        specialists=horizon.heads().get(SPECIALIST, Fraction(0)),
        depth=1 / staffing.mode_factor,
        hires=sum(horizon.joiners.values(), Fraction(0)),
        months=horizon.length,
    )


class TeamLoad:
    """Counts the work of one staffing; the hours of each SOP are computed once.

    ``hours`` are one person's a month. Phases whose people did not change since ``known`` take
    their figures over from it.
    """

    def __init__(
        self,
        parameters: StaffingModel,
        staffing: StaffingPlan,
        profiles: Mapping[str, SopProfile],
        hours: Fraction,
        known: "TeamLoad | None" = None,
    ) -> None:
        self._parameters = parameters
        self._staffing = staffing
        self._profiles = profiles
        self._hours = hours
        self._ledgers: dict[str, PhaseWork] = {}
        if known is not None:
            self._take_over(known)

    def _take_over(self, known: "TeamLoad") -> None:
        before = {horizon.phase: horizon for horizon in known._staffing.horizons}
        for horizon in self._staffing.horizons:
            old = before.get(horizon.phase)
            ledger = known._ledgers.get(horizon.phase)
            if old is None or ledger is None:
                continue
            if old.heads() == horizon.heads() and old.joiners == horizon.joiners:
                self._ledgers[horizon.phase] = ledger

    def loads(
        self, placement: Placement, standing: Sequence[Sop], thinned: Collection[str]
    ) -> tuple[PostLoad, ...]:
        """Return the load of every post in every phase, phase by phase."""
        running = placement.running()
        return tuple(
            load
            for horizon in self._staffing.horizons
            for load in post_loads(
                horizon.phase,
                self._ledger(horizon),
                self._at_work(running[horizon.phase], standing, thinned),
                self.available(horizon),
            )
        )

    def outside(self, placement: Placement) -> Mapping[str, Mapping[str, Fraction]]:
        """Return the hours a month asked of roles outside the team, by phase and role."""
        running = placement.running()
        return {
            horizon.phase: {
                role: sum(
                    (
                        self._ledger(horizon).outside(sop, role, introduced)
                        for sop, introduced in running[horizon.phase]
                    ),
                    Fraction(0),
                )
                for role in OUTSIDE_TEAM
            }
            for horizon in self._staffing.horizons
        }

    def reconciled(
        self,
        placement: Placement,
        standing: Sequence[Sop],
        thinned: Collection[str],
        loads: Sequence[PostLoad],
    ) -> tuple[Reconciled, ...]:
        """Return both counts of people for every post and phase."""
        running = placement.running()
        horizons = {horizon.phase: horizon for horizon in self._staffing.horizons}
        references = {
            phase: self._reference(horizon, self._at_work(running[phase], standing, thinned))
            for phase, horizon in horizons.items()
        }
        found = (
            reconcile(
                self._parameters, horizons[load.phase], load, references[load.phase], self._hours
            )
            for load in loads
        )
        return tuple(item for item in found if item is not None)

    def available(self, horizon: Horizon) -> dict[str, tuple[Fraction, Fraction]]:
        """Return the hours a month each post's people have in a phase: with new ones, and trained.

        Who joins during the phase works at the model's first-month share for a month; a pilot's
        people are appointed from within and coached by the consultant. Beyond a pilot those already
        there count even where the formulas ask for fewer.
        """
        lost = (1 - Fraction(self._parameters.ramp_first_month)) / max(Fraction(1), horizon.length)
        hours: dict[str, tuple[Fraction, Fraction]] = {}
        for post, fte in horizon.heads().items():
            there, joining = fte, Fraction(0)
            if not horizon.work.pilot:
                there = max(fte, self._staffing.current.get(post, fte))
                joining = horizon.joiners.get(post, Fraction(0))
            hours[post] = ((there - joining * lost) * self._hours, there * self._hours)
        if horizon.store_people:
            daily = Fraction(self._parameters.store_hours_per_day)
            spare = horizon.store_people * daily * DAYS_OF_MONTH
            hours[STORE_POST] = (spare, spare)
        return hours

    def _at_work(
        self,
        running: Sequence[tuple[str, bool]],
        standing: Sequence[Sop],
        thinned: Collection[str],
    ) -> Running:
        planned = [(name, new, name in thinned) for name, new in running]
        return [*((sop.id, False, sop.id in thinned) for sop in standing), *planned]

    def _ledger(self, horizon: Horizon) -> PhaseWork:
        if horizon.phase not in self._ledgers:
            self._ledgers[horizon.phase] = PhaseWork(
                self._parameters,
                horizon.work,
                horizon.heads(),
                volumes_of(self._parameters, self._staffing, horizon),
                self._profiles,
            )
        return self._ledgers[horizon.phase]

    def _reference(self, horizon: Horizon, running: Running) -> PostLoad:
        """Return the month of the reference specialist beside the same posts."""
        work = reference_workload(self._parameters, horizon.work)
        heads = {**horizon.heads(), SPECIALIST: Fraction(1)}
        counts = volumes(
            self._parameters,
            work,
            specialists=Fraction(1),
            depth=Fraction(1),
            hires=Fraction(0),
            months=horizon.length,
        )
        ledger = PhaseWork(
            self._parameters, work, heads, {**counts, "once": Fraction(0)}, self._profiles
        )
        loads = post_loads(horizon.phase, ledger, running, {SPECIALIST: (self._hours, self._hours)})
        return next(load for load in loads if load.post == SPECIALIST)


def loads_by_phase(loads: Sequence[PostLoad]) -> Mapping[str, tuple[PostLoad, ...]]:
    """Group loads by phase, in the order they stand."""
    grouped: dict[str, list[PostLoad]] = {}
    for load in loads:
        grouped.setdefault(load.phase, []).append(load)
    return {phase: tuple(items) for phase, items in grouped.items()}
