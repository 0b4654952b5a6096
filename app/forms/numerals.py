"""Numbers as people type them, read exactly, and numbers as messages and boxes show them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.domain.bounds import DECIMAL_PLACES
from app.domain.definitions.record import Number
from app.forms.messages import Message

LONGEST: Final = 60
"""No permitted number takes more characters; what does is not looked at."""

FINEST: Final = 10**DECIMAL_PLACES

SCALES: Final[Mapping[str, int]] = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}

_SIGNS: Final = str.maketrans("−‐‑–", "----")
_DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]*)"
_NUMBER: Final = re.compile(
    rf"(?P<sign>[-+]?)\s?(?P<whole>{_DIGITS})(?P<part>\.[0-9]*)?\s?(?P<scale>{'|'.join(SCALES)})?"
)

_ADVICE: Final[Sequence[tuple[re.Pattern[str], Message]]] = tuple(
    (re.compile(pattern), Message(advice))
    for pattern, advice in (
        (r".*%", "这一项的单位不是%，请换算后只写数字。"),
        (r"[-+]?[0-9.,]+\s*[-~至到]+\s*[0-9.,]+.*", "请只写一个数，不要写区间。"),
        (r"[-+]?[0-9]+,[0-9]+", "小数点请用「.」，千分位每三位一个逗号。"),
        (r"[-+]?[0-9.]+[eE][-+]?[0-9]+", "请把数字写完整，不用科学计数法。"),
        (r"[零〇一二两三四五六七八九十百千万亿半]+", "请用阿拉伯数字。"),
        (r"[-+]?[0-9][0-9.,]*\s*[^0-9.,]+", "只写数字，不带单位。"),
    )
)


def parsed(typed: str, unit: str = "") -> Fraction | None:
    """Return the number somebody typed, or None where it is not one.

    Taken are full-width digits, thousands parted by commas or blanks, 万 and 亿 behind the number,
    and the item's own unit (``unit``, also its part before a slash): 「1,200」「１２００」「1.2万」
    「40%」「5000元」.
    """
    if len(typed) > LONGEST:
        return None
    found = _NUMBER.fullmatch(_without_unit(_plain(typed), unit))
    if found is None:
        return None
    digits = found["whole"].replace(",", "").replace(" ", "") + (found["part"] or "")
    if not digits.strip("."):
        return None
    value = Fraction(Decimal(digits)) * SCALES.get(found["scale"] or "", 1)
    return -value if found["sign"] == "-" else value


def advice(typed: str) -> Message | None:
    """Return how to mend a text that was meant as a number; None where nothing is known."""
    if len(typed) > LONGEST:
        return None
    plain = _plain(typed)
    return next((told for pattern, told in _ADVICE if pattern.fullmatch(plain)), None)


def _plain(typed: str) -> str:
    """Return the text in half-width characters, one kind of minus, single blanks."""
    half = unicodedata.normalize("NFKC", typed).translate(_SIGNS)
    return " ".join(half.split())


def _without_unit(plain: str, unit: str) -> str:
    for ending in (unit, unit.partition("/")[0]):
        wanted = _plain(ending).casefold()
        if wanted and wanted not in SCALES and plain.casefold().endswith(wanted):
            return plain[: -len(wanted)].rstrip()
    return plain


def shown_number(value: Number | Fraction) -> str:
    """Return a number as a message writes it: exact, thousands parted, no trailing zeros."""
    return f"{_decimal(value):,f}"


def typed_number(value: Fraction) -> str:
    """Return a number as its box holds it: exact, digits alone."""
    return f"{_decimal(value):f}"


def _decimal(value: Number | Fraction) -> Decimal:
    """Return a number as a decimal, exact where it has no more than 12 places, else cut there."""
    exact = Fraction(value)
    whole, rest = divmod(abs(exact.numerator) * FINEST // exact.denominator, FINEST)
    digits = f"{whole}.{rest:0{DECIMAL_PLACES}d}".rstrip("0").rstrip(".")
    return Decimal(digits if exact >= 0 else f"-{digits}")
