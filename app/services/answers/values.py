"""Answers as the database and the browser write them: plain JSON, exact."""

from fractions import Fraction
from typing import Any

from app.domain.response import AnswerValue


def encoded(value: AnswerValue | None) -> Any:
    """Return an answer in JSON: whole numbers and words as they are, fractions as "36/5"."""
    if isinstance(value, Fraction):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def decoded(value: Any, kind: str) -> AnswerValue | None:
    """Return the answer that ``encoded`` wrote for a question or fact part of this type."""
    if value is None:
        return None
    if kind == "number":
        return Fraction(value)
    if kind == "multi":
        return tuple(value)
    plain: AnswerValue = value
    return plain
