"""Numbers, money, dates and lists as each language writes them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.reporting.clauses import brief, explained, first_words, short_title, width, without_first
from app.reporting.numerals import ChineseNumerals, EnglishNumerals, numerals_of

ZH, EN = ChineseNumerals(), EnglishNumerals()


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (Fraction(1, 3), "0.33元", "CNY 0.33"),
        (Fraction(22631, 2000), "11.32元", "CNY 11.32"),
        (300, "300元", "CNY 300"),
        (9999, "9,999元", "CNY 9,999"),
        (85_000, "8.5万元", "CNY 85,000"),
        (1_200_000, "120万元", "CNY 1.2 million"),
        (-105_400, "−10.5万元", "−CNY 105,400"),
        (Decimal(12345678), "1,234.6万元", "CNY 12.35 million"),
    ],
)
def test_money(value: Fraction | int | Decimal, chinese: str, english: str) -> None:
    assert (ZH.money(value), EN.money(value)) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (4000, "4,000", "4,000"),
        (1_300_000, "130万", "1.3 million"),
        (999_999, "999,999", "999,999"),
    ],
)
def test_people(value: int, chinese: str, english: str) -> None:
    assert (ZH.amount(value), EN.amount(value)) == (chinese, english)


def test_dates() -> None:
    day = date(2026, 3, 15)
    assert (ZH.day(day), ZH.short_day(day)) == ("2026年3月15日", "3月15日")
    assert (EN.day(day), EN.short_day(day)) == ("15 March 2026", "15 Mar")
    assert (ZH.tick(day), EN.tick(day)) == ("3/15", "15 Mar")


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a、b", "a and b"),
        (["a", "b", "c"], "a、b、c", "a, b and c"),
        (["a, x", "b", "c"], "a, x、b、c", "a, x; b and c"),
    ],
)
def test_lists(words: list[str], chinese: str, english: str) -> None:
    assert (ZH.listed(words), EN.listed(words)) == (chinese, english)


@pytest.mark.parametrize(
    ("figure", "unit", "shown"),
    [
        ("7", "days", "7 days"),
        ("1", "days", "1 day"),
        ("1", "people/month", "1 person/month"),
        ("1", "users per specialist", "1 user per specialist"),
        ("30", "%", "30%"),
        ("3", "", "3"),
        ("1", "FTE", "1 FTE"),
    ],
)
def test_english_units(figure: str, unit: str, shown: str) -> None:
    assert EN.with_unit(figure, unit) == shown


def test_chinese_units_join_unless_they_are_latin() -> None:
    assert ZH.with_unit("7", "天") == "7天"
    assert ZH.with_unit("7", "FTE") == "7 FTE"


def test_a_name_with_its_value() -> None:
    assert (ZH.beside("门店", "3.0"), ZH.beside("CEO", "3.0")) == ("门店3.0", "CEO 3.0")
    assert EN.beside("Stores", "3.0") == "Stores 3.0"


def test_every_language_but_chinese_writes_the_latin_way() -> None:
    assert type(numerals_of("zh-Hans")) is ChineseNumerals
    assert type(numerals_of("en-GB")) is EnglishNumerals


def test_texts_are_cut_at_the_marks_of_either_language() -> None:
    assert short_title("内容：选题、制作") == "内容"
    assert short_title("Content: topics, production") == "Content"
    assert explained("加粉率：新增÷机会") == ("加粉率", "新增÷机会")
    assert explained("Add rate: adds ÷ chances") == ("Add rate", "adds ÷ chances")
    assert without_first("红线，没有清零之前不超过2级") == "没有清零之前不超过2级"
    assert without_first("Red line: until cleared, at most 2") == "until cleared, at most 2"
    assert first_words("带名单：承接、开群") == "带名单"
    assert first_words("Runs groups, posts and tags. Reports.") == "Runs groups"


def test_two_latin_letters_are_as_wide_as_one_character() -> None:
    assert width("四个汉字") == 4
    assert width("latin text") == 5


def test_a_short_first_clause_takes_the_next_one_along() -> None:
    assert brief("看表，逐项打勾，归档", 12) == "看表，逐项打勾，归档"
    assert brief("Read the sheet, tick every single line, file it", 12) == (
        "Read the sheet, tick every single line"
    )


def test_a_cut_leaves_no_bracket_open() -> None:
    assert brief("Invite every customer at checkout (allow 30 orders, or more)", 12) == (
        "Invite every customer at checkout"
    )
