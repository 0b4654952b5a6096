"""The answer form a consultant sees: what it is made of and what it says."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from wtforms.widgets import CheckboxInput, RadioInput

from app.domain.model import MaturityModel
from app.forms.answer_input import AnswerInput
from app.forms.answers import to_answers
from app.forms.factory import answer_form, input_name
from tests.forms.posting import asked_items, post, posted


def test_every_section_becomes_a_form_without_its_computed_questions(
    private_domain: MaturityModel,
) -> None:
    for section in private_domain.content.sections:
        asked = answer_form(private_domain, section.questions)().asked
        expected = [question.id for question in section.questions if question.type != "computed"]
        assert [item.question.id for item in asked] == expected


def test_a_form_of_the_whole_questionnaire_has_names_of_its_own_for_every_input(
    private_domain: MaturityModel,
) -> None:
    form = answer_form(private_domain, asked_items(private_domain))()
    fields = [field for item in form.asked for field in item.form]
    names = [field.name for field in fields]
    ids = [field.id for field in fields]
    ids += [option.id for item in form.asked for option in item.form.value]
    assert len(form.asked) > 90
    assert len(set(names)) == len(names)
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) for name in ids)


def test_an_id_of_any_spelling_makes_a_safe_and_distinct_name(
    private_domain: MaturityModel,
) -> None:
    question = private_domain.questions["strategy-shared"]
    names = {
        input_name(replace(question, id=spelling))
        for spelling in ("a.b", "a_b", "a b", "a-b", "题")
    }
    assert len(names) == 5
    assert all(re.fullmatch(r"q-[A-Za-z0-9_-]+", name) for name in names)


def test_one_version_of_a_definition_has_one_class_and_another_its_own(
    private_domain: MaturityModel, kitchen_hygiene: MaturityModel
) -> None:
    questions = private_domain.content.sections[0].questions
    first = answer_form(private_domain, questions)
    assert answer_form(private_domain, list(questions)) is first
    assert answer_form(private_domain, questions, graded=False) is not first
    assert answer_form(private_domain, questions[1:]) is not first
    assert answer_form(replace(private_domain, digest="another"), questions) is not first
    assert answer_form(kitchen_hygiene, kitchen_hygiene.questions.values())().asked


def test_a_choice_offers_its_anchors_from_the_lowest_level_of_the_scale(
    private_domain: MaturityModel, kitchen_hygiene: MaturityModel
) -> None:
    for model, name, levels in (
        (private_domain, "strategy-shared", "12345"),
        (kitchen_hygiene, "cold-chain", "0123"),
        (kitchen_hygiene, "raw-and-ready", "0123"),
    ):
        value = answer_form(model, [model.questions[name]])().asked[0].form.value
        options = list(value)
        assert [option.data for option in options] == [*levels, "unknown", ""]
        assert isinstance(options[0].widget, RadioInput)
        assert [option.checked for option in options] == [False] * (len(options) - 1) + [True]
    own = answer_form(kitchen_hygiene, [kitchen_hygiene.questions["raw-and-ready"]])().asked[0]
    assert next(option.label.text for option in own.form.value) == "They share boards and shelves."


def test_a_multi_tells_none_of_these_from_nothing_said(private_domain: MaturityModel) -> None:
    question = private_domain.questions["compliance-breaches"]
    assert post(private_domain, question, "", "[]").given[question.id] == AnswerInput(())
    assert post(private_domain, question, "").given[question.id].kind == "cleared"
    assert post(private_domain, question).given == {}
    both = post(private_domain, question, "", "[]", "shills")
    assert both.errors == {question.id: ("既选了「以上都没有」又选了别的，请只留一种。",)}
    twice = post(private_domain, question, "shills", "shills")
    assert "选了两次" in twice.errors[question.id][0]
    options = list(answer_form(private_domain, [question])().asked[0].form.value)
    assert isinstance(options[0].widget, CheckboxInput)
    assert [option.label.text for option in options][-2:] == ["以上都没有", "不知道"]


def test_an_archetype_chosen_by_a_condition_is_not_offered(private_domain: MaturityModel) -> None:
    part = private_domain.fact_parts["archetype"]
    taken = {one.id for one in private_domain.content.archetypes if one.overlay is not None}
    value = answer_form(private_domain, [part])().asked[0].form.value
    assert taken
    assert not taken & {option.data for option in value}
    for name in taken:
        assert post(private_domain, part, name).errors


def test_an_answer_beside_dont_know_is_refused_and_both_stay_to_be_seen(
    private_domain: MaturityModel,
) -> None:
    question = private_domain.questions["budget-months"]
    form = answer_form(private_domain, [question])(
        posted(("q-budget-months_value", "12"), ("q-budget-months_value", "unknown"))
    )
    assert to_answers(form).errors == {question.id: ("既填了答案又选了「不知道」，请只留一个。",)}
    value = form.asked[0].form.value
    assert (value.text, value.unknown) == ("12", True)
    assert value.error == "既填了答案又选了「不知道」，请只留一个。"


def test_what_was_typed_stays_in_the_box_when_it_is_refused(private_domain: MaturityModel) -> None:
    question = private_domain.questions["budget-months"]
    form = answer_form(private_domain, [question])(posted(("q-budget-months_value", " 很多 ")))
    assert not form.validate()
    value = form.asked[0].form.value
    assert value.text == " 很多 "
    assert value.question is question
    assert value.hint == "请填0到60之间的数字（单位：个月）。"
    assert value.error == "这里要填0到60之间的数字（单位：个月），写的是「很多」。"


def test_what_stands_beside_an_answer_has_the_bounds_of_an_answers_file(
    private_domain: MaturityModel,
) -> None:
    question = private_domain.questions["strategy-shared"]
    full = post(private_domain, question, "3", evidence="E3", note="一\r\n二\r", quote="原" * 500)
    assert full.given == {
        question.id: AnswerInput(3, evidence="E3", note="一\n二", quote="原" * 500)
    }
    for beside, words in (
        ({"evidence": "E4"}, "选项里没有这一项"),
        ({"note": "长" * 501}, "最多写500个字，现在有501个"),
        ({"quote": "长" * 501}, "最多写500个字"),
        ({"note": "a\x00"}, "U+0000"),
    ):
        (told,) = post(private_domain, question, "3", **beside).errors[question.id]
        assert words in told


def test_a_note_may_stand_without_an_answer(private_domain: MaturityModel) -> None:
    question = private_domain.questions["strategy-shared"]
    read = post(private_domain, question, "", note="约了下周再问").given[question.id]
    assert (read.kind, read.note) == ("cleared", "约了下周再问")


def test_a_respondents_form_takes_no_evidence_grade(private_domain: MaturityModel) -> None:
    question = private_domain.questions["strategy-shared"]
    form_class = answer_form(private_domain, [question], graded=False)
    form = form_class(
        posted(
            ("q-strategy-shared_value", "5"),
            ("q-strategy-shared_evidence", "E3"),
            ("q-strategy-shared_quote", "x"),
        )
    )
    assert to_answers(form).given == {question.id: AnswerInput(5)}


def test_two_people_can_be_asked_on_one_page(private_domain: MaturityModel) -> None:
    question = private_domain.questions["strategy-shared"]
    form_class = answer_form(private_domain, [question])
    data = posted(("a-q-strategy-shared_value", "1"), ("b-q-strategy-shared_value", "5"))
    given = [to_answers(form_class(data, prefix=who)).given[question.id].value for who in "ab"]
    assert given == [1, 5]


def test_the_evidence_grades_are_the_models(private_domain: MaturityModel) -> None:
    question = private_domain.questions["strategy-shared"]
    evidence = answer_form(private_domain, [question])().asked[0].form.evidence
    assert [(grade.data, grade.label.text, grade.checked) for grade in evidence] == [
        ("", "未定级", True),
        ("E0", "E0 口头说法", False),
        ("E1", "E1 实例", False),
        ("E2", "E2 实物", False),
        ("E3", "E3 系统数据", False),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", 0),
        ("1,200", 1200),
        ("1，200", 1200),
        ("1 200", 1200),
        ("1200.5", Fraction(2401, 2)),
        ("１２００．５", Fraction(2401, 2)),
        ("1.2万", 12_000),
        ("1.2 万", 12_000),
        ("3千", 3000),
        ("5百万", 5_000_000),
        ("1千万", 10_000_000),
        ("2亿", 200_000_000),
        ("+5", 5),
        ("007", 7),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("5000元", 5000),
        ("5000 元/月", 5000),
        ("5万元", 50_000),
        ("  12  ", 12),
        ("0.000000000001", Fraction(1, 10**12)),
        ("1,000,000,000,000", 10**12),
    ],
)
def test_a_number_is_read_as_people_write_it(
    typed: str, meant: int | Fraction, private_domain: MaturityModel
) -> None:
    part = private_domain.fact_parts["private-gmv"]
    value = post(private_domain, part, typed).given[part.id].value
    assert value == meant
    assert isinstance(value, Fraction)


@pytest.mark.parametrize("typed", ["40%", "４０％", "40 %", "40"])
def test_a_percent_sign_is_read_where_per_cent_is_asked(
    typed: str, private_domain: MaturityModel
) -> None:
    question = private_domain.questions["sop-on-time"]
    assert post(private_domain, question, typed).given[question.id].value == 40


@pytest.mark.parametrize(
    ("item", "typed", "told"),
    [
        ("budget-months", "61", "这里要填0到60之间的数字（单位：个月），写的是「61」。"),
        ("budget-months", "-1", "这里要填0到60之间的数字（单位：个月），写的是「-1」。"),
        ("budget-months", "40%", "写的是「40%」。这一项的单位不是%，请换算后只写数字。"),
        ("budget-months", "3-6", "写的是「3-6」。请只写一个数，不要写区间。"),
        ("budget-months", "3~6个月", "请只写一个数，不要写区间。"),
        ("budget-months", "1,5", "小数点请用「.」，千分位每三位一个逗号。"),
        ("budget-months", "1e1", "请把数字写完整，不用科学计数法。"),
        ("budget-months", "十二", "请用阿拉伯数字。"),
        ("budget-months", "12周", "只写数字，不带单位。"),
        ("budget-months", "1" * 61, "这串字符太长，不是一个数字。"),
        ("budget-months", "0.0000000000001", "小数最多12位。"),
        ("users-interviewed", "2.5", "这里要填0到1,000,000之间的整数（单位：人），写的是「2.5」。"),
    ],
)
def test_a_number_that_cannot_be_taken_is_told_with_range_unit_and_advice(
    item: str, typed: str, told: str, private_domain: MaturityModel
) -> None:
    question = private_domain.questions[item]
    (error,) = post(private_domain, question, typed).errors[item]
    assert told in error


def test_a_refusal_quotes_what_was_typed_visibly_and_short(private_domain: MaturityModel) -> None:
    question = private_domain.questions["budget-months"]
    (error,) = post(private_domain, question, "a\x00\u202e\n" + "b" * 5000).errors[question.id]
    assert "「a " in error
    assert len(error) < 150
    assert all(letter.isprintable() for letter in error)


def test_words_in_braces_are_quoted_as_they_are(private_domain: MaturityModel) -> None:
    question = private_domain.questions["budget-months"]
    (error,) = post(private_domain, question, "{expected.__class__}").errors[question.id]
    assert "「{expected.__class__}」" in error


def test_an_answer_in_words_keeps_its_lines_and_its_bound(kitchen_hygiene: MaturityModel) -> None:
    question = kitchen_hygiene.questions["worst-shift"]
    read = post(kitchen_hygiene, question, " Sunday.\r\nLate. ").given[question.id]
    assert read.value == "Sunday.\nLate."
    assert post(kitchen_hygiene, question, "字" * 2000).given
    (error,) = post(kitchen_hygiene, question, "字" * 2001).errors[question.id]
    assert error == "最多写2,000个字，现在有2,001个，请缩短。"


def test_a_label_of_the_model_is_never_looked_up(private_domain: MaturityModel) -> None:
    def shout(text: str) -> str:
        return f"!{text}"

    form = answer_form(private_domain, asked_items(private_domain))(translate=shout)
    for item in form.asked:
        assert not item.form.value.label.text.startswith("!")
        assert item.form.note.label.text == "!备注"
        grades = [option.label.text for option in item.form.evidence]
        assert grades[:2] == ["!未定级", "E0 口头说法"]
