"""The workload of one phase, from the client's facts, the forecast and the controls."""

from fractions import Fraction
from math import ceil, floor

from app.domain.definitions.roadmap import Phase, RoadmapModel
from app.domain.definitions.staffing import StaffingModel
from app.domain.economics import assumption
from app.domain.response import PlanControls
from app.domain.workload import Workload
from app.domain.world import World


def workload(
    world: World, controls: PlanControls, phase: Phase, users: int, adds: int, launched: int
) -> Workload:
    """Return what one phase asks of the team; a pilot looks after the pilot's users only.

    ``users`` are those expected at the end of the phase, ``adds`` the new friends a month,
    ``launched`` the stores already at work.
    """
    staffing, roadmap = _parameters(world)
    figures = world.figures
    stores = int(figures.number("stores") or 0)
    store_led = (
        stores >= staffing.store_led_stores
        and figures.text("archetype") in staffing.store_led_archetypes
    )
    # Alignment is the pilot team's first work; the rest of the firm goes on as before.
    pilot = phase.pilot or phase.kind == "align"
    online = everyone = users
    if pilot:
        online = users = min(users, roadmap.pilot_users)
        stores = min(stores, roadmap.pilot_units)
        adds = ceil(Fraction(adds * users, everyone)) if everyone else adds
    elif store_led:
        online = min(users, controls.online_users or ceil(users * Fraction(staffing.online_share)))
    aov, margin = figures.number("aov"), figures.number("gross-margin")
    growth_rate = world.measure("growth_rate")
    growth = growth_rate is not None and growth_rate > Fraction(staffing.growth_buffer_above)
    # Sales is a post of its own where a purchase needs a person to close; stores close their own.
    closing = not store_led and (
        (aov is not None and aov > Fraction(staffing.separate_sales_aov))
        or figures.text("business-model") == "b2b"
    )
    leads = controls.leads_per_month
    if leads is None:
        buyers = assumption(world.model, "buyer-share", controls) or Fraction(0)
        leads = floor(adds * buyers) if closing else 0
    return Workload(
        users=users,
        online_users=online,
        new_adds=adds,
        stage=_stage_of(world, phase),
        growth=growth if controls.growth_buffer is None else controls.growth_buffer,
        mean_group=int(figures.number("group-size") or staffing.group_size),
        entry_rate=Fraction(staffing.group_entry_rate),
        content_units_per_week=controls.content_units_per_week or staffing.content_units_per_week,
        leads=leads,
        sessions_per_day=controls.sessions_per_day
        if controls.sessions_per_day is not None
        else ceil(online * Fraction(staffing.session_rate)),
        stores=stores,
        new_stores=max(0, stores - launched) if store_led else 0,
        store_led=store_led,
        pilot=pilot,
        gmv_per_user=None if pilot else world.measure("gmv_per_user"),
        margin=margin / 100 if margin is not None else None,
        separate_sales=not pilot and (closing or leads > staffing.separate_sales_leads),
    )


def _stage_of(world: World, phase: Phase) -> int:
    ladder = world.model.content.stage_model
    return [stage.id for stage in ladder.stages].index(phase.stage) if ladder is not None else 1


def _parameters(world: World) -> tuple[StaffingModel, RoadmapModel]:
    staffing, roadmap = world.model.content.staffing, world.model.content.roadmap
    if staffing is None or roadmap is None:
        raise ValueError("a workload needs the model's staffing and roadmap parameters")
    return staffing, roadmap
