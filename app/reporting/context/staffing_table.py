"""Heads per post and phase, the range around them, and the hiring sequence in batches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

from app.domain.definitions.staffing import StaffingModel
from app.domain.roadmap import PlannedPhase
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.context.source import Source
from app.reporting.context.staffing_reasons import PostReasons
from app.reporting.wording import NOTHING

NOBODY = Fraction(0)
DAYS_OF_MONTH = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One or several phases with the same people: codes, titles, the day they end."""

    codes: str
    title: str
    until: str


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One post: people today and per column, and why; ``grows`` marks columns with more people."""

    post: str
    today: str
    people: tuple[str, ...]
    grows: tuple[bool, ...]
    why: str


@dataclass(frozen=True, slots=True)
class RangeRow:
    """Whole team and monthly cost of one column if a specialist carries less, as much, or more."""

    phases: str
    fewer_users: tuple[str, str]
    base: tuple[str, str]
    more_users: tuple[str, str]


@dataclass(frozen=True, slots=True)
class HiringRow:
    """Hiring in one column: the model's rule, who is hired, and in which batches."""

    phases: str
    who: str
    batches: str
    late: bool


class HeadTable:
    """The staffing of all phases; phases with the same people stand in one column."""

    def __init__(self, source: Source, plan: StaffingPlan, staffing: StaffingModel) -> None:
        self.source = source
        self.plan = plan
        self.staffing = staffing
        self.say = source.wording.translate
        self.reasons = PostReasons(source, plan, staffing)
        roadmap = source.diagnosis.roadmap
        phases = roadmap.phases if roadmap else ()
        self.planned: Mapping[str, PlannedPhase] = {item.phase.id: item for item in phases}
        # Alignment is the pilot team's first work; without a pilot it has no team of its own.
        pilots = any(item.phase.pilot for item in phases)
        aligning = {item.phase.id for item in phases if item.phase.kind == "align" and not pilots}
        shown = [item for item in plan.horizons if item.phase not in aligning]
        self.groups = [tuple(group) for _, group in groupby(shown, key=_same)]

    # -- columns and rows ------------------------------------------------------------------

    def columns(self) -> tuple[Column, ...]:
        """Return the columns."""
        return tuple(self._column(group) for group in self.groups)

    def _column(self, group: tuple[Horizon, ...]) -> Column:
        first, last = self.planned[group[0].phase], self.planned[group[-1].phase]
        day = self.source.wording.short_day
        until = self.say("到{}").format(day(last.end))
        if last.phase.days is None:
            until = self.say("{}起").format(day(first.start))
        if first is last:
            return Column(first.phase.code, first.phase.title, until)
        codes = f"{first.phase.code}–{last.phase.code.removeprefix('PH')}"
        return Column(codes, self.say("到{}").format(last.phase.title), until)

    def rows(self) -> tuple[HeadRow, ...]:
        """Return a row per post that is needed in any phase or staffed today."""
        wanted = {need.post for group in self.groups for need in group[0].posts}
        return tuple(
            self._row(post.id, post.title)
            for post in self.staffing.posts
            if post.id in wanted or self.plan.current.get(post.id)
        )

    def _row(self, post: str, title: str) -> HeadRow:
        wording = self.source.wording
        people = [_people(group[0], post) for group in self.groups]
        before = [self.plan.current.get(post, NOBODY), *people]
        reason = ""
        for group in self.groups:
            need = next((item for item in group[0].posts if item.post == post), None)
            if need is not None:
                reason = self.reasons.of(group[0], need).text
        known = post in self.plan.current
        return HeadRow(
            post=title,
            today=wording.plain(self.plan.current[post]) if known else NOTHING,
            people=tuple(wording.plain(each) for each in people),
            grows=tuple(now > max(before[: place + 1]) for place, now in enumerate(people)),
            why=reason,
        )

    def totals(self) -> tuple[HeadRow, ...]:
        """Return whole team, cost, stores' own people, and who keeps today's pool in a pilot."""
        wording, t = self.source.wording, self.say
        none = (False,) * len(self.groups)
        tier = next(i.title for i in self.staffing.city_tiers if i.id == self.plan.city_tier)
        current = wording.plain(self.plan.current_fte) if self.plan.current else NOTHING
        rows = [
            HeadRow(
                t("专职合计（折算全职）"),
                current,
                tuple(wording.plain(group[0].fte) for group in self.groups),
                none,
                t("要的人头数：{}").format(
                    wording.joined([str(group[0].people) for group in self.groups])
                ),
            ),
            HeadRow(
                t("月人工成本"),
                wording.money(self._current_cost()) if self.plan.current else NOTHING,
                tuple(wording.money(group[0].monthly_cost) for group in self.groups),
                none,
                t("{}，含1.4倍用工系数").format(tier),
            ),
        ]
        if any(group[0].store_people for group in self.groups):
            rows.append(
                HeadRow(
                    t("门店责任人（店长，不另发薪）"),
                    NOTHING,
                    tuple(wording.number(group[0].store_people) for group in self.groups),
                    none,
                    t("每店1名，工资在门店账上"),
                )
            )
        rest = [self._unneeded(group[0]) for group in self.groups]
        pilots = [group for group in self.groups if group[0].work.pilot]
        if self.plan.current and any(self._unneeded(group[0]) for group in pilots):
            rows.append(
                HeadRow(
                    t("其余现有人员，照旧管存量用户"),
                    NOTHING,
                    tuple(
                        wording.plain(each) if group[0].work.pilot else NOTHING
                        for group, each in zip(self.groups, rest, strict=True)
                    ),
                    none,
                    t("试点期间不裁不加"),
                )
            )
        return tuple(rows)

    def _current_cost(self) -> Fraction:
        costs = {post.id: post.monthly_cost[self.plan.city_tier] for post in self.staffing.posts}
        return sum((fte * Fraction(costs[post]) for post, fte in self.plan.current.items()), NOBODY)

    def _unneeded(self, horizon: Horizon) -> Fraction:
        return sum(
            (max(NOBODY, fte - _people(horizon, post)) for post, fte in self.plan.current.items()),
            NOBODY,
        )

    # -- range -----------------------------------------------------------------------------

    def ranges(self) -> tuple[RangeRow, ...]:
        """Return the range of each column in which it differs from the base."""
        cost = self._specialist_cost()
        rows = []
        for group, column in zip(self.groups, self.columns(), strict=True):
            horizon = group[0]
            few, many = horizon.range_fte
            if few == many:
                continue
            rows.append(
                RangeRow(
                    f"{column.codes} {column.title}",
                    self._team(many, horizon.monthly_cost + (many - horizon.fte) * cost),
                    self._team(horizon.fte, horizon.monthly_cost),
                    self._team(few, horizon.monthly_cost + (few - horizon.fte) * cost),
                )
            )
        return tuple(rows)

    def _specialist_cost(self) -> Fraction:
        post = next(item for item in self.staffing.posts if item.id == "specialist")
        return Fraction(post.monthly_cost[self.plan.city_tier])

    def _team(self, fte: Fraction, cost: Fraction) -> tuple[str, str]:
        return self.source.wording.plain(fte), self.source.wording.money(cost)

    # -- hiring ----------------------------------------------------------------------------

    def hiring(self) -> tuple[HiringRow, ...]:
        """Return who is hired in each column, and whether the batches fit into its months."""
        there = dict(self.plan.current)
        rows = []
        for group, column in zip(self.groups, self.columns(), strict=True):
            horizon = group[0]
            hires = {
                need.post: need.fte - there.get(need.post, NOBODY)
                for need in horizon.posts
                if need.fte > there.get(need.post, NOBODY)
            }
            team = sum(there.values(), NOBODY)
            rows.append(self._hiring(group, column, hires, team))
            there |= {post: there.get(post, NOBODY) + fte for post, fte in hires.items()}
        return tuple(rows)

    def _hiring(
        self,
        group: tuple[Horizon, ...],
        column: Column,
        hires: Mapping[str, Fraction],
        team: Fraction,
    ) -> HiringRow:
        t = self.say
        phases = f"{column.codes} {column.title}"
        if not hires:
            return HiringRow(phases, t("不招人"), t("现有的人够用"), False)
        titles = {post.id: post.title for post in self.staffing.posts}
        who = self.source.wording.joined(
            [f"{titles[post]}+{self.source.wording.plain(fte)}" for post, fte in hires.items()]
        )
        if group[0].work.pilot:
            return HiringRow(phases, who, t("开工前到位；试点之外的岗位过关再招"), False)
        heads = sum(ceil(fte) for fte in hires.values())
        sizes = tuple(batches(heads, team, Fraction(self.staffing.hiring_batch)))
        months = sum(self._days(item) for item in group) // DAYS_OF_MONTH
        late = len(sizes) > max(1, months)
        text = (
            t("一批招齐")
            if len(sizes) == 1
            else t("每月一批，共{count}批：{sizes}人").format(
                count=len(sizes), sizes=self.source.wording.joined([str(s) for s in sizes])
            )
        )
        if late:
            text += t("；本期只有{months}个月，要提前{early}个月开招，或晚到岗").format(
                months=max(1, months), early=len(sizes) - max(1, months)
            )
        return HiringRow(phases, who, text, late)

    def _days(self, horizon: Horizon) -> int:
        days = self.planned[horizon.phase].phase.days
        return days if days is not None else DAYS_OF_MONTH * 12


def batches(heads: int, team: Fraction, share: Fraction) -> Iterator[int]:
    """Yield monthly batches: each at most ``share`` of the team then there, at least one person."""
    size = floor(team)
    while heads > 0:
        batch = min(heads, max(1, floor(size * share)))
        yield batch
        heads -= batch
        size += batch


def _people(horizon: Horizon, post: str) -> Fraction:
    return next((need.fte for need in horizon.posts if need.post == post), NOBODY)


def _same(horizon: Horizon) -> tuple[object, ...]:
    people = tuple((need.post, need.fte, need.why) for need in horizon.posts)
    return (people, horizon.store_people, horizon.work.pilot)
