"""One merged week per role: what recurs, on which day, at what time, and how long it takes.

What falls on the same time of one role's day is one entry. An action that two SOPs share is done
and counted once. Nobody writes to customers outside the hours the limits leave.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, TypeAlias

from app.domain.definitions.limits import Limit
from app.domain.definitions.sop import Driver, Sop, SopStep
from app.domain.definitions.staffing import StaffingModel
from app.domain.sop_load import runs_a_week

DAYS_OF_WEEK: Final = 7
MINUTES_OF_HOUR: Final = 60
WEEKDAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
HANDS_OFF: Final = frozenset({"automation", "customer"})
"""Owners of steps that nobody's calendar holds."""

TOUCHING: Final = frozenset({"one-to-one", "group", "moments", "call"})
"""Channels in which a step writes to customers."""

BY_TURNS: Final[frozenset[Driver]] = frozenset({"event", "week", "month", "once", "new-hire"})
"""Work that one person of a post does, whose turn it is; the rest they share out."""

RHYTHM: Final[Mapping[str, Driver]] = {"day": "group-day", "week": "week", "month": "month"}
"""The driver whose ``times`` tell how often a month a rhythm comes."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When customers may be written to: clock times, and the codes of steps that only answer."""

    earliest: str = "00:00"
    latest: str = "23:59"
    answers: frozenset[str] = frozenset()

    def moved(self, step: SopStep, at: str) -> str:
        """Return the time of a step, moved into the hours in which customers may be written to."""
        if step.channel not in TOUCHING or step.code in self.answers or not at:
            return at
        return min(max(at, self.earliest), self.latest)


@dataclass(frozen=True, slots=True)
class WeekEntry:
    """What one role does at one time of one day (0 is Monday); ``at`` is empty where any time will.

    ``minutes`` are one person's that day, ``joins`` the codes of meetings others hold, ``shared``
    maps codes to those of the same action in another SOP.
    """

    day: int
    at: str
    steps: tuple[SopStep, ...]
    minutes: Fraction
    joins: frozenset[str] = frozenset()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all steps, those of the same action beside each other."""
        return tuple(
            code for step in self.steps for code in (step.code, *self.shared.get(step.code, ()))
        )


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A step of every month: the day it begins on (0 where any will), its minutes."""

    day: int
    at: str
    step: SopStep
    minutes: Fraction
    joins: bool


@dataclass(frozen=True, slots=True)
class RoleWeek:
    """The week of one role, by day and time, and what comes once a month."""

    role: str
    entries: tuple[WeekEntry, ...]
    monthly: tuple[MonthEntry, ...]

    @property
    def minutes(self) -> tuple[Fraction, ...]:
        """One person's minutes of every day, Monday first."""
        return tuple(
            sum((entry.minutes for entry in self.entries if entry.day == day), Fraction(0))
            for day in range(DAYS_OF_WEEK)
        )


Minutes: TypeAlias = Callable[[SopStep, str], Fraction]
"""The minutes a person of a role spends on one run of a step."""


def quiet_hours(limits: Iterable[Limit]) -> QuietHours:
    """Return the hours a model's limits leave for writing to customers."""
    hours = QuietHours()
    for limit in limits:
        if limit.value is None:
            continue
        at, answers = clock(round(limit.value * 60)), hours.answers | set(limit.exempt)
        if limit.measure == "latest-hour":
            hours = replace(hours, latest=at, answers=answers)
        elif limit.measure == "earliest-hour":
            hours = replace(hours, earliest=at, answers=answers)
    return hours


def clock(minutes: int) -> str:
    """Return minutes after midnight as HH:MM."""
    hour, minute = divmod(minutes, MINUTES_OF_HOUR)
    return f"{hour:02}:{minute:02}"


def stated_minutes(step: SopStep, _role: str) -> Fraction:
    """Return the minutes of a step as its author wrote them: for one run of its driver."""
    return Fraction(step.minutes)


def person_minutes(
    staffing: StaffingModel, volumes: Mapping[Driver, Fraction], people: Mapping[str, Fraction]
) -> Minutes:
    """Return how long one run of a recurring step takes one person of a role.

    ``volumes`` tell how often work of each driver occurs in a month (``app.domain.workload``),
    ``people`` how many share the work of a role (fewer than one count as one).
    """
    times = {driver.id: Fraction(driver.times) for driver in staffing.drivers}

    def minutes(step: SopStep, role: str) -> Fraction:
        rhythm = times.get(RHYTHM[step.timing.every or "week"], Fraction(1))
        run = Fraction(step.minutes) * volumes.get(step.driver, Fraction(0)) / rhythm
        share = max(Fraction(1), people.get(role, Fraction(1)))
        return run if step.driver in BY_TURNS else run / share

    return minutes


@dataclass(frozen=True, slots=True)
class _Met:
    """A step as one role meets it on one day."""

    role: str
    day: int
    at: str
    step: SopStep
    minutes: Fraction
    joins: bool


def merged_weeks(
    sops: Sequence[Sop],
    minutes: Minutes,
    *,
    cadence: Mapping[str, Fraction] | None = None,
    same: Mapping[str, str] | None = None,
    quiet: QuietHours | None = None,
) -> Mapping[str, RoleWeek]:
    """Return the week of every role that has recurring work, by role id in the order met.

    ``minutes`` tells what one run of a step takes one person of a role (see ``person_minutes``),
    ``cadence`` the client's own runs a week by step code, ``same`` maps the code of a step to the
    one it repeats, which is done for both.
    """
    hours = quiet or QuietHours()
    doubled = {code: other for code, other in (same or {}).items() if _has(sops, other)}
    weekly: dict[str, list[_Met]] = {}
    monthly: dict[str, list[MonthEntry]] = {}
    for sop in sops:
        for step in sop.steps:
            if step.timing.every is None or step.code in doubled:
                continue
            at = hours.moved(step, step.timing.at or "")
            for role, joins in _roles(step):
                spent = minutes(step, role)
                own = (cadence or {}).get(step.code)
                if step.timing.every == "month" and own is None:
                    day = step.timing.month_day or 0
                    monthly.setdefault(role, []).append(MonthEntry(day, at, step, spent, joins))
                    continue
                met = weekly.setdefault(role, [])
                for day, runs in enumerate(_runs(step, own)):
                    if runs:
                        met.append(_Met(role, day, at, step, spent * runs, joins))
    repeated: dict[str, tuple[str, ...]] = {}
    for code, other in doubled.items():
        repeated[other] = (*repeated.get(other, ()), code)
    roles = dict.fromkeys([*weekly, *monthly])
    return {
        role: RoleWeek(
            role,
            tuple(_entries(weekly.get(role, ()), repeated)),
            tuple(sorted(monthly.get(role, ()), key=lambda m: (m.day, m.at, m.step.code))),
        )
        for role in roles
    }


def _has(sops: Sequence[Sop], code: str) -> bool:
    return any(step.code == code for sop in sops for step in sop.steps)


def _roles(step: SopStep) -> Iterator[tuple[str, bool]]:
    """Yield the owner of a step, and for a meeting whoever takes part in it."""
    if step.owner not in HANDS_OFF:
        yield step.owner, False
    if step.channel == "meeting":
        for role in step.with_roles:
            yield role, True


def _runs(step: SopStep, cadence: Fraction | None) -> Sequence[Fraction]:
    """Return how often a step runs on each day of a week; several runs are spread evenly."""
    wanted = runs_a_week(step) if cadence is None else cadence
    if not wanted:
        return [Fraction(0)] * DAYS_OF_WEEK
    total = max(1, round(wanted))
    return [Fraction(count) * wanted / total for count in runs_by_day(step, total)]


def runs_by_day(step: SopStep, runs: int) -> list[int]:
    """Return how many of a week's runs of a step fall on each day, Monday first, spread evenly."""
    every_day, rest = divmod(runs, DAYS_OF_WEEK)
    first = WEEKDAYS[step.timing.on] if step.timing.on else 0
    counts = [every_day] * DAYS_OF_WEEK
    for run in range(rest):
        counts[(first + run * DAYS_OF_WEEK // rest) % DAYS_OF_WEEK] += 1
    return counts


def _entries(met: Sequence[_Met], repeated: Mapping[str, tuple[str, ...]]) -> Iterator[WeekEntry]:
    """Merge what one role meets at the same time of a day; what has no time stays apart."""
    slots: dict[tuple[int, str, str], list[_Met]] = {}
    for item in sorted(met, key=lambda m: (m.day, m.at or "~", m.step.code)):
        slots.setdefault((item.day, item.at, "" if item.at else item.step.code), []).append(item)
    for (day, at, _), together in slots.items():
        steps = tuple(item.step for item in together)
        codes = {step.code for step in steps}
        yield WeekEntry(
            day=day,
            at=at,
            steps=steps,
            minutes=sum((item.minutes for item in together), Fraction(0)),
            joins=frozenset(item.step.code for item in together if item.joins),
            shared={code: others for code, others in repeated.items() if code in codes},
        )
