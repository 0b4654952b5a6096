"""Dated parameters from outside: platform limits, law, benchmarks. Each with source and grade."""

from collections.abc import Mapping
from typing import Literal

from app.domain.definitions.kpi import SourceGrade
from app.domain.definitions.record import Number, record


@record
class Limit:
    """A platform or legal limit as of a date. ``value`` is None where it is a rule in words."""

    id: str
    code: str
    title: str
    kind: Literal["platform", "law"]
    text: str
    source: str
    grade: SourceGrade
    as_of: str
    value: Number | None = None
    unit: str = ""
    period: Literal["day", "week", "month", "quarter", "year", "once"] | None = None
    scope: str = ""
    conduct: str = ""


@record
class Benchmark:
    """A reference value per archetype (key: archetype id or ``default``), for colouring only."""

    id: str
    code: str
    title: str
    unit: str
    values: Mapping[str, Number]
    basis: str
    grade: SourceGrade
    as_of: str
    red: Mapping[str, Number] | None = None
