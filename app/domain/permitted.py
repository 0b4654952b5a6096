"""Whether a value may answer a question or a fact of a model: of its type and within its bounds.

Used where an answer given under one release of a model is read under another.
"""

from fractions import Fraction

from app.domain.change import options_of
from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.definitions.record import Number
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue


def permits_answer(model: MaturityModel, question: Question, value: AnswerValue) -> bool:
    """Return whether a value answers a question of the model."""
    if question.type == "yes-no":
        return isinstance(value, bool)
    if question.type == "text":
        return isinstance(value, str)
    if question.type == "multi":
        known = {item.id for item in question.items}
        return isinstance(value, tuple) and known.issuperset(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return False
    if question.type == "choice":
        return value in options_of(model, question)
    return question.type == "number" and _within(
        Fraction(value), question.minimum, question.maximum, question.integer
    )


def permits_fact(part: FactPart, value: Fraction | str | bool | tuple[str, ...]) -> bool:
    """Return whether a value is one of a fact part's."""
    known = {choice.id for choice in part.choices}
    if part.type == "yes-no":
        return isinstance(value, bool)
    if part.type == "choice":
        return isinstance(value, str) and value in known
    if part.type == "multi":
        return isinstance(value, tuple) and known.issuperset(value)
    if isinstance(value, bool) or not isinstance(value, Fraction):
        return False
    return _within(value, part.minimum, part.maximum, part.integer)


def _within(value: Fraction, minimum: Number | None, maximum: Number | None, integer: bool) -> bool:
    if integer and value.denominator != 1:
        return False
    low = minimum is None or value >= Fraction(minimum)
    return low and (maximum is None or value <= Fraction(maximum))
