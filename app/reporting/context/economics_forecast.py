"""How many users there will be: three scenarios against the client's target, and what it takes."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from app.domain.figures import Figures
from app.domain.forecast import HORIZON_MONTHS, Forecast, forecast_users, required_adds
from app.domain.kpi import KpiLine
from app.reporting.charts import Scenario, forecast_chart
from app.reporting.context.economics_case import assumed_of, share
from app.reporting.context.source import Source

DELETION: Final = "deletion-7d"


@dataclass(frozen=True, slots=True)
class UserForecast:
    """The forecast of users.

    ``headline`` says where the plan's scenario ends and how far that is from the target; ``says``
    the formula with the client's numbers and what would close the distance; ``chart`` the drawing.
    """

    headline: str
    says: tuple[str, ...]
    chart: Markup


def user_forecast(source: Source) -> UserForecast | None:
    """Return the forecast; None where users or new adds are unknown: it would only show decay."""
    plan = source.diagnosis.plan.staffing
    figures = Figures.of(source.diagnosis.assessment)
    if plan is None or figures.number("new-adds") is None:
        return None
    target = target_users(source)
    found = plan.forecast
    return UserForecast(
        headline=_headline(source, found, target),
        says=tuple(
            text
            for text in (
                _formula(source, found),
                _needed(source, found, target),
                _better(source, found),
            )
            if text
        ),
        chart=_chart(source, found, target),
    )


def target_users(source: Source) -> int | None:
    """Return the users the client wants in twelve months."""
    controls = source.diagnosis.plan.controls
    if controls.target_users is not None:
        return controls.target_users
    value = Figures.of(source.diagnosis.assessment).number("target-users")
    return int(value) if value is not None else None


def _pace(source: Source, found: Forecast) -> str:
    """Say at which new adds a month the forecast runs: today's, or what a set target takes."""
    t = source.wording.translate
    if source.diagnosis.plan.controls.target_users is None:
        return t("照现在的加与流")
    return t("每月新增{}人").format(source.wording.number(found.monthly_adds))


def _headline(source: Source, found: Forecast, target: int | None) -> str:
    wording, t = source.wording, source.wording.translate
    last, pace = found.base[-1], _pace(source, found)
    if target is None:
        return t("{pace}，12个月后{last}名用户").format(pace=pace, last=wording.amount(last))
    if last < target:
        return t("{pace}，12个月后{last}名用户，离目标{target}差{gap}").format(
            pace=pace,
            last=wording.amount(last),
            target=wording.amount(target),
            gap=wording.amount(target - last),
        )
    return t("{pace}，12个月后{last}名用户，够得着目标{target}").format(
        pace=pace, last=wording.amount(last), target=wording.amount(target)
    )


def _formula(source: Source, found: Forecast) -> str:
    wording, t = source.wording, source.wording.translate
    kept = wording.number(found.monthly_adds * (1 - found.deletion))
    lost = wording.number(found.base[0] * found.churn)
    return t(
        "每月＝上月×（1－{churn}流失）＋{adds}新增×（1－{deletion}删除）："
        "第1个月进{kept}、走{lost}。三条线只差新增±{spread}。"
    ).format(
        churn=wording.percent(found.churn * 100),
        adds=wording.number(found.monthly_adds),
        deletion=wording.percent(found.deletion * 100),
        kept=kept,
        lost=lost,
        spread=_spread(source),
    )


def _spread(source: Source) -> str:
    found = assumed_of(source).get("adds-spread")
    return share(source, found.value if found is not None else None)


def _needed(source: Source, found: Forecast, target: int | None) -> str:
    """Say how many new adds a month the target takes, and how many times today's that is."""
    wording, t = source.wording, source.wording.translate
    now = Figures.of(source.diagnosis.assessment).number("new-adds")
    if target is None or found.deletion >= 1:
        return ""
    adds = required_adds(found.base[0], target, found.churn, found.deletion)
    if not now:
        return t("要到{target}，每月要新增{adds}人。").format(
            target=wording.amount(target), adds=wording.number(adds)
        )
    if adds <= now:
        return ""
    return t("只靠新增去够{target}，每月要{adds}人，是今天的{ratio}倍。").format(
        target=wording.amount(target), adds=wording.number(adds), ratio=wording.plain(adds / now)
    )


def _better(source: Source, found: Forecast) -> str:
    """Say what keeping more of the new adds is worth, where today's loss is beyond the bound."""
    wording, t = source.wording, source.wording.translate
    line = _deletion(source)
    if line is None or line.good is None or line.baseline is None or line.baseline <= line.good:
        return ""
    kept = forecast_users(
        found.base[0], found.monthly_adds, found.churn, line.good / 100, Fraction(0)
    )
    more = kept.base[-1] - found.base[-1]
    return t("新增不变、7天删除率从{now}降到{good}，12个月后多留{more}人（{code}）。").format(
        now=wording.percent(line.baseline),
        good=wording.percent(line.good),
        more=wording.number(more),
        code=line.kpi.code,
    )


def _deletion(source: Source) -> KpiLine | None:
    return next((line for line in source.diagnosis.plan.kpis if line.kpi.id == DELETION), None)


def _chart(source: Source, found: Forecast, target: int | None) -> Markup:
    wording, t = source.wording, source.wording.translate
    spread = _spread(source)
    scenarios = [
        Scenario(t("新增多{}").format(spread), found.high),
        Scenario(_pace(source, found), found.base, main=True),
        Scenario(t("新增少{}").format(spread), found.low),
    ]
    if target is not None:
        goal = (*(None for _ in range(HORIZON_MONTHS)), target)
        scenarios.append(Scenario(t("12个月目标"), goal, goal=True))
    return forecast_chart(
        [t("今天"), *(t("第{}月").format(month) for month in range(1, HORIZON_MONTHS + 1))],
        scenarios,
        title=t("私域用户12个月预测"),
        desc=t("{pace}，从{now}到{last}，下限{low}，上限{high}。").format(
            pace=_pace(source, found),
            now=wording.number(found.base[0]),
            last=wording.number(found.base[-1]),
            low=wording.number(found.low[-1]),
            high=wording.number(found.high[-1]),
        ),
        format=lambda value: wording.amount(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )
