"""Numbers as printed in a chart, without a locale and without binary rounding surprises.

A caller passes one of these (or its own) as a chart's ``format``, so that a chart prints exactly
what the table beside it prints.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction
Format = Callable[[Number], str]

_WAN = 10_000
_YI = 100_000_000


def exact(value: Number) -> Fraction:
    """Return the value as a fraction: a float counts as the decimal it is written as."""
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(value)


def fixed(value: Number, places: int = 1) -> str:
    """Return the number with exactly ``places`` decimals, halves rounded away from zero."""
    fraction = exact(value)
    scaled = abs(fraction) * 10**places + Fraction(1, 2)
    digits = scaled.numerator // scaled.denominator
    sign = "-" if fraction < 0 and digits else ""
    return f"{sign}{Decimal(digits).scaleb(-places):,f}"


def score(value: Number) -> str:
    """Return a score with one decimal: ``3`` is 3.0."""
    return fixed(value, 1)


def signed_score(value: Number) -> str:
    """Return a difference of scores with its sign: +1.6, -0.4, 0.0."""
    text = fixed(value, 1)
    return f"+{text}" if not text.startswith("-") and text.strip("0.") else text


def plain(value: Number) -> str:
    """Return the number with thousands separators and at most one decimal."""
    text = fixed(value, 1)
    return text.removesuffix(".0")


def chinese_amount(value: Number) -> str:
    """Return a large number the Chinese way: 13000 is 1.3万, 250000000 is 2.5亿."""
    size = abs(exact(value))
    for unit, word in ((_YI, "亿"), (_WAN, "万")):
        if size >= unit:
            return plain(exact(value) / unit) + word
    return plain(value)


def percent(value: Number) -> str:
    """Return a share (0.305) as per cent with at most one decimal: 30.5%."""
    return plain(exact(value) * 100) + "%"
