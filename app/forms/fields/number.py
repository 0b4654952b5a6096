"""A number, with its unit and its permitted range."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.domain.bounds import DECIMAL_PLACES, LARGEST
from app.domain.definitions.record import Number
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.fields.value import Item, Reader, TypedField, single
from app.forms.messages import Message, ValueRefusedError, refused, shown
from app.forms.numerals import FINEST, LONGEST, advice, parsed, shown_number, typed_number

_RANGES: Final = {
    (True, True, True): "{low}到{high}之间的整数",
    (True, True, False): "{low}到{high}之间的数字",
    (True, False, True): "不小于{low}的整数",
    (True, False, False): "不小于{low}的数字",
    (False, True, True): "不大于{high}的整数",
    (False, True, False): "不大于{high}的数字",
    (False, False, True): "一个整数",
    (False, False, False): "一个数字",
}
"""A range in words: whether it has a lower bound, an upper bound, takes whole numbers only."""


class NumberReader(Reader):
    """Reads exact numbers from ``low`` to ``high``, whole ones where ``integer``."""

    def __init__(
        self, low: Number | None, high: Number | None, *, integer: bool = False, unit: str = ""
    ) -> None:
        self._low, self._high = low, high
        self._integer = integer
        self._unit = unit

    def expected(self) -> Message:
        """Say the range and the unit."""
        bounds = {"low": self._low, "high": self._high}
        given = {name: shown_number(bound) for name, bound in bounds.items() if bound is not None}
        key = _RANGES["low" in given, "high" in given, self._integer]
        numbers = Message(key, given)
        if not self._unit:
            return numbers
        return Message("{range}（单位：{unit}）", {"range": numbers, "unit": self._unit})

    def spelled_json(self, raw: object) -> tuple[str, ...]:
        """Return the digits of a JSON number."""
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise self.mistyped(raw)
        if isinstance(raw, float) and not math.isfinite(raw):
            raise self._refuse(str(raw))
        if abs(raw) > LARGEST:
            # Digits without end are not even written out.
            raise refused("这里要填{expected}，收到的数字太大。", expected=self.expected())
        return (f"{Decimal(repr(raw)):f}",)

    def value(self, given: Sequence[str]) -> AnswerValue:
        """Return the number typed."""
        typed = single(given)
        value = parsed(typed, self._unit)
        if value is None:
            raise self._refuse(typed, _too_long(typed) or advice(typed))
        if (self._low is not None and value < self._low) or (
            self._high is not None and value > self._high
        ):
            raise self._refuse(typed)
        if abs(value) > LARGEST:
            raise self._refuse(typed, Message("数字太大，请核对单位。"))
        if self._integer and value.denominator != 1:
            raise self._refuse(typed)
        if FINEST % value.denominator:
            places = Message("小数最多{places}位。", {"places": DECIMAL_PLACES})
            raise self._refuse(typed, places)
        return value

    def write(self, value: AnswerValue) -> tuple[str, ...]:
        """Return the digits of a number."""
        return (typed_number(value),) if isinstance(value, Fraction) else ()

    def _refuse(self, typed: str, what_to_do: Message | None = None) -> ValueRefusedError:
        what = Message(
            "这里要填{expected}，写的是「{given}」。",
            {"expected": self.expected(), "given": shown(typed)},
        )
        if what_to_do is None:
            return ValueRefusedError(what)
        return refused("{what}{advice}", what=what, advice=what_to_do)


def _too_long(typed: str) -> Message | None:
    return Message("这串字符太长，不是一个数字。") if len(typed) > LONGEST else None


class NumberField(TypedField):
    """A number in a box."""

    @property
    def unit(self) -> str:
        """The unit that stands behind the box; may be empty."""
        return self.question.unit

    @classmethod
    def reader_of(cls, item: Item, _model: MaturityModel) -> Reader:
        """Return what reads the number."""
        return NumberReader(item.minimum, item.maximum, integer=item.integer, unit=item.unit)
