"""The staffing plan: heads per post and phase, with range and cost.

First what the formulas ask for (``plan_staffing``); then what is granted, once hires are refused,
the payroll is capped, or the work counted from below asks for more (``with_heads``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from app.domain import staffing as formula
from app.domain.definitions.roadmap import Phase
from app.domain.definitions.staffing import ServiceMode, StaffingModel
from app.domain.forecast import HORIZON_MONTHS, Forecast, forecast_of
from app.domain.phase_workload import workload
from app.domain.response import PlanControls
from app.domain.staffing import Focus, PostNeed, Specialists
from app.domain.workload import Workload
from app.domain.world import World

DAYS_OF_MONTH = 30
PART_TIME = Fraction(1, 2)
CURRENT_STAFF: Mapping[str, str] = {
    "specialist": "specialists",
    "manager": "staff-manager",
    "content": "staff-content",
    "traffic": "staff-traffic",
    "sales": "staff-sales",
    "service": "staff-service",
    "data": "staff-data",
}
"""Which fact tells how many of a post there are today."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Staffing at the end of one phase.

    ``months`` from the start, ``length`` the months of the phase itself; ``by_formula`` is the FTE
    the formulas ask for, ``needs`` what formulas and work ask for, ``posts`` what is granted;
    ``range_fte`` is (aggressive, conservative) in all; ``sharing`` pairs posts below half a person;
    ``hires`` maps posts to FTE beyond today's, ``joiners`` to FTE beyond the phase before;
    ``store_people`` are paid by the stores and not in the totals.
    """

    phase: str
    months: int
    length: Fraction
    work: Workload
    specialists: Specialists
    focus: Focus | None
    by_formula: Mapping[str, Fraction]
    needs: tuple[PostNeed, ...]
    posts: tuple[PostNeed, ...]
    sharing: tuple[tuple[str, str], ...]
    store_people: int
    guides_per_store: tuple[int, int] | None
    fte: Fraction
    people: int
    monthly_cost: Fraction
    range_fte: tuple[Fraction, Fraction]
    hires: Mapping[str, Fraction]
    joiners: Mapping[str, Fraction]

    def heads(self) -> dict[str, Fraction]:
        """Return the FTE granted per post."""
        return {post.post: post.fte for post in self.posts}

    def refused(self) -> dict[str, Fraction]:
        """Return the FTE asked for but not granted, per post."""
        granted = self.heads()
        short = {need.post: need.fte - granted.get(need.post, 0) for need in self.needs}
        return {post: fte for post, fte in short.items() if fte > 0}


@dataclass(frozen=True, slots=True)
class StaffingPlan:
    """The staffing of every phase, from the client's numbers and the model's parameters."""

    capacity: Fraction
    capacity_formula: formula.Term
    mode: str
    mode_factor: Fraction
    tool_factor: Fraction
    tested: bool
    forecast: Forecast
    city_tier: str
    post_costs: Mapping[str, Fraction]
    current: Mapping[str, Fraction]
    current_fte: Fraction
    horizons: tuple[Horizon, ...]

    def team_fte(self) -> Mapping[str, Fraction]:
        """Return the FTE at work in each phase: what is granted, and who is there already."""
        teams = {}
        for horizon in self.horizons:
            granted = horizon.heads()
            there = [max(fte, self.current.get(post, fte)) for post, fte in granted.items()]
            spare = [fte for post, fte in self.current.items() if post not in granted]
            teams[horizon.phase] = sum((*there, *spare), Fraction(0))
        return teams

    def cost_with(self, heads: Mapping[str, Fraction]) -> Fraction:
        """Return what a month costs with these heads beside everybody who is there already."""
        everyone = {**self.current}
        for post, fte in heads.items():
            everyone[post] = max(fte, everyone.get(post, Fraction(0)))
        return sum((self.post_costs[post] * fte for post, fte in everyone.items()), Fraction(0))

    def current_cost(self) -> Fraction:
        """Return what today's team costs a month."""
        return sum((self.post_costs[post] * fte for post, fte in self.current.items()), Fraction(0))


def plan_staffing(
    world: World, controls: PlanControls, phases: Sequence[Phase]
) -> StaffingPlan | None:
    """Staff every phase for the users expected at its end; None without users or parameters."""
    content = world.model.content
    staffing, roadmap = content.staffing, content.roadmap
    if staffing is None or roadmap is None:
        return None
    forecast = forecast_of(world, controls)
    if forecast is None:
        return None
    mode = formula.service_mode(staffing, world.figures.number("aov"), controls.service_mode)
    level = controls.tool_level if controls.tool_level is not None else world.tool_level()
    tools = formula.tool_factor(staffing, level)
    capacity = formula.specialist_capacity(
        world.model, world.figures, lambda: level, controls
    ) or Fraction(staffing.base_capacity)
    tier = _city_tier(world, controls, staffing)
    current = {
        post: found
        for post, part in CURRENT_STAFF.items()
        if (found := world.figures.number(part)) is not None
    }
    plan = StaffingPlan(
        capacity=capacity,
        capacity_formula=_capacity_term(staffing, mode.factor, tools, capacity),
        mode=mode.id,
        mode_factor=Fraction(mode.factor),
        tool_factor=tools,
        tested=controls.tested_capacity is not None,
        forecast=forecast,
        city_tier=tier,
        post_costs={post.id: Fraction(post.monthly_cost[tier]) for post in staffing.posts},
        current=current,
        current_fte=sum(current.values(), Fraction(0)),
        horizons=(),
    )
    horizons, day = list[Horizon](), 0
    launched = int(world.figures.number("units-at-pilot") or 0)
    for phase in phases:
        days = phase.days or DAYS_OF_MONTH * HORIZON_MONTHS
        day += 0 if phase.kind == "align" else days
        months = min(HORIZON_MONTHS, ceil(Fraction(day, DAYS_OF_MONTH)))
        users_then = forecast.base[months]
        work = workload(world, controls, phase, users_then, forecast.monthly_adds, launched)
        launched = max(launched, 0 if phase.kind == "align" else work.stores)
        length = Fraction(days, DAYS_OF_MONTH)
        horizons.append(_horizon(staffing, plan, phase.id, months, length, work, mode))
    return with_heads(replace(plan, horizons=tuple(horizons)), {})


def _capacity_term(
    staffing: StaffingModel, factor: object, tools: Fraction, capacity: Fraction
) -> formula.Term:
    shown = f"{staffing.base_capacity:,} × {factor} × {float(tools):g}"
    return formula.Term("capacity", shown, capacity)


def _city_tier(world: World, controls: PlanControls, staffing: StaffingModel) -> str:
    known = {tier.id for tier in staffing.city_tiers}
    for tier in (controls.city_tier, world.figures.text("city-tier")):
        if tier in known:
            return str(tier)
    return staffing.default_city_tier


def _horizon(
    staffing: StaffingModel,
    plan: StaffingPlan,
    phase: str,
    months: int,
    length: Fraction,
    work: Workload,
    mode: ServiceMode,
) -> Horizon:
    """Return the staffing the formulas ask for, not yet granted."""
    specialists = formula.specialists_needed(
        staffing, plan.capacity, work, plan.post_costs["specialist"]
    )
    focus = None
    count, few, many = specialists.count, specialists.aggressive, specialists.conservative
    if specialists.too_heavy and specialists.affordable is not None:
        focus, few, many = _focused(staffing, mode, plan.tool_factor, work)
        # Nobody is hired beyond what the margin carries; those who are there already stay.
        count = max(1, min(focus.people, carried(plan, specialists)))
    asked = post_needs(staffing, work, count)
    needs = tuple(
        _need(plan, post.id, *asked[post.id])
        for post in staffing.posts
        if post.id in asked and asked[post.id][0]
    )
    return Horizon(
        phase=phase,
        months=months,
        length=length,
        work=work,
        specialists=specialists,
        focus=focus,
        by_formula={need.post: need.fte for need in needs},
        needs=needs,
        posts=(),
        sharing=(),
        store_people=work.stores if work.store_led else 0,
        guides_per_store=_guides(staffing, work),
        fte=Fraction(0),
        people=0,
        monthly_cost=Fraction(0),
        range_fte=(Fraction(min(few - count, 0)), Fraction(max(many - count, 0))),
        hires={},
        joiners={},
    )


def carried(plan: StaffingPlan, specialists: Specialists) -> int:
    """Return the most specialists the margin carries; those who are there already stay."""
    there = floor(plan.current.get("specialist", Fraction(0)))
    return max(1, there, specialists.affordable or 0)


def _need(plan: StaffingPlan, post: str, fte: Fraction, why: str) -> PostNeed:
    return PostNeed(post, fte, ceil(fte), why, fte * plan.post_costs[post])


Heads = Mapping[str, Mapping[str, Fraction]]
"""FTE by phase id and post id."""


def with_needs(plan: StaffingPlan, more: Heads, why: str) -> StaffingPlan:
    """Return the plan asking for more FTE in some posts, for the reason ``why``."""
    horizons = []
    for horizon in plan.horizons:
        raised = more.get(horizon.phase, {})
        needs = tuple(
            _need(plan, need.post, raised[need.post], why)
            if raised.get(need.post, Fraction(0)) > need.fte
            else need
            for need in horizon.needs
        )
        horizons.append(replace(horizon, needs=needs))
    return replace(plan, horizons=tuple(horizons))


def with_heads(plan: StaffingPlan, granted: Heads) -> StaffingPlan:
    """Return the plan with the FTE granted; where nothing is said, all that is asked for."""
    horizons = list[Horizon]()
    before = dict(plan.current)
    for horizon in plan.horizons:
        allowed = granted.get(horizon.phase, {})
        posts = tuple(
            _need(plan, need.post, fte, need.why)
            for need in horizon.needs
            if (fte := min(need.fte, allowed.get(need.post, need.fte))) > 0
        )
        heads = {post.post: post.fte for post in posts}
        fte = sum(heads.values(), Fraction(0))
        spread = _spread(horizon)
        horizons.append(
            replace(
                horizon,
                posts=posts,
                sharing=_sharing(posts),
                fte=fte,
                people=people_of(posts),
                monthly_cost=sum((post.monthly_cost for post in posts), Fraction(0)),
                range_fte=(fte + spread[0], fte + spread[1]),
                hires=_beyond(heads, plan.current),
                joiners=_beyond(heads, before),
            )
        )
        stay = {post: max(fte, plan.current.get(post, fte)) for post, fte in heads.items()}
        before = {**plan.current, **stay}
    return replace(plan, horizons=tuple(horizons))


def _spread(horizon: Horizon) -> tuple[Fraction, Fraction]:
    """Return how far the two outer readings of the capacity lie from the base, in FTE."""
    low, high = horizon.range_fte
    base = horizon.fte if horizon.posts else Fraction(0)
    return low - base, high - base


def _beyond(heads: Mapping[str, Fraction], there: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {
        post: fte - there.get(post, Fraction(0))
        for post, fte in heads.items()
        if fte > there.get(post, Fraction(0))
    }


def _focused(
    staffing: StaffingModel, mode: ServiceMode, tools: Fraction, work: Workload
) -> tuple[Focus, int, int]:
    """Return the split of service, and its people if one carries more users or fewer."""
    spread = Fraction(staffing.capacity_range)
    shares = (1 + spread, Fraction(1), 1 - spread)
    few, focus, many = (formula.focus_service(staffing, mode, tools * s, work) for s in shares)
    return focus, few.people, many.people


def post_needs(
    staffing: StaffingModel, work: Workload, specialists: int
) -> dict[str, tuple[Fraction, str]]:
    """Return FTE and reason (a key for wording) per post id."""
    managers, leads = formula.managers_needed(staffing, specialists)
    manager = PART_TIME if work.pilot else Fraction(managers)
    return {
        "manager": (manager, "pilot-manager" if work.pilot else "one-manager"),
        "team-lead": (Fraction(leads), "span"),
        "specialist": (Fraction(specialists), "capacity"),
        "content": (formula.content_needed(staffing, work), "content-units"),
        "traffic": (formula.traffic_needed(staffing, work), "new-adds"),
        "sales": (formula.sales_needed(staffing, work), "leads"),
        "service": (formula.service_needed(staffing, work), "sessions"),
        "data": (formula.data_needed(staffing, work), "stage-data"),
        "coach": (Fraction(formula.coaches_needed(staffing, work)), "stores"),
    }


def people_of(posts: Sequence[PostNeed]) -> int:
    """Return whole people: full posts, plus the parts shared out and rounded up."""
    whole = sum(floor(item.fte) for item in posts)
    parts = sum((item.fte - floor(item.fte) for item in posts), Fraction(0))
    return whole + ceil(parts)


def _sharing(posts: Sequence[PostNeed]) -> tuple[tuple[str, str], ...]:
    """Pair each post below half a person with the smallest other part-time (or any) post."""
    pairs = []
    for item in posts:
        if item.fte < PART_TIME:
            others = [other for other in posts if other.post != item.post]
            if others:
                partner = min(others, key=lambda other: (other.fte, other.post))
                pairs.append((item.post, partner.post))
    return tuple(pairs)


def _guides(staffing: StaffingModel, work: Workload) -> tuple[int, int] | None:
    if not work.store_led or not work.stores:
        return None
    per_store = Fraction(work.users, work.stores)
    fewest = max(1, ceil(per_store / staffing.customers_per_guide_high))
    return fewest, max(fewest, ceil(per_store / staffing.customers_per_guide_low))
