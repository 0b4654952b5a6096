"""What the desk says of a control that cannot be taken: what, what is permitted, what to do."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.cadences import Excess
from app.domain.controls import Range, Refusal
from app.domain.definitions.limits import Limit
from app.forms.numerals import shown_number
from app.web.plan.differing import with_unit
from app.web.presenting import day, say

_SENTENCES: Final[Mapping[str, str]] = {
    "before-diagnosis": "开工日不能早于诊断日{low}，写的是{given}。请往后选。",
    "below-users": "今天已有{low}名用户，目标不能比今天少；写的是{given}。请填{low}或更多。",
    "online-above-target": "总部线上带的用户不能比全部用户{high}还多；写的是{given}。",
    "below-level": "今天的总等级已经是L{low}，目标只能从L{low}到L{high}里选；写的是{given}。",
    "range": "这一项可以从{low}到{high}；写的是{given}。",
    "triggered": "这一步跟着客户或活动的进度走，没有自己的周节奏，定不了每周次数。",
    "both": "同一份SOP不能又加做又不做。",
    "unknown": "选项里没有这一项，请刷新页面后重新选择。",
}
_SPANS: Final[Mapping[str, str]] = {
    "day": "同一天",
    "week": "一周里",
    "month": "一个月里",
    "quarter": "90天里",
    "year": "一年里",
}
_PER: Final[Mapping[str, str]] = {
    "day": "/天",
    "week": "/周",
    "month": "/月",
    "quarter": "/90天",
    "year": "/年",
}


def refusal_words(refusal: Refusal) -> str:
    """Return why a control is refused and what is permitted, in the reader's language."""
    if refusal.excess is not None:
        return _limit_words(refusal.excess, _shown(refusal.value))
    low = high = ""
    if isinstance(refusal.permitted, Range):
        low, high = _shown(refusal.permitted.low), _shown(refusal.permitted.high)
    return say(_SENTENCES[refusal.reason], given=_shown(refusal.value), low=low, high=high)


def _limit_words(excess: Excess, given: str) -> str:
    """Say which limit is broken, by how much, since when it stands, and the lawful way."""
    limit, allowed = excess.limit, _shown(excess.allowed)
    if excess.field[0] == "cadence":
        told = say(
            "一周{given}次，{span}最多会到{most}{unit}，超过{limit}。这一步一周最多{allowed}次。",
            given=given,
            span=say(_SPANS.get(limit.period or "", "合起来")),
            most=_shown(excess.most),
            unit=limit.unit,
            limit=limit_words(limit),
            allowed=allowed,
        )
    else:
        told = say(
            "写的是{given}，超过{limit}。最多填{allowed}。",
            given=given,
            limit=limit_words(limit),
            allowed=allowed,
        )
    return told + (say("合规的做法：{conduct}", conduct=limit.conduct) if limit.conduct else "")


def limit_words(limit: Limit) -> str:
    """Return a limit by code, title and number, with source, date and grade."""
    bound = ""
    if limit.value is not None:
        per = _PER.get(limit.period or "", "")
        bound = with_unit(shown_number(limit.value), limit.unit) + (say(per) if per else "")
    return say(
        "{code}「{title}」{bound}（{source}，截至{as_of}，{grade}级）",
        code=limit.code,
        title=limit.title,
        bound=bound,
        source=limit.source,
        as_of=limit.as_of,
        grade=limit.grade,
    )


def _shown(value: Fraction | date | int | str | None) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fraction | int):
        return shown_number(Fraction(value))
    return value or ""
