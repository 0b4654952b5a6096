"""How much recurring SOP work each post carries in each phase, against the hours it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.staffing import Post, StaffingModel
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.domain.world import World

MINUTES_OF_HOUR = 60


@dataclass(frozen=True, slots=True)
class PostLoad:
    """Monthly hours of recurring SOP work for one post in one phase against the hours it has."""

    post: str
    phase: str
    hours: Fraction
    available: Fraction
    by_sop: tuple[tuple[str, Fraction], ...]


def monthly_hours(staffing: StaffingModel) -> Fraction:
    """Return one person's productive hours a month."""
    return Fraction(staffing.productive_hours_per_day) * Fraction(staffing.working_days_per_month)


def sop_loads(
    world: World, plan: StaffingPlan, active: Mapping[str, Sequence[str]]
) -> tuple[PostLoad, ...]:
    """Return recurring SOP hours per post and phase: Σ minutes × monthly volume of the driver.

    ``active`` maps phase ids to the SOPs running in them. Work of roles without a post of their
    own falls to the specialist; a pilot carries its share of the volume.
    """
    staffing = world.model.content.staffing
    if staffing is None:
        return ()
    volumes = {driver.id: world.number(driver.monthly) for driver in staffing.drivers}
    loads = []
    for horizon in plan.horizons:
        scope = _scope(world, horizon)
        hours: dict[str, dict[str, Fraction]] = {}
        for name in active.get(horizon.phase, ()):
            sop = world.model.sops[name]
            for step in sop.steps:
                post = _post_of(staffing, horizon, step.owner)
                volume = volumes.get(step.driver)
                if post is None or volume is None:
                    continue
                spent = Fraction(step.minutes) * volume * scope.get(step.driver, 1)
                per_post = hours.setdefault(post.id, {})
                per_post[name] = per_post.get(name, Fraction(0)) + spent / MINUTES_OF_HOUR
        fte = {need.post: need.fte for need in horizon.posts}
        fte["store-owner"] = Fraction(horizon.store_people)
        for post_id in fte:
            if post_id in hours:
                by_sop = sorted(hours[post_id].items(), key=lambda entry: (-entry[1], entry[0]))
                loads.append(
                    PostLoad(
                        post=post_id,
                        phase=horizon.phase,
                        hours=sum(hours[post_id].values(), Fraction(0)),
                        available=fte[post_id] * monthly_hours(staffing),
                        by_sop=tuple(by_sop),
                    )
                )
    return tuple(loads)


def _scope(world: World, horizon: Horizon) -> dict[str, Fraction]:
    """Return the share of today's volume a phase works on, by driver."""
    users = world.figures.number("users")
    stores = world.figures.number("stores")
    online = Fraction(horizon.work.online_users)
    share = min(Fraction(1), online / users) if users else Fraction(1)
    return {
        "new-friend": share,
        "group-day": share,
        "store-day": Fraction(horizon.work.stores) / stores if stores else Fraction(0),
    }


def _post_of(staffing: StaffingModel, horizon: Horizon, role: str) -> Post | None:
    """Return the post that carries a role's steps in a phase; None for work outside the team."""
    if role in ("automation", "customer", "consultant", "ceo"):
        return None
    staffed = {need.post for need in horizon.posts}
    if horizon.store_people:
        staffed.add("store-owner")
    posts = {post.id: post for post in staffing.posts}
    for post in staffing.posts:
        if post.role == role and post.id in staffed:
            return post
    # What a shop does itself falls to nobody at head office.
    shops = {post.role for post in staffing.posts if post.office == "store"}
    return None if role in shops else posts.get("specialist")
