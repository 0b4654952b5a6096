"""Which reader takes the answers to which kind of question: one entry per type."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from app.content.answers.naming import Names
from app.content.answers.values import Reader, number, one_of, several, text, whole, yes_no
from app.content.strict_yaml import Quoted
from app.domain.bounds import TEXT_LIMIT
from app.domain.definitions.questionnaire import Choice, FactPart, PulseItem, Question
from app.domain.definitions.structure import Scale

NPS: Final = (0, 10)
UNKNOWN: Final = frozenset(("unknown", "不知道"))
"""Answers that mean: asked, and the person does not know."""


def is_unknown(value: Any, kind: str = "") -> bool:
    """Return whether a value says that nobody knows.

    ``kind`` is the type of the question: to an open one, the word in quotes is what was said.
    """
    if not isinstance(value, str) or value not in UNKNOWN:
        return False
    return not (kind == "text" and isinstance(value, Quoted))


# Any: what a reader yields differs by type; the domain's classes say what goes where.
AnyReader: TypeAlias = Reader[Any]


def _names(what: str, choices: tuple[Choice, ...]) -> Names:
    return Names.of(what, (choice.id for choice in choices))


def _level(question: Question, scale: Scale) -> AnyReader:
    """A choice is answered by the level its option stands for, from the scale's minimum up."""
    options = len(question.choices) or scale.maximum - scale.minimum + 1
    return whole(scale.minimum, scale.minimum + options - 1, "选项的级别")


def _number(item: Question | FactPart) -> AnyReader:
    note = f"单位：{item.unit}" if item.unit else ""
    return number(item.minimum, item.maximum, integer=item.integer, note=note)


QUESTION_READERS: Final[Mapping[str, Callable[[Question, Scale], AnyReader]]] = {
    "choice": _level,
    "number": lambda question, _: _number(question),
    "multi": lambda question, _: several(_names("选项", question.items)),
    "yes-no": lambda _question, _scale: yes_no,
    "text": lambda _question, _scale: text(TEXT_LIMIT),
}
"""A computed question has no entry: nobody answers it."""

FACT_READERS: Final[Mapping[str, Callable[[FactPart], AnyReader]]] = {
    "number": _number,
    "choice": lambda part: one_of(_names("选项", part.choices)),
    "multi": lambda part: several(_names("选项", part.choices)),
    "yes-no": lambda _: yes_no,
}

PULSE_READERS: Final[Mapping[str, Callable[[PulseItem, Scale], AnyReader]]] = {
    "scale": lambda _, scale: whole(scale.minimum, scale.maximum),
    "nps": lambda _item, _scale: whole(*NPS),
    "choice": lambda item, _: one_of(_names("选项", item.choices)),
    "text": lambda _item, _scale: text(TEXT_LIMIT),
}
