"""The fields of the workspace's own forms: their words are Chinese keys, looked up at binding.

Whatever is wrong with an input is said once, in one sentence: a field that could not be read is
not looked at any further. What was typed stays in the box.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from email_validator import EmailNotValidError, validate_email
from wtforms import Field, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs of 3.2
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, EmailInput, RadioInput, Select, TelInput, TextArea, TextInput

from app.domain.bounds import PASSWORD_SHORTEST, YEARS
from app.domain.response import AnswerValue
from app.forms.fields.number import NumberReader
from app.forms.messages import Message, Translate, ValueRefusedError, refused
from app.forms.translated import Worded
from app.forms.words import read_line, read_words

EMAIL_LIMIT: Final = 254
PHONE_LIMIT: Final = 40
SECRET_LONGEST: Final = 1_000
"""Hashing a password without end would keep a processor busy."""


class Given:
    """Refuses an input left empty, with a message that says what to fill in.

    Zero and "no" are answers; blanks alone are not.
    """

    field_flags: ClassVar = {"required": True}

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, _form: BaseForm, field: Field) -> None:
        """Stop the validation of an empty input."""
        raw = field.raw_data
        if not raw or (isinstance(raw[0], str) and not raw[0].strip()):
            raise StopValidation(field.gettext(self._key))


class Input(Worded):
    """A field read by ``parse`` where something was typed."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was posted; a field absent from the page keeps what it had."""
        if not valuelist:
            return
        typed = valuelist[0] if isinstance(valuelist[0], str) else ""
        self.data = typed
        try:
            self.data = self.parse(typed)
        except ValueRefusedError as refusal:
            raise ValueError(refusal.text(self.gettext)) from None

    def pre_validate(self, _form: BaseForm) -> None:
        """Say no more about an input that could not be read."""
        if self.process_errors:
            raise StopValidation

    def parse(self, typed: str) -> Any:
        """Return the value typed; raises ``ValueRefusedError``."""
        return typed


class LineField(Input, StringField):
    """Words on one line; empty where nothing is said."""

    widget: Any = TextInput()

    def __init__(self, label: str, limit: int, validators: Sequence[Any] = (), **kwargs: Any):
        super().__init__(label, list(validators), **kwargs)
        self.limit = limit

    def parse(self, typed: str) -> Any:
        """Return the words without blanks at the ends."""
        return read_line(typed, self.limit)


class WordsField(LineField):
    """Words on several lines."""

    widget = TextArea()

    def parse(self, typed: str) -> Any:
        """Return the words, line breaks made one kind."""
        return read_words(typed, self.limit)


class EmailField(LineField):
    """An e-mail address, its domain in lower case; nobody is asked whether it exists."""

    widget = EmailInput()

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any):
        super().__init__(label, EMAIL_LIMIT, validators, **kwargs)

    def parse(self, typed: str) -> Any:
        """Return the address; half-width, as Chinese keyboards also type ＠ and ．."""
        address = read_line(unicodedata.normalize("NFKC", typed), self.limit)
        if not address:
            return ""
        try:
            return validate_email(address, check_deliverability=False).normalized
        except EmailNotValidError:
            raise refused("邮箱地址不完整或有错字，应写成name@company.com这样。") from None


class PhoneField(LineField):
    """A telephone number as people write it: digits, blanks, hyphens, brackets, a plus."""

    widget = TelInput()

    _SHAPE: Final = re.compile(r"\+?[0-9(][0-9 ()-]*", re.ASCII)
    _FEWEST_DIGITS: Final = 5

    def __init__(self, label: str, validators: Sequence[Any] = (), **kwargs: Any):
        super().__init__(label, PHONE_LIMIT, validators, **kwargs)

    def parse(self, typed: str) -> Any:
        """Return the number in half-width characters."""
        number = read_line(unicodedata.normalize("NFKC", typed), self.limit)
        digits = sum(letter.isdigit() for letter in number)
        if number and (digits < self._FEWEST_DIGITS or not self._SHAPE.fullmatch(number)):
            raise refused("电话只写数字，可以带空格、连字符和开头的+，如13800001234。")
        return number


class SecretField(Input, PasswordField):
    """A password as typed, blanks included. A page never shows it again."""

    def parse(self, typed: str) -> Any:
        """Return the password; refuses one that no password could be."""
        if len(typed) > SECRET_LONGEST:
            raise refused("密码最多{limit}个字符。", limit=f"{SECRET_LONGEST:,}")
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in typed):
            raise refused("密码里有看不见的控制字符，请重新输入。")
        return typed


class NewSecretField(SecretField):
    """A password being chosen: long enough, with no other rule."""

    shortest = PASSWORD_SHORTEST

    def parse(self, typed: str) -> Any:
        """Return the password."""
        super().parse(typed)
        if typed and len(typed) < PASSWORD_SHORTEST:
            key = (
                "密码至少{limit}个字符，现在有{length}个。一句好记的话就可以，不要求大小写和符号。"
            )
            raise refused(key, limit=PASSWORD_SHORTEST, length=len(typed))
        return typed


class PickField(Input, SelectField):
    """One of several, in a drop-down list (or radio buttons: ``radio``).

    The labels of ``choices`` are Chinese keys; those of ``names`` (of a model's items, of people,
    of languages) are shown as they are. ``empty`` is the key for "nothing chosen", where nothing
    may be chosen.
    """

    widget = Select()

    def __init__(
        self,
        label: str,
        choices: Iterable[tuple[str, str]] = (),
        validators: Sequence[Any] = (),
        *,
        names: Iterable[tuple[str, str]] = (),
        empty: str | None = None,
        radio: bool = False,
        **kwargs: Any,
    ):
        if empty is not None:
            kwargs.setdefault("default", "")
        super().__init__(label, list(validators), **kwargs)
        self.radio = radio
        if radio:
            self.option_widget = RadioInput()
        self._keys = [*([] if empty is None else [("", empty)]), *choices]
        self.offer(names)

    def offer(self, names: Iterable[tuple[str, str]]) -> None:
        """Set the choices that are known only now: value and label of each."""
        self._names = list(names)
        self.choices = [SelectChoice(*choice) for choice in (*self._keys, *self._names)]

    def translate_words(self, translate: Translate) -> None:
        """Look up label, description, and the choices that are keys."""
        super().translate_words(translate)
        self._keys = [(value, translate(label)) for value, label in self._keys]
        self.offer(self._names)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the choice posted; a field absent from the page keeps what it had."""
        if valuelist:
            self.data = valuelist[0] if isinstance(valuelist[0], str) else ""

    def pre_validate(self, _form: BaseForm) -> None:
        """Refuse what is not among the choices; nothing chosen is for ``Given`` to refuse."""
        offered: Iterable[Any] = self.choices or ()
        if self.data and not any(choice.value == self.data for choice in offered):
            raise StopValidation(self.gettext("选项里没有这一项，请刷新页面后重新选择。"))


class DayField(Input):
    """A day; None where nothing is said."""

    widget = DateInput()

    _SHAPE: Final = re.compile(
        r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?", re.ASCII
    )

    def parse(self, typed: str) -> Any:
        """Return the day, written 2026-12-01 or the like."""
        plain = unicodedata.normalize("NFKC", typed[:PHONE_LIMIT]).strip()
        if not plain:
            return None
        found = self._SHAPE.fullmatch(plain)
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            key = "应是{first}至{last}年间的日期，写成2026-12-01这样。"
            raise refused(key, first=YEARS[0], last=YEARS[-1])
        return day

    def _value(self) -> str:
        return self.data.isoformat() if isinstance(self.data, date) else str(self.data or "")


class CountField(Input):
    """A whole number in a range; None where nothing is said.

    ``unit`` is shown as it is and may be typed behind the number.
    """

    widget = TextInput()

    def __init__(
        self,
        label: str,
        low: int,
        high: int,
        validators: Sequence[Any] = (),
        unit: str = "",
        **kwargs: Any,
    ):
        super().__init__(label, list(validators), **kwargs)
        self.low, self.high, self.unit = low, high, unit

    @property
    def hint(self) -> str:
        """What is permitted, in a sentence."""
        return Message("请填{expected}。", {"expected": self._reader().expected()}).text(
            self.gettext
        )

    def parse(self, typed: str) -> Any:
        """Return the number."""
        if not typed.strip():
            return None
        value: AnswerValue = self._reader().value((typed,))
        return int(value)  # type: ignore[arg-type] # a number's reader returns numbers

    def _reader(self) -> NumberReader:
        return NumberReader(self.low, self.high, integer=True, unit=self.unit)

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)
