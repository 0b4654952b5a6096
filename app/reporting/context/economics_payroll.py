"""Who is paid in each month, and what the same team costs in each tier of cities."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.definitions.staffing import StaffingModel
from app.domain.staffing_plan import StaffingPlan
from app.domain.team_months import Team, cost_of, team_by_month
from app.reporting.context.economics_case import MoneyColumn
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """Months with one team: ``costs`` a month by city tier; ``change`` is who joins."""

    when: str
    fte: str
    costs: tuple[str, ...]
    change: str


@dataclass(frozen=True, slots=True)
class Payroll:
    """Payroll by month and city tier.

    ``tiers`` are the names of the tiers in the order of a row's costs, ``chosen`` the place of the
    client's, ``unit`` the unit of the costs, ``total`` the year's. ``note`` says what it rests on.
    """

    headline: str
    unit: str
    tiers: tuple[str, ...]
    chosen: int
    rows: tuple[PayrollRow, ...]
    total: tuple[str, ...]
    note: str


def payroll_by_month(source: Source) -> Payroll | None:
    """Return the table; None without a staffing plan."""
    plan, staffing = source.diagnosis.plan.staffing, source.model.content.staffing
    if plan is None or staffing is None:
        return None
    teams = team_by_month(plan)
    costs = {tier.id: _costs(staffing, teams, tier.id) for tier in staffing.city_tiers}
    column = MoneyColumn.of(source, [max(values) for values in costs.values()])
    years = {tier: sum(values[1:], Fraction(0)) for tier, values in costs.items()}
    ids = [tier.id for tier in staffing.city_tiers]
    return Payroll(
        headline=_headline(source, staffing, plan, years),
        unit=column.unit,
        tiers=tuple(tier.title for tier in staffing.city_tiers),
        chosen=ids.index(plan.city_tier),
        rows=tuple(
            PayrollRow(
                when=_when(source, first, last),
                fte=source.wording.plain(sum(teams[first].values(), Fraction(0))),
                costs=tuple(column(costs[tier][first]) for tier in ids),
                change=_change(source, staffing, teams[first - 1] if first else {}, teams[first])
                if first
                else "",
            )
            for first, last in _runs(teams)
        ),
        total=tuple(column(years[tier]) for tier in ids),
        note=source.wording.translate(
            "岗位月成本含用工附加，由公开薪酬报告推得，等级OPJ；请用贵司工资表核一遍，"
            "每高10%，全年人工多{}。"
        ).format(source.wording.money(years[plan.city_tier] / 10)),
    )


def _costs(staffing: StaffingModel, teams: tuple[Team, ...], tier: str) -> tuple[Fraction, ...]:
    prices = {post.id: Fraction(post.monthly_cost[tier]) for post in staffing.posts}
    return tuple(cost_of(team, prices) for team in teams)


def _runs(teams: tuple[Team, ...]) -> list[tuple[int, int]]:
    """Return first and last month of each run with one team; today stands alone."""
    runs = [(0, 0)]
    for month in range(1, len(teams)):
        first, last = runs[-1]
        if first and teams[month] == teams[last]:
            runs[-1] = (first, month)
        else:
            runs.append((month, month))
    return runs


def _when(source: Source, first: int, last: int) -> str:
    t = source.wording.translate
    if not first:
        return t("今天")
    return t("第{}月").format(first) if first == last else t("第{}–{}月").format(first, last)


def _change(source: Source, staffing: StaffingModel, before: Team, team: Team) -> str:
    """Say who joins, post by post."""
    t, zero = source.wording.translate, Fraction(0)
    moved = [
        t("{post}{change}").format(
            post=post.title, change=source.wording.signed(change).removesuffix(".0")
        )
        for post in staffing.posts
        if (change := team.get(post.id, zero) - before.get(post.id, zero))
    ]
    return source.wording.joined(moved) if moved else t("不变")


def _headline(
    source: Source, staffing: StaffingModel, plan: StaffingPlan, years: dict[str, Fraction]
) -> str:
    t, money = source.wording.translate, source.wording.money
    names = {tier.id: tier.title for tier in staffing.city_tiers}
    here = years[plan.city_tier]
    text = t("同一批人一年的人工：{tier}{cost}").format(
        tier=names[plan.city_tier], cost=money(here)
    )
    others = [(name, years[tier] - here) for tier, name in names.items() if tier != plan.city_tier]
    told = [
        t("换到{tier}多{money}").format(tier=name, money=money(gap))
        if gap > 0
        else t("换到{tier}省{money}").format(tier=name, money=money(-gap))
        for name, gap in others
        if gap
    ]
    return text + "".join(t("，{}").format(part) for part in told)
