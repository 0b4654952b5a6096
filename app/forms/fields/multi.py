"""Any number of several items, ticked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from wtforms.widgets import CheckboxInput

from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.fields.value import Item, Reader, ValueField, not_an_option, options_of
from app.forms.messages import Message, refused, shown

NONE: Final = "[]"
"""What "none of these" sends, written as answers files write an empty list."""


class MultiReader(Reader):
    """Reads the items ticked, in the order of the definition; ``labels`` by item id."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels

    def expected(self) -> Message:
        """Say what is permitted."""
        return Message("一个选项列表")

    def spelled_json(self, raw: object) -> tuple[str, ...]:
        """Return the strings of a list of ids; an empty list is "none of these"."""
        if not isinstance(raw, list):
            raise self.mistyped(raw)
        for name in raw:
            if not isinstance(name, str):
                raise self.mistyped(name)
        return tuple(raw) or (NONE,)

    def value(self, given: Sequence[str]) -> AnswerValue:
        """Return the ids ticked."""
        ticked = [text.strip() for text in given]
        if set(ticked) == {NONE}:
            return ()
        if NONE in ticked:
            raise refused("既选了「以上都没有」又选了别的，请只留一种。")
        for name, times in Counter(ticked).items():
            if name not in self.labels:
                raise not_an_option(name)
            if times > 1:
                raise refused("「{given}」选了两次，请只选一次。", given=shown(self.labels[name]))
        return tuple(name for name in self.labels if name in ticked)

    def write(self, value: AnswerValue) -> tuple[str, ...]:
        """Return what the ticked boxes send."""
        if not isinstance(value, tuple):
            return ()
        return tuple(name for name in value if name in self.labels) if value else (NONE,)


class MultiField(ValueField):
    """A question or fact answered by ticking items, "none of these" among them. Checkboxes."""

    reader: MultiReader
    option_widget = CheckboxInput()

    @classmethod
    def reader_of(cls, item: Item, _model: MaturityModel) -> Reader:
        """Return what reads the items ticked."""
        return MultiReader({option.id: option.title for option in options_of(item)})

    def options(self) -> Sequence[tuple[str, str]]:
        """Return value and label of every item, "none of these" and "don't know"."""
        none = (NONE, self.gettext("以上都没有"))
        return (*self.reader.labels.items(), none, *super().options())
