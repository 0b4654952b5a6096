"""The sensitivity: which number moves the result most, as two tornado charts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.assumptions import Assumed
from app.domain.business_case import BusinessCase
from app.domain.economics import UnitFigures
from app.domain.figures import Figures
from app.domain.sensitivity import Swing, ratio_swings, roi_swings
from app.reporting.charts import TornadoMark, TornadoRow, tornado
from app.reporting.context.economics_case import assumption_value, share
from app.reporting.context.source import Source

SAFE_RATIO: Final = 3
"""LTV/CAC from which growth may be paid for without worry (domain, KPI ranges)."""

FEWEST_POINTS: Final = Fraction(1, 100)
"""A driver that moves the ROI by less than this is named, not drawn."""

FEWEST_TIMES: Final = Fraction(1, 20)
"""A driver that moves LTV/CAC by less than this share of it is named, not drawn."""

DERIVED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "gmv-per-user": ("单用户月GMV", ("private-gmv", "users")),
    "payroll": ("平均月人工（编制表）", ()),
    "other-cost": ("其余成本（倒推）", ("private-cost",)),
}
"""Drivers that facts and the plan yield: their names and the facts behind."""

MONEY: Final = frozenset({"gmv-per-user", "payroll", "other-cost"})


@dataclass(frozen=True, slots=True)
class Tornado:
    """One tornado: ``headline`` the strongest driver, ``says`` which one alone turns the result.

    ``chart`` is the drawing; ``small`` names the drivers left out because they hardly matter.
    """

    headline: str
    says: str
    chart: Markup
    small: str


def roi_tornado(source: Source, case: BusinessCase) -> Tornado | None:
    """Return how the plan's ROI over twelve months moves; None without any cost."""
    t, now = source.wording.translate, case.base.roi
    if now is None:
        return None
    swings = roi_swings(case)
    drawn = [swing for swing in swings if swing.size >= FEWEST_POINTS]
    if not drawn:
        return None

    def shown(value: Fraction) -> str:
        return source.wording.percent(value * 100).replace("-", "−")

    def title(swing: Swing) -> str:
        return _title(source, case.assumed, swing.driver)

    first = drawn[0]
    return Tornado(
        headline=t("最能动投入产出比的是「{driver}」：{low}到{high}，ROI从{worst}到{best}").format(
            driver=title(first),
            low=_value(source, case.assumed, first, first.low),
            high=_value(source, case.assumed, first, first.high),
            worst=shown(min(first.at_low, first.at_high)),
            best=shown(max(first.at_low, first.at_high)),
        ),
        says=_turning(source, case, swings, now),
        chart=_chart(
            source,
            case.assumed,
            drawn,
            TornadoMark(now, t("现在的数")),
            (TornadoMark(Fraction(0), t("打平")),),
            shown,
            title=t("12个月ROI的敏感性"),
            result=t("ROI"),
        ),
        small=_small(source, [title(s) for s in swings if s.size < FEWEST_POINTS], t("ROI")),
    )


def _turning(source: Source, case: BusinessCase, swings: Sequence[Swing], now: Fraction) -> str:
    """Say which single driver turns a loss into none, or a gain into a loss."""
    t = source.wording.translate
    turning = [swing for swing in swings if (min(swing.at_low, swing.at_high) < 0) != (now < 0)]
    if now < 0:
        turning = [swing for swing in swings if max(swing.at_low, swing.at_high) >= 0]
    names = _quoted(source, [_title(source, case.assumed, s.driver) for s in turning])
    if now < 0 and not turning:
        return t("图里没有哪一项单独动到头就能让全年打平：要两三项一起动。")
    if now < 0:
        return t("单独一项就能让全年打平的：{}。").format(names)
    if not turning:
        return t("图里没有哪一项单独动到头会让全年亏。")
    return t("单独一项就会让全年转亏的：{}；每周先盯这几项。").format(names)


def ratio_tornado(source: Source, assumed: Mapping[str, Assumed]) -> Tornado | None:
    """Return how LTV/CAC moves; None where it is unknown."""
    t, found = source.wording.translate, source.diagnosis.economics.ltv_cac
    spread = assumed.get("fact-spread")
    if found is None or spread is None:
        return None
    assessment = source.diagnosis.assessment
    figures = UnitFigures.of(source.model, Figures.of(assessment), source.diagnosis.plan.controls)
    swings = ratio_swings(figures, assumed, spread.value)
    least = abs(found) * FEWEST_TIMES
    drawn = [swing for swing in swings if swing.size >= least]
    if not drawn:
        return None

    def shown(value: Fraction) -> str:
        text = source.wording.plain(value).replace("-", "−")
        return t("{}倍").format(text)

    def title(swing: Swing) -> str:
        return _title(source, assumed, swing.driver)

    below = [title(s) for s in swings if min(s.at_low, s.at_high) < SAFE_RATIO <= found]
    says = t("没有哪一项单独会把它拉到3倍以下。") if found >= SAFE_RATIO else ""
    if below:
        says = t("单独一项就会跌破3倍的：{}。").format(_quoted(source, below))
    first = drawn[0]
    return Tornado(
        headline=t("LTV/CAC最怕估错「{driver}」：{low}到{high}，倍数从{worst}到{best}").format(
            driver=title(first),
            low=_value(source, assumed, first, first.low),
            high=_value(source, assumed, first, first.high),
            worst=shown(min(first.at_low, first.at_high)),
            best=shown(max(first.at_low, first.at_high)),
        ),
        says=says,
        chart=_chart(
            source,
            assumed,
            drawn,
            TornadoMark(found, t("现在的数")),
            (TornadoMark(Fraction(SAFE_RATIO), t("放量线")),),
            shown,
            title=t("LTV/CAC的敏感性"),
            result="LTV/CAC",
        ),
        small=_small(source, [title(s) for s in swings if s.size < least], "LTV/CAC"),
    )


def _small(source: Source, names: Sequence[str], result: str) -> str:
    if not names:
        return ""
    text = source.wording.translate("没有画出的{names}，动到头也几乎不影响{result}。")
    return text.format(names=_quoted(source, names), result=result)


def _quoted(source: Source, names: Sequence[str]) -> str:
    """Return names as a list, each in quotation marks: they are long."""
    return source.wording.joined([source.wording.translate("「{}」").format(n) for n in names])


def _chart(
    source: Source,
    assumed: Mapping[str, Assumed],
    swings: Sequence[Swing],
    base: TornadoMark,
    marks: Sequence[TornadoMark],
    shown: Callable[[Fraction], str],
    *,
    title: str,
    result: str,
) -> Markup:
    t = source.wording.translate
    first = swings[0]
    return tornado(
        [_row(source, assumed, swing, shown) for swing in swings],
        base,
        marks=marks,
        title=title,
        low=t("取低值时"),
        high=t("取高值时"),
        result=result,
        desc=t("影响最大的是「{driver}」。").format(driver=_title(source, assumed, first.driver)),
        format=lambda value: shown(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )


def _row(
    source: Source,
    assumed: Mapping[str, Assumed],
    swing: Swing,
    shown: Callable[[Fraction], str],
) -> TornadoRow:
    ends = sorted((swing.at_low, swing.at_high))
    return TornadoRow(
        label=_title(source, assumed, swing.driver),
        low=_value(source, assumed, swing, swing.low),
        high=_value(source, assumed, swing, swing.high),
        at_low=swing.at_low,
        at_high=swing.at_high,
        results=source.wording.translate("{}到{}").format(shown(ends[0]), shown(ends[1])),
        note=_note(source, assumed, swing),
    )


def _note(source: Source, assumed: Mapping[str, Assumed], swing: Swing) -> str:
    """Say what kind of number it is: a fact with its codes, or whose assumption."""
    t, model = source.wording.translate, source.model
    if swing.kind == "assumption":
        grade = assumed[swing.driver].grade
        return t("假设，等级{}").format(grade) if grade else t("贵司给的假设")
    parts = DERIVED[swing.driver][1] if swing.driver in DERIVED else (swing.driver,)
    codes = [model.fact_of[part].code for part in parts if part in model.fact_of]
    if swing.driver in assumed:
        return t("实测")
    return t("事实{}").format(source.wording.joined(codes)) if codes else t("估算，等级OPJ")


def _title(source: Source, assumed: Mapping[str, Assumed], driver: str) -> str:
    model = source.model
    if driver in DERIVED:
        return source.wording.translate(DERIVED[driver][0])
    if driver in assumed:
        return assumed[driver].item.title
    fact, part = model.fact_of[driver], model.fact_parts[driver]
    return fact.title if len(fact.parts) == 1 else part.title


def _value(source: Source, assumed: Mapping[str, Assumed], swing: Swing, value: Fraction) -> str:
    wording, driver = source.wording, swing.driver
    if driver in assumed:
        return assumption_value(source, assumed[driver].item, value)
    if driver in MONEY:
        return wording.money(value)
    unit = source.model.fact_parts[driver].unit
    if wording.money_unit(unit) is not None:
        return wording.money(value)
    if unit == "%":
        return share(source, value)
    if driver == "new-adds":
        return wording.with_unit(wording.amount(value), unit.partition("/")[0])
    return wording.with_unit(wording.plain(value), unit.partition("/")[0])
