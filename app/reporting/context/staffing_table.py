"""Heads per post and phase, asked for and granted, and the range around them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from app.domain.staffing_plan import Horizon
from app.reporting.context.economics_case import MoneyColumn
from app.reporting.context.staffing_reasons import PostReasons
from app.reporting.context.staffing_view import NOBODY, StaffingView
from app.reporting.numerals import NOTHING


@dataclass(frozen=True, slots=True)
class Column:
    """One or several phases with the same people: codes, titles, the day they end."""

    codes: str
    title: str
    until: str


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One post: people today and per column, and why.

    ``asked`` is what the plan asks for in a column where it is granted less, else empty; ``grows``
    marks columns with more people.
    """

    post: str
    today: str
    people: tuple[str, ...]
    asked: tuple[str, ...]
    grows: tuple[bool, ...]
    why: str


@dataclass(frozen=True, slots=True)
class RangeRow:
    """Whole team and monthly cost of one column if a specialist carries less, as much, or more."""

    phases: str
    fewer_users: tuple[str, str]
    base: tuple[str, str]
    more_users: tuple[str, str]


class HeadTable:
    """The staffing of all phases; phases with the same people stand in one column."""

    def __init__(self, view: StaffingView) -> None:
        self.view = view
        self.plan = view.staffing
        self.wording = view.source.wording
        self.say = view.source.wording.translate
        self.reasons = PostReasons(view)
        # Alignment is the pilot team's first work; without a pilot it has no team of its own.
        pilots = any(item.phase.pilot for item in view.phases.values())
        aligning = {
            name for name, item in view.phases.items() if item.phase.kind == "align" and not pilots
        }
        shown = [item for item in self.plan.horizons if item.phase not in aligning]
        self.groups = [tuple(group) for _, group in groupby(shown, key=_same)]

    # -- columns and rows ------------------------------------------------------------------

    def columns(self) -> tuple[Column, ...]:
        """Return the columns."""
        return tuple(self._column(group) for group in self.groups)

    def _column(self, group: tuple[Horizon, ...]) -> Column:
        first, last = self.view.phases[group[0].phase], self.view.phases[group[-1].phase]
        day = self.wording.short_day
        until = self.say("到{}").format(day(last.end))
        if last.phase.days is None:
            until = self.say("{}起").format(day(first.start))
        if first is last:
            return Column(first.phase.code, first.phase.title, until)
        codes = f"{first.phase.code}–{last.phase.code.removeprefix('PH')}"
        return Column(codes, self.say("到{}").format(last.phase.title), until)

    def rows(self) -> tuple[HeadRow, ...]:
        """Return a row per post that is asked for in any phase or staffed today."""
        wanted = {need.post for group in self.groups for need in group[0].needs}
        return tuple(
            self._row(post.id, post.title)
            for post in self.view.model.posts
            if post.id in wanted or self.plan.current.get(post.id)
        )

    def _row(self, post: str, title: str) -> HeadRow:
        people = [group[0].heads().get(post, NOBODY) for group in self.groups]
        before = [self.plan.current.get(post, NOBODY), *people]
        reason = ""
        for group in self.groups:
            if any(need.post == post for need in group[0].needs):
                reason = self.reasons.short(group[0], post)
        known = post in self.plan.current
        return HeadRow(
            post=title,
            today=self.wording.plain(self.plan.current[post]) if known else NOTHING,
            people=tuple(self.wording.plain(each) for each in people),
            asked=tuple(self._asked(group[0], post) for group in self.groups),
            grows=tuple(now > max(before[: place + 1]) for place, now in enumerate(people)),
            why=reason,
        )

    def _asked(self, horizon: Horizon, post: str) -> str:
        short = horizon.refused().get(post)
        if short is None:
            return ""
        return self.wording.plain(horizon.heads().get(post, NOBODY) + short)

    def totals(self) -> tuple[HeadRow, ...]:
        """Return whole team, cost, who else is there and paid, and the stores' own people."""
        wording, t = self.wording, self.say
        tier = next(i.title for i in self.view.model.city_tiers if i.id == self.plan.city_tier)
        known = bool(self.plan.current)
        firsts = [group[0] for group in self.groups]
        spare = [self._spare(horizon) for horizon in firsts]
        money = MoneyColumn.of(self.view.source, [self.view.paid(horizon) for horizon in firsts])
        rows = [
            self._total(
                t("专职合计（折算全职）"),
                wording.plain(self.plan.current_fte) if known else NOTHING,
                [wording.plain(horizon.fte) for horizon in firsts],
                t("要的人头数：{}").format(wording.joined([str(h.people) for h in firsts])),
                [self._asked_in_all(horizon) for horizon in firsts],
            ),
            self._total(
                t("月人工成本（{}）").format(money.unit),
                money(self.plan.current_cost()) if known else NOTHING,
                [money(horizon.monthly_cost) for horizon in firsts],
                t("{}，含1.4倍用工系数").format(tier),
            ),
        ]
        if any(spare):
            rows.append(
                self._total(
                    t("其余现有人员，照旧管存量用户"),
                    NOTHING,
                    [wording.plain(each) if each else NOTHING for each in spare],
                    t("不裁不加，工资照付"),
                )
            )
            rows.append(
                self._total(
                    t("连同他们的月人工（{}）").format(money.unit),
                    NOTHING,
                    [money(self.view.paid(horizon)) for horizon in firsts],
                    self._cap(),
                )
            )
        if any(horizon.store_people for horizon in firsts):
            rows.append(
                self._total(
                    t("门店责任人（店长，不另发薪）"),
                    NOTHING,
                    [wording.number(horizon.store_people) for horizon in firsts],
                    t("每店1名，工资在门店账上"),
                )
            )
        return tuple(rows)

    def _total(
        self, title: str, today: str, people: list[str], why: str, asked: list[str] | None = None
    ) -> HeadRow:
        nothing = ("",) * len(people)
        return HeadRow(
            title,
            today,
            tuple(people),
            tuple(asked) if asked is not None else nothing,
            (False,) * len(people),
            why,
        )

    def _asked_in_all(self, horizon: Horizon) -> str:
        if not horizon.refused():
            return ""
        return self.wording.plain(sum((need.fte for need in horizon.needs), NOBODY))

    def _cap(self) -> str:
        cap = self.view.plan.controls.payroll_cap
        return self.say("贵司上限{}").format(self.wording.money(cap)) if cap is not None else ""

    def _spare(self, horizon: Horizon) -> Fraction:
        """Return the people of today whom a phase does not need."""
        heads = horizon.heads()
        return sum(
            (max(NOBODY, fte - heads.get(post, NOBODY)) for post, fte in self.plan.current.items()),
            NOBODY,
        )

    # -- range -----------------------------------------------------------------------------

    def ranges(self) -> tuple[RangeRow, ...]:
        """Return the range of each column in which it differs from the base."""
        cost = self.plan.post_costs["specialist"]
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

    def _team(self, fte: Fraction, cost: Fraction) -> tuple[str, str]:
        return self.wording.plain(fte), self.wording.money(cost)


def _same(horizon: Horizon) -> tuple[object, ...]:
    people = tuple((post.post, post.fte) for post in horizon.posts)
    asked = tuple((need.post, need.fte) for need in horizon.needs)
    return (people, asked, horizon.store_people, horizon.work.pilot)
