"""What a move costs: the hours of the move itself, and of the SOPs that come with it.

A move lifts one area by one level. It takes working days of its own, by how far up the scale it
leads, and brings in the SOPs that lift the area, as far as they are not at work already. A SOP is
paid once, however many areas it lifts: its set-up, and the first month it runs, because a level
only shows once the work has been done for a while.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from app.domain.definitions.rule import Size
from app.domain.definitions.sop import Sop
from app.domain.definitions.staffing import StaffingModel
from app.domain.planning import can_apply, is_proven
from app.domain.sop_load import (
    HUNDREDTHS,
    OUTSIDE_TEAM,
    STORE_POST,
    PhaseWork,
    monthly_hours,
)
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.domain.team_load import volumes_of
from app.domain.world import World

MOVE_EFFORT: Final[tuple[tuple[Size, int], ...]] = (("L", 1), ("M", 1), ("H", 1), ("H", 2))
"""How large the first, second, third and every further step up the scale is: a size and how often.

One person doing it the same way is a small step; having it written, trained and used a medium one;
measured and proven elsewhere a large one. Work that improves by itself takes two quarters where
that takes one.
"""

MINUTES_OF_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class SopHours:
    """Hours a SOP takes: ``set_up`` once, ``monthly`` in every month it runs.

    ``posts`` splits the monthly hours by post; what stores and the CEO give is in ``monthly`` too.
    """

    set_up: Fraction
    monthly: Fraction = Fraction(0)
    posts: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def counted(self) -> Fraction:
        """What introducing the SOP counts: its set-up and its first month."""
        return self.set_up + self.monthly


@dataclass(frozen=True, slots=True)
class MoveCosts:
    """The costs of all moves of one enterprise, in hours.

    ``effort`` gives the hours of lifting an area to a level, from the level below. ``sops`` maps an
    area to the SOPs that come with lifting it, ``hours`` a SOP to what it takes. ``person`` is what
    one person has in a month. Where the model tells no effort (``in_hours`` false), every move
    counts one and the sums are numbers of moves.
    """

    effort: Callable[[str, int], Fraction]
    sops: Mapping[str, tuple[str, ...]]
    hours: Mapping[str, SopHours]
    person: Fraction | None = None
    in_hours: bool = True


def move_costs(world: World, plan: StaffingPlan | None = None) -> MoveCosts:
    """Return what moves cost by the model's content.

    With a staffing plan the SOPs' hours are those of the first phase that builds; without one only
    their set-up is known.
    """
    content, controls = world.model.content, world.assessment.controls
    new = [sop for sop in world.model.sops.values() if _comes_new(world, sop)]
    staffing, roadmap = content.staffing, content.roadmap
    person = monthly_hours(staffing, controls.productive_hours) if staffing else None
    if staffing is None or roadmap is None:
        hours = {sop.id: SopHours(_set_up(world, sop)) for sop in new}
        return MoveCosts(
            lambda _area, _level: Fraction(1), _lifting(world, new), hours, person, False
        )
    daily = controls.productive_hours or Fraction(staffing.productive_hours_per_day)
    minimum, days = content.scale.minimum, roadmap.effort_days

    def effort(_area: str, level: int) -> Fraction:
        size, times = MOVE_EFFORT[min(level - minimum, len(MOVE_EFFORT)) - 1]
        return times * days[size] * daily

    ledger = _ledger(world, staffing, plan) if plan is not None else None
    hours = {
        sop.id: _from_ledger(ledger, sop) if ledger else SopHours(_set_up(world, sop))
        for sop in new
    }
    return MoveCosts(effort, _lifting(world, new), hours, person)


def _one_each(_area: str, _level: int) -> Fraction:
    return Fraction(1)


def _comes_new(world: World, sop: Sop) -> bool:
    return can_apply(world, sop) and not is_proven(world, sop)


def _lifting(world: World, sops: list[Sop]) -> dict[str, tuple[str, ...]]:
    return {area: tuple(sop.id for sop in sops if area in sop.areas) for area in world.model.areas}


def _set_up(world: World, sop: Sop) -> Fraction:
    """Return the hours of a SOP's one-off steps, of one person per role."""
    minutes = sum(s.hundredths for s in world.model.sop_profiles[sop.id] if s.driver == "once")
    return Fraction(minutes, HUNDREDTHS * MINUTES_OF_HOUR)


def _ledger(world: World, staffing: StaffingModel, plan: StaffingPlan) -> PhaseWork | None:
    """Return the hours of SOPs in the first phase that builds, one-off work in full."""
    horizon = _first_build(world, plan)
    if horizon is None:
        return None
    once = {**volumes_of(staffing, plan, horizon), "once": Fraction(1)}
    return PhaseWork(staffing, horizon.work, horizon.heads(), once, world.model.sop_profiles)


def _first_build(world: World, plan: StaffingPlan) -> Horizon | None:
    roadmap = world.model.content.roadmap
    builds = {phase.id for phase in roadmap.phases if phase.kind == "build"} if roadmap else set()
    return next((horizon for horizon in plan.horizons if horizon.phase in builds), None)


def _from_ledger(ledger: PhaseWork, sop: Sop) -> SopHours:
    set_up, monthly = Fraction(0), Fraction(0)
    posts: dict[str, Fraction] = {}
    for post, work in ledger.of_sop(sop.id):
        if work.kind == "set-up":
            set_up += work.hours
        else:
            monthly += work.hours
            posts[post] = posts.get(post, Fraction(0)) + work.hours
    for role in OUTSIDE_TEAM:
        always = ledger.outside(sop.id, role, introduced=False)
        set_up += ledger.outside(sop.id, role, introduced=True) - always
        monthly += always
    return SopHours(set_up, monthly, posts)


def post_hours(costs: MoveCosts, sops: Sequence[str]) -> dict[str, Fraction]:
    """Return the hours a month that running SOPs takes of each post, the most first."""
    totals: dict[str, Fraction] = {}
    for sop in sops:
        for post, hours in costs.hours[sop].posts.items():
            totals[post] = totals.get(post, Fraction(0)) + hours
    return dict(sorted(totals.items(), key=lambda entry: (-entry[1], entry[0])))


def heads(costs: MoveCosts, sops: Sequence[str]) -> Fraction | None:
    """Return the people it takes to run SOPs, in FTE; stores run theirs with their own people."""
    if costs.person is None:
        return None
    hours = post_hours(costs, sops)
    return sum((h for post, h in hours.items() if post != STORE_POST), Fraction(0)) / costs.person
