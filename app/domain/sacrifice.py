"""What too few people cost: score, KPI and time against the plan with everyone it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.sop import Sop
from app.domain.model import MaturityModel
from app.domain.plan_loop import Settled
from app.domain.projection import Projection
from app.domain.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class Delay:
    """An initiative that begins later than it would with everyone, by how many days."""

    initiative: str
    days: int


@dataclass(frozen=True, slots=True)
class Sacrifice:
    """The plan as it is against the plan with everyone it asks for.

    ``full`` and ``kept`` are the projections of both; ``dropped`` and ``thinned`` are SOP ids;
    ``kpis`` have lost their target, because no SOP left works on them; ``payroll_saved`` is CNY a
    month in the last phase, 0 where nobody was refused.
    """

    full: Projection
    kept: Projection
    dropped: tuple[str, ...]
    thinned: tuple[str, ...]
    delays: tuple[Delay, ...]
    kpis: tuple[str, ...]
    payroll_saved: Fraction

    @property
    def index_lost(self) -> Fraction:
        """Points of the index (0–100) that the plan no longer reaches."""
        if self.full.index is None or self.kept.index is None:
            return Fraction(0)
        return self.full.index - self.kept.index

    @property
    def longest_delay(self) -> int:
        """Days by which the most delayed initiative begins later."""
        return max((delay.days for delay in self.delays), default=0)


def sacrifice_of(
    settled: Settled,
    full_roadmap: Roadmap,
    roadmap: Roadmap,
    full: Projection,
    kept: Projection,
    kpis: tuple[str, ...],
) -> Sacrifice:
    """Compare the settled plan with what it would be with everyone it asks for."""
    planned = {item.template.id: item.start for item in full_roadmap.initiatives}
    delays = [
        Delay(item.template.id, (item.start - planned[item.template.id]).days)
        for item in roadmap.initiatives
        if item.template.id in planned
    ]
    costs = [
        staffing.horizons[-1].monthly_cost if staffing.horizons else Fraction(0)
        for staffing in (settled.asked, settled.staffing)
    ]
    return Sacrifice(
        full=full,
        kept=kept,
        dropped=tuple(sorted(settled.reductions.dropped)),
        thinned=tuple(sorted(settled.reductions.thinned)),
        delays=tuple(delay for delay in delays if delay.days > 0),
        kpis=kpis,
        payroll_saved=costs[0] - costs[1],
    )


def kpis_without_work(
    model: MaturityModel, selected: Sequence[Sop], kept: Sequence[Sop]
) -> tuple[str, ...]:
    """Return the KPIs that steps of ``selected`` work on, but no step of ``kept``."""
    worked = {step.metric.kpi for sop in kept for step in sop.steps}
    lost = {step.metric.kpi for sop in selected for step in sop.steps} - worked
    return tuple(name for name in model.kpis if name in lost)
