"""An answer in words; not scored."""

from collections.abc import Sequence

from app.domain.bounds import TEXT_LIMIT
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.fields.value import Item, Reader, TypedField, single
from app.forms.messages import Message
from app.forms.words import read_words


class TextReader(Reader):
    """Reads words."""

    def expected(self) -> Message:
        """Say how much is permitted."""
        return Message("文字，最多{limit}个字", {"limit": f"{TEXT_LIMIT:,}"})

    def value(self, given: Sequence[str]) -> AnswerValue:
        """Return the words."""
        return read_words(single(given), TEXT_LIMIT)

    def write(self, value: AnswerValue) -> tuple[str, ...]:
        """Return the words as they were."""
        return (value,) if isinstance(value, str) else ()


class TextField(TypedField):
    """Words in a box of several lines."""

    limit = TEXT_LIMIT

    @classmethod
    def reader_of(cls, _item: Item, _model: MaturityModel) -> Reader:
        """Return what reads the words."""
        return TextReader()
