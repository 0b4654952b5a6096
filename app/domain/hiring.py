"""Which people are granted: hires the client refuses, a capped payroll, work that asks for more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from app.domain.response import PlanControls
from app.domain.sop_load import SPECIALIST, STORE_POST, PostLoad
from app.domain.staffing_plan import Heads, Horizon, StaffingPlan, carried

FTE_STEP: Final = Fraction(1, 10)
"""Posts that several people share are staffed in tenths; specialists are whole people."""

SETTLED_MONTHS: Final = 2
"""From this length on a phase is staffed for its mean month; a shorter one for its last."""


@dataclass(frozen=True, slots=True)
class Cut:
    """FTE a post was refused in a phase, and by what: the client's limit on hires or on payroll."""

    phase: str
    post: str
    fte: Fraction
    by: str


def heads_for_load(plan: StaffingPlan, loads: Sequence[PostLoad], hours: Fraction) -> Heads:
    """Return the FTE the counted work asks for, where that is more than the formulas do.

    ``hours`` are one person's a month. In a short phase nobody is hired because new people are slow
    at first: they would be too many a month later. Specialists are not hired beyond what the margin
    carries.
    """
    horizons = {horizon.phase: horizon for horizon in plan.horizons}
    asked: dict[str, dict[str, Fraction]] = {}
    for load in loads:
        horizon = horizons[load.phase]
        has = load.available if horizon.length >= SETTLED_MONTHS else load.trained
        if load.post == STORE_POST or load.hours <= has:
            continue
        granted = horizon.heads().get(load.post, Fraction(0))
        missing = (load.hours - has) / hours
        if load.post == SPECIALIST:
            wanted = Fraction(ceil(granted + missing))
            if horizon.specialists.affordable is not None:
                wanted = min(wanted, max(Fraction(carried(plan, horizon.specialists)), granted))
        else:
            wanted = ceil((granted + missing) / FTE_STEP) * FTE_STEP
        if wanted > granted:
            asked.setdefault(load.phase, {})[load.post] = wanted
    return asked


def grant(
    plan: StaffingPlan, controls: PlanControls, loads: Sequence[PostLoad]
) -> tuple[Heads, tuple[Cut, ...]]:
    """Return the FTE granted per phase and post, and what was cut.

    Hires beyond ``max_hires`` are refused. While a phase then costs more than ``payroll_cap``, the
    new people whose post has the least work for its hours go first; nobody already there does, and
    nobody is hired who would have to leave in a later phase.
    """
    use = {(load.phase, load.post): load.hours / load.available for load in loads if load.available}
    heads: dict[str, dict[str, Fraction]] = {}
    cuts: list[Cut] = []
    for horizon in plan.horizons:
        granted = _within_hires(plan, horizon, controls, cuts)
        if controls.payroll_cap is not None:
            _within_payroll(plan, horizon, controls.payroll_cap, granted, use, cuts)
        heads[horizon.phase] = granted
    if controls.payroll_cap is not None:
        cuts += _lasting(plan, heads)
    return heads, tuple(cuts)


def _lasting(plan: StaffingPlan, heads: dict[str, dict[str, Fraction]]) -> Iterator[Cut]:
    """Take back hires that a later phase under the cap would not keep; yield what was cut."""
    most: dict[str, Fraction] = {}
    for horizon in reversed(plan.horizons):
        granted = heads[horizon.phase]
        for need in horizon.needs:
            post, fte = need.post, granted[need.post]
            kept = min(fte, max(most.get(post, fte), plan.current.get(post, Fraction(0))))
            if kept < fte:
                granted[post] = kept
                yield Cut(horizon.phase, post, fte - kept, "payroll_cap")
            if kept < need.fte:
                most[post] = kept


def _within_hires(
    plan: StaffingPlan, horizon: Horizon, controls: PlanControls, cuts: list[Cut]
) -> dict[str, Fraction]:
    granted = {}
    for need in horizon.needs:
        most = need.fte
        if need.post in controls.max_hires:
            there = plan.current.get(need.post, Fraction(0))
            most = min(need.fte, there + controls.max_hires[need.post])
        if most < need.fte:
            cuts.append(Cut(horizon.phase, need.post, need.fte - most, "max_hires"))
        granted[need.post] = most
    return granted


def _within_payroll(
    plan: StaffingPlan,
    horizon: Horizon,
    cap: Fraction,
    granted: dict[str, Fraction],
    use: Mapping[tuple[str, str], Fraction],
    cuts: list[Cut],
) -> None:
    """Take new people out of ``granted`` until the phase costs no more than the cap."""
    places = {need.post: place for place, need in enumerate(horizon.needs)}
    cut = dict.fromkeys(granted, Fraction(0))

    def excess() -> Fraction:
        return plan.cost_with(granted) - cap

    while (over := excess()) > 0:
        new = {
            post: fte - plan.current.get(post, Fraction(0))
            for post, fte in granted.items()
            if fte > plan.current.get(post, Fraction(0)) and plan.post_costs[post]
        }
        if not new:
            break
        post = min(new, key=lambda name: (use.get((horizon.phase, name), 0), -places[name]))
        needed = over / plan.post_costs[post]
        step = Fraction(1) if post == SPECIALIST else FTE_STEP
        less = min(new[post], ceil(needed / step) * step)
        granted[post] -= less
        cut[post] += less
    cuts += [Cut(horizon.phase, post, fte, "payroll_cap") for post, fte in cut.items() if fte]
