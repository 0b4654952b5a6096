"""The answer to one question or fact part: how it is read, and the field that carries it.

An answer reaches us as strings from a browser form or as a JSON value from an autosave. A
``Reader`` turns the JSON into the strings a browser would have sent, and those into the domain's
value, so that both ways take exactly the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from wtforms.fields.choices import (  # type: ignore[attr-defined] # Choice is not in the stubs
    Choice,
    SelectFieldBase,
)
from wtforms.widgets import CheckboxInput, RadioInput

from app.domain.definitions.questionnaire import Choice as Option
from app.domain.definitions.questionnaire import FactPart, Question
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.messages import Message, ValueRefusedError, refused, shown

Item: TypeAlias = Question | FactPart
"""What is asked: both have ``id``, ``type``, ``unit``, bounds and options."""

UNKNOWN: Final = "unknown"
"""What the "don't know" choice sends, in a form and in JSON."""

_SPELLINGS: Final = frozenset((UNKNOWN, "不知道"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was answered: a value, "don't know" (``unknown``), or neither: not answered."""

    value: AnswerValue | None = None
    unknown: bool = False


NOT_ANSWERED: Final = Reading()
DONT_KNOW: Final = Reading(unknown=True)


class Reader(ABC):
    """Reads the answers to one item; whatever it refuses is a ``ValueRefusedError``."""

    def read(self, typed: Sequence[str]) -> Reading:
        """Return what the inputs of a browser say; blank ones say nothing."""
        given = [text for text in typed if text.strip()]
        if not given:
            return NOT_ANSWERED
        unknown = [text for text in given if text.strip() in _SPELLINGS]
        if len(unknown) == len(given):
            return DONT_KNOW
        if unknown:
            raise refused("既填了答案又选了「不知道」，请只留一个。")
        return Reading(self.value(given))

    def spelled(self, raw: object) -> tuple[str, ...]:
        """Return the strings a browser would have sent for a JSON value."""
        if raw is None:
            return ()
        if isinstance(raw, str):
            return (raw,)
        return self.spelled_json(raw)

    def spelled_json(self, raw: object) -> tuple[str, ...]:
        """Return the strings for a JSON value that is neither null nor a string."""
        raise self.mistyped(raw)

    def mistyped(self, raw: object) -> ValueRefusedError:
        """Return the refusal of a JSON value of the wrong kind."""
        kind = _KINDS.get(type(raw), Message("别的东西"))
        return refused("这里要填{expected}，收到的是{kind}。", expected=self.expected(), kind=kind)

    def written(self, reading: Reading) -> tuple[str, ...]:
        """Return what the browser's inputs hold for an answer; nothing for one that does not fit.

        An answer given under another wording may not fit; it is then chosen anew.
        """
        if reading.unknown:
            return (UNKNOWN,)
        return () if reading.value is None else self.write(reading.value)

    @abstractmethod
    def expected(self) -> Message:
        """Say what is permitted."""

    @abstractmethod
    def value(self, given: Sequence[str]) -> AnswerValue:
        """Return the value of the non-blank strings given (one or more)."""

    @abstractmethod
    def write(self, value: AnswerValue) -> tuple[str, ...]:
        """Return the strings ``value`` reads from; none where it is no value of this kind."""


_KINDS: Final = {
    bool: Message("是或否"),
    int: Message("一个数字"),
    float: Message("一个数字"),
    list: Message("一个列表"),
    dict: Message("一组键值"),
}


def single(given: Sequence[str]) -> str:
    """Return the only string of an item that takes one answer."""
    if len(given) > 1:
        raise refused("这一题只能有一个答案，收到了{n}个，请只留一个。", n=len(given))
    return given[0].strip()


def not_an_option(typed: str) -> ValueRefusedError:
    """Return the refusal of an option the item does not have."""
    key = "选项里没有「{given}」。问卷可能已经更新，请刷新页面后重新选择。"
    return refused(key, given=shown(typed))


def options_of(item: Item) -> tuple[Option, ...]:
    """Return the options an author wrote for an item."""
    return item.items if isinstance(item, Question) else item.choices


class ValueField(SelectFieldBase):
    """The answer to one item. ``data`` is its ``Reading``.

    Iterating yields the choices, each with ``id``, ``name``, ``data``, ``label`` and ``checked``:
    the options and "don't know", for what is typed "don't know" alone. An answer that is absent
    from the form data was not on the page: it stays as it is. So a group of choices is sent with an
    empty hidden input of the same name, or nobody could take back the last tick.
    """

    option_widget: Any = RadioInput()
    data: Reading

    def __init__(self, item: Item, model: MaturityModel, **kwargs: Any) -> None:
        text = item.text if isinstance(item, Question) else item.title
        super().__init__(label=text, **kwargs)
        self.question = item
        self.reader = self.reader_of(item, model)
        self._typed: tuple[str, ...] | None = None

    @classmethod
    def reader_of(cls, item: Item, model: MaturityModel) -> Reader:
        """Return what reads the answers to ``item``."""
        raise NotImplementedError

    def options(self) -> Sequence[tuple[str, str]]:
        """Return value and label of every choice, "don't know" last."""
        return ((UNKNOWN, self.gettext("不知道")),)

    @property
    def raw(self) -> tuple[str, ...]:
        """What the inputs hold: as typed where it was posted, right or wrong, else as stored."""
        return self.reader.written(self.data) if self._typed is None else self._typed

    @property
    def text(self) -> str:
        """What the text box holds."""
        return next((typed for typed in self.raw if typed.strip() not in _SPELLINGS), "")

    @property
    def unknown(self) -> bool:
        """Whether "don't know" is chosen."""
        return any(typed.strip() in _SPELLINGS for typed in self.raw)

    @property
    def hint(self) -> str:
        """What is permitted, in a sentence; empty where the choices show it."""
        return ""

    @property
    def error(self) -> str:
        """The first thing wrong, or an empty string."""
        return self.errors[0] if self.errors else ""

    def process_data(self, value: Reading | None) -> None:
        """Take a stored answer."""
        self.data = value or NOT_ANSWERED

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was posted; what is wrong with it is told when the form is validated."""
        if not valuelist:
            return
        typed = tuple(text for text in valuelist if isinstance(text, str))
        self._typed = tuple(text for text in typed if text.strip())
        self.data = NOT_ANSWERED
        try:
            self.data = self.reader.read(typed)
        except ValueRefusedError as refusal:
            raise ValueError(refusal.text(self.gettext)) from None

    def iter_choices(self) -> Iterator[Any]:
        """Yield the choices as WTForms wants them."""
        chosen = self.raw
        for value, label in self.options():
            checked = value in chosen if value else not chosen
            if value == UNKNOWN:
                checked = self.unknown
            yield Choice(value, label, checked, {})

    def _value(self) -> str:
        return self.text


class TypedField(ValueField):
    """An answer typed into a box, with "don't know" as a box to tick beside it."""

    option_widget = CheckboxInput()

    @property
    def hint(self) -> str:
        """What is permitted, in a sentence."""
        expected = self.reader.expected().text(self.gettext)
        return self.gettext("请填{expected}。").format(expected=expected)
