"""The figures by which two plans are held against each other."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.plan import Plan
from app.reporting.context.staffing_view import NOBODY, StaffingView
from app.services.plans.reading import PlanReading


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan comes to; None where the figures it needs are unknown.

    ``index`` (0–100) and ``level`` are reached by the plan. ``people`` is the FTE granted in
    ``phase``, ``payroll`` the dearest month with everybody at work, CNY. ``short`` are the titles
    of the posts that have more work than hours. ``result`` (CNY) and ``roi`` are those of the first
    year, ``pays_from`` the month from which none makes a loss; ``gate`` is the first gate's day.
    ``sops`` counts those carried out, ``dropped``, ``kpis`` and ``delay`` (days) what is given up.
    """

    index: Fraction | None
    level: int | None
    phase: str
    people: Fraction | None
    payroll: Fraction | None
    short: tuple[str, ...]
    result: Fraction | None
    roi: Fraction | None
    pays_from: int | None
    gate: date | None
    sops: int
    dropped: int
    kpis: int
    delay: int


def figures_of(reading: PlanReading) -> PlanFigures:
    """Return the figures of a plan."""
    plan, view, case = reading.plan, reading.view, reading.plan.business_case
    lost = plan.sacrifice
    return PlanFigures(
        index=plan.projection.index,
        level=plan.projection.level,
        phase=view.phase(view.full.phase) if view is not None else "",
        people=view.full.fte if view is not None else None,
        payroll=dearest_month(view) if view is not None else None,
        short=_short(view) if view is not None else (),
        result=case.base.result if case is not None else None,
        roi=case.base.roi if case is not None else None,
        pays_from=case.base.pays_from if case is not None else None,
        gate=_first_gate(plan),
        sops=len(plan.sops),
        dropped=len(lost.dropped) if lost is not None else 0,
        kpis=len(lost.kpis) if lost is not None else 0,
        delay=lost.longest_delay if lost is not None else 0,
    )


def dearest_month(view: StaffingView) -> Fraction:
    """Return what the team costs in its dearest phase, in CNY a month: what a cap is held against.

    Everybody who is there already is counted.
    """
    return max((view.paid(horizon) for horizon in view.staffing.horizons), default=NOBODY)


def _short(view: StaffingView) -> tuple[str, ...]:
    posts = dict.fromkeys(load.post for load in view.plan.overloads)
    return tuple(view.post(post) for post in posts)


def _first_gate(plan: Plan) -> date | None:
    phases = plan.roadmap.phases if plan.roadmap is not None else ()
    ends = (
        item.end for item in phases if item.phase.kind != "align" and item.phase.days is not None
    )
    return next(ends, None)
