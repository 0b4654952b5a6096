"""A value with its evidence: bare, or as {value, evidence, note}; of an answer with a quote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.content.answers.mistakes import Mistakes
from app.content.answers.naming import Names
from app.content.answers.values import Reader, one_of, text
from app.content.strict_yaml import Path
from app.domain.bounds import NOTE_LIMIT, QUOTE_LIMIT
from app.domain.definitions.structure import EvidenceCode
from app.domain.model import MaturityModel

KEYS: Final = ("value", "evidence", "note")
ANSWER_KEYS: Final = (*KEYS, "quote")


@dataclass(frozen=True, slots=True)
class Graded:
    """A value not yet read, where it stands, and what was said about its evidence."""

    value: Any
    path: Path
    evidence: EvidenceCode | None = None
    note: str = ""
    quote: str = ""


def evidence_reader(model: MaturityModel) -> Reader[EvidenceCode]:
    """Return a reader of the evidence grades the model knows."""
    codes = {grade.code: grade.code for grade in model.content.rating.evidence}
    read = one_of(Names.of("证据等级", codes))
    return lambda given: codes[read(given)]  # type: ignore[index] # only these codes are found


def is_graded(value: Any) -> bool:
    """Return whether ``value`` is written with its evidence."""
    return isinstance(value, dict) and not value.keys().isdisjoint(KEYS)


def graded(
    mistakes: Mistakes,
    path: Path,
    value: Any,
    evidence: Reader[EvidenceCode],
    subject: str,
    keys: Sequence[str] = KEYS,
) -> Graded | None:
    """Take a value apart from its evidence; None when there is no value to read.

    ``keys`` are those that may stand with it: ``KEYS``, of an answer ``ANSWER_KEYS``.
    """
    if value is None:
        advice = "这里没有填写。不知道请写unknown，没有问到请删去这一行。"
        mistakes.at(path, advice, subject)
        return None
    if not isinstance(value, dict):
        return Graded(value, path)
    mistakes.keys(path, value, keys, ("value",), subject)
    if "value" not in value:
        return None
    grade = mistakes.optional(path, value, "evidence", evidence, None, subject)
    note = mistakes.optional(path, value, "note", text(NOTE_LIMIT), "", subject)
    quote = ""
    if "quote" in keys:
        quote = mistakes.optional(path, value, "quote", text(QUOTE_LIMIT), "", subject)
    inner = (*path, "value")
    if value["value"] is None:
        return graded(mistakes, inner, None, evidence, subject)
    return Graded(value["value"], inner, grade, note, quote)
