"""What the parts of the section share: the business case, the assumptions, money in columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.assumptions import Assumed, assumptions_of
from app.domain.business_case import BusinessCase
from app.domain.definitions.economics import Assumption
from app.reporting.context.source import Source
from app.reporting.numerals import MYRIAD, NOTHING, rounded, trimmed

MANY: Final = 100_000
"""From this sum on a column stands in ten thousands (Chinese) or thousands."""

COARSE: Final = 1000
"""From this many units on a column has no places."""


def case_of(source: Source) -> BusinessCase | None:
    """Return the business case of the plan; None where it cannot be computed."""
    return source.diagnosis.plan.business_case


def assumed_of(source: Source) -> Mapping[str, Assumed]:
    """Return every assumption with the value it has for this client, by id."""
    return assumptions_of(source.diagnosis.basis.world, source.diagnosis.plan.controls)


@dataclass(frozen=True, slots=True)
class MoneyColumn:
    """How sums stand in a table: ``unit`` is in the head, the figures are bare."""

    unit: str
    divisor: int
    places: int

    @classmethod
    def of(cls, source: Source, sums: Iterable[Fraction]) -> "MoneyColumn":
        """Return the column fit for these sums."""
        t, largest = source.wording.translate, max((abs(value) for value in sums), default=0)
        chinese = source.edition.locale.startswith("zh")
        if largest < MANY:
            return cls(t("元"), 1, 0)
        divisor = MYRIAD if chinese else 1000
        places = 1 if chinese and largest / divisor < COARSE else 0
        return cls(t("万元") if chinese else t("千元"), divisor, places)

    def __call__(self, value: Fraction | None) -> str:
        """Return one figure."""
        if value is None:
            return NOTHING
        shown = f"{rounded(value / self.divisor, self.places):,}"
        return shown if shown.strip("-0.,") else "0"

    def signed(self, value: Fraction) -> str:
        """Return one figure that may be a loss, with a real minus."""
        return self(value).replace("-", "−")


def share(source: Source, value: Fraction | None) -> str:
    """Return a share of 1 in per cent, with a place only where there is one."""
    return NOTHING if value is None else f"{_plain(source, value * 100)}%"


def adds_spread(source: Source, case: BusinessCase) -> str:
    """Return how far the new adds of the outer scenarios lie from the plan's."""
    return share(source, case.assumed["adds-spread"].value)


def _plain(source: Source, value: Fraction) -> str:
    return source.wording.plain(value).replace("-", "−")


def assumption_value(source: Source, item: Assumption, value: Fraction) -> str:
    """Return a value of an assumption with its unit."""
    wording = source.wording
    if item.share:
        return share(source, value)
    if (rest := wording.money_unit(item.unit)) is not None:
        return f"{wording.money(value)}{rest}"
    return wording.with_unit(trimmed(rounded(value, 2)), item.unit)


def assumption_span(source: Source, item: Assumption, low: Fraction, high: Fraction) -> str:
    """Return a range of an assumption, the unit named once."""
    wording, t = source.wording, source.wording.translate
    if item.share:
        return t("{}到{}").format(share(source, low), share(source, high))
    ends = t("{}到{}").format(trimmed(rounded(low, 2)), trimmed(rounded(high, 2)))
    return wording.with_unit(ends, item.unit)
