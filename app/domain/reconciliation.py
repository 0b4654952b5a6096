"""Staffing counted twice: heads by formula against hours of work, and why the two part.

The causes of a post add up to the difference exactly. For specialists the formula stands for an
enterprise like the one behind the base capacity (``ReferenceLoad``); where this one has more groups
or fewer new friends a head than that, its work is another. For the other posts the formula counts
one unit (a post, a session, a lead); what they do besides is the difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from app.domain.definitions.sop import Driver
from app.domain.definitions.staffing import StaffingModel
from app.domain.sop_load import SPECIALIST, STORE_POST, PostLoad
from app.domain.staffing_plan import Horizon
from app.domain.workload import Workload

CauseKind = Literal["rounding", "reference", "mix", "set-up", "cover", "unit", "duty", "besides"]
"""Why the two counts part.

``rounding``: whole people, one at least, the check by groups, what the margin carries;
``reference``: the reference specialist's work is not exactly one FTE; ``mix``: more or less of one
driver than the reference; ``set-up``: one-off work; ``cover``: handing over on rest days;
``unit``: the minutes of the post's own unit; ``duty``: a post that is there for leading, whatever
the hours; ``besides``: work of SOPs beside the post's own unit.
"""

OWN_UNIT: Final[Mapping[str, Driver]] = {
    "content": "content-unit",
    "service": "session",
    "traffic": "new-friend",
    "sales": "lead",
    "coach": "store-week",
}
"""What the formula of a post counts."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause and the FTE by which it moves the count from below.

    ``name`` is a driver or the source of work, empty where the kind says it all.
    """

    kind: CauseKind
    name: str
    fte: Fraction


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One post in one phase: FTE by formula, FTE by work, and the causes, largest first."""

    post: str
    phase: str
    by_formula: Fraction
    by_work: Fraction
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Fraction:
        """FTE by work less FTE by formula."""
        return self.by_work - self.by_formula


def reconcile(
    staffing: StaffingModel,
    horizon: Horizon,
    load: PostLoad,
    reference: PostLoad,
    hours: Fraction,
) -> Reconciled | None:
    """Return both counts of a post; None for people the stores pay.

    ``reference`` is the load of the reference specialist under the same SOPs, ``hours`` one
    person's a month.
    """
    if load.post == STORE_POST:
        return None
    by_formula = horizon.by_formula.get(load.post, Fraction(0))
    if load.post == SPECIALIST:
        causes = _of_specialist(horizon, by_formula, load, reference, hours)
    else:
        causes = _of_other(staffing, horizon.work, by_formula, load, hours)
    told = sorted(
        (cause for cause in causes if cause.fte),
        key=lambda cause: (-abs(cause.fte), cause.kind, cause.name),
    )
    return Reconciled(load.post, load.phase, by_formula, load.hours / hours, tuple(told))


def _of_specialist(
    horizon: Horizon,
    by_formula: Fraction,
    load: PostLoad,
    reference: PostLoad,
    hours: Fraction,
) -> Iterable[Cause]:
    raw = horizon.specialists.raw
    yield Cause("rounding", "", raw - by_formula)
    usual = reference.hours / hours
    yield Cause("reference", "", raw * (usual - 1))
    mine, theirs = load.by_driver(), reference.by_driver()
    for driver in sorted({*mine, *theirs}):
        kind: CauseKind = "set-up" if driver == "once" else "mix"
        more = mine.get(driver, Fraction(0)) - raw * theirs.get(driver, Fraction(0))
        yield Cause(kind, driver, more / hours)
    cover = load.of_kind("cover") - raw * reference.of_kind("cover")
    yield Cause("cover", "", cover / hours)


def _of_other(
    staffing: StaffingModel,
    work: Workload,
    by_formula: Fraction,
    load: PostLoad,
    hours: Fraction,
) -> Iterable[Cause]:
    own = OWN_UNIT.get(load.post)
    units = _units(staffing, work).get(load.post)
    if own is None or units is None:
        yield Cause("duty", "", -by_formula)
        units, own = Fraction(0), None
    else:
        yield Cause("rounding", "", units - by_formula)
    unit_hours = sum((item.hours for item in load.works if item.driver == own), Fraction(0))
    if own is not None:
        yield Cause("unit", own, unit_hours / hours - units)
    besides: dict[str, Fraction] = {}
    for item in load.works:
        if own is None or item.driver != own:
            besides[item.source] = besides.get(item.source, Fraction(0)) + item.hours
    for source, spent in besides.items():
        yield Cause("besides", source, spent / hours)


def _units(staffing: StaffingModel, work: Workload) -> dict[str, Fraction]:
    """Return the FTE of each post's own unit, before anything is rounded."""
    return {
        "content": Fraction(work.content_units_per_week, staffing.content_units_per_fte),
        "service": Fraction(work.sessions_per_day, staffing.sessions_per_service),
        "traffic": Fraction(work.new_adds, staffing.traffic_adds_per_fte),
        "sales": Fraction(work.leads, staffing.leads_per_sales),
        "coach": Fraction(work.stores, staffing.stores_per_coach),
    }
