"""The dated limits the plan keeps to, as printed, and how the plan stands against each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.definitions.limits import Limit
from app.reporting.context.appendix_answers import figure
from app.reporting.context.compliance_checks import (
    GROUP_MESSAGES_A_DAY,
    NIGHT_FROM,
    QUIET_DAYS,
    Check,
    Verdict,
)
from app.reporting.context.source import Source
from app.reporting.wording import NOTHING

STALE_DAYS: Final = 365
"""A platform changes its rules: older parameters are to be looked up again before use."""

PERIODS: Final[Mapping[str, str]] = {
    "day": "天",
    "week": "周",
    "month": "月",
    "quarter": "季",
    "year": "年",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    "within": "在限内",
    "arrange": "排期后在限内",
    "over": "超限",
}
HOUSE: Final = "自定"
"""Stands for the code of a rule that the method, not a platform or law, has set."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One dated parameter: its value with unit, date, source and grade, what it bounds, conduct.

    ``stale`` marks a platform parameter that is more than a year old.
    """

    code: str
    title: str
    text: str
    value: str
    as_of: str
    grade: str
    source: str
    bounds: str
    conduct: str
    stale: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One limit against the plan: its code, the rule, what the plan comes to, and the verdict.

    ``keeps`` says how the limit is kept where the calendar must be arranged for it; ``steps``
    counts the steps looked at and ``codes`` names them. ``house`` marks a rule of the method.
    """

    code: str
    rule: str
    bound: str
    comes_to: str
    verdict: str
    kind: str
    keeps: str
    steps: int
    codes: str
    house: bool


def limit_rows(source: Source, kind: str) -> tuple[LimitRow, ...]:
    """Return the parameters of one kind (``platform`` or ``law``), in the order of the model."""
    return tuple(
        _limit_row(source, limit) for limit in source.model.content.limits if limit.kind == kind
    )


def _limit_row(source: Source, limit: Limit) -> LimitRow:
    age = days_old(limit.as_of, source.diagnosis.as_of)
    return LimitRow(
        code=limit.code,
        title=limit.title,
        text=limit.text,
        value=limit_value(source, limit),
        as_of=limit.as_of,
        grade=limit.grade,
        source=limit.source,
        bounds=limit.scope,
        conduct=limit.conduct,
        stale=limit.kind == "platform" and age is not None and age > STALE_DAYS,
    )


def limit_value(source: Source, limit: Limit) -> str:
    """Return a limit's value with unit and period: 「7条/周」; a dash for a rule in words."""
    if limit.value is None:
        return NOTHING
    say = source.wording.translate
    shown = figure(Fraction(limit.value)) + limit.unit
    period = PERIODS.get(limit.period or "")
    return f"{shown}/{say(period)}" if period else shown


def days_old(as_of: str, today: date) -> int | None:
    """Return how old a dated parameter is; None where its date is not a full one."""
    try:
        return (today - date.fromisoformat(as_of)).days
    except ValueError:
        return None


def check_row(source: Source, check: Check) -> CheckRow:
    """Put one check into words."""
    limits = {limit.id: limit for limit in source.model.content.limits}
    limit = limits[check.limit] if check.limit else None
    say = source.wording.translate
    rule, bound = _house_rule(source, check.name)
    return CheckRow(
        code=limit.code if limit else say(HOUSE),
        rule=limit.title if limit else rule,
        bound=limit_value(source, limit) if limit else bound,
        comes_to=_comes_to(source, check),
        verdict=say(VERDICTS[check.verdict]),
        kind=check.verdict,
        keeps=_keeps(source, check, limit),
        steps=len(check.steps),
        codes=" ".join(check.steps),
        house=limit is None,
    )


def _house_rule(source: Source, name: str) -> tuple[str, str]:
    say = source.wording.translate
    rules = {
        "group-day": (
            say("同一个群一天的品牌消息"),
            say("{}条/天").format(GROUP_MESSAGES_A_DAY),
        ),
        "night": (say("夜里不主动发"), say("{}后0步").format(NIGHT_FROM)),
        "quiet": (say("加好友48小时内不推销"), say("满{}天").format(QUIET_DAYS)),
    }
    return rules.get(name, ("", ""))


def _comes_to(source: Source, check: Check) -> str:
    say = source.wording.translate
    most = figure(check.most)
    texts = {
        "customer-day": say("单份SOP里，同一位客户一天最多{}条"),
        "customer-week": say("同一位客户一周内撞上全部SOP，最多{}条"),
        "customer-month": say("同一位客户30天内撞上全部SOP，最多{}条"),
        "moments-day": say("每天排{}步朋友圈动作：{}"),
        "night": say("{}步晚于这个钟点：{}") if check.where else say("没有晚于这个钟点的步骤"),
        "quiet": say("最早第{}天开口卖：{}"),
        "group-size": say("现在平均每群{}人"),
        "member-size": say("现在每名专员带{}人"),
        "all-size": say("12个月后预测{}人"),
    }
    if check.name == "group-day" and check.standing is not None:
        event = check.most - check.standing
        return say("每日固定{}条，加一场活动最多{}条，合计{}条").format(
            check.standing, figure(event), most
        )
    return texts[check.name].format(most, " ".join(check.where))


def _keeps(source: Source, check: Check, limit: Limit | None) -> str:
    """Return how the limit is kept; empty where nothing need be done."""
    say = source.wording.translate
    if check.verdict == "within":
        return ""
    if check.name == "customer-week":
        return say("撞上时同一客户一天只发一条，其余按用处大小顺延到下周；售后与通知优先")
    if check.name == "night":
        return say("这一步只回复客户自己留下的评论和提问，不主动发起")
    return limit.conduct if limit else say("删掉得分最低的一条")
