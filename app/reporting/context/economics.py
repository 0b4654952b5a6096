"""Economics: does it pay, what would make it pay, and which of it is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from app.domain.assumptions import Assumed
from app.domain.business_case import NEEDED
from app.domain.figures import Figures
from app.reporting.context.economics_assumptions import (
    AssumptionRow,
    assumption_rows,
    buyer_share_reads,
)
from app.reporting.context.economics_case import assumed_of, case_of
from app.reporting.context.economics_forecast import UserForecast, target_users, user_forecast
from app.reporting.context.economics_lines import EconomicLine, Ledger
from app.reporting.context.economics_months import PlanYear, plan_year, today_chart
from app.reporting.context.economics_payroll import Payroll, payroll_by_month
from app.reporting.context.economics_tornado import (
    SAFE_RATIO,
    Tornado,
    ratio_tornado,
    roi_tornado,
)
from app.reporting.context.source import Source

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A published case, shown as reference only: what it tells and why it is no target."""

    title: str
    text: str
    caution: str


@dataclass(frozen=True, slots=True)
class Economics:
    """The section of economics.

    ``headline`` says whether a month pays and what would change it; ``lead`` the break-even and
    what the ratio rests on. ``month`` are the lines of a month (facts only), ``today`` the drawing
    of where its margin goes; ``buyer`` the lines per buyer (they need assumptions). ``missing``
    names the facts that are not known, ``unplanned`` those without which there is no year.
    ``year`` is the plan's, ``roi`` and ``ratio`` its sensitivities, ``payroll`` the team's cost;
    each is None where its figures are unknown. ``assumptions`` are all in use; ``cases`` the
    published cases, never targets.
    """

    headline: str
    lead: tuple[str, ...]
    month: tuple[EconomicLine, ...]
    today: Markup | None
    missing: str
    year: PlanYear | None
    unplanned: str
    forecast: UserForecast | None
    roi: Tornado | None
    payroll: Payroll | None
    buyer: tuple[EconomicLine, ...]
    ratio: Tornado | None
    assumptions: tuple[AssumptionRow, ...]
    cases: tuple[Case, ...]


def build(source: Source) -> Economics:
    """Build the section."""
    ledger, t = Ledger(source), source.wording.translate
    missing = ledger.missing()
    found = source.diagnosis.economics
    case, assumed = case_of(source), assumed_of(source)
    return Economics(
        headline=_headline(source, missing),
        lead=_lead(source, assumed),
        month=ledger.month() if found.monthly_margin is not None or found.gmv_per_user else (),
        today=today_chart(source, case) if case is not None else None,
        missing=t("还缺{}个数：{}。给齐之前，表里算不出的一律留空，不用行业数代替。").format(
            len(missing), source.wording.joined(missing)
        )
        if missing
        else "",
        year=plan_year(source, case) if case is not None else None,
        unplanned=unplanned(source) if case is None else "",
        forecast=user_forecast(source),
        roi=roi_tornado(source, case) if case is not None else None,
        payroll=payroll_by_month(source),
        buyer=ledger.buyer() if found.ltv is not None or found.cac is not None else (),
        ratio=ratio_tornado(source, assumed),
        assumptions=assumption_rows(source, assumed),
        cases=tuple(
            Case(case.title, case.text, case.caution) for case in source.model.content.cases
        ),
    )


def unplanned(source: Source) -> str:
    """Name the facts without which the plan's year cannot be computed."""
    model, t = source.model, source.wording.translate
    figures = Figures.of(source.diagnosis.assessment)
    lacks = [
        f"{model.fact_of[part].code} {model.fact_of[part].title}"
        for part in NEEDED
        if part in model.fact_of and figures.number(part) is None
    ]
    if not lacks:
        return ""
    return t("缺{}，12个月的账和敏感性算不了。").format(source.wording.joined(lacks))


def _headline(source: Source, missing: tuple[str, ...]) -> str:
    wording, t = source.wording, source.wording.translate
    figures, found = Figures.of(source.diagnosis.assessment), source.diagnosis.economics
    cost, margin = figures.number("private-cost"), found.monthly_margin
    if cost is None or margin is None:
        names = [name.partition(" ")[2] for name in missing]
        few = names[:MOST_NAMED]
        tail = t("等{}个数").format(len(names)) if len(names) > len(few) else ""
        return t("账还算不出来：先要{}{}").format(wording.joined(few), tail)
    if margin < cost:
        needed = _needed(source)
        text = t("每月毛利{margin}，盖不住{cost}的成本").format(
            margin=source.wording.money(margin), cost=source.wording.money(cost)
        )
        if needed is None or found.gmv_per_user is None:
            return text
        return text + t("：单用户月GMV从{now}到{needed}才打平").format(
            now=source.wording.money(found.gmv_per_user), needed=source.wording.money(needed)
        )
    return t("每月毛利{margin}，成本{cost}，结余{left}{outlook}").format(
        margin=source.wording.money(margin),
        cost=source.wording.money(cost),
        left=source.wording.money(margin - cost),
        outlook=_outlook(source),
    )


def _outlook(source: Source) -> str:
    """Return what the forecast of users does to a month that pays."""
    plan, t = source.diagnosis.plan.staffing, source.wording.translate
    if plan is None or user_forecast(source) is None:
        return ""
    first, last = plan.forecast.base[0], plan.forecast.base[-1]
    target = target_users(source)
    amount = source.wording.amount
    if last < first:
        return t("；但用户12个月会从{}掉到{}").format(amount(first), amount(last))
    if target is not None and last < target:
        return t("；用户12个月后{}，离目标差{}").format(amount(last), amount(target - last))
    return t("；用户12个月后{}").format(amount(last))


def _needed(source: Source) -> Fraction | None:
    """Return the GMV per user at which today's month breaks even."""
    figures = Figures.of(source.diagnosis.assessment)
    cost, users = figures.number("private-cost"), figures.number("users")
    margin = figures.number("gross-margin")
    if cost is None or not users or not margin:
        return None
    return cost / users / (margin / 100)


def _lead(source: Source, assumed: Mapping[str, Assumed]) -> tuple[str, ...]:
    said = [_break_even(source), buyer_share_reads(source, assumed), _two_clocks(source)]
    return tuple(text for text in said if text)


def _break_even(source: Source) -> str:
    """Say where the month breaks even, by sales or by cost, and how far that is from today."""
    wording, t = source.wording, source.wording.translate
    figures, found = Figures.of(source.diagnosis.assessment), source.diagnosis.economics
    cost, gmv = figures.number("private-cost"), figures.number("private-gmv")
    share = figures.number("gross-margin")
    if not cost or not gmv or not share or found.monthly_margin is None:
        return ""
    point = cost / (share / 100)
    if found.monthly_margin < cost:
        return t(
            "打平要么每月多卖{more}（成交额到{point}，涨{rise}），要么把成本压到{margin}，"
            "每月省{cut}。"
        ).format(
            more=source.wording.money(point - gmv),
            point=source.wording.money(point),
            rise=wording.percent((point - gmv) / gmv * 100),
            margin=source.wording.money(found.monthly_margin),
            cut=source.wording.money(cost - found.monthly_margin),
        )
    return t("打平线是每月成交{point}；今天{gmv}，跌{fall}才开始亏。").format(
        point=source.wording.money(point),
        gmv=source.wording.money(gmv),
        fall=wording.percent((gmv - point) / gmv * 100),
    )


def _two_clocks(source: Source) -> str:
    """Explain a good ratio beside a losing month: they count different people."""
    found, t = source.diagnosis.economics, source.wording.translate
    if found.roi is None or found.ltv_cac is None or found.roi >= 0 or found.ltv_cac < SAFE_RATIO:
        return ""
    return t(
        "倍数好看而当月亏，并不矛盾：LTV只数会买的人、按整个留存期算；月成本养的是全部用户，"
        "包括还没买和不再买的。放不放量，以月结余为准。"
    )
