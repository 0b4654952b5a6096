"""From a posted form, or from the JSON of an autosave, to answers: one validation for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from app.domain.bounds import NOTE_LIMIT, QUOTE_LIMIT
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel
from app.domain.response import AnswerValue
from app.forms.answer_input import AnswerInput
from app.forms.factory import AnswerForm, ItemField
from app.forms.fields import reader_of
from app.forms.fields.value import Item, Reading
from app.forms.messages import ValueRefusedError, refused, shown
from app.forms.words import read_words


@dataclass(frozen=True, slots=True)
class Answers:
    """What a posted form holds: ``given`` by item id, and what could not be taken, in sentences.

    Items that were not on the page are in neither.
    """

    given: Mapping[str, AnswerInput]
    errors: Mapping[str, tuple[str, ...]]


def to_answers(form: AnswerForm) -> Answers:
    """Return the answers in a form bound to form data, and the errors of each item.

    An item on the page that was left blank is an ``AnswerInput`` of the kind "cleared".
    """
    form.validate()
    posted = [item for item in form.asked if any(field.raw_data for field in item.form)]
    wrong = {
        item.question.id: tuple(error for field in item.form for error in field.errors)
        for item in posted
    }
    errors = {name: told for name, told in wrong.items() if told}
    given = {x.question.id: _input(x) for x in posted if x.question.id not in errors}
    return Answers(given, errors)


def _input(item: ItemField) -> AnswerInput:
    said = item.form.data
    reading: Reading = said["value"]
    return AnswerInput(
        value=reading.value,
        unknown=reading.unknown,
        evidence=cast(EvidenceCode | None, said.get("evidence") or None),
        note=said["note"] or "",
        quote=said.get("quote") or "",
    )


def read_value(model: MaturityModel, item: Item, raw: object) -> AnswerValue | None:
    """Return the value of a JSON answer to ``item``; None is "don't know".

    ``raw`` is a number, a string as typed, a list of ids, true or false, or "unknown". Raises
    ``ValueRefusedError`` for whatever else, and for an answer left blank.
    """
    reading = _read(model, item, raw)
    if reading.value is None and not reading.unknown:
        raise refused("还没有填写；不知道请选「不知道」。")
    return reading.value


def read_answer(
    model: MaturityModel,
    item: Item,
    raw: object,
    *,
    evidence: object = None,
    note: object = None,
    quote: object = None,
) -> AnswerInput:
    """Return the answer in the JSON of an autosave; a ``raw`` that is blank or null takes it back.

    Raises ``ValueRefusedError`` with the field that cannot be taken.
    """
    reading = _read(model, item, raw)
    return AnswerInput(
        value=reading.value,
        unknown=reading.unknown,
        evidence=_evidence(model, evidence),
        note=_words("note", note, NOTE_LIMIT),
        quote=_words("quote", quote, QUOTE_LIMIT),
    )


def _read(model: MaturityModel, item: Item, raw: object) -> Reading:
    reader = reader_of(item, model)
    return reader.read(reader.spelled(raw))


def _evidence(model: MaturityModel, raw: object) -> EvidenceCode | None:
    if raw is None or raw == "":
        return None
    for grade in model.content.rating.evidence:
        if grade.code == raw:
            return grade.code
    given = shown(raw) if isinstance(raw, str) else ""
    raise ValueRefusedError(refused("没有证据等级「{given}」。", given=given).message, "evidence")


def _words(name: str, raw: object, limit: int) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValueRefusedError(refused("这里只能填文字。").message, name)
    try:
        return read_words(raw, limit)
    except ValueRefusedError as refusal:
        raise ValueRefusedError(refusal.message, name) from None
