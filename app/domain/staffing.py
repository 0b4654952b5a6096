"""How many people: capacity, specialists, other posts, ranges, cost, and the economic guard.

The formulas are those of the method's staffing chapter; every number comes from the model's
``StaffingModel``, every figure from the client. People are rounded up, FTE kept to 0.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.domain.definitions.staffing import ServiceMode, StaffingModel
from app.domain.figures import Figures
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.domain.workload import Workload

NEUTRAL_TOOLS = Fraction(1)
SIDE_JOB = Fraction(1, 10)
"""FTE assumed where nobody is named: somebody does it beside other work."""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a formula with the client's own numbers filled in."""

    title: str
    formula: str
    result: Fraction


@dataclass(frozen=True, slots=True)
class PostNeed:
    """Need for one post at one horizon: FTE to 0.1 and whole people, with its reason."""

    post: str
    fte: Fraction
    people: int
    why: str
    monthly_cost: Fraction


@dataclass(frozen=True, slots=True)
class Specialists:
    """The specialists of one horizon and how the number came about."""

    capacity: Fraction
    raw: Fraction
    by_capacity: int
    groups: int
    by_groups: int
    count: int
    affordable: int | None
    conservative: int
    aggressive: int

    @property
    def too_heavy(self) -> bool:
        """Whether the service model costs more people than the margin can carry."""
        return self.affordable is not None and self.count > self.affordable


@dataclass(frozen=True, slots=True)
class Focus:
    """The way out when service is too heavy: heavy for the top tier, light for the rest."""

    top_users: int
    top_people: int
    rest_users: int
    rest_capacity: Fraction
    rest_people: int

    @property
    def people(self) -> int:
        """Specialists in all."""
        return self.top_people + self.rest_people


def service_mode(staffing: StaffingModel, aov: Fraction | None, chosen: str | None) -> ServiceMode:
    """Return the depth of service: the chosen one, or by average order value.

    Without an order value the mode with factor 1 (standard) is taken.
    """
    for mode in staffing.service_modes:
        if mode.id == chosen:
            return mode
    if aov is None:
        return min(staffing.service_modes, key=lambda mode: abs(Fraction(mode.factor) - 1))
    for mode in staffing.service_modes:
        if mode.below is None or aov < Fraction(mode.below):
            return mode
    return staffing.service_modes[-1]


def tool_factor(staffing: StaffingModel, level: int | None) -> Fraction:
    """Return how much tools stretch a specialist; 1 when the tool level is unknown."""
    factor = staffing.tool_factors.get(level) if level is not None else None
    return Fraction(factor) if factor is not None else NEUTRAL_TOOLS


def capacity_of(staffing: StaffingModel, mode: ServiceMode, tools: Fraction) -> Fraction:
    """Return users per specialist: clamp(base × service × tools, floor, ceiling)."""
    raw = staffing.base_capacity * Fraction(mode.factor) * tools
    return min(max(raw, Fraction(staffing.capacity_floor)), Fraction(staffing.capacity_ceiling))


def specialist_capacity(
    model: MaturityModel,
    figures: Figures,
    tool_level: Callable[[], int | None],
    controls: PlanControls,
) -> Fraction | None:
    """Return users per specialist for this client; a tested figure overrides the formula."""
    staffing = model.content.staffing
    if staffing is None:
        return None
    if controls.tested_capacity is not None:
        return Fraction(min(controls.tested_capacity, staffing.capacity_hard_stop))
    mode = service_mode(staffing, figures.number("aov"), controls.service_mode)
    return capacity_of(staffing, mode, tool_factor(staffing, tool_level()))


def load_ratio(
    model: MaturityModel,
    figures: Figures,
    tool_level: Callable[[], int | None],
    controls: PlanControls,
) -> Fraction | None:
    """Return managed users ÷ (specialists × capacity); 1 is a full load."""
    capacity = specialist_capacity(model, figures, tool_level, controls)
    users, specialists = figures.number("users"), figures.number("specialists")
    if capacity is None or users is None or specialists is None:
        return None
    return users / (max(specialists, SIDE_JOB) * capacity)


def specialists_needed(
    staffing: StaffingModel, capacity: Fraction, work: Workload, cost: Fraction
) -> Specialists:
    """Return the specialists for a workload, the range, and what the margin affords.

    raw = users × (1 + buffer) ÷ capacity; people = max(1, ceil(raw − tolerated overload)); more if
    a specialist would otherwise hold too many groups, where a group opened this month counts twice
    (strong operation). ``cost`` is a specialist's monthly cost.
    """
    buffer = Fraction(staffing.growth_buffer) if work.growth else Fraction(0)
    managed = Fraction(work.online_users) * (1 + buffer)
    tolerance = Fraction(staffing.overload_tolerance)

    def people(per_head: Fraction) -> int:
        if not work.online_users:
            return 0
        return max(1, ceil(managed / per_head - tolerance))

    by_capacity = people(capacity)
    counted = work.groups + min(ceil(work.new_groups), work.groups)
    by_groups = ceil(Fraction(counted, staffing.groups_per_specialist))
    spread = Fraction(staffing.capacity_range)
    return Specialists(
        capacity=capacity,
        raw=managed / capacity,
        by_capacity=by_capacity,
        groups=work.groups,
        by_groups=by_groups,
        count=max(by_capacity, by_groups),
        affordable=affordable(staffing, work, cost),
        conservative=max(people(capacity * (1 - spread)), by_groups),
        aggressive=max(people(capacity * (1 + spread)), by_groups if by_groups > 1 else 0),
    )


def affordable(staffing: StaffingModel, work: Workload, cost: Fraction) -> int | None:
    """Return the specialists the margin can carry.

    floor(users × GMV per user × margin × labour share ÷ monthly cost); None without the figures.
    """
    if work.gmv_per_user is None or work.margin is None or not cost:
        return None
    budget = work.online_users * work.gmv_per_user * work.margin * Fraction(staffing.labour_share)
    return floor(budget / cost)


def focus_service(
    staffing: StaffingModel, mode: ServiceMode, tools: Fraction, work: Workload
) -> Focus:
    """Return the split of service: the top share heavy, the rest light.

    The top keeps the present capacity; the rest is served in the lightest mode.
    """
    top = ceil(work.online_users * Fraction(staffing.focus_share))
    rest = work.online_users - top
    light = max(staffing.service_modes, key=lambda item: Fraction(item.factor))
    heavy_capacity = capacity_of(staffing, mode, tools)
    light_capacity = capacity_of(staffing, light, tools)
    tolerance = Fraction(staffing.overload_tolerance)
    return Focus(
        top_users=top,
        top_people=max(1, ceil(top / heavy_capacity - tolerance)),
        rest_users=rest,
        rest_capacity=light_capacity,
        rest_people=max(1, ceil(rest / light_capacity - tolerance)) if rest else 0,
    )


def managers_needed(staffing: StaffingModel, specialists: int) -> tuple[int, int]:
    """Return (managers, team leads): one manager; leads above a manager's span."""
    span = staffing.specialists_per_lead
    return 1, max(0, ceil((specialists - span) / span)) if specialists > span else 0


def content_needed(staffing: StaffingModel, work: Workload) -> Fraction:
    """Return content FTE: ceil(units per week ÷ units per FTE); half a post for a small pool."""
    whole = max(1, ceil(Fraction(work.content_units_per_week, staffing.content_units_per_fte)))
    if whole == 1 and work.users <= staffing.small_pool:
        return Fraction(1, 2)
    return Fraction(whole)


def traffic_needed(staffing: StaffingModel, work: Workload) -> Fraction:
    """Return traffic FTE: half in the model stage, then ceil(new adds ÷ adds per FTE)."""
    if work.stage <= 1:
        return Fraction(1, 2)
    return Fraction(max(1, ceil(Fraction(work.new_adds, staffing.traffic_adds_per_fte))))


def sales_needed(staffing: StaffingModel, work: Workload) -> Fraction:
    """Return separate sales FTE; 0 while sales is merged into operations."""
    if not work.separate_sales:
        return Fraction(0)
    return Fraction(ceil(Fraction(work.leads, staffing.leads_per_sales)))


def service_needed(staffing: StaffingModel, work: Workload) -> Fraction:
    """Return service FTE: ceil(sessions a day ÷ sessions per FTE); merged below a small pool."""
    if work.users <= staffing.small_pool:
        return Fraction(0)
    return Fraction(ceil(Fraction(work.sessions_per_day, staffing.sessions_per_service)))


def data_needed(staffing: StaffingModel, work: Workload) -> Fraction:
    """Return data/tech FTE: 0.2 shared in the model stage, 0.5 while scaling, then 1 and more."""
    if work.stage <= 1:
        return Fraction(1, 5)
    if work.stage == 2:
        return Fraction(1, 2)
    return 1 + Fraction(floor(Fraction(work.users, staffing.data_users_per_fte)))


def coaches_needed(staffing: StaffingModel, work: Workload) -> int:
    """Return head-office coaches for a store-led model: ceil(stores ÷ stores per coach)."""
    return ceil(Fraction(work.stores, staffing.stores_per_coach)) if work.store_led else 0
