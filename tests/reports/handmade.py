"""Small assessments written in a line or two, and the texts of a part of the report."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import TypeAlias

from app.domain.response import Answer, Assessment, ClientProfile, FactValue, Respondent

Figure: TypeAlias = int | Fraction | str | bool


def person(role: str, answers: Mapping[str, Answer], label: str = "") -> Respondent:
    """Return one respondent; ``answers`` by question id."""
    return Respondent(role, label, answers)


def answered(
    *people: Respondent, facts: Mapping[str, Figure] | None = None, form: str = "full"
) -> Assessment:
    """Return an assessment of a few people and facts."""
    given = {
        part: FactValue(value if isinstance(value, str | bool) else Fraction(value))
        for part, value in (facts or {}).items()
    }
    return Assessment(
        form=form, client=ClientProfile("某客户"), facts=given, respondents=tuple(people)
    )


def texts(part: object) -> Iterator[str]:
    """Yield every text a part of the context holds, drawings included."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from texts(getattr(part, field.name))
    elif isinstance(part, tuple):
        for item in part:
            yield from texts(item)
