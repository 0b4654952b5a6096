"""The merged weeks of the roles behind the front line, and the one-off tasks of the first days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.calendar import WorkingCalendar
from app.domain.definitions.sop import Driver
from app.domain.roadmap import Roadmap
from app.domain.task_times import TimedTask, one_off, timed_tasks
from app.domain.working_week import DAYS_OF_WEEK, MonthEntry, RoleWeek, WeekEntry
from app.reporting.clauses import brief
from app.reporting.context.sops_posters import FRONT
from app.reporting.context.sops_weeks import (
    DAY_NAMES,
    MINUTES_OF_HOUR,
    Weeks,
    day_minutes,
    days_named,
    people_in,
    work_of,
)
from app.reporting.context.source import Source

SHORT: Final = 12
"""A clause shorter than this is told together with the next one."""

HOLIDAYS_NAMED: Final = 4
WORKING_DAY: Final = 8 * MINUTES_OF_HOUR
"""Minutes of a day where the model names none."""

USERS_IN_A_RUN: Final = 1000
"""What a step per thousand users counts in."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a week: the day (empty when it repeats the line above), the time, the work."""

    day: str
    time: str
    work: str
    codes: str


@dataclass(frozen=True, slots=True)
class ListedWeek:
    """The recurring steps of one role, in the order of a day, a week, a month."""

    role: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class DayTask:
    """One dated one-off task; ``day`` is empty when it repeats the line above.

    ``time`` is when it begins, ``minutes`` how long it takes in all.
    """

    day: str
    time: str
    owner: str
    work: str
    metric: str
    minutes: str
    code: str


def listed_weeks(source: Source, weeks: Weeks) -> tuple[ListedWeek, ...]:
    """Return the weeks of all roles that have no sheet of their own."""
    return tuple(
        ListedWeek(role.title, tuple(_slots(source, weeks.by_role[role.id])))
        for role in source.model.content.roles
        if role.id in weeks.by_role and (role.side != FRONT or not weeks.by_role[role.id].entries)
    )


def _slots(source: Source, week: RoleWeek) -> Iterator[Slot]:
    """Yield the lines: what comes every day, then on some days, then every month."""
    lines = [*_weekly(source, week.entries), *_monthly(source, week.monthly)]
    before = ""
    for day, time, work, codes in lines:
        yield Slot("" if day == before else day, time, work, codes)
        before = day


def _weekly(source: Source, entries: Sequence[WeekEntry]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (days, time, work, codes); steps of the same time and days stand in one line."""
    on: dict[tuple[str, str, bool], list[WeekEntry]] = {}
    for entry in entries:
        for step in entry.steps:
            on.setdefault((entry.at, step.code, step.code in entry.joins), []).append(entry)
    lines: dict[tuple[tuple[int, ...], str, str], list[tuple[str, str]]] = {}
    for (at, code, joins), met in on.items():
        step = next(step for step in met[0].steps if step.code == code)
        days = tuple(entry.day for entry in met)
        work = work_of(source, step, joins, SHORT)
        codes = " ".join((code, *met[0].shared.get(code, ())))
        lines.setdefault((days, at, "" if at else code), []).append((work, codes))
    order = sorted(lines, key=lambda key: (len(key[0]) < DAYS_OF_WEEK, key[0], key[1], key[2]))
    for key in order:
        days, at, _ = key
        works = dict.fromkeys(work for work, _ in lines[key])
        codes = " ".join(codes for _, codes in lines[key])
        yield days_named(source, days), at, source.wording.translate("；").join(works), codes


def _monthly(source: Source, entries: Sequence[MonthEntry]) -> Iterator[tuple[str, str, str, str]]:
    t = source.wording.translate
    merged: dict[tuple[int, str], list[MonthEntry]] = {}
    for entry in entries:
        merged.setdefault((entry.day, entry.at), []).append(entry)
    for (day, at), together in merged.items():
        when = t("每月{}日").format(day) if day else t("每月")
        works = dict.fromkeys(work_of(source, one.step, one.joins, SHORT) for one in together)
        yield when, at, t("；").join(works), " ".join(one.step.code for one in together)


# -- the first days --------------------------------------------------------------------------------


def first_tasks(
    source: Source, roadmap: Roadmap, last: date, calendar: WorkingCalendar
) -> tuple[DayTask, ...]:
    """Return the one-off tasks from the plan's first day to ``last``, by date and time."""
    chosen = [task for task in one_off(roadmap.tasks) if task.start <= last]
    people, runs = _first_team(source)
    minutes = day_minutes(source, "") or WORKING_DAY
    times = timed_tasks(
        chosen,
        Fraction(minutes, MINUTES_OF_HOUR),
        calendar=calendar,
        people=people,
        runs=runs,
    )
    found: list[DayTask] = []
    before: date | None = None
    for item in times:
        day = item.blocks[0].day
        found.append(_task(source, item, repeats=day == before))
        before = day
    return tuple(found)


def _first_team(source: Source) -> tuple[dict[str, Fraction], dict[Driver, Fraction]]:
    """Return who is there in the first phase, and how often work counted by users runs for it."""
    staffing = source.diagnosis.plan.staffing
    if staffing is None or not staffing.horizons:
        return {}, {}
    first = staffing.horizons[0]
    thousands = Fraction(first.work.online_users, USERS_IN_A_RUN)
    return people_in(source, first), {"thousand-users": max(Fraction(1), thousands)}


def _task(source: Source, item: TimedTask, *, repeats: bool) -> DayTask:
    wording, t, task = source.wording, source.wording.translate, item.task
    first, last = item.blocks[0], item.blocks[-1]
    day = f"{wording.short_day(first.day)} {t(DAY_NAMES[first.day.weekday()])}"
    work = brief(task.step.action, SHORT)
    until = max(last.day, task.end)
    if until > first.day:
        work += t("（到{}）").format(wording.short_day(until))
    return DayTask(
        day="" if repeats else day,
        time=first.at,
        owner=wording.role(task.step.owner),
        work=work,
        metric=f"{task.step.metric.title} {task.step.metric.target}",
        minutes=t("{}分钟").format(wording.number(item.minutes)) if item.minutes else "",
        code=task.step.code,
    )


def calendar_note(source: Source, calendar: WorkingCalendar, first: date, last: date) -> str:
    """Say which days off the dates avoid, and where the official arrangement is still to come."""
    t, wording = source.wording.translate, source.wording
    if calendar.settled_until is None:
        return t("日期只避开了周末；公共假日请按当年的放假安排再核一遍。")
    names: dict[str, list[date]] = {}
    for day, name in calendar.holidays.items():
        if first <= day <= last:
            names.setdefault(name, []).append(day)
    told = [
        t("{}（{}）").format(t(name), wording.short_day(days[0]))
        for name, days in list(names.items())[:HOLIDAYS_NAMED]
    ]
    text = t("日期避开了周末")
    if told:
        text = t("日期避开了周末和{}").format(wording.joined(told))
    worked = [day for day in sorted(calendar.make_up) if first <= day <= last]
    if worked:
        text += t("，{}调休上班").format(wording.joined([wording.short_day(d) for d in worked]))
    if calendar.settled_until < last:
        years = range(calendar.settled_until.year + 1, last.year + 1)
        shown = wording.joined([str(year) for year in years])
        text += t(
            "；{}年的放假安排尚未公布，先按法定节假日排，公布后请把这以后的日期再核一遍"
        ).format(shown)
    return text + t("。")
