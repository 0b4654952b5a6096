"""The catalogue of fixed words is complete, holds nothing else, and can be filled in."""

from pathlib import Path

import pytest

from app.reporting.phrases import SOURCE_LOCALE, Phrase, catalogue, fill, locales, translation
from tests.reports.messages import HAN, fields, messages, untranslatable

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [locale for locale in locales() if locale != SOURCE_LOCALE]


def test_english_has_a_catalogue() -> None:
    assert "en" in TRANSLATED


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_fixed_text_is_translated(locale: str) -> None:
    given = catalogue(locale)
    missing = [f"{place}: {text}" for text, place in messages().items() if text not in given]
    assert missing == [], "run: python -m tests.reports.messages"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_translated_in_vain(locale: str) -> None:
    wanted = messages()
    assert [text for text in catalogue(locale) if text not in wanted] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_both_languages_fill_in_the_same(locale: str) -> None:
    pairs = catalogue(locale).items()
    assert [text for text, shown in pairs if fields(text) != fields(shown)] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_chinese_is_left_in_a_translation(locale: str) -> None:
    assert [shown for shown in catalogue(locale).values() if HAN.search(shown)] == []


def test_chinese_stands_only_where_it_can_be_looked_up() -> None:
    assert untranslatable() == []


def test_templates_fill_in_through_the_look_up() -> None:
    """``_("…").format(…)`` would bypass the choice between singular and plural."""
    paths = sorted((ROOT / "reports").rglob("*.j2"))
    assert [path.name for path in paths if ").format(" in path.read_text("utf-8")] == []


def test_a_phrase_chooses_its_word_by_the_number_printed() -> None:
    phrase = Phrase("{n} {n|store|stores} of {all}")
    assert phrase.format(n=1, all=3) == "1 store of 3"
    assert phrase.format(n="1", all=3) == "1 store of 3"
    assert phrase.format(n="1.0", all=3) == "1.0 stores of 3"
    assert Phrase("{0} {0|is|are}").format(0) == "0 are"


def test_a_sentence_is_followed_by_a_blank_where_the_language_needs_one() -> None:
    assert translation("en")("。") == ". "
    assert translation(SOURCE_LOCALE)("。") == "。"


def test_a_region_speaks_its_language() -> None:
    assert translation("en-GB")("附录") == translation("en")("附录") == "Appendix"
    assert translation("fr")("附录") == "附录"


def test_a_text_without_values_is_not_filled_in() -> None:
    assert fill("{as it is}") == "{as it is}"
