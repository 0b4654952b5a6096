"""How many users there will be: three scenarios against the client's target, and what it takes."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from markupsafe import Markup

from app.domain.figures import Figures
from app.domain.forecast import HORIZON_MONTHS, Forecast, forecast_users
from app.domain.kpi import KpiLine
from app.reporting.charts import Scenario, forecast_chart
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
    plan = source.diagnosis.staffing
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
    controls = source.diagnosis.assessment.controls
    if controls.target_users is not None:
        return controls.target_users
    value = Figures.of(source.diagnosis.assessment).number("target-users")
    return int(value) if value is not None else None


def needed_adds(found: Forecast, target: int) -> int | None:
    """Return the new adds a month that lead to ``target`` after twelve months; None if nothing can.

    Solves the forecast's recurrence for the adds.
    """
    kept = 1 - found.churn
    staying = sum((kept**month for month in range(HORIZON_MONTHS)), Fraction(0))
    each = (1 - found.deletion) * staying
    if each <= 0:
        return None
    return max(0, ceil((target - found.base[0] * kept**HORIZON_MONTHS) / each))


def _headline(source: Source, found: Forecast, target: int | None) -> str:
    wording, t = source.wording, source.wording.translate
    last = found.base[-1]
    if target is None:
        return t("照现在的加与流，12个月后{}名用户").format(wording.amount(last))
    if last < target:
        return t("照现在的加与流，12个月后{last}名用户，离目标{target}差{gap}").format(
            last=wording.amount(last),
            target=wording.amount(target),
            gap=wording.amount(target - last),
        )
    return t("照现在的加与流，12个月后{last}名用户，够得着目标{target}").format(
        last=wording.amount(last), target=wording.amount(target)
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
        spread=wording.percent(_spread(source)),
    )


def _spread(source: Source) -> Fraction | None:
    parameters = source.model.content.roadmap
    return Fraction(parameters.forecast_spread) * 100 if parameters else None


def _needed(source: Source, found: Forecast, target: int | None) -> str:
    wording, t = source.wording, source.wording.translate
    adds = needed_adds(found, target) if target is not None else None
    if target is None or adds is None or target <= found.base[-1]:
        return ""
    if found.monthly_adds == 0:
        return t("要到{target}，每月要新增{adds}人。").format(
            target=wording.amount(target), adds=wording.number(adds)
        )
    ratio = Fraction(adds, found.monthly_adds)
    return t("只靠新增去够{target}，每月要{adds}人，是今天的{ratio}倍。").format(
        target=wording.amount(target), adds=wording.number(adds), ratio=wording.plain(ratio)
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
    return next((line for line in source.diagnosis.kpis if line.kpi.id == DELETION), None)


def _chart(source: Source, found: Forecast, target: int | None) -> Markup:
    wording, t = source.wording, source.wording.translate
    spread = wording.percent(_spread(source))
    scenarios = [
        Scenario(t("新增+{}").format(spread), found.high),
        Scenario(t("新增不变"), found.base, main=True),
        Scenario(t("新增−{}").format(spread), found.low),
    ]
    if target is not None:
        goal = (*(None for _ in range(HORIZON_MONTHS)), target)
        scenarios.append(Scenario(t("12个月目标"), goal, goal=True))
    return forecast_chart(
        [t("今天"), *(t("第{}月").format(month) for month in range(1, HORIZON_MONTHS + 1))],
        scenarios,
        title=t("私域用户12个月预测"),
        desc=t("新增不变时从{now}到{last}，下限{low}，上限{high}。").format(
            now=wording.number(found.base[0]),
            last=wording.number(found.base[-1]),
            low=wording.number(found.low[-1]),
            high=wording.number(found.high[-1]),
        ),
        format=lambda value: wording.amount(Fraction(value)),
        theme=source.theme,
        words=source.words,
    )
