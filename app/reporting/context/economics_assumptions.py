"""Every assumption with its grade, what it drives, and how far the result moves with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.domain.definitions.economics import Assumption
from app.domain.economics import UnitEconomics, assumption, unit_economics
from app.domain.figures import Figures
from app.domain.forecast import Forecast, forecast_users
from app.reporting.context.kpis_checks import implied_buyers
from app.reporting.context.source import Source
from app.reporting.wording import NOTHING

BUYER_SHARE: Final = "buyer-share"
DRIVES: Final[Mapping[str, str]] = {
    "expected-years": "LTV、LTV/CAC",
    "service-cost-share": "LTV、LTV/CAC",
    BUYER_SHARE: "CAC、LTV/CAC、回本月数；单设销售岗时的线索数",
}
SAFE_RATIO: Final = 3
"""LTV/CAC from which growth may be paid for without worry (domain, KPI ranges)."""

JUDGEMENT: Final = "OPJ"
"""Grade of the forecast's parameters and of pay: the model's own professional judgement."""


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One assumption: its value and grade, and what it ``drives``.

    ``moves`` are the results at half and at double of it, within the range it may have (empty
    where there is nothing to compute); ``basis`` says where it comes from and what replaces it.
    """

    title: str
    value: str
    grade: str
    drives: str
    moves: tuple[str, ...]
    basis: str


def assumption_rows(source: Source) -> tuple[AssumptionRow, ...]:
    """Return the assumptions of the unit economics, then those of forecast and payroll."""
    named = [_named(source, item) for item in source.model.content.assumptions]
    return (*named, *_forecast(source), *_payroll(source))


def at(source: Source, name: str, value: Decimal) -> UnitEconomics:
    """Return the client's unit economics with another value of one assumption."""
    content = source.model.content
    changed = tuple(
        replace(item, value=value) if item.id == name else item for item in content.assumptions
    )
    model = replace(source.model, content=replace(content, assumptions=changed))
    return unit_economics(model, Figures.of(source.diagnosis.assessment))


def buyer_share_reads(source: Source) -> str:
    """Say that LTV/CAC stands or falls with the assumed share of buyers, with its turning points.

    Beside it stands the share that the client's own sales imply, where they can be computed.
    """
    wording, t = source.wording, source.wording.translate
    found, share = source.diagnosis.economics, assumption(source.model, BUYER_SHARE)
    if found.ltv_cac is None or share is None:
        return ""
    text = t(
        "LTV/CAC {ratio}倍靠的是一个假设：{share}的新增好友会成为买家（等级{grade}）。"
    ).format(
        ratio=wording.plain(found.ltv_cac),
        share=wording.percent(share * 100),
        grade=_grade(source, BUYER_SHARE),
    )
    text += _turning_points(source, found.ltv_cac, share)
    figures = Figures.of(source.diagnosis.assessment)
    buyers, users = implied_buyers(figures), figures.number("users")
    if buyers is not None and users and buyers < users:
        real = buyers / users
        text += t("用贵司成交额反推，现有用户里约{real}在买；按它算是{ratio}倍。").format(
            real=wording.percent(real * 100, 1), ratio=wording.plain(found.ltv_cac * real / share)
        )
    return text


def _turning_points(source: Source, ratio: Fraction, share: Fraction) -> str:
    """Say at which share of buyers the ratio is three, and at which it is one."""
    wording, t = source.wording, source.wording.translate
    if ratio <= 0:
        return ""
    three = wording.percent(share * 300 / ratio, 1)
    one = wording.percent(share * 100 / ratio, 1)
    if ratio >= SAFE_RATIO:
        return t("比例低到{three}，倍数就只剩3；低到{one}，买一个赔一个。").format(
            three=three, one=one
        )
    if share * SAFE_RATIO > ratio:
        return t("就算全部成为买家也到不了3倍。")
    return t("比例要到{three}才有3倍；低于{one}就是买一个赔一个。").format(three=three, one=one)


def _grade(source: Source, name: str) -> str:
    return next((a.grade for a in source.model.content.assumptions if a.id == name), JUDGEMENT)


def _named(source: Source, item: Assumption) -> AssumptionRow:
    t, value = source.wording.translate, Decimal(item.value)
    half = max(value / 2, Decimal(item.minimum))
    double = min(value * 2, Decimal(item.maximum))
    return AssumptionRow(
        title=item.title,
        value=_value(source, item),
        grade=item.grade,
        drives=t(DRIVES.get(item.id, NOTHING)),
        moves=_moves(
            source,
            _ratio(source, at(source, item.id, half)),
            _ratio(source, at(source, item.id, double)),
        ),
        basis=item.basis,
    )


def _value(source: Source, item: Assumption) -> str:
    if Fraction(item.maximum) <= 1:
        return source.wording.percent(Fraction(item.value) * 100)
    return f"{source.wording.plain(Fraction(item.value))}{item.unit}"


def _moves(source: Source, half: str, double: str) -> tuple[str, ...]:
    t = source.wording.translate
    return (t("减半：{}").format(half), t("加倍：{}").format(double)) if half and double else ()


def _ratio(source: Source, found: UnitEconomics) -> str:
    if found.ltv_cac is None:
        return ""
    text = source.wording.plain(found.ltv_cac).replace("-", "−")
    return source.wording.translate("LTV/CAC {}倍").format(text)


def _forecast(source: Source) -> list[AssumptionRow]:
    plan, parameters = source.diagnosis.staffing, source.model.content.roadmap
    figures = Figures.of(source.diagnosis.assessment)
    if plan is None or parameters is None or figures.number("new-adds") is None:
        return []
    t, wording, found = source.wording.translate, source.wording, plan.forecast
    rows = [
        AssumptionRow(
            title=t("月流失率"),
            value=wording.percent(found.churn * 100),
            grade=JUDGEMENT,
            drives=t("12个月用户数、各期编制与毛利"),
            moves=_moves(
                source,
                _users(source, found, found.churn / 2, found.deletion),
                _users(source, found, found.churn * 2, found.deletion),
            ),
            basis=t("没有实测时取的默认值；按K28的口径量出一个月，就用实测替换。"),
        )
    ]
    if not _measured_deletion(source):
        rows.append(
            AssumptionRow(
                title=t("7天删除率"),
                value=wording.percent(found.deletion * 100),
                grade=JUDGEMENT,
                drives=t("12个月用户数"),
                moves=(),
                basis=t("没有人给出这个数，先按没有人删算，预测因此偏高；按K05分批统计后替换。"),
            )
        )
    return rows


def _measured_deletion(source: Source) -> bool:
    lines = {line.kpi.id: line for line in source.diagnosis.kpis}
    return "deletion-7d" in lines and lines["deletion-7d"].baseline is not None


def _users(source: Source, found: Forecast, churn: Fraction, deletion: Fraction) -> str:
    run = forecast_users(found.base[0], found.monthly_adds, churn, deletion, Fraction(0))
    amount = source.wording.amount(run.base[-1])
    return source.wording.translate("{}人").format(amount)


def _payroll(source: Source) -> list[AssumptionRow]:
    plan, staffing = source.diagnosis.staffing, source.model.content.staffing
    if plan is None or staffing is None:
        return []
    t = source.wording.translate
    tier = next((c.title for c in staffing.city_tiers if c.id == plan.city_tier), plan.city_tier)
    specialist = next((p for p in staffing.posts if p.id == "specialist"), None)
    if specialist is None:
        return []
    pay = source.wording.number(Fraction(specialist.monthly_cost[plan.city_tier]))
    return [
        AssumptionRow(
            title=t("岗位月成本"),
            value=t("专员{}元").format(pay),
            grade=JUDGEMENT,
            drives=t("各期人工、月结余、打平线"),
            moves=(),
            basis=t("按{}的薪酬水平估算，含用工附加；用贵司工资表替换。").format(tier),
        )
    ]
