"""Answer forms, built from the definitions of a model: a fresh class per definition version.

A form is a run of items. Each item is a small form of its own: the answer, and beside it what the
interviewer says of it. Inputs are named after the item: ``q-strategy-shared_value``,
``q-strategy-shared_note``; those of facts begin with ``f-``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from wtforms.fields import FormField

from app.domain.bounds import NOTE_LIMIT, QUOTE_LIMIT
from app.domain.definitions.questionnaire import Question
from app.domain.model import MaturityModel
from app.forms.answer_input import AnswerInput
from app.forms.fields import field_class, is_asked
from app.forms.fields.value import Item, Reading, ValueField
from app.forms.inputs import PickField, WordsField
from app.forms.messages import Translate
from app.forms.translated import FormData, TranslatedForm


class ItemForm(TranslatedForm):
    """One item: ``value``, ``note``, and in a graded form ``evidence`` and ``quote``."""

    value: ValueField
    note: WordsField
    evidence: PickField
    quote: WordsField


if TYPE_CHECKING:
    _ItemFormField: TypeAlias = FormField[ItemForm]
else:
    # The class is generic in the stubs alone.
    _ItemFormField = FormField


class ItemField(_ItemFormField):
    """One item in its form: ``value``, ``note``, ``evidence`` and ``quote`` are its fields."""

    @property
    def question(self) -> Item:
        """The question or fact part asked."""
        return self.form.value.question


class AnswerForm(TranslatedForm):
    """The items of one selection of one model; made by ``answer_form``.

    ``answers`` (by item id) fill the boxes that ``formdata`` says nothing about.
    """

    items: ClassVar[tuple[Item, ...]] = ()

    def __init__(
        self,
        formdata: FormData | None = None,
        answers: Mapping[str, AnswerInput] | None = None,
        *,
        translate: Translate | None = None,
        prefix: str = "",
    ) -> None:
        given = answers or {}
        data = {input_name(x): _data(given[x.id]) for x in self.items if x.id in given}
        super().__init__(formdata, translate=translate, data=data, prefix=prefix)

    @property
    def asked(self) -> tuple[ItemField, ...]:
        """The items in asking order."""
        return tuple(self[input_name(item)] for item in self.items)  # type: ignore[misc] # all are


def answer_form(
    model: MaturityModel, items: Iterable[Item], *, graded: bool = True
) -> type[AnswerForm]:
    """Return the form class that asks ``items``, questions or fact parts of ``model``, in order.

    Computed questions are left out. ``graded`` adds evidence grade and quote, which only an
    interviewer gives. The same items of the same definition version give the same class.
    """
    return _built(_Version(model.digest, model), tuple(filter(is_asked, items)), graded)


def input_name(item: Item) -> str:
    """Return the name an item's inputs begin with: safe as an HTML id, different for every item."""
    return f"{'q' if isinstance(item, Question) else 'f'}-{safe_name(item.id)}"


def safe_name(text: str) -> str:
    """Return an id or a code as it may stand in an HTML id; different ones stay different."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}_", text)


@dataclass(frozen=True, slots=True)
class _Version:
    """A model by its digest, which covers its translation too."""

    digest: str
    model: MaturityModel = field(compare=False)


@lru_cache(maxsize=256)
def _built(version: _Version, items: tuple[Item, ...], graded: bool) -> type[AnswerForm]:
    """Build the class: one field per item; about twenty versions of ten sections are kept."""
    fields = {
        input_name(item): ItemField(_item_form(version.model, item, graded), "", separator="_")
        for item in items
    }
    return type("AnswerForm", (AnswerForm,), {"items": items, **fields})


def _item_form(model: MaturityModel, item: Item, graded: bool) -> type[ItemForm]:
    fields: dict[str, Any] = {"value": field_class(item)(item, model)}
    if graded:
        grades = [(one.code, f"{one.code} {one.title}") for one in model.content.rating.evidence]
        fields["evidence"] = PickField("证据等级", names=grades, empty="未定级", radio=True)
        fields["quote"] = WordsField("原话", QUOTE_LIMIT)
    fields["note"] = WordsField("备注", NOTE_LIMIT)
    return type("ItemForm", (ItemForm,), fields)


def _data(answer: AnswerInput) -> dict[str, object]:
    return {
        "value": Reading(answer.value, answer.unknown),
        "evidence": answer.evidence or "",
        "note": answer.note,
        "quote": answer.quote,
    }
