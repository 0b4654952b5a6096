"""Numbers as messages to authors and interviewers write them."""

from decimal import Decimal
from fractions import Fraction

from app.domain.definitions.record import Number


def plain(value: Number | Fraction) -> str:
    """Return a number as a message writes it: exact, thousands parted, no trailing zeros."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return f"{exact.numerator:,}"
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):,f}"
