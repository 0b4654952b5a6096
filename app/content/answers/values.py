"""Readers of single values: each returns what the domain wants or says what is wrong.

A reader is a function of the value as parsed. It raises ``RefusalError`` with one or more mistakes,
each with its path inside the value and a sentence for the interviewer.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeVar

from app.content.answers.naming import Names, shown
from app.content.answers.numerals import number_advice
from app.content.numbers import plain
from app.content.strict_yaml import Path
from app.domain.bounds import DECIMAL_PLACES, LARGEST, YEARS
from app.domain.definitions.record import Number

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any], T]

_FINEST: Final = 10**DECIMAL_PLACES
_YES_NO: Final = {"yes": True, "no": False, "是": True, "否": False}
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_KEPT_CONTROLS: Final = frozenset("\n\t")


class RefusalError(Exception):
    """A value that cannot be taken: its mistakes, each with the path inside the value."""

    def __init__(self, *mistakes: tuple[Path, str]) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes


def _refuse(expected: str, given: Any, advice: str = "") -> RefusalError:
    return RefusalError(
        ((), f"应是{expected}，写的是{shown(given)}{'；' + advice if advice else ''}。")
    )


def number_range(
    low: Number | Fraction | None,
    high: Number | Fraction | None,
    *,
    integer: bool = False,
    above: bool = False,
    note: str = "",
) -> str:
    """Return a range in words: 「1到8之间的整数（单位：人）」; ``above`` excludes ``low``."""
    if low is not None and high is not None:
        bounds = f"大于{plain(low)}、不超过{plain(high)}的"
        if not above:
            bounds = f"{plain(low)}到{plain(high)}之间的"
    elif low is not None:
        bounds = f"{'大于' if above else '不小于'}{plain(low)}的"
    else:
        bounds = f"不大于{plain(high)}的" if high is not None else ""
    return f"{bounds}{'整数' if integer else '数字'}{f'（{note}）' if note else ''}"


def number(
    low: Number | Fraction | None = None,
    high: Number | Fraction | None = None,
    *,
    integer: bool = False,
    above: bool = False,
    note: str = "",
) -> Reader[Fraction]:
    """Return a reader of exact numbers from ``low`` to ``high``, whole ones where ``integer``.

    ``above`` excludes ``low`` itself; ``note`` tells the interviewer what is counted.
    """
    expected = number_range(low, high, integer=integer, above=above, note=note)
    least = None if low is None else Fraction(low)
    most = None if high is None else Fraction(high)

    def read(given: Any) -> Fraction:
        if isinstance(given, str):
            raise _refuse(expected, given, number_advice(given))
        if isinstance(given, bool) or not isinstance(given, int | Decimal):
            raise _refuse(expected, given)
        value = Fraction(given)
        if least is not None and (value < least or (above and value == least)):
            raise _refuse(expected, given)
        if most is not None and value > most:
            raise _refuse(expected, given)
        if abs(value) > LARGEST:
            raise _refuse(expected, given, "数字太大，请核对单位")
        if integer and value.denominator != 1:
            raise _refuse(expected, given)
        if _FINEST % value.denominator:
            raise _refuse(expected, given, f"小数最多{DECIMAL_PLACES}位")
        return value

    return read


def whole(low: int, high: int, note: str = "") -> Reader[int]:
    """Return a reader of whole numbers from ``low`` to ``high``."""
    read = number(low, high, integer=True, note=note)
    return lambda given: int(read(given))


def one_of(names: Names) -> Reader[str]:
    """Return a reader of one name; it yields the id."""

    def read(given: Any) -> str:
        found = names.find(given)
        if found is None:
            raise RefusalError(((), names.refusal(given)))
        return found

    return read


def several(names: Names) -> Reader[tuple[str, ...]]:
    """Return a reader of a list of names, none twice, perhaps empty; it yields the ids in order."""

    def read(given: Any) -> tuple[str, ...]:
        if not isinstance(given, tuple):
            some = "、".join(names.listed[:2])
            raise _refuse("列表", given, f"请写成[…]，里面填{names.what}，如{some}；都没有就写[]")
        found: list[str] = []
        mistakes: list[tuple[Path, str]] = []
        for index, item in enumerate(given):
            name = names.find(item)
            if name is None:
                mistakes.append(((index,), names.refusal(item)))
            elif name in found:
                mistakes.append(((index,), f"{shown(item)}写了两次，请删去一个。"))
            else:
                found.append(name)
            if len(mistakes) > len(names.ids):
                break
        if mistakes:
            raise RefusalError(*mistakes)
        return tuple(found)

    return read


def yes_no(given: Any) -> bool:
    """Read true or false, also as yes, no, 是, 否."""
    if isinstance(given, bool):
        return given
    answer = _YES_NO.get(given.casefold()) if isinstance(given, str) else None
    if answer is None:
        raise _refuse("true或false（也可以写yes、no、是、否）", given)
    return answer


def text(limit: int) -> Reader[str]:
    """Return a reader of words, at most ``limit`` characters, without control characters.

    They are kept as they stand in the file, blanks at the ends included where they are quoted.
    """

    def read(given: Any) -> str:
        if not isinstance(given, str):
            advice = "" if given is None or isinstance(given, dict | tuple) else "请加引号"
            raise _refuse("文字", given, advice)
        words = str(given)
        if not words.strip():
            raise _refuse("文字", None)
        if len(words) > limit:
            raise RefusalError(((), f"文字最多{limit:,}个字，写了{len(words):,}个，请缩短。"))
        for letter in words:
            if unicodedata.category(letter) in ("Cc", "Cs") and letter not in _KEPT_CONTROLS:
                code = f"U+{ord(letter):04X}"
                raise RefusalError(((), f"文字里有看不见的控制字符（{code}），请删去。"))
        return words

    return read


def iso_date(given: Any) -> date:
    """Read a day written as YYYY-MM-DD."""
    if isinstance(given, str) and _DATE.fullmatch(given):
        try:
            day = date.fromisoformat(given)
        except ValueError:
            raise _refuse("日期", given, "日历上没有这一天") from None
        if day.year in YEARS:
            return day
    expected = f"{YEARS[0]}至{YEARS[-1]}年间的日期，写成2026-12-01这样"
    raise _refuse(expected, given)


def colour(given: Any) -> str:
    """Read a colour written as "#rrggbb"; it yields lower case."""
    if isinstance(given, str) and _COLOUR.fullmatch(given):
        return given.lower()
    advice = "#在YAML里是注释的开头，颜色要加引号" if given is None else ""
    raise _refuse('颜色，写成"#1a6b5a"这样', given, advice)
