"""The staffing of one plan with the names and figures that all its tables share."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.domain.definitions.staffing import Post, StaffingModel
from app.domain.hiring import SETTLED_MONTHS
from app.domain.plan import Plan
from app.domain.reconciliation import Reconciled
from app.domain.roadmap import PlannedPhase
from app.domain.sop_load import PostLoad, monthly_hours
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.context.source import Source

NOBODY = Fraction(0)


@dataclass(frozen=True)
class StaffingView:
    """One plan that has a staffing, read for printing. All hours are a month's."""

    source: Source
    plan: Plan
    staffing: StaffingPlan
    model: StaffingModel
    phases: Mapping[str, PlannedPhase]

    @classmethod
    def of(cls, source: Source) -> "StaffingView | None":
        """Return the view of a diagnosis; None where it has no staffing or no roadmap."""
        plan, model = source.diagnosis.plan, source.model.content.staffing
        if plan.staffing is None or model is None or plan.roadmap is None:
            return None
        phases = {item.phase.id: item for item in plan.roadmap.phases}
        return cls(source, plan, plan.staffing, model, phases)

    # -- names -----------------------------------------------------------------------------

    @cached_property
    def posts(self) -> Mapping[str, Post]:
        """The model's posts by id."""
        return {post.id: post for post in self.model.posts}

    def post(self, post: str) -> str:
        """Return a post's title."""
        return self.posts[post].title

    def phase(self, phase: str) -> str:
        """Return a phase's title."""
        return self.phases[phase].phase.title

    def code(self, phase: str) -> str:
        """Return a phase's code."""
        return self.phases[phase].phase.code

    @cached_property
    def _standing(self) -> Mapping[str, str]:
        return {item.id: item.title for item in self.model.standing_work}

    def work(self, name: str) -> str:
        """Return what a line of work is called: a SOP with its code, or work outside the SOPs."""
        if name in self.source.model.sops:
            return self.source.wording.sop(name)
        return self._standing.get(name) or self.source.wording.translate("休息日交接")

    # -- figures ---------------------------------------------------------------------------

    @cached_property
    def each(self) -> Fraction:
        """One person's productive hours a month under the plan's controls."""
        return monthly_hours(self.model, self.plan.controls.productive_hours)

    @cached_property
    def full(self) -> Horizon:
        """The phase the section speaks of."""
        return decisive(self.staffing)

    @cached_property
    def _loads(self) -> Mapping[tuple[str, str], PostLoad]:
        return {(load.phase, load.post): load for load in self.plan.loads}

    def load(self, phase: str, post: str) -> PostLoad | None:
        """Return the load of a post in a phase; None where it is not staffed."""
        return self._loads.get((phase, post))

    def loads(self, phase: str) -> tuple[PostLoad, ...]:
        """Return the loads of a phase, in the order of the model's posts."""
        found = (self.load(phase, post) for post in self.posts)
        return tuple(load for load in found if load is not None)

    @cached_property
    def _counted(self) -> Mapping[tuple[str, str], Reconciled]:
        return {(item.phase, item.post): item for item in self.plan.reconciled}

    def counted(self, phase: str, post: str) -> Reconciled | None:
        """Return both counts of a post in a phase."""
        return self._counted.get((phase, post))

    def at_work(self, horizon: Horizon) -> dict[str, Fraction]:
        """Return who is at work and paid in a phase: those granted, and those there already."""
        people = dict(self.staffing.current)
        for post, fte in horizon.heads().items():
            people[post] = max(fte, people.get(post, NOBODY))
        return people

    def paid(self, horizon: Horizon) -> Fraction:
        """Return what all people at work in a phase cost, in CNY a month."""
        costs = self.staffing.post_costs
        return sum((fte * costs[post] for post, fte in self.at_work(horizon).items()), NOBODY)

    def over_cap(self) -> dict[str, Fraction]:
        """Return per phase the CNY a month by which all people at work exceed the payroll cap."""
        return dict(self.plan.over_cap())


def decisive(plan: StaffingPlan) -> Horizon:
    """Return the first settled phase that staffs the whole pool; else the first, else the last.

    A phase of a month is over before its new people are trained: nobody judges a team by it.
    """
    whole = [item for item in plan.horizons if not item.work.pilot]
    settled = [item for item in whole if item.length >= SETTLED_MONTHS]
    return (settled or whole or [plan.horizons[-1]])[0]
