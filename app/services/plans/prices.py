"""What each limit costs by itself: the plan with that one limit lifted against the plan as it is.

Losses of several limits do not add up: one person more may carry what two were refused for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.fitting import Measure
from app.domain.plan import Plan
from app.domain.response import PlanControls
from app.reporting.context.staffing_whatif import RefusalRow, WhatIfs, loss_between
from app.services.plans.reading import PlanReading
from app.services.plans.what_if import diagnosis_under


@dataclass(frozen=True, slots=True)
class Limit:
    """What a client does not grant: ``fte`` of a post, or, with an empty ``post``, money."""

    post: str
    title: str
    fte: Fraction


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What the plan would have if this one limit fell.

    ``index`` are the points lost (negative: the money does more elsewhere), ``days`` by how many
    days the most delayed initiative begins later, ``saved`` CNY a month. SOPs are named with their
    codes and stand in one of the three alone, the worst that becomes of them.
    """

    limit: Limit
    index: Fraction
    dropped: tuple[str, ...]
    postponed: tuple[str, ...]
    thinned: tuple[str, ...]
    kpis: tuple[str, ...]
    days: int
    saved: Fraction

    @property
    def bites(self) -> bool:
        """Whether anything is lost by it."""
        named = (*self.dropped, *self.postponed, *self.thinned, *self.kpis)
        return bool(named) or self.index > 0 or self.days > 0


def limits_in_force(reading: PlanReading) -> tuple[Limit, ...]:
    """Return every limit that refuses somebody: posts in the order of the model, then the money."""
    refused: dict[tuple[str, str], Fraction] = {}
    by_phase: dict[tuple[str, str, str], Fraction] = {}
    for cut in reading.plan.cuts:
        key = (cut.by, cut.post, cut.phase)
        by_phase[key] = by_phase.get(key, Fraction(0)) + cut.fte
    for (by, post, _phase), fte in by_phase.items():
        refused[by, post] = max(fte, refused.get((by, post), Fraction(0)))
    staffing = reading.source.model.content.staffing
    posts = staffing.posts if staffing is not None else ()
    found = [
        Limit(post.id, post.title, refused["max_hires", post.id])
        for post in posts
        if ("max_hires", post.id) in refused
    ]
    capped = sum((fte for (by, _), fte in refused.items() if by == "payroll_cap"), Fraction(0))
    return (*found, *([Limit("", "", capped)] if capped else []))


def prices(reading: PlanReading) -> tuple[LimitPrice, ...]:
    """Return what each limit costs by itself, the dearest first."""
    found = [_price(reading, limit) for limit in limits_in_force(reading)]
    return tuple(sorted(found, key=lambda price: (-price.index, -price.days)))


def further_refusals(reading: PlanReading) -> tuple[RefusalRow, ...]:
    """Return what refusing one more post altogether would cost, as the report prints it."""
    return WhatIfs(reading.view).rows() if reading.view is not None else ()


def without(controls: PlanControls, limit: Limit) -> PlanControls:
    """Return the controls with one limit lifted."""
    if not limit.post:
        return replace(controls, payroll_cap=None)
    hires: Mapping[str, int] = {
        post: most for post, most in controls.max_hires.items() if post != limit.post
    }
    return replace(controls, max_hires=hires)


def _price(reading: PlanReading, limit: Limit) -> LimitPrice:
    plan, wording = reading.plan, reading.wording
    lifted = diagnosis_under(reading.source.diagnosis, without(plan.controls, limit)).plan
    loss = loss_between(lifted, plan)
    dropped = set(loss.dropped)
    postponed = _released(plan, "postpone") - _released(lifted, "postpone") - dropped
    thinned = set(loss.thinned) - dropped - postponed
    sops = reading.source.model.sops

    def named(ids: set[str]) -> Iterator[str]:
        return (wording.sop(sop) for sop in sops if sop in ids)

    return LimitPrice(
        limit=limit,
        index=loss.index,
        dropped=tuple(named(dropped)),
        postponed=tuple(named(postponed)),
        thinned=tuple(named(thinned)),
        kpis=tuple(wording.kpi(kpi) for kpi in loss.kpis),
        days=loss.days,
        saved=loss.saved,
    )


def _released(plan: Plan, measure: Measure) -> set[str]:
    return {item.sop for item in plan.releases if item.measure == measure}
