"""One of several: a question's anchored options, a fact's options, yes or no."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.fields.value import Item, Reader, ValueField, not_an_option, options_of, single
from app.forms.messages import Message

ARCHETYPE: Final = "archetype"
"""The fact part whose options are the model's archetypes, except those chosen by a condition."""

_FARTHEST: Final = 10**6


class ChoiceReader(Reader):
    """Reads one of the given strings; ``labels`` are the options by what their input sends."""

    def __init__(self, values: Mapping[str, AnswerValue], labels: Sequence[str]) -> None:
        self._values = values
        self._strings = {value: string for string, value in values.items()}
        self.labels = dict(zip(values, labels, strict=True))

    def expected(self) -> Message:
        """Say what is permitted."""
        return Message("选项之一")

    def value(self, given: Sequence[str]) -> AnswerValue:
        """Return the option chosen."""
        typed = single(given)
        if typed not in self._values:
            raise not_an_option(typed)
        return self._values[typed]

    def write(self, value: AnswerValue) -> tuple[str, ...]:
        """Return what the input of an option sends."""
        string = self._strings.get(value, "")
        # True equals 1: an answer of another kind is none of the options.
        fits = string and type(value) is type(self._values[string])
        return (string,) if fits else ()


class LevelReader(ChoiceReader):
    """Reads the level an option of a question stands for; JSON gives it as a number."""

    def spelled_json(self, raw: object) -> tuple[str, ...]:
        """Return the string of a level."""
        if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < _FARTHEST:
            return (str(raw),)
        raise self.mistyped(raw)


class YesNoReader(ChoiceReader):
    """Reads yes or no; JSON gives true or false."""

    def __init__(self) -> None:
        super().__init__({"yes": True, "no": False}, ("是", "否"))

    def spelled_json(self, raw: object) -> tuple[str, ...]:
        """Return the string of true or false."""
        if isinstance(raw, bool):
            return self.write(raw)
        raise self.mistyped(raw)


def selectable_archetypes(model: MaturityModel, part: FactPart | None) -> Mapping[str, str]:
    """Return the titles of the archetypes a client can be of, in the words of the fact, by id.

    One that takes over by a condition is not chosen.
    """
    words = {} if part is None else {option.id: option.title for option in part.choices}
    own = [one for one in model.content.archetypes if one.overlay is None]
    return {one.id: words.get(one.id, one.title) for one in own}


class ChoiceField(ValueField):
    """A fact answered by one of its options. A group of radio buttons."""

    reader: ChoiceReader

    @classmethod
    def reader_of(cls, item: Item, model: MaturityModel) -> Reader:
        """Return what reads the id of an option."""
        titles: Mapping[str, str] = {option.id: option.title for option in options_of(item)}
        if item.id == ARCHETYPE and isinstance(item, FactPart):
            titles = selectable_archetypes(model, item) or titles
        return ChoiceReader({name: name for name in titles}, tuple(titles.values()))

    def options(self) -> Sequence[tuple[str, str]]:
        """Return value and label of every option, "don't know" and "not answered"."""
        nothing = ("", self.gettext("还没回答"))
        return (*self.own_options(), *super().options(), nothing)

    def own_options(self) -> Sequence[tuple[str, str]]:
        """Return value and label of every option, in the words of the model."""
        return tuple(self.reader.labels.items())


class LevelField(ChoiceField):
    """A question answered by one of its anchored options, lowest first. Radio buttons.

    An option sends the level it stands for: the keys 1–5 where the scale begins at 1.
    """

    @classmethod
    def reader_of(cls, item: Item, model: MaturityModel) -> Reader:
        """Return what reads the level of an option."""
        labels: Sequence[str] = [option.title for option in options_of(item)]
        if isinstance(item, Question):
            if item.choices:
                labels = [option.title for option in item.choices]
            elif item.area is not None:
                labels = model.areas[item.area].anchors
        lowest = model.content.scale.minimum
        levels = range(lowest, lowest + len(labels))
        return LevelReader({str(level): level for level in levels}, labels)


class YesNoField(ChoiceField):
    """A question or fact answered by yes or no. Radio buttons."""

    @classmethod
    def reader_of(cls, _item: Item, _model: MaturityModel) -> Reader:
        """Return what reads yes or no."""
        return YesNoReader()

    def own_options(self) -> Sequence[tuple[str, str]]:
        """Return value and label of yes and no, in our words."""
        return [(value, self.gettext(label)) for value, label in super().own_options()]
