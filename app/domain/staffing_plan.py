"""The staffing plan: heads per post and phase, with range and cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.domain import staffing as formula
from app.domain.definitions.roadmap import Phase, RoadmapModel
from app.domain.definitions.staffing import ServiceMode, StaffingModel
from app.domain.economics import assumption
from app.domain.forecast import HORIZON_MONTHS, Forecast, forecast_users
from app.domain.staffing import Focus, PostNeed, Specialists, Workload
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

    ``months`` from the start; ``range_fte`` is (aggressive, conservative) in all; ``sharing`` pairs
    posts below half a person; ``hires`` maps posts to FTE beyond today's; ``store_people`` are
    paid by the stores and not in the totals.
    """

    phase: str
    months: int
    work: Workload
    specialists: Specialists
    focus: Focus | None
    posts: tuple[PostNeed, ...]
    sharing: tuple[tuple[str, str], ...]
    store_people: int
    guides_per_store: tuple[int, int] | None
    fte: Fraction
    people: int
    monthly_cost: Fraction
    range_fte: tuple[Fraction, Fraction]
    hires: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class StaffingPlan:
    """The staffing of every phase, from the client's numbers and the model's parameters."""

    capacity: Fraction
    capacity_formula: formula.Term
    mode: str
    tool_factor: Fraction
    tested: bool
    forecast: Forecast
    city_tier: str
    current: Mapping[str, Fraction]
    current_fte: Fraction
    horizons: tuple[Horizon, ...]

    def team_fte(self) -> Mapping[str, Fraction]:
        """Return the FTE at work in each phase: what it needs, and who is there already."""
        teams = {}
        for horizon in self.horizons:
            need = {post.post: post.fte for post in horizon.posts}
            there = [max(fte, self.current.get(post, fte)) for post, fte in need.items()]
            spare = [fte for post, fte in self.current.items() if post not in need]
            teams[horizon.phase] = sum((*there, *spare), Fraction(0))
        return teams


def plan_staffing(world: World, phases: Sequence[Phase]) -> StaffingPlan | None:
    """Staff every phase for the users expected at its end; None without users or parameters."""
    content = world.model.content
    staffing, roadmap = content.staffing, content.roadmap
    users = world.figures.number("users")
    if staffing is None or roadmap is None or users is None:
        return None
    capacity = world.measure("capacity") or Fraction(staffing.base_capacity)
    forecast = _forecast(world, roadmap, users)
    mode = formula.service_mode(
        staffing, world.figures.number("aov"), world.assessment.controls.service_mode
    )
    tools = formula.tool_factor(staffing, world.tool_level())
    tier = _city_tier(world, staffing)
    current = {
        post: found
        for post, part in CURRENT_STAFF.items()
        if (found := world.figures.number(part)) is not None
    }
    horizons, day = [], 0
    for phase in phases:
        day += 0 if phase.kind == "align" else (phase.days or DAYS_OF_MONTH * HORIZON_MONTHS)
        months = min(HORIZON_MONTHS, ceil(Fraction(day, DAYS_OF_MONTH)))
        work = workload(world, staffing, roadmap, phase, forecast.base[months])
        horizons.append(
            _horizon(staffing, phase, months, work, capacity, mode.id, tools, tier, current)
        )
    return StaffingPlan(
        capacity=capacity,
        capacity_formula=_capacity_term(staffing, mode.factor, tools, capacity),
        mode=mode.id,
        tool_factor=tools,
        tested=world.assessment.controls.tested_capacity is not None,
        forecast=forecast,
        city_tier=tier,
        current=current,
        current_fte=sum(current.values(), Fraction(0)),
        horizons=tuple(horizons),
    )


def _capacity_term(
    staffing: StaffingModel, factor: object, tools: Fraction, capacity: Fraction
) -> formula.Term:
    shown = f"{staffing.base_capacity:,} × {factor} × {float(tools):g}"
    return formula.Term("capacity", shown, capacity)


def _city_tier(world: World, staffing: StaffingModel) -> str:
    known = {tier.id for tier in staffing.city_tiers}
    for tier in (world.assessment.controls.city_tier, world.figures.text("city-tier")):
        if tier in known:
            return str(tier)
    return staffing.default_city_tier


def _forecast(world: World, roadmap: RoadmapModel, users: Fraction) -> Forecast:
    deletion = Fraction(0)
    if "deletion-rate" in world.model.questions:
        deletion = (world.question("deletion-rate").value or Fraction(0)) / 100
    return forecast_users(
        users=int(users),
        adds=int(world.figures.number("new-adds") or 0),
        churn=Fraction(roadmap.churn_default),
        deletion=deletion,
        spread=Fraction(roadmap.forecast_spread),
    )


def workload(
    world: World, staffing: StaffingModel, roadmap: RoadmapModel, phase: Phase, users: int
) -> Workload:
    """Return what one phase asks of the team; a pilot looks after the pilot's users only."""
    figures, controls = world.figures, world.assessment.controls
    stores = int(figures.number("stores") or 0)
    store_led = (
        stores >= staffing.store_led_stores
        and figures.text("archetype") in staffing.store_led_archetypes
    )
    # Alignment is the pilot team's first work; the rest of the firm goes on as before.
    pilot = phase.pilot or phase.kind == "align"
    online = users
    if pilot:
        online = users = min(users, roadmap.pilot_users)
        stores = min(stores, roadmap.pilot_units)
    elif store_led:
        online = controls.online_users or ceil(users * Fraction(staffing.online_share))
    aov, margin = figures.number("aov"), figures.number("gross-margin")
    growth_rate = world.measure("growth_rate")
    growth = growth_rate is not None and growth_rate > Fraction(staffing.growth_buffer_above)
    adds = int(figures.number("new-adds") or 0)
    # Sales is a post of its own where a purchase needs a person to close; stores close their own.
    closing = not store_led and (
        (aov is not None and aov > Fraction(staffing.separate_sales_aov))
        or figures.text("business-model") == "b2b"
    )
    leads = controls.leads_per_month
    if leads is None:
        leads = floor(adds * (assumption(world.model, "buyer-share") or 0)) if closing else 0
    stage = 1
    if world.model.content.stage_model is not None:
        stages = [item.id for item in world.model.content.stage_model.stages]
        stage = stages.index(phase.stage)
    return Workload(
        users=users,
        online_users=online,
        new_adds=adds,
        stage=stage,
        growth=growth if controls.growth_buffer is None else controls.growth_buffer,
        mean_group=int(figures.number("group-size") or staffing.group_size),
        entry_rate=Fraction(staffing.group_entry_rate),
        content_units_per_week=controls.content_units_per_week or staffing.content_units_per_week,
        leads=leads,
        sessions_per_day=controls.sessions_per_day
        if controls.sessions_per_day is not None
        else ceil(online * Fraction(staffing.session_rate)),
        stores=stores,
        store_led=store_led,
        pilot=pilot,
        gmv_per_user=None if pilot else world.measure("gmv_per_user"),
        margin=margin / 100 if margin is not None else None,
        separate_sales=not pilot and (closing or leads > staffing.separate_sales_leads),
    )


def _horizon(
    staffing: StaffingModel,
    phase: Phase,
    months: int,
    work: Workload,
    capacity: Fraction,
    mode: str,
    tools: Fraction,
    tier: str,
    current: Mapping[str, Fraction],
) -> Horizon:
    costs = {post.id: Fraction(post.monthly_cost[tier]) for post in staffing.posts}
    specialists = formula.specialists_needed(staffing, capacity, work, costs["specialist"])
    focus = None
    count, few, many = specialists.count, specialists.aggressive, specialists.conservative
    if specialists.too_heavy and specialists.affordable is not None:
        chosen = next(item for item in staffing.service_modes if item.id == mode)
        focus, few, many = _focused(staffing, chosen, tools, work)
        # Nobody is hired beyond what the margin carries; those who are there already stay.
        carried = max(specialists.affordable, floor(current.get("specialist", Fraction(0))))
        count = max(1, min(focus.people, carried))
    need = post_needs(staffing, work, count)
    posts = tuple(
        PostNeed(post.id, fte, ceil(fte), why, fte * costs[post.id])
        for post in staffing.posts
        if (found := need.get(post.id)) is not None
        for fte, why in [found]
        if fte
    )
    fte = sum((item.fte for item in posts), Fraction(0))
    return Horizon(
        phase=phase.id,
        months=months,
        work=work,
        specialists=specialists,
        focus=focus,
        posts=posts,
        sharing=_sharing(posts),
        store_people=work.stores if work.store_led else 0,
        guides_per_store=_guides(staffing, work),
        fte=fte,
        people=people_of(posts),
        monthly_cost=sum((item.monthly_cost for item in posts), Fraction(0)),
        range_fte=(fte + min(few - count, 0), fte + max(many - count, 0)),
        hires={
            item.post: item.fte - current.get(item.post, Fraction(0))
            for item in posts
            if item.fte > current.get(item.post, Fraction(0))
        },
    )


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
