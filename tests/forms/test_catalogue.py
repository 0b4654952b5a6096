"""Every word of the forms exists in both languages and says the same."""

from string import Formatter

from app.domain.model import MaturityModel
from app.forms.factory import answer_form
from app.forms.numerals import SCALES
from tests.forms.english import HAN, WORDS, english, strings
from tests.forms.posting import asked_items, posted
from tests.forms.test_both_ways import HOSTILE

JOINERS = {"{what}{advice}"}
"""Keys without a word of their own: a language says how two sentences follow one another."""


def is_pattern(text: str) -> bool:
    """Tell whether a string describes what people may type rather than what we say."""
    return "[" in text or text in SCALES


def test_every_chinese_word_of_the_forms_has_its_english() -> None:
    missing = [f"{place}: {text}" for text, place in strings() if text not in WORDS]
    assert [told for told in missing if not is_pattern(told.partition(": ")[2])] == []


def test_no_english_stands_for_a_word_that_is_gone() -> None:
    assert set(WORDS) - {text for text, _ in strings()} == JOINERS


def test_both_languages_fill_in_the_same() -> None:
    def slots(text: str) -> set[str]:
        return {name.partition("|")[0] for _, name, _, _ in Formatter().parse(text) if name}

    assert [key for key, text in WORDS.items() if slots(key) != slots(text)] == []


def test_no_chinese_is_left_in_english() -> None:
    assert [text for text in WORDS.values() if HAN.search(text)] == []


def test_an_english_reader_sees_no_chinese_of_ours_and_a_chinese_reader_no_english(
    kitchen_hygiene: MaturityModel, private_domain: MaturityModel
) -> None:
    """The model's own words aside: kitchen hygiene is written in English, private domain not."""
    for model, translate, speaks_chinese in (
        (kitchen_hygiene, english, False),
        (private_domain, str, True),
    ):
        form_class = answer_form(model, asked_items(model))
        names = [f"{item.name}_value" for item in form_class().asked]
        for typed in [text for text in HOSTILE if text.isascii()]:
            form = form_class(posted(*((name, typed) for name in names)), translate=translate)
            form.validate()
            told = [error for item in form.asked for error in item.form.value.errors]
            told += [item.form.note.label.text for item in form.asked]
            assert all(bool(HAN.search(sentence)) is speaks_chinese for sentence in told), told


def test_every_choice_is_labelled_in_the_readers_language(kitchen_hygiene: MaturityModel) -> None:
    form = answer_form(kitchen_hygiene, asked_items(kitchen_hygiene))(translate=english)
    for item in form.asked:
        labels = [option.label.text for option in item.form.value]
        labels += [option.label.text for option in item.form.evidence]
        assert "Don’t know" in labels
        assert not HAN.search("".join([*labels, item.form.value.hint]))
    probe = answer_form(kitchen_hygiene, [kitchen_hygiene.questions["probe-calibrated"]])
    labels = [option.label.text for option in probe(translate=english).asked[0].form.value]
    assert labels == ["Yes", "No", "Don’t know", "Not answered yet"]


def test_a_refused_number_reads_well_in_english(kitchen_hygiene: MaturityModel) -> None:
    question = kitchen_hygiene.questions["checks-on-time"]
    form = answer_form(kitchen_hygiene, [question])(
        posted(("q-checks-on-time_value", "70-80")), translate=english
    )
    form.validate()
    value = form.asked[0].form.value
    assert value.hint == "Enter a number from 0 to 100 (unit: %)."
    assert value.error == (
        "This takes a number from 0 to 100 (unit: %), and “70-80” was entered. "
        "Enter one number, not a range."
    )
