"""Forms as a browser posts them, and values as people may give them."""

from fractions import Fraction

from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.bounds import DECIMAL_PLACES, LARGEST
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.answers import Answers, to_answers
from app.forms.factory import answer_form, input_name
from app.forms.fields import is_asked, reader_of
from app.forms.fields.choice import ChoiceReader
from app.forms.fields.multi import MultiReader
from app.forms.fields.value import Item


def posted(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    """Return form data of these names and values."""
    return MultiDict(list(pairs))


def asked_items(model: MaturityModel) -> list[Item]:
    """Return every question and fact part somebody answers."""
    items: list[Item] = [*model.questions.values(), *model.fact_parts.values()]
    return [item for item in items if is_asked(item)]


def post(model: MaturityModel, item: Item, *typed: str, **beside: str) -> Answers:
    """Return what comes of posting ``typed`` as the answer to one item, ``beside`` with it."""
    name = input_name(item)
    pairs = [(f"{name}_value", text) for text in typed]
    pairs += [(f"{name}_{part}", text) for part, text in beside.items()]
    return to_answers(answer_form(model, [item])(posted(*pairs)))


def values_of(model: MaturityModel, item: Item) -> st.SearchStrategy[AnswerValue]:
    """Return every value an item permits."""
    reader = reader_of(item, model)
    if isinstance(reader, ChoiceReader):
        return st.sampled_from([reader.value((string,)) for string in reader.labels])
    if isinstance(reader, MultiReader):
        return st.sets(st.sampled_from(list(reader.labels))).map(
            lambda picked: tuple(name for name in reader.labels if name in picked)
        )
    if item.type == "number":
        return _numbers(item)
    letters = st.characters(exclude_categories=["Cc", "Cs"])
    words = st.text(letters | st.sampled_from("\n\t"), max_size=300).map(str.strip)
    return words.filter(lambda text: text not in ("", "unknown", "不知道"))


def _numbers(item: Item) -> st.SearchStrategy[Fraction]:
    low = Fraction(-LARGEST if item.minimum is None else item.minimum)
    high = Fraction(LARGEST if item.maximum is None else item.maximum)
    if item.integer:
        return st.integers(-(-low // 1), high // 1).map(Fraction)
    finest = 10**DECIMAL_PLACES
    steps = st.integers(-(-low * finest // 1), high * finest // 1)
    return steps.map(lambda step: Fraction(step, finest))
