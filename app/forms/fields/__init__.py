"""Which field carries the answers to which kind of question or fact part: one entry per type.

A type is added here and nowhere else. A computed question has no entry: nobody is asked.
"""

from collections.abc import Mapping
from typing import Final

from app.domain.definitions.questionnaire import Question
from app.domain.model import MaturityModel
from app.forms.fields.choice import ChoiceField, LevelField, YesNoField
from app.forms.fields.multi import MultiField
from app.forms.fields.number import NumberField
from app.forms.fields.text import TextField
from app.forms.fields.value import Item, Reader, ValueField

QUESTION_FIELDS: Final[Mapping[str, type[ValueField]]] = {
    "choice": LevelField,
    "number": NumberField,
    "multi": MultiField,
    "yes-no": YesNoField,
    "text": TextField,
}

PART_FIELDS: Final[Mapping[str, type[ValueField]]] = {
    "number": NumberField,
    "choice": ChoiceField,
    "multi": MultiField,
    "yes-no": YesNoField,
}


def is_asked(item: Item) -> bool:
    """Tell whether anybody answers this item; computed questions answer themselves."""
    return item.type in _fields(item)


def field_class(item: Item) -> type[ValueField]:
    """Return the field class of an item that is asked; raises ``KeyError`` for others."""
    return _fields(item)[item.type]


def reader_of(item: Item, model: MaturityModel) -> Reader:
    """Return what reads the answers to an item that is asked; raises ``KeyError`` for others."""
    return field_class(item).reader_of(item, model)


def _fields(item: Item) -> Mapping[str, type[ValueField]]:
    return QUESTION_FIELDS if isinstance(item, Question) else PART_FIELDS
