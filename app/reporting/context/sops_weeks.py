"""The merged weeks of the plan as the report needs them: whose minutes, shared by how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.definitions.sop import Sop, SopStep
from app.domain.plan_limits import at_work
from app.domain.staffing_plan import Horizon
from app.domain.team_load import volumes_of
from app.domain.working_week import (
    DAYS_OF_WEEK,
    RoleWeek,
    merged_weeks,
    person_minutes,
    quiet_hours,
    stated_minutes,
)
from app.reporting.clauses import brief, short_title
from app.reporting.context.source import Source

DAY_NAMES: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
STORE_ROLE: Final = "store"
MINUTES_OF_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks by role id, and what one person's minutes stand on.

    ``people`` is how many share a role's work; ``horizon`` the phase all of it belongs to, None
    where nobody was staffed: then minutes are those of one run of each step.
    """

    by_role: Mapping[str, RoleWeek]
    people: Mapping[str, Fraction]
    horizon: Horizon | None


def weeks_of(source: Source, sops: Sequence[Sop]) -> Weeks:
    """Return the merged weeks once all SOPs are at work."""
    plan, content = source.diagnosis.plan, source.model.content
    working = at_work([*sops, *plan.standing], plan.thinned)
    quiet, cadence = quiet_hours(content.limits), plan.controls.cadence
    same = source.model.same_steps
    if plan.staffing is None or content.staffing is None or not plan.staffing.horizons:
        found = merged_weeks(working, stated_minutes, cadence=cadence, same=same, quiet=quiet)
        return Weeks(found, {}, None)
    horizon = plan.staffing.horizons[-1]
    people = people_in(source, horizon)
    # The week once everybody is at work: nobody joins any more.
    counts = {**volumes_of(content.staffing, plan.staffing, horizon), "new-hire": Fraction(0)}
    spent = person_minutes(content.staffing, counts, people)
    return Weeks(
        merged_weeks(working, spent, cadence=cadence, same=same, quiet=quiet), people, horizon
    )


def people_in(source: Source, horizon: Horizon) -> dict[str, Fraction]:
    """Return how many share the work of a role: the first of its posts that is staffed."""
    staffing, heads = source.model.content.staffing, horizon.heads()
    people: dict[str, Fraction] = {}
    for post in staffing.posts if staffing else ():
        if heads.get(post.id):
            people.setdefault(post.role, heads[post.id])
    if horizon.work.stores:
        people[STORE_ROLE] = Fraction(horizon.work.stores)
    return people


def day_minutes(source: Source, role: str) -> int | None:
    """Return the minutes a person of a role has for tasks in a day; None without staffing.

    A store's are those of all its people together.
    """
    staffing = source.model.content.staffing
    if staffing is None:
        return None
    hours = source.diagnosis.plan.controls.productive_hours
    if role == STORE_ROLE:
        hours = Fraction(staffing.store_hours_per_day)
    elif hours is None:
        hours = Fraction(staffing.productive_hours_per_day)
    return round(hours * MINUTES_OF_HOUR)


def work_of(source: Source, step: SopStep, joins: bool, enough: int | None) -> str:
    """Return a step in a few words; of a meeting that others hold, that one takes part.

    Clauses are told until they are ``enough`` characters wide; with None only the first words.
    """
    text = short_title(step.action) if enough is None else brief(step.action, enough)
    return source.wording.translate("参加：{}").format(text) if joins else text


def days_named(source: Source, days: Sequence[int]) -> str:
    """Return days of the week in words: 「每天」, 「周一」, 「周一、周三」."""
    t = source.wording.translate
    if len(days) == DAYS_OF_WEEK:
        return t("每天")
    return source.wording.joined([t(DAY_NAMES[day]) for day in days])
