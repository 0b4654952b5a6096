"""Numbers, money, dates and lists as a language writes them.

Every number that reaches paper goes through here once, so that a table, a chart and a sentence
never differ.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

NOTHING: Final = "—"
MYRIAD: Final = 10_000
MILLION: Final = 1_000_000

Number = Fraction | int | Decimal


def rounded(value: Number, places: int = 0) -> Decimal:
    """Return a number rounded half up, as a reader with a pocket calculator would."""
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    return Decimal(str(exact)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def trimmed(value: Decimal) -> str:
    """Return a number with separators, a real minus, and no zeros after the point."""
    shown = f"{value:,}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def _places(size: Fraction) -> int:
    """Return the places of a sum of money: with fewer, printed arithmetic would not come out."""
    return 2 if size < 100 else 1 if size < MYRIAD else 0


class ChineseNumerals:
    """Large numbers in 万, money in 元, dates with year and month named."""

    currency: str = "元"
    """What a unit of money begins with."""

    def money(self, value: Number) -> str:
        """Return CNY: up to two places below a hundred, one below ten thousand, else in 万."""
        size = abs(Fraction(value))
        if size < MYRIAD:
            return f"{trimmed(rounded(value, _places(size)))}元"
        return f"{trimmed(rounded(Fraction(value) / MYRIAD, 1))}万元"

    def amount(self, value: Number) -> str:
        """Return a count of people: in full below a million, above it in 万."""
        if abs(Fraction(value)) < MILLION:
            return f"{rounded(value):,}"
        return f"{trimmed(rounded(Fraction(value) / MYRIAD, 1))}万"

    def day(self, value: date) -> str:
        """Return a date in full."""
        return f"{value.year}年{value.month}月{value.day}日"

    def short_day(self, value: date) -> str:
        """Return a date without its year."""
        return f"{value.month}月{value.day}日"

    def tick(self, value: date) -> str:
        """Return a date as short as an axis needs it."""
        return f"{value.month}/{value.day}"

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a list in words."""
        return "、".join(words)

    def followed(self, sentence: str) -> str:
        """Return a sentence ready for the next one: a Chinese stop brings its own blank."""
        return sentence

    def beside(self, name: str, value: str) -> str:
        """Return a name with its value; two Latin words or figures need a blank between them."""
        return f"{name} {value}" if name[-1:].isascii() and value[:1].isascii() else name + value

    def with_unit(self, figure: str, unit: str) -> str:
        """Return a printed figure with its unit; a Latin word needs a blank before it."""
        return f"{figure} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else figure + unit


class EnglishNumerals(ChineseNumerals):
    """Large numbers in millions, the currency before the sum, dates as 15 March 2026."""

    currency = "CNY"

    def money(self, value: Number) -> str:
        """Return CNY in full below a million, above it in millions with up to two places."""
        size, sign = abs(Fraction(value)), "−" if value < 0 else ""
        if size < MILLION:
            return f"{sign}CNY {trimmed(rounded(size, _places(size)))}"
        return f"{sign}CNY {trimmed(rounded(size / MILLION, 2))} million"

    def amount(self, value: Number) -> str:
        """Return a count of people: in full below a million, above it in millions."""
        if abs(Fraction(value)) < MILLION:
            return f"{rounded(value):,}"
        return f"{trimmed(rounded(Fraction(value) / MILLION, 2))} million"

    def day(self, value: date) -> str:
        """Return a date in full."""
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"

    def short_day(self, value: date) -> str:
        """Return a date without its year, the month in short: it stands in tables."""
        return f"{value.day} {_MONTHS[value.month - 1][:3]}"

    def tick(self, value: date) -> str:
        """Return a date as short as an axis needs it; 3/4 would be read in two ways."""
        return self.short_day(value)

    def listed(self, words: Sequence[str]) -> str:
        """Return words as a list in words; items that hold a comma are parted by semicolons."""
        if len(words) < 2:
            return "".join(words)
        comma = "; " if any("," in word for word in words) else ", "
        return f"{comma.join(words[:-1])} and {words[-1]}"

    def followed(self, sentence: str) -> str:
        """Return a sentence ready for the next one."""
        return sentence + " "

    def beside(self, name: str, value: str) -> str:
        """Return a name with its value."""
        return f"{name} {value}"

    def with_unit(self, figure: str, unit: str) -> str:
        """Return a printed figure with its unit, in the singular after 1."""
        if not unit[:1].isalpha():
            return figure + unit
        noun, mark, rest = unit.partition("/") if "/" in unit else unit.partition(" ")
        if figure == "1":
            noun = _SINGULAR.get(noun, noun.removesuffix("s"))
        return f"{figure} {noun}{mark}{rest}"


_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SINGULAR: Final = {"people": "person"}


def numerals_of(locale: str) -> ChineseNumerals:
    """Return how a locale writes numbers; every language but Chinese writes them as English."""
    return ChineseNumerals() if locale.partition("-")[0] == "zh" else EnglishNumerals()
