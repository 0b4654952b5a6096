"""Every assumption with whose it is, its range and grade, what it drives and what replaces it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.assumptions import Assumed
from app.domain.economics import UnitFigures, economics_of
from app.domain.figures import Figures
from app.reporting.context.economics_case import assumption_span, assumption_value, share
from app.reporting.context.economics_tornado import SAFE_RATIO
from app.reporting.context.kpis_checks import implied_buyers
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING

BUYER_SHARE: Final = "buyer-share"
DRIVES: Final[Mapping[str, str]] = {
    "expected-years": "LTV、LTV/CAC",
    "service-cost-share": "LTV、LTV/CAC",
    BUYER_SHARE: "CAC、LTV/CAC、回本月数；单设销售岗时的线索数",
    "monthly-churn": "12个月用户数、编制、月结余",
    "seven-day-deletion": "12个月用户数、月结余",
    "gmv-change": "见效以后的成交额与结余",
    "months-to-effect": "上一项从哪个月算起",
    "variable-cost-share": "随成交走的费用、月结余",
    "seat-cost": "工具费",
    "hire-cost": "到岗当月的一次性花费",
    "one-off-cost": "第1个月的花费、全年ROI",
    "adds-spread": "高低两种情形",
    "fact-spread": "敏感性图里事实的幅度",
}

JUDGEMENT: Final = "OPJ"
"""Grade of the pay table: the model's own professional judgement."""


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One assumption: its ``value``, plausible ``span`` (may be empty), and what it ``drives``.

    ``whose`` says where the value comes from and ``grade`` the model's grade (a dash for the
    client's own), ``own`` marks the client's own; ``basis`` what it rests on and what replaces it.
    """

    title: str
    value: str
    span: str
    whose: str
    grade: str
    drives: str
    basis: str
    own: bool


def assumption_rows(source: Source, assumed: Mapping[str, Assumed]) -> tuple[AssumptionRow, ...]:
    """Return the assumptions in use (what was measured is none), then that of the pay table."""
    rows = [_row(source, item) for item in assumed.values() if item.origin != "measured"]
    return (*rows, *_payroll(source))


def _row(source: Source, found: Assumed) -> AssumptionRow:
    t, item = source.wording.translate, found.item
    own, ours = found.origin == "client", assumption_value(source, item, Fraction(item.value))
    span = found.span
    return AssumptionRow(
        title=item.title,
        value=assumption_value(source, item, found.value),
        span=assumption_span(source, item, *span) if span is not None else "",
        whose=t("贵司") if own else t("本模型"),
        grade=found.grade or NOTHING,
        drives=t(DRIVES.get(item.id, NOTHING)),
        basis=t("贵司给的数，替换了本模型的{}。").format(ours) if own else item.basis,
        own=own,
    )


def buyer_share_reads(source: Source, assumed: Mapping[str, Assumed]) -> str:
    """Say that LTV/CAC stands or falls with the assumed share of buyers, with its turning points.

    Beside it stands the share that the client's own sales imply, where they can be computed.
    """
    wording, t = source.wording, source.wording.translate
    ratio, found = source.diagnosis.economics.ltv_cac, assumed.get(BUYER_SHARE)
    if ratio is None or found is None:
        return ""
    text = t("LTV/CAC {ratio}倍靠的是一个假设：{share}的新增好友会成为买家（{whose}）。").format(
        ratio=wording.plain(ratio),
        share=share(source, found.value),
        whose=t("等级{}").format(found.grade) if found.grade else t("贵司给的"),
    )
    text += _turning_points(source, ratio, found.value)
    figures = Figures.of(source.diagnosis.assessment)
    buyers, users = implied_buyers(figures), figures.number("users")
    if buyers is not None and users and buyers < users:
        text += t("用贵司成交额反推，现有用户里约{real}在买；按它算是{ratio}倍。").format(
            real=wording.percent(buyers / users * 100, 1),
            ratio=wording.plain(_ratio_at(source, buyers / users)),
        )
    return text


def _ratio_at(source: Source, buyers: Fraction) -> Fraction | None:
    """Return LTV/CAC if this share of the new friends bought."""
    given = UnitFigures.of(
        source.model,
        Figures.of(source.diagnosis.assessment),
        source.diagnosis.plan.controls,
    )
    return economics_of(replace(given, buyer_share=buyers)).ltv_cac


def _turning_points(source: Source, ratio: Fraction, buyers: Fraction) -> str:
    """Say at which share of buyers the ratio is three, and at which it is one."""
    wording, t = source.wording, source.wording.translate
    if ratio <= 0:
        return ""
    three = wording.percent(buyers * SAFE_RATIO * 100 / ratio, 1)
    one = wording.percent(buyers * 100 / ratio, 1)
    if ratio >= SAFE_RATIO:
        return t("比例低到{three}，倍数就只剩3；低到{one}，买一个赔一个。").format(
            three=three, one=one
        )
    if buyers * SAFE_RATIO > ratio:
        return t("就算全部成为买家也到不了3倍。")
    return t("比例要到{three}才有3倍；低于{one}就是买一个赔一个。").format(three=three, one=one)


def _payroll(source: Source) -> list[AssumptionRow]:
    plan, staffing = source.diagnosis.plan.staffing, source.model.content.staffing
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
            span="",
            whose=t("本模型"),
            grade=JUDGEMENT,
            drives=t("各期人工、月结余、打平线"),
            basis=t("按{}的薪酬水平估算，含用工附加；用贵司工资表替换。").format(tier),
            own=False,
        )
    ]
