"""What authors and interviewers read of a limit: its number, its span, where it comes from."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from app.content.numbers import plain
from app.domain.definitions.limits import Limit

PERIODS: Final[Mapping[str, str]] = {
    "day": "同一天",
    "week": "一周内",
    "month": "一个月内",
    "quarter": "90天内",
    "year": "一年内",
}
"""The span in which something is counted."""

_PER: Final[Mapping[str, str]] = {
    "day": "/天",
    "week": "/周",
    "month": "/月",
    "quarter": "/90天",
    "year": "/年",
}


def limit_bound(limit: Limit) -> str:
    """Return the number of a limit with unit and period: 「7条/周」; empty for a rule in words."""
    if limit.value is None:
        return ""
    return f"{plain(Fraction(limit.value))}{limit.unit}{_PER.get(limit.period or '', '')}"


def limit_named(limit: Limit) -> str:
    """Return a limit by code, title and number, with source, date and grade in brackets."""
    number = limit_bound(limit)
    title = f"{limit.code}「{limit.title}」"
    return f"{title}{number}（{limit.source}，截至{limit.as_of}，{limit.grade}级）"
