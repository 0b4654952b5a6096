"""The week of each front-line role as a sheet to pin up: seven columns, one row per time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from app.domain.definitions.sop import SopStep
from app.domain.plan_limits import LimitReport
from app.domain.working_week import DAYS_OF_WEEK, RoleWeek, WeekEntry, quiet_hours
from app.reporting.clauses import short_title
from app.reporting.context.sops_weeks import (
    DAY_NAMES,
    STORE_ROLE,
    Weeks,
    day_minutes,
    work_of,
)
from app.reporting.context.source import Source
from app.reporting.numerals import rounded

FRONT: Final = "front"
OPERATIONS: Final = "operations"
WIDE: Final = 12
"""Characters after which an action that goes across the week is told."""


@dataclass(frozen=True, slots=True)
class PosterWork:
    """One action with its step codes; ``target`` is what shows it done, where there is room."""

    work: str
    codes: str
    target: str


@dataclass(frozen=True, slots=True)
class PosterCell:
    """One cell, ``span`` columns wide; without works where nothing is due."""

    span: int
    works: tuple[PosterWork, ...]


@dataclass(frozen=True, slots=True)
class PosterRow:
    """One time (empty when it repeats the row above, or any time will) and its cells."""

    time: str
    cells: tuple[PosterCell, ...]


@dataclass(frozen=True, slots=True)
class DayTotal:
    """One person's minutes of a day as printed, and whether they are more than the day has."""

    minutes: str
    over: bool


@dataclass(frozen=True, slots=True)
class Poster:
    """One role's week.

    ``basis`` says whose minutes they are; ``totals`` are those of each day, empty where nobody was
    staffed. ``monthly`` lists (when, work, code); ``notes`` explain marks and what is not shown.
    """

    role: str
    headline: str
    basis: str
    days: tuple[str, ...]
    rows: tuple[PosterRow, ...]
    totals: tuple[DayTotal, ...]
    monthly: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def posters(source: Source, weeks: Weeks, limits: LimitReport) -> tuple[Poster, ...]:
    """Return one sheet for every front-line role with work in the week."""
    return tuple(
        _poster(source, weeks, weeks.by_role[role.id], limits)
        for role in source.model.content.roles
        if role.side == FRONT and role.id in weeks.by_role and weeks.by_role[role.id].entries
    )


def _poster(source: Source, weeks: Weeks, week: RoleWeek, limits: LimitReport) -> Poster:
    t = source.wording.translate
    giving_way = {
        step.code: [limit.code for limit, item in limits.yielding(step.code) if item.standing]
        for entry in week.entries
        for step in entry.steps
    }
    return Poster(
        role=source.wording.role(week.role),
        headline=_headline(source, weeks, week),
        basis=_basis(source, weeks, week.role),
        days=tuple(t(name) for name in DAY_NAMES),
        rows=tuple(_rows(source, week, giving_way)),
        totals=_totals(source, weeks, week),
        monthly=tuple(
            (
                _monthly(source, item.day, item.at),
                work_of(source, item.step, item.joins, WIDE),
                item.step.code,
            )
            for item in week.monthly
        ),
        notes=tuple(_notes(source, giving_way)),
    )


# -- rows ------------------------------------------------------------------------------------------


def _rows(
    source: Source, week: RoleWeek, giving_way: Mapping[str, Sequence[str]]
) -> Iterator[PosterRow]:
    """Yield the rows by time, what has no time first: it goes on all day."""
    entries = sorted(week.entries, key=lambda entry: (entry.at, entry.day))
    for time, together in groupby(entries, key=lambda entry: entry.at):
        shown = time or source.wording.translate("随时")
        for cells in _time_rows(source, list(together), giving_way):
            yield PosterRow(shown, cells)
            shown = ""


def _time_rows(
    source: Source, entries: Sequence[WeekEntry], giving_way: Mapping[str, Sequence[str]]
) -> Iterator[tuple[PosterCell, ...]]:
    """Yield the cells of one time: a row for what comes every day, one for the rest."""
    met: dict[tuple[str, bool], tuple[WeekEntry, SopStep, set[int]]] = {}
    for entry in entries:
        for step in entry.steps:
            key = (step.code, step.code in entry.joins)
            met.setdefault(key, (entry, step, set()))[2].add(entry.day)
    days: list[list[tuple[WeekEntry, SopStep]]] = [[] for _ in range(DAYS_OF_WEEK)]
    daily: list[tuple[WeekEntry, SopStep]] = []
    for entry, step, on in met.values():
        if len(on) == DAYS_OF_WEEK:
            daily.append((entry, step))
            continue
        for day in on:
            days[day].append((entry, step))
    if daily:
        works = tuple(_work(source, *one, giving_way, wide=True) for one in daily)
        yield (PosterCell(DAYS_OF_WEEK, works),)
    if any(days):
        yield tuple(
            PosterCell(1, tuple(_work(source, *one, giving_way, wide=False) for one in day))
            for day in days
        )


def _work(
    source: Source,
    entry: WeekEntry,
    step: SopStep,
    giving_way: Mapping[str, Sequence[str]],
    *,
    wide: bool,
) -> PosterWork:
    codes = " ".join((step.code, *entry.shared.get(step.code, ())))
    mark = " △" if giving_way.get(step.code) else ""
    work = work_of(source, step, step.code in entry.joins, WIDE if wide else None)
    metric = step.metric
    target = f"{short_title(metric.title)} {short_title(metric.target)}" if wide else ""
    return PosterWork(work, codes + mark, target)


# -- words -----------------------------------------------------------------------------------------


def _headline(source: Source, weeks: Weeks, week: RoleWeek) -> str:
    t, role = source.wording.translate, source.wording.role(week.role)
    if weeks.horizon is None:
        return t("{}的一周").format(role)
    least, most = (str(rounded(one(week.minutes), 0)) for one in (min, max))
    spread = most if least == most else t("{}–{}").format(least, most)
    if week.role == STORE_ROLE:
        return t("{}的一周：一家店一天{}分钟").format(role, spread)
    return t("{}的一周：一个人一天{}分钟").format(role, spread)


def _basis(source: Source, weeks: Weeks, role: str) -> str:
    t, wording, horizon = source.wording.translate, source.wording, weeks.horizon
    available = day_minutes(source, role)
    if horizon is None or available is None:
        return t("没有用户数，算不出每人的分钟数；时点照做。")
    phase = (
        next(p.phase for p in source.diagnosis.plan.roadmap.phases if p.phase.id == horizon.phase)
        if source.diagnosis.plan.roadmap
        else None
    )
    when = f"{phase.code} {phase.title}" if phase else horizon.phase
    if role == STORE_ROLE:
        return t("按{}、全部SOP上齐之后算；一家店每天能腾给私域的时间是{}分钟。").format(
            when, available
        )
    people = weeks.people.get(role)
    if people is None:
        return t(
            "按{}、全部SOP上齐之后算；本岗没有单独配人，由运营专员带做，每天可用{}分钟。"
        ).format(when, available)
    share = max(Fraction(1), people)
    if role != OPERATIONS:
        return t("按{}、全部SOP上齐之后算，由{}人分担，每人每天可用{}分钟。").format(
            when, wording.plain(share), available
        )
    users = wording.amount(horizon.work.online_users / share)
    groups = wording.plain(horizon.work.groups / share)
    return t("按{}、全部SOP上齐之后算：每人带{}名用户、{}个群，每天可用{}分钟。").format(
        when, users, groups, available
    )


def _totals(source: Source, weeks: Weeks, week: RoleWeek) -> tuple[DayTotal, ...]:
    available = day_minutes(source, week.role)
    if weeks.horizon is None or available is None:
        return ()
    return tuple(
        DayTotal(source.wording.number(minutes), minutes > available) for minutes in week.minutes
    )


def _monthly(source: Source, day: int, at: str) -> str:
    t = source.wording.translate
    when = t("每月{}日").format(day) if day else t("每月")
    return f"{when} {at}".strip()


def _notes(source: Source, giving_way: Mapping[str, Sequence[str]]) -> Iterator[str]:
    t = source.wording.translate
    limits = sorted({code for codes in giving_way.values() for code in codes})
    if limits:
        yield t("△ 同一个群或同一位客户当天已经收满了，这一条让位（{}）。").format(
            source.wording.joined(limits)
        )
    hours = quiet_hours(source.model.content.limits)
    if hours.answers:
        yield t("{}之后、{}之前不主动给客户发消息，客户先开口的照常回。").format(
            hours.latest, hours.earliest
        )
    yield t("跟着新客、活动和名单走的动作没有固定钟点，不在表里，按卡做；分钟数里也没有它们。")
