"""Unit economics line by line: the formula, the client's numbers in it, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.economics import assumption
from app.domain.figures import Figures
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING

FACTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "ltv": ("aov", "gross-margin", "orders-per-year", "private-cost", "users"),
    "cac": ("add-cost",),
    "ltv_cac": ("aov", "gross-margin", "orders-per-year", "private-cost", "users", "add-cost"),
    "roi": ("private-gmv", "gross-margin", "private-cost"),
    "payback_months": ("add-cost", "aov", "gross-margin", "orders-per-year"),
    "gmv_per_user": ("private-gmv", "users"),
    "private_share": ("private-gmv", "total-gmv"),
}
"""The facts behind each computed figure, so that it can be traced to what the client gave."""

YEARLY: Final = ("aov", "gross-margin", "orders-per-year")
"""The facts behind a buyer's gross margin in a year."""

ASSUMED: Final = frozenset({"ltv", "cac", "ltv_cac", "payback_months"})
"""Computed figures that rest on an assumption."""

ASSUMPTIONS: Final = frozenset({"expected-years", "service-cost-share", "buyer-share"})


@dataclass(frozen=True, slots=True)
class EconomicLine:
    """One line of the arithmetic.

    ``filled`` is ``formula`` with the client's numbers; where one is missing it is named there and
    ``result`` is a dash. ``code`` is the KPI (may be empty), ``refs`` the facts used; ``assumed``
    marks a result that rests on an assumption. ``alert`` marks a loss.
    """

    code: str
    title: str
    formula: str
    filled: str
    result: str
    refs: tuple[str, ...]
    assumed: bool
    alert: bool


class Ledger:
    """Writes the lines of one client."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._say = source.wording.translate
        self._figures = Figures.of(source.diagnosis.assessment)
        self._economics = source.diagnosis.economics

    def buyer(self) -> tuple[EconomicLine, ...]:
        """Return what one buyer brings and costs: these lines need assumptions."""
        t, found = self._say, self._economics
        yearly = self._yearly()
        one_year = self._source.wording.money(yearly)
        service = self._source.wording.money(found.service_cost)
        cac, ltv = self._source.wording.money(found.cac), self._source.wording.money(found.ltv)
        ratio = self._times(found.ltv_cac)
        return (
            self._line(
                "",
                t("一位买家一年的毛利"),
                t("客单价×毛利率×年下单次数"),
                ("aov", "gross-margin", "orders-per-year"),
                "×",
                one_year,
            ),
            self._line(
                "",
                t("留存期内的服务成本"),
                t("月成本÷用户×12×年限×服务占比"),
                ("private-cost", "users", "12", "expected-years", "service-cost-share"),
                "÷×××",
                service,
            ),
            self._line(
                "ltv",
                t("用户终身价值（LTV）"),
                t("年毛利×年限－服务成本"),
                YEARLY if found.service_cost is None else FACTS_OF["ltv"],
                "",
                ltv,
                filled=self._lifetime(one_year, service) if found.ltv is not None else None,
                assumed=True,
            ),
            self._line(
                "cac",
                t("买家获客成本（CAC）"),
                t("单个加粉成本÷成为买家的比例"),
                ("add-cost", "buyer-share"),
                "÷",
                cac,
            ),
            self._line(
                "ltv-cac",
                "LTV/CAC",
                "LTV÷CAC",
                (*(YEARLY if found.service_cost is None else FACTS_OF["ltv"]), "add-cost"),
                "",
                ratio,
                filled=f"{ltv}÷{cac}" if found.ltv_cac is not None else None,
                assumed=True,
            ),
            self._line(
                "payback",
                t("回本月数"),
                t("CAC÷（年毛利÷12）"),
                FACTS_OF["payback_months"],
                "",
                self._months(found.payback_months),
                filled=t("{}÷（{}÷12）").format(cac, one_year)
                if found.payback_months is not None
                else None,
                assumed=True,
            ),
        )

    def _lifetime(self, one_year: str, service: str) -> str:
        years = self._shown("expected-years")
        if self._economics.service_cost is None:
            return self._say("{}×{}，服务成本不知道、没有扣，偏高").format(one_year, years)
        return self._say("{}×{}－{}").format(one_year, years, service)

    def month(self) -> tuple[EconomicLine, ...]:
        """Return what a month brings and costs: facts only."""
        t, found = self._say, self._economics
        margin = self._source.wording.money(found.monthly_margin)
        cost = self._figures.number("private-cost")
        left = found.monthly_margin - cost if found.monthly_margin is not None and cost else None
        return (
            self._line(
                "",
                t("月毛利"),
                t("私域月成交额×毛利率"),
                ("private-gmv", "gross-margin"),
                "×",
                margin,
            ),
            self._line(
                "",
                t("月结余"),
                t("月毛利－私域月成本"),
                ("private-gmv", "gross-margin", "private-cost"),
                "",
                self._source.wording.money(left),
                filled=t("{}－{}").format(margin, self._source.wording.money(cost))
                if left is not None
                else None,
                alert=left is not None and left < 0,
            ),
            self._line(
                "roi",
                t("投入产出比（ROI）"),
                t("月结余÷私域月成本"),
                FACTS_OF["roi"],
                "",
                self._percent(found.roi),
                filled=self._signed("÷").join(map(self._source.wording.money, (left, cost)))
                if found.roi is not None
                else None,
                alert=found.roi is not None and found.roi < 0,
            ),
            self._line(
                "gmv-per-user",
                t("单用户月GMV"),
                t("私域月成交额÷用户"),
                ("private-gmv", "users"),
                "÷",
                self._source.wording.money(found.gmv_per_user),
            ),
            self._line(
                "",
                t("单用户月成本"),
                t("私域月成本÷用户"),
                ("private-cost", "users"),
                "÷",
                self._source.wording.money(found.cost_per_user),
            ),
            self._line(
                "private-share",
                t("私域占比"),
                t("私域月成交额÷全渠道月成交额"),
                ("private-gmv", "total-gmv"),
                "÷",
                self._source.wording.percent(found.private_share, 1),
            ),
        )

    def _signed(self, sign: str) -> str:
        """Return a sign of arithmetic as it stands between two figures."""
        return {"×": self._say("×"), "÷": self._say("÷")}.get(sign, sign)

    def missing(self) -> tuple[str, ...]:
        """Return the facts without which unit economics cannot be computed, as ``F03 客单价``."""
        model = self._source.model
        parts = dict.fromkeys(part for facts in FACTS_OF.values() for part in facts)
        facts = [model.fact_of[p] for p in parts if p in model.fact_of and self._lacks(p)]
        return tuple(f"{fact.code} {fact.title}" for fact in sorted(facts, key=lambda f: f.code))

    def _lacks(self, part: str) -> bool:
        return self._figures.number(part) is None

    def _yearly(self) -> Fraction | None:
        parts = [self._figures.number(p) for p in ("aov", "gross-margin", "orders-per-year")]
        result = Fraction(1, 100)
        for value in parts:
            if value is None:
                return None
            result *= value
        return result

    def _line(
        self,
        kpi: str,
        title: str,
        formula: str,
        inputs: tuple[str, ...],
        signs: str,
        result: str,
        *,
        filled: str | None = None,
        assumed: bool = False,
        alert: bool = False,
    ) -> EconomicLine:
        """Return one line: ``inputs`` joined by ``signs`` unless it is ``filled`` already."""
        model = self._source.model
        facts = [name for name in inputs if name in model.fact_of]
        lacks = [model.fact_of[name] for name in facts if self._lacks(name)]
        if lacks:
            names = [f"{fact.code} {fact.title}" for fact in lacks]
            filled = self._say("缺{}").format(self._source.wording.joined(names))
            result = NOTHING
        elif filled is None:
            words = [self._shown(name) for name in inputs]
            filled = words[0] + "".join(
                self._signed(sign) + word
                for sign, word in zip(signs * len(inputs), words[1:], strict=False)
            )
        return EconomicLine(
            code=model.kpis[kpi].code if kpi in model.kpis else "",
            title=title,
            formula=formula,
            filled=filled,
            result=result,
            refs=tuple(dict.fromkeys(model.fact_of[name].code for name in facts)),
            assumed=assumed or any(name in ASSUMPTIONS for name in inputs),
            alert=alert,
        )

    def _shown(self, name: str) -> str:
        """Return an input as it stands in a formula: money, a share, a count, or a bare number."""
        model, wording = self._source.model, self._source.wording
        if name in ASSUMPTIONS:
            value = assumption(model, name, self._source.diagnosis.plan.controls)
            if name == "expected-years":
                return self._say("{}年").format(wording.plain(value))
            return wording.percent(value * 100 if value is not None else None)
        if name not in model.fact_parts:
            return name
        unit, value = model.fact_parts[name].unit, self._figures.number(name)
        if wording.money_unit(unit) is not None:
            return wording.money(value)
        if unit == self._say("人"):
            return wording.with_unit(wording.amount(value), unit)
        return wording.with_unit(wording.plain(value), unit.partition("/")[0])

    def _times(self, value: Fraction | None) -> str:
        return (
            NOTHING
            if value is None
            else self._say("{}倍").format(self._source.wording.plain(value))
        )

    def _months(self, value: Fraction | None) -> str:
        text = self._source.wording.plain(value)
        return NOTHING if value is None else self._say("{}个月").format(text)

    def _percent(self, value: Fraction | None) -> str:
        text = self._source.wording.percent(value * 100 if value is not None else None, 1)
        return text.replace("-", "−")
