"""What a client may decide about a plan: the permitted range of each control, and every misuse.

The one place where the ranges stand: readers of files and screens take them from here and put the
refusals into words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.cadences import Excess, excessive_controls
from app.domain.definitions.sop import SopStep
from app.domain.model import MaturityModel
from app.domain.response import PlanControls

LEGAL_WORKING_DAY: Final = Fraction(8)
"""Hours of a working day at most: Labour Law of the PRC, Article 36."""

HOURS_OF_WEEK: Final = 7 * 24
"""Nothing runs more often than every hour of the week."""

MOST_USERS: Final = 10**9
MOST_MONEY: Final = 10**10
MOST_PEOPLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers or days from ``low`` to ``high``, both included unless ``above``: then low is not."""

    low: Fraction | date | None = None
    high: Fraction | date | None = None
    above: bool = False
    whole: bool = False

    def holds(self, value: Fraction | date | int) -> bool:
        """Return whether a value of the range's own kind lies in it."""
        if isinstance(value, date):
            after = not isinstance(self.low, date) or value >= self.low
            return after and (not isinstance(self.high, date) or value <= self.high)
        low = None if isinstance(self.low, date) else self.low
        high = None if isinstance(self.high, date) else self.high
        if low is not None and (value < low or (self.above and value == low)):
            return False
        fits = not self.whole or Fraction(value).denominator == 1
        return fits and (high is None or value <= high)


Reason: TypeAlias = Literal[
    "range",  # outside the range that always holds
    "unknown",  # no such name in the model
    "both",  # a SOP both added and dropped
    "triggered",  # a cadence for a step that follows a trigger instead of a rhythm
    "before-diagnosis",  # a start before the day of the diagnosis
    "below-users",  # a target below today's users
    "online-above-target",  # more online users than there will be users
    "below-level",  # a target level below today's
    "limit",  # beyond a limit of platform, law or house
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One control that cannot be taken.

    ``field`` leads to it: the name of the control, then the key or place inside it; ``value`` is
    what it holds. ``permitted`` is the range it must lie in, or the names it may be; with the
    reason ``limit`` the range is what the limit leaves, and ``excess`` tells the limit.
    """

    field: tuple[str | int, ...]
    value: Fraction | date | int | str
    reason: Reason
    permitted: Range | tuple[str, ...]
    excess: Excess | None = None


def _whole(low: int, high: int) -> Range:
    return Range(Fraction(low), Fraction(high), whole=True)


_STAFFED: Final[Mapping[str, Range]] = {
    "target_users": _whole(1, MOST_USERS),
    "max_hires": _whole(0, MOST_PEOPLE),
    "payroll_cap": Range(Fraction(0), Fraction(MOST_MONEY)),
    "productive_hours": Range(Fraction(0), LEGAL_WORKING_DAY, above=True),
    "tested_capacity": _whole(1, 100_000),
    "online_users": _whole(1, MOST_USERS),
    "content_units_per_week": _whole(1, 10_000),
    "leads_per_month": _whole(0, 10**8),
    "sessions_per_day": _whole(0, 10**8),
}


def ranges(model: MaturityModel) -> Mapping[str, Range]:
    """Return the permitted range of every control of a model that is a number or maps to numbers.

    Hours a day, CNY a month, runs a week, the rest as named. Assumptions each have their own range,
    see ``assumption_ranges``. A model without staffing or SOPs understands fewer controls.
    """
    scale, content = model.content.scale, model.content
    level = _whole(scale.minimum, scale.maximum)
    found = {"target_level": level}
    if content.staffing is not None:
        found |= {"tool_level": level, **_STAFFED}
    if content.sops:
        found["cadence"] = Range(Fraction(0), Fraction(HOURS_OF_WEEK))
    return found


def assumption_ranges(model: MaturityModel) -> Mapping[str, Range]:
    """Return the range of each assumption of a model, by id."""
    return {
        item.id: Range(Fraction(item.minimum), Fraction(item.maximum))
        for item in model.content.assumptions
    }


def steps_by_code(model: MaturityModel) -> Mapping[str, SopStep]:
    """Return every step of the model's SOPs by its printed code, the key of a cadence."""
    return {step.code: step for sop in model.sops.values() for step in sop.steps}


def is_triggered(step: SopStep) -> bool:
    """Return whether a step follows a trigger, so that nobody can set how often a week it runs."""
    return step.timing.every is None


def refusals(
    controls: PlanControls,
    *,
    model: MaturityModel,
    as_of: date | None = None,
    users: Fraction | None = None,
    level: int | None = None,
) -> tuple[Refusal, ...]:
    """Return every control that cannot be taken, each once.

    ``as_of`` is the day of the diagnosis, ``users`` are today's, ``level`` is today's overall
    level; what is None is not checked against.
    """
    found = (
        *_start(controls, as_of),
        *_numbers(controls, model),
        *_names(controls, model),
        *_sops(controls, model),
        *_cadence(controls, model),
        *_assumptions(controls, model),
        *_limits(controls, model),
        *_people_served(controls, users),
        *_level(controls, model, level),
    )
    first: dict[tuple[str | int, ...], Refusal] = {}
    for refusal in found:
        first.setdefault(refusal.field, refusal)
    return tuple(first.values())


def _start(controls: PlanControls, as_of: date | None) -> Iterator[Refusal]:
    if controls.start is not None and as_of is not None and controls.start < as_of:
        yield Refusal(("start",), controls.start, "before-diagnosis", Range(as_of))


def _numbers(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    for name, permitted in ranges(model).items():
        value = getattr(controls, name)
        inside = value.items() if isinstance(value, Mapping) else ((None, value),)
        for key, number in inside:
            if number is not None and not permitted.holds(number):
                field = (name,) if key is None else (name, key)
                yield Refusal(field, number, "range", permitted)


def _names(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    staffing = model.content.staffing
    if staffing is None:
        return
    posts = tuple(post.id for post in staffing.posts)
    for post in controls.max_hires:
        if post not in posts:
            yield Refusal(("max_hires", post), post, "unknown", posts)
    for field, value, known in (
        ("service_mode", controls.service_mode, staffing.service_modes),
        ("city_tier", controls.city_tier, staffing.city_tiers),
    ):
        names = tuple(item.id for item in known)
        if value is not None and value not in names:
            yield Refusal((field,), value, "unknown", names)


def _sops(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    known = tuple(model.sops)
    for field, chosen in (("add_sops", controls.add_sops), ("drop_sops", controls.drop_sops)):
        for place, name in enumerate(chosen):
            if name not in model.sops:
                yield Refusal((field, place), name, "unknown", known)
    for place, name in enumerate(controls.drop_sops):
        if name in controls.add_sops:
            yield Refusal(("drop_sops", place), name, "both", ())


def _cadence(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    if not controls.cadence:
        return
    steps = steps_by_code(model)
    weekly = tuple(code for code, step in steps.items() if not is_triggered(step))
    for code in controls.cadence:
        if code not in steps:
            yield Refusal(("cadence", code), code, "unknown", weekly)
        elif code not in weekly:
            yield Refusal(("cadence", code), code, "triggered", weekly)


def _assumptions(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    known = assumption_ranges(model)
    for name, value in controls.assumptions.items():
        if name not in known:
            yield Refusal(("assumptions", name), name, "unknown", tuple(known))
        elif not known[name].holds(value):
            yield Refusal(("assumptions", name), value, "range", known[name])


def _limits(controls: PlanControls, model: MaturityModel) -> Iterator[Refusal]:
    for excess in excessive_controls(model, controls):
        value: Fraction | int = Fraction(0)
        permitted = Range(Fraction(0), excess.allowed)
        if excess.field[0] == "cadence":
            value = controls.cadence[excess.field[1]]
        elif controls.tested_capacity is not None:
            value, permitted = controls.tested_capacity, Range(Fraction(1), excess.allowed)
        yield Refusal(excess.field, value, "limit", permitted, excess)


def _people_served(controls: PlanControls, users: Fraction | None) -> Iterator[Refusal]:
    """Refuse a target below today's users, and more online users than there will be users."""
    target, online = controls.target_users, controls.online_users
    if target is not None and users is not None and target < users:
        yield Refusal(("target_users",), target, "below-users", Range(users, whole=True))
    most = max(Fraction(target or 0), users or Fraction(0))
    if target is not None and online is not None and online > most:
        permitted = Range(Fraction(1), most, whole=True)
        yield Refusal(("online_users",), online, "online-above-target", permitted)


def _level(controls: PlanControls, model: MaturityModel, level: int | None) -> Iterator[Refusal]:
    target = controls.target_level
    if target is not None and level is not None and target < level:
        permitted = Range(Fraction(level), Fraction(model.content.scale.maximum), whole=True)
        yield Refusal(("target_level",), target, "below-level", permitted)
