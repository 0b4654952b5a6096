"""The dated limits the plan keeps to, as printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.definitions.limits import Limit
from app.reporting.context.appendix_answers import figure
from app.reporting.context.source import Source
from app.reporting.numerals import NOTHING

STALE_DAYS: Final = 365
"""A platform changes its rules: older parameters are to be looked up again before use."""

PERIODS: Final[Mapping[str, str]] = {
    "day": "天",
    "week": "周",
    "month": "月",
    "quarter": "季",
    "year": "年",
}
CLOCK: Final = frozenset({"latest-hour", "earliest-hour"})


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


def limit_rows(source: Source, kind: str) -> tuple[LimitRow, ...]:
    """Return the parameters of one kind, in the order of the model."""
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
    if limit.measure in CLOCK:
        hours, minutes = divmod(round(limit.value * 60), 60)
        return f"{hours:02}:{minutes:02}"
    shown = source.wording.with_unit(figure(Fraction(limit.value)), limit.unit)
    period = PERIODS.get(limit.period or "")
    return f"{shown}/{say(period)}" if period else shown


def days_old(as_of: str, today: date) -> int | None:
    """Return how old a dated parameter is; None where its date is not a full one."""
    try:
        return (today - date.fromisoformat(as_of)).days
    except ValueError:
        return None
