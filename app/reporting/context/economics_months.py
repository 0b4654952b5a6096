"""The monthly account now and at the end of each phase: margin against payroll and other costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.definitions.staffing import StaffingModel
from app.domain.figures import Figures
from app.domain.staffing_plan import Horizon, StaffingPlan
from app.reporting.charts import Contribution, waterfall
from app.reporting.context.source import Source


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: users, gross margin, payroll, other costs, what is left (``alert``: a loss).

    ``needed`` is the GMV per user at which the month breaks even.
    """

    when: str
    users: str
    margin: str
    payroll: str
    share: str
    other: str
    left: str
    needed: str
    alert: bool


@dataclass(frozen=True, slots=True)
class MonthlyAccount:
    """The account by phase.

    ``headline`` is its conclusion, ``chart`` where today's margin goes (None where costs are
    unknown), ``notes`` what was held constant and why the figures are estimates.
    """

    headline: str
    rows: tuple[MonthRow, ...]
    notes: tuple[str, ...]
    chart: Markup | None


@dataclass(frozen=True, slots=True)
class _Month:
    when: str
    users: Fraction
    margin: Fraction | None
    payroll: Fraction | None
    other: Fraction | None

    @property
    def cost(self) -> Fraction | None:
        """Return all costs of the month."""
        if self.payroll is None or self.other is None:
            return None
        return self.payroll + self.other

    @property
    def left(self) -> Fraction | None:
        """Return what the month leaves; negative is a loss."""
        if self.margin is None or self.cost is None:
            return None
        return self.margin - self.cost


def payroll_at(staffing: StaffingModel, people: Mapping[str, Fraction], tier: str) -> Fraction:
    """Return the monthly cost of people per post, in CNY."""
    posts = {post.id: post for post in staffing.posts}
    return sum(
        (
            fte * Fraction(posts[name].monthly_cost[tier])
            for name, fte in people.items()
            if name in posts
        ),
        Fraction(0),
    )


def at_work(plan: StaffingPlan, horizon: Horizon) -> dict[str, Fraction]:
    """Return the people of a phase per post: those it needs and those who are there already."""
    people = dict(plan.current)
    for need in horizon.posts:
        people[need.post] = max(need.fte, people.get(need.post, Fraction(0)))
    return people


def _money(source: Source, value: Fraction | None) -> str:
    """Return money of a whole month, where single yuan are noise, with a real minus."""
    return source.wording.money(value).replace("-", "−")


def monthly_account(source: Source) -> MonthlyAccount | None:
    """Return the account; None without a staffing plan or where margin is unknown."""
    plan, staffing = source.diagnosis.staffing, source.model.content.staffing
    if plan is None or staffing is None or source.diagnosis.roadmap is None:
        return None
    margin = _margin_share(source)
    if source.diagnosis.economics.monthly_margin is None:
        return None
    months = _months(source, plan, staffing)
    return MonthlyAccount(
        headline=_headline(source, months, margin),
        rows=tuple(_row(source, month, margin) for month in months),
        notes=_notes(source, plan),
        chart=_chart(source, months[0]),
    )


def _margin_share(source: Source) -> Fraction | None:
    value = Figures.of(source.diagnosis.assessment).number("gross-margin")
    return value / 100 if value is not None else None


def _months(source: Source, plan: StaffingPlan, staffing: StaffingModel) -> list[_Month]:
    t = source.wording.translate
    figures, economics = Figures.of(source.diagnosis.assessment), source.diagnosis.economics
    cost, users = figures.number("private-cost"), figures.number("users")
    today = payroll_at(staffing, plan.current, plan.city_tier) if plan.current else None
    other = cost - today if cost is not None and today is not None and cost >= today else None
    share, each = _margin_share(source), economics.gmv_per_user
    per_user = each * share if each is not None and share is not None else None
    months = [_Month(t("今天"), users or Fraction(0), economics.monthly_margin, today, other)]
    roadmap = source.diagnosis.roadmap
    phases = {item.phase.id: item.phase for item in roadmap.phases} if roadmap else {}
    seen = set()
    for horizon in plan.horizons:
        phase = phases.get(horizon.phase)
        if phase is None or phase.kind == "align" or horizon.months in seen:
            continue
        seen.add(horizon.months)
        count = Fraction(plan.forecast.base[horizon.months])
        months.append(
            _Month(
                t("{phase}末（第{n}个月）").format(phase=phase.title, n=horizon.months),
                count,
                per_user * count if per_user is not None else None,
                payroll_at(staffing, at_work(plan, horizon), plan.city_tier),
                other,
            )
        )
    return months


def _row(source: Source, month: _Month, share: Fraction | None) -> MonthRow:
    wording = source.wording
    needed = None
    if month.cost is not None and share and month.users:
        needed = month.cost / month.users / share
    burden = month.payroll / month.margin * 100 if month.payroll and month.margin else None
    return MonthRow(
        when=month.when,
        users=wording.amount(month.users),
        margin=_money(source, month.margin),
        payroll=_money(source, month.payroll),
        share=wording.percent(burden),
        other=_money(source, month.other),
        left=_money(source, month.left),
        needed=source.wording.money(needed),
        alert=month.left is not None and month.left < 0,
    )


def _headline(source: Source, months: list[_Month], share: Fraction | None) -> str:
    t, first, last = source.wording.translate, months[0], months[-1]
    known = [month for month in months[1:] if month.left is not None]
    if not known or first.left is None:
        if last.payroll and last.margin:
            burden = source.wording.percent(last.payroll / last.margin * 100)
            return t("单用户月GMV不变，{when}人工要占毛利的{burden}").format(
                when=last.when, burden=burden
            )
        return t("人工与毛利：今天到各期末")
    worst = min(known, key=lambda month: month.left or Fraction(0))
    if worst.left is not None and worst.left < 0:
        cost = worst.cost
        needed = cost / worst.users / share if cost is not None and share and worst.users else None
        if needed is None:
            return t("没有毛利，{when}每月亏{loss}").format(
                when=worst.when, loss=_money(source, -worst.left)
            )
        return t("单用户月GMV不涨，{when}每月亏{loss}；涨到{needed}才打平").format(
            when=worst.when, loss=_money(source, -worst.left), needed=source.wording.money(needed)
        )
    return t("单用户月GMV不变：月结余从今天的{now}到{when}的{left}").format(
        when=last.when, left=_money(source, last.left), now=_money(source, first.left)
    )


def _notes(source: Source, plan: StaffingPlan) -> tuple[str, ...]:
    wording, t = source.wording, source.wording.translate
    tiers = source.model.content.staffing
    tier = next((c.title for c in tiers.city_tiers if c.id == plan.city_tier), "") if tiers else ""
    said = [
        t(
            "人工按编制表的岗位月成本（{tier}，等级OPJ）估算，取编制与今天在岗的较大者；"
            "请用工资表替换。其余成本＝今天的月成本－今天的人工，各期不变。"
        ).format(tier=tier)
    ]
    if plan.current:
        said.append(
            t("今天在岗{fte}人。毛利按今天的单用户月GMV乘该期末的全部用户。").format(
                fte=wording.plain(plan.current_fte)
            )
        )
    roadmap = source.diagnosis.roadmap
    build = {p.phase.id for p in roadmap.phases if p.phase.kind != "align"} if roadmap else set()
    pilot = [item for item in plan.horizons if item.work.pilot and item.phase in build]
    if pilot:
        said.append(
            t("试点编制{fte}人只管{users}名用户，其余用户由现有的人照旧带。").format(
                fte=wording.plain(pilot[-1].fte), users=wording.number(pilot[-1].work.users)
            )
        )
    stores = max((item.store_people for item in plan.horizons), default=0)
    if stores:
        said.append(t("{}家门店责任人的工资在门店，不在内。").format(wording.number(stores)))
    return tuple(said)


def _chart(source: Source, today: _Month) -> Markup | None:
    """Draw where a month's margin goes; None where a cost is unknown."""
    t, figures = source.wording.translate, Figures.of(source.diagnosis.assessment)
    add_cost, adds = figures.number("add-cost"), figures.number("new-adds")
    if today.margin is None or today.payroll is None or today.other is None:
        return None
    if add_cost is None or adds is None:
        return None
    adding = add_cost * adds
    if adding > today.other:
        return None
    return waterfall(
        [
            Contribution(t("获客花费"), -adding),
            Contribution(t("人工（估）"), -today.payroll),
            Contribution(t("其余成本（倒推）"), adding - today.other),
        ],
        start=Contribution(t("月毛利"), today.margin),
        total=t("月结余"),
        title=t("今天一个月的毛利去了哪里"),
        desc=t("毛利{margin}，结余{left}。").format(
            margin=_money(source, today.margin), left=_money(source, today.left)
        ),
        format=lambda value: _money(source, Fraction(value)),
        theme=source.theme,
        words=source.words,
    )
