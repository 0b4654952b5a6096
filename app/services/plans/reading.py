"""One plan as the desk shows it: words, tables and drawings by the builders of the report.

Nothing is computed here that paper computes too; paper and screen cannot differ.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from app.domain.diagnosis import Diagnosis
from app.domain.plan import Plan
from app.domain.planning import SelectedSop, can_apply, select_sops
from app.reporting.context import economics, roadmap, sops, staffing
from app.reporting.context.economics_months import PlanYear, plan_year
from app.reporting.context.roadmap import RoadmapPart
from app.reporting.context.source import Source
from app.reporting.context.staffing_cost import CostRow, Costs, CostTable
from app.reporting.context.staffing_hours import Hours, HoursPart
from app.reporting.context.staffing_sacrifice import SacrificePart, Sacrifices
from app.reporting.context.staffing_table import HeadTable
from app.reporting.context.staffing_view import StaffingView
from app.reporting.wording import Wording
from app.services.diagnosis.diagnosing import Current
from app.services.diagnosis.reading import reading_of

SopState: TypeAlias = Literal["planned", "standing", "unfit", "waiting"]
"""In the plan; at work already; makes no sense for this enterprise; not needed now."""


@dataclass(frozen=True, slots=True)
class SopLine:
    """A SOP and where the diagnosis puts it, whatever the client adds or drops.

    ``why`` says what calls it into the plan (empty unless ``planned``).
    """

    id: str
    code: str
    title: str
    state: SopState
    why: str


@dataclass(frozen=True, slots=True)
class PlannedSop:
    """A SOP that the plan carries out: why, in which phase it begins, without optional steps."""

    code: str
    title: str
    why: str
    phase: str
    starts: str
    thinned: bool


@dataclass(frozen=True)
class PlanReading:
    """One plan in one language."""

    source: Source

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.source.diagnosis.plan

    @property
    def wording(self) -> Wording:
        """How numbers and names are said."""
        return self.source.wording

    @cached_property
    def view(self) -> StaffingView | None:
        """The staffing; None without users, a team or a roadmap to count from."""
        return StaffingView.of(self.source)

    # -- people ----------------------------------------------------------------------------

    @cached_property
    def headline(self) -> str:
        """How many people and what they cost, or what too few of them cost."""
        return staffing.headline(self.view) if self.view is not None else ""

    @cached_property
    def heads(self) -> HeadTable | None:
        """People per post and phase, asked for and granted."""
        return HeadTable(self.view) if self.view is not None else None

    @cached_property
    def costs(self) -> CostTable | None:
        """What the people cost by month."""
        return Costs(self.view).table() if self.view is not None else None

    @cached_property
    def payroll(self) -> CostRow | None:
        """The months at the pay of the client's own city tier."""
        rows = self.costs.rows if self.costs is not None else ()
        return next((row for row in rows if row.chosen), None)

    @cached_property
    def over_cap(self) -> tuple[str, ...]:
        """Where the payroll cap cannot be kept, in sentences."""
        return Costs(self.view).over_cap() if self.view is not None else ()

    @cached_property
    def hours(self) -> HoursPart | None:
        """Hours of work against hours of people."""
        return Hours(self.view).part() if self.view is not None else None

    @cached_property
    def given_up(self) -> SacrificePart | None:
        """What the plan gives up for people it does not get; None where nothing is."""
        return Sacrifices(self.view).part() if self.view is not None else None

    # -- time, money, work -------------------------------------------------------------------

    @cached_property
    def roadmap(self) -> RoadmapPart | None:
        """When, in what order, and at which gates the plan stops."""
        return roadmap.build(self.source)

    @cached_property
    def year(self) -> PlanYear | None:
        """The plan's twelve months."""
        case = self.plan.business_case
        return plan_year(self.source, case) if case is not None else None

    @property
    def unplanned(self) -> str:
        """Which facts the twelve months lack; empty where they are there."""
        return economics.unplanned(self.source) if self.plan.business_case is None else ""

    @cached_property
    def sops(self) -> tuple[PlannedSop, ...]:
        """The SOPs the plan carries out, in the order they begin."""
        found = self.plan.roadmap
        homes = {sop: item for item in (found.initiatives if found else ()) for sop in item.sops}
        phases = {item.phase.id: item.phase for item in (found.phases if found else ())}
        rows = []
        for item in self.plan.sops:
            home = homes.get(item.sop.id)
            phase = phases[home.phase] if home is not None else None
            row = PlannedSop(
                code=item.sop.code,
                title=item.sop.title,
                why=sops.why(self.source, item),
                phase=f"{phase.code} {phase.title}" if phase is not None else "",
                starts=self.wording.short_day(home.start) if home is not None else "",
                thinned=item.sop.id in self.plan.thinned,
            )
            rows.append((home.start if home is not None else self.plan.start, row))
        return tuple(row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1].code)))

    @cached_property
    def sop_lines(self) -> tuple[SopLine, ...]:
        """Return every SOP of the model with where the diagnosis alone puts it."""
        basis, controls = self.source.diagnosis.basis, self.plan.controls
        untouched = replace(controls, add_sops=(), drop_sops=())
        chosen = select_sops(basis.world, basis.diagnostics, basis.stage, untouched)
        planned = {item.sop.id: item for item in chosen}
        standing = {sop.id for sop in self.plan.standing}
        return tuple(
            SopLine(
                sop.id,
                sop.code,
                sop.title,
                state=self._state(sop.id, planned, standing),
                why=sops.why(self.source, planned[sop.id]) if sop.id in planned else "",
            )
            for sop in self.source.model.sops.values()
        )

    def _state(self, sop: str, planned: dict[str, SelectedSop], standing: set[str]) -> SopState:
        if sop in planned:
            return "planned"
        if sop in standing:
            return "standing"
        fits = can_apply(self.source.diagnosis.basis.world, self.source.model.sops[sop])
        return "waiting" if fits else "unfit"


def read_plan(current: Current, diagnosis: Diagnosis, locale: str) -> PlanReading:
    """Return the plan of a diagnosis (made with ``current``) in words."""
    return PlanReading(replace(reading_of(current, locale).source, diagnosis=diagnosis))
