"""The controls of the plan as a form: one box or choice per control a model understands.

Empty leaves the default, so that an address or a post needs to name only what was decided.
Inputs are named after the control and what it is about: ``target_users``, ``hires-content``,
``cadence-10_2e_1``, ``sop-live-commerce``, ``assume-buyer-share``. Ranges are those of
``app.domain.controls``; what only a diagnosis can refuse is refused by the domain afterwards.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeAlias

from wtforms import Field
from wtforms.widgets import TextInput

from app.domain.bounds import DECIMAL_PLACES
from app.domain.controls import (
    Range,
    assumption_ranges,
    is_triggered,
    ranges,
    steps_by_code,
)
from app.domain.definitions.record import Number
from app.domain.model import MaturityModel
from app.domain.response import PlanControls
from app.forms.factory import safe_name
from app.forms.fields.number import NumberReader
from app.forms.inputs import DayField, Input, PickField, WordsField
from app.forms.messages import Message, refused, shown
from app.forms.numerals import FINEST, shown_number, typed_number
from app.forms.plan_words import WORDS
from app.forms.translated import FormData, TranslatedForm

ControlPath: TypeAlias = tuple[str, ...]
"""The name of a control in ``PlanControls`` and, where it maps, the key inside it.

``("sops", id)`` is a SOP added or dropped.
"""

NOTE_LONGEST: Final = 500
YES, NO = "yes", "no"
ADD, DROP = "add", "drop"
_PREFIXES: Final = {
    "max_hires": "hires",
    "cadence": "cadence",
    "assumptions": "assume",
    "sops": "sop",
}
_HUNDRED: Final = 100


class QuantityField(Input):
    """An exact number in a range; None where nothing is said. Shares are typed in per cent.

    Without a label it is about something of the model, which names it and its unit already.
    """

    widget = TextInput()

    def __init__(
        self, label: str, permitted: Range, unit: str = "", *, share: bool = False, **kwargs: Any
    ):
        super().__init__(label, **kwargs)
        self.permitted, self.unit, self.share = permitted, unit, share

    def translate_words(self, translate: Any) -> None:
        """Look up the label and the unit."""
        super().translate_words(translate)
        if self.label.text:
            self.unit = translate(self.unit)

    def parse(self, typed: str) -> Any:
        """Return the number: whole ones as int, others as Fraction."""
        if not typed.strip():
            return None
        value: Any = self._reader().value((typed,))
        if self.permitted.above and not self.permitted.holds(value):
            key = "这里要填{expected}，写的是「{given}」。"
            raise refused(key, expected=self._expected(), given=shown(typed))
        if self.share:
            value /= _HUNDRED
            if FINEST % value.denominator:
                raise refused("小数最多{places}位。", places=DECIMAL_PLACES - 2)
        return int(value) if self.permitted.whole else value

    @property
    def hint(self) -> str:
        """What is permitted, in a sentence."""
        return Message("请填{expected}。", {"expected": self._expected()}).text(self.gettext)

    def _expected(self) -> Message:
        if not self.permitted.above:
            return self._reader().expected()
        bounds = {
            name: shown_number(bound)
            for name, bound in (("low", self.permitted.low), ("high", self.permitted.high))
            if isinstance(bound, Fraction)
        }
        numbers = Message("大于{low}、不超过{high}的数字", bounds)
        return Message("{range}（单位：{unit}）", {"range": numbers, "unit": self.unit})

    def _reader(self) -> NumberReader:
        if self.permitted.above:
            # A reader of answers knows no open end; the range is looked at after the reading.
            return NumberReader(None, None, unit=self.unit)
        low, high = (self._typed(bound) for bound in (self.permitted.low, self.permitted.high))
        return NumberReader(low, high, integer=self.permitted.whole, unit=self.unit)

    def _typed(self, bound: object) -> Number | None:
        if not isinstance(bound, Fraction):
            return None
        shown = bound * _HUNDRED if self.share else bound
        return Decimal(shown.numerator) / shown.denominator

    def written(self, value: Fraction | int) -> str:
        """Return what the box holds for a value."""
        return typed_number(Fraction(value) * _HUNDRED if self.share else Fraction(value))

    def _value(self) -> str:
        if isinstance(self.data, Fraction | int):
            return self.written(self.data)
        return self.data or ""


class PlanForm(TranslatedForm):
    """All controls of one model; made by ``plan_form``. ``paths`` tells which is which."""

    model: ClassVar[MaturityModel]
    paths: ClassVar[Mapping[str, ControlPath]]

    def quantity(self, name: str) -> QuantityField | None:
        """Return the box of a number; None for what is chosen or a day."""
        found = self[name]
        return found if isinstance(found, QuantityField) else None

    def controls(self) -> PlanControls:
        """Return what was decided; only of a form that is valid."""
        given = {
            path: self[name].data
            for name, path in self.paths.items()
            if self[name].data not in (None, "")
        }
        sops = {path[1]: verdict for path, verdict in given.items() if path[0] == "sops"}
        plain = {path[0]: value for path, value in given.items() if len(path) == 1}
        if "growth_buffer" in plain:
            plain["growth_buffer"] = plain["growth_buffer"] == YES
        return PlanControls(
            **plain,
            max_hires=_keyed(given, "max_hires"),
            cadence=_keyed(given, "cadence"),
            assumptions=_keyed(given, "assumptions"),
            add_sops=tuple(name for name, verdict in sops.items() if verdict == ADD),
            drop_sops=tuple(name for name, verdict in sops.items() if verdict == DROP),
        )

    def typed(self) -> tuple[tuple[str, str], ...]:
        """Return name and text of every control that is not left to its default."""
        found = ((name, _typed_text(self[name])) for name in self.paths)
        return tuple((name, text) for name, text in found if text)

    def field_of(self, path: tuple[str | int, ...], value: object) -> str:
        """Return the name of the input that a refusal of the domain is about."""
        if path[0] in ("add_sops", "drop_sops"):
            path = ("sops", str(value))
        return next((name for name, known in self.paths.items() if known == path), "")


def plan_form(model: MaturityModel) -> type[PlanForm]:
    """Return the form class of a model's controls; one model, one class."""
    return _built(_Version(model.digest, model))


def plan_texts(model: MaturityModel, controls: PlanControls) -> tuple[tuple[str, str], ...]:
    """Return name and text of every control that differs from the default: what the form reads."""
    form = plan_form(model)()
    return tuple(
        (name, text)
        for name, path in form.paths.items()
        if (text := _text(form[name], path, controls))
    )


def _keyed(given: Mapping[ControlPath, Any], name: str) -> dict[str, Any]:
    return {path[1]: value for path, value in given.items() if path[0] == name}


def _typed_text(field: Any) -> str:
    text: str = (field.data or "") if isinstance(field, PickField) else field._value()
    return text


def _text(field: Field, path: ControlPath, controls: PlanControls) -> str:
    name, *key = path
    if name == "sops":
        if key[0] in controls.add_sops:
            return ADD
        return DROP if key[0] in controls.drop_sops else ""
    value = getattr(controls, name)
    if key:
        value = value.get(key[0])
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(field, QuantityField):
        return field.written(value)
    return value.isoformat() if name == "start" else str(value)


def foreign_names(model: MaturityModel, given: FormData) -> tuple[str, ...]:
    """Return the names in ``given`` that are no control of the model, or stand there twice."""
    known = plan_form(model).paths
    return tuple(name for name in given if name not in known or len(given.getlist(name)) > 1)


class NoteForm(TranslatedForm):
    """Why a plan is kept."""

    note = WordsField(
        "为什么这样定", NOTE_LONGEST, description="写给以后翻看的人：谁定的、为了什么。可以不写。"
    )


# -- building ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Version:
    """A model by its digest, which covers its translation too."""

    digest: str
    model: MaturityModel = field(compare=False)


@lru_cache(maxsize=16)
def _built(version: _Version) -> type[PlanForm]:
    fields, paths = {}, {}
    for path, unbound in _fields(version.model):
        name = _input_name(path)
        fields[name], paths[name] = unbound, path
    return type("PlanForm", (PlanForm,), {**fields, "paths": paths, "model": version.model})


def _input_name(path: ControlPath) -> str:
    name, *key = path
    return f"{_PREFIXES[name]}-{safe_name(key[0])}" if key else name


def _fields(model: MaturityModel) -> Iterator[tuple[ControlPath, Any]]:
    content, known = model.content, ranges(model)
    yield ("start",), DayField(WORDS["start"].title)
    for name, permitted in known.items():
        if name not in ("max_hires", "cadence"):
            yield (name,), _quantity(name, permitted)
    staffing = content.staffing
    if staffing is not None:
        for name, offered in (
            ("service_mode", staffing.service_modes),
            ("city_tier", staffing.city_tiers),
        ):
            names = [(item.id, item.title) for item in offered]
            yield (name,), PickField(WORDS[name].title, names=names, empty="照默认")
        yield (
            ("growth_buffer",),
            PickField(
                WORDS["growth_buffer"].title, ((YES, "多备"), (NO, "不多备")), empty="照默认"
            ),
        )
        for post in staffing.posts:
            yield ("max_hires", post.id), _quantity("max_hires", known["max_hires"])
    for sop in model.sops:
        yield ("sops", sop), PickField("", ((ADD, "加做"), (DROP, "不做")), empty="照诊断")
    for code, step in steps_by_code(model).items():
        if not is_triggered(step):
            yield ("cadence", code), _quantity("cadence", known["cadence"])
    bounds = assumption_ranges(model)
    for item in content.assumptions:
        unit = "%" if item.share else item.unit
        yield (
            ("assumptions", item.id),
            QuantityField("", bounds[item.id], unit, share=item.share),
        )


def _quantity(name: str, permitted: Range) -> Any:
    words = WORDS[name]
    return QuantityField(words.title, permitted, words.unit)
