"""A browser form and an autosave take the same answers, and both those of an answers file."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.answers.readers import FACT_READERS, QUESTION_READERS
from app.content.answers.values import RefusalError
from app.domain.definitions.questionnaire import Question
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.answer_input import AnswerInput
from app.forms.answers import read_answer, read_value, to_answers
from app.forms.factory import answer_form
from app.forms.fields import reader_of
from app.forms.fields.value import NOT_ANSWERED, Item, Reading
from app.forms.messages import ValueRefusedError
from tests.forms.posting import asked_items, post, posted, values_of

MODELS = ("private_domain", "kitchen_hygiene")
HOSTILE = (
    *("1e999", "nan", "NaN", "-inf", "Infinity", "0x10", "1_000", "１２３", "٣", "½", "㉈", "1,2,3"),
    *("--1", "+-1", "1e", ".", "-", "%", "0%", "万", "1万亿", "9" * 59, "9" * 61, "9" * 5000),
    *("0." + "0" * 40 + "1", "1.0000000000001", "true", "True", "null", "None", "[]", "{}"),
    *("unknown ", " 不知道", "\x00", "a\x00b", "\ud800", "\u202e1", "a" * 2001, "<script>"),
    *(
        "{given}",
        "{0.__class__}",
        "%s",
        "1\n2",
        "6",
        "0",
        "-1",
        "yes",
        "no",
        "YES",
        "是",
        "",
        "   ",
    ),
    *("goal-type", "goal-type ", "welfare", "tier-1", "b2b"),
)


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> MaturityModel:
    found: MaturityModel = request.getfixturevalue(request.param)
    return found


def as_json(value: AnswerValue) -> Any:
    """Return a value as a script would send it: numbers as digits, which JSON keeps exact."""
    if isinstance(value, Fraction):
        return (
            str(value.numerator)
            if value.denominator == 1
            else f"{Decimal(value.numerator) / value.denominator:f}"
        )
    return list(value) if isinstance(value, tuple) else value


def by_autosave(model: MaturityModel, item: Item, raw: object) -> AnswerInput | None:
    try:
        return read_answer(model, item, raw)
    except ValueRefusedError:
        return None


@settings(max_examples=150)
@given(data=st.data())
def test_what_a_form_shows_of_an_answer_is_read_back_as_that_answer(
    data: st.DataObject, private_domain: MaturityModel, kitchen_hygiene: MaturityModel
) -> None:
    model = data.draw(st.sampled_from([private_domain, kitchen_hygiene]))
    item = data.draw(st.sampled_from(asked_items(model)))
    value = data.draw(values_of(model, item))
    stored = AnswerInput(value=value, evidence="E2", note="看了原件", quote="我们每周一看")
    shown = answer_form(model, [item])(answers={item.id: stored}).asked[0].form
    assert shown.value.raw
    again = post(
        model,
        item,
        *shown.value.raw,
        evidence=shown.evidence.data,
        note="看了原件",
        quote="我们每周一看",
    )
    assert again.errors == {}
    assert again.given == {item.id: stored}
    (read,) = again.given.values()
    assert type(read.value) is type(value)
    assert by_autosave(model, item, as_json(value)) == AnswerInput(value=value)


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_dont_know_can_be_said_of_everything_and_is_shown_again(model: MaturityModel) -> None:
    for item in asked_items(model):
        for word in ("unknown", "不知道"):
            assert post(model, item, word).given == {item.id: AnswerInput(unknown=True)}
            assert read_value(model, item, word) is None
        shown = (
            answer_form(model, [item])(answers={item.id: AnswerInput(unknown=True)}).asked[0].form
        )
        assert shown.value.unknown
        assert [option.data for option in shown.value if option.checked] == ["unknown"]


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_hostile_input_gets_the_same_answer_both_ways_and_never_an_exception(
    model: MaturityModel,
) -> None:
    for item in asked_items(model):
        for typed in HOSTILE:
            form = post(model, item, typed)
            saved = by_autosave(model, item, typed)
            assert form.given.get(item.id) == saved, (item.id, typed)
            assert bool(form.errors) is (saved is None)


@settings(max_examples=300)
@given(data=st.data())
def test_any_strings_are_taken_alike_by_form_and_autosave(
    data: st.DataObject, private_domain: MaturityModel
) -> None:
    item = data.draw(st.sampled_from(asked_items(private_domain)))
    options = [text for text, _ in reader_labels(private_domain, item)] or ["12", "3.5", "1.2万"]
    words = st.sampled_from(options) | st.sampled_from(HOSTILE) | st.text(max_size=20)
    typed = data.draw(st.lists(words, min_size=1, max_size=4))
    form = post(private_domain, item, *typed)
    if item.type == "multi":
        assert form.given.get(item.id) == by_autosave(private_domain, item, typed)
    elif len(typed) == 1:
        assert form.given.get(item.id) == by_autosave(private_domain, item, typed[0])
    else:
        assert by_autosave(private_domain, item, typed) is None


def reader_labels(model: MaturityModel, item: Item) -> list[tuple[str, str]]:
    labels: dict[str, str] = getattr(reader_of(item, model), "labels", {})
    return list(labels.items())


WRONG_JSON: tuple[object, ...] = (
    *(True, False, 0, 3, -1, 6, 10**400, -(10**400), 2.5, 1e308, 5e-324),
    *(math.inf, -math.inf, math.nan, [], [True], [None], ["x", "x"], [["x"]]),
    *({}, {"value": 3}, object(), b"3"),
)
PERMITTED = {"choice": int, "number": int | float, "multi": list, "yes-no": bool}


@pytest.mark.parametrize("model", MODELS, indirect=True)
def test_json_of_the_wrong_kind_gets_a_sentence(model: MaturityModel) -> None:
    for item in asked_items(model):
        for raw in WRONG_JSON:
            try:
                read_answer(model, item, raw)
            except ValueRefusedError as refusal:
                told = refusal.text(str)
            else:
                told = "taken。" if isinstance(raw, PERMITTED[item.type]) else "taken"
            assert told.endswith("。"), (item.id, raw)


def test_json_may_say_true_three_or_a_list(kitchen_hygiene: MaturityModel) -> None:
    questions, parts = kitchen_hygiene.questions, kitchen_hygiene.fact_parts
    for item, raw, meant in (
        (questions["cold-chain"], 0, 0),
        (questions["checks-on-time"], 76.5, Fraction(153, 2)),
        (questions["checks-on-time"], 0.1, Fraction(1, 10)),
        (questions["probe-calibrated"], False, False),
        (
            questions["breaches-seen"],
            ["shared-cloth", "raw-above-ready"],
            ("raw-above-ready", "shared-cloth"),
        ),
        (questions["breaches-seen"], [], ()),
        (parts["archetype"], "care-home", "care-home"),
        (parts["delivery"], True, True),
    ):
        value = read_value(kitchen_hygiene, item, raw)
        assert (value, type(value)) == (meant, type(meant))


def test_an_autosave_takes_an_answer_back_by_sending_nothing(
    private_domain: MaturityModel,
) -> None:
    for item in asked_items(private_domain):
        for raw in (None, "", "  "):
            assert read_answer(private_domain, item, raw).kind == "cleared"
            with pytest.raises(ValueRefusedError):
                read_value(private_domain, item, raw)


@pytest.mark.parametrize(
    ("beside", "field"),
    [
        ({"evidence": "E9"}, "evidence"),
        ({"evidence": 2}, "evidence"),
        ({"note": "长" * 501}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"quote": ["x"]}, "quote"),
    ],
)
def test_an_autosave_names_the_field_it_refuses(
    beside: dict[str, Any], field: str, private_domain: MaturityModel
) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        read_answer(private_domain, private_domain.questions["strategy-shared"], 3, **beside)
    assert caught.value.field == field


def in_a_file(model: MaturityModel, item: Item, value: Any) -> object:
    """Return what an answers file makes of a value, None where it is refused."""
    try:
        if isinstance(item, Question):
            return QUESTION_READERS[item.type](item, model.content.scale)(value)
        return FACT_READERS[item.type](item)(value)
    except RefusalError:
        return None


@settings(max_examples=200)
@given(data=st.data())
def test_a_form_takes_the_values_an_answers_file_takes(
    data: st.DataObject, private_domain: MaturityModel, kitchen_hygiene: MaturityModel
) -> None:
    model = data.draw(st.sampled_from([private_domain, kitchen_hygiene]))
    item = data.draw(st.sampled_from(asked_items(model)))
    near = st.decimals(-200, 2_000_000_000_000, allow_nan=False, allow_infinity=False, places=3)
    names = st.sampled_from(["users", "budget", "who", "what", "gluten", "x"])
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "number": near | st.integers(-3, 110).map(Decimal) | st.just(Decimal("0.0000000000001")),
        "choice": st.integers(-1, 7) | st.sampled_from(["tier-1", "b2b", "restaurant", "x"]),
        "multi": st.lists(names, unique=True).map(tuple),
        "yes-no": st.booleans(),
        "text": st.text(st.characters(exclude_characters="\r"), max_size=30),
    }
    value = data.draw(drawn[item.type])
    saved = by_autosave(model, item, sent(value))
    read = in_a_file(model, item, value)
    if saved is None or saved.kind == "cleared":
        assert read is None
    elif item.type == "multi":
        assert isinstance(saved.value, tuple)
        assert sorted(saved.value) == sorted(value)
    elif item.type == "text":
        # A box drops blanks at the ends; a file keeps them where they are quoted.
        assert saved.value == str(read).strip()
    else:
        assert saved.value == read


def sent(value: object) -> object:
    """Return a value of an answers file as a script would send it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def test_a_stored_answer_that_no_longer_fits_is_shown_as_nothing(
    private_domain: MaturityModel,
) -> None:
    question = private_domain.questions["strategy-shared"]
    stales: tuple[AnswerValue, ...] = (9, True, "three", ("users",), Fraction(7, 2))
    for stale in stales:
        form = answer_form(private_domain, [question])(answers={question.id: AnswerInput(stale)})
        assert form.asked[0].form.value.raw == ()
    assert reader_of(question, private_domain).written(Reading(3)) == ("3",)
    assert reader_of(question, private_domain).read(()) == NOT_ANSWERED


def test_what_was_not_on_the_page_stays_out_of_the_answers(private_domain: MaturityModel) -> None:
    questions = [private_domain.questions[name] for name in ("strategy-shared", "strategy-written")]
    stored = {"strategy-shared": AnswerInput(4), "strategy-written": AnswerInput(("users",))}
    form = answer_form(private_domain, questions)(
        posted(("q-strategy-written_value", "")), answers=stored
    )
    assert [item.form.value.raw for item in form.asked] == [("4",), ()]
    assert to_answers(form).given == {"strategy-written": AnswerInput()}
