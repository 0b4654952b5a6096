"""The KPI catalogue, the KPI tree, and the appraisal card of each post."""

from typing import Literal

from app.domain.definitions.record import Number, Text, record

SourceGrade = Literal["A", "B", "C", "D", "OPJ"]
Period = Literal["day", "week", "month", "quarter", "year"]


@record
class Kpi:
    """One metric with its formula, denominator and period.

    ``baseline`` is an expression that gives today's value from answers and facts; ``green`` and
    ``red`` are the default bounds of good and bad in ``unit`` (``benchmark`` takes the good bound
    from the archetype's benchmark instead); ``grade`` tells how reliable those bounds are.
    ``baseline_period`` is set where the baseline counts another period than the KPI does: new
    friends are given per month and reported per week. ``plan_line`` is set where the plan itself
    says what the KPI should be: the new friends its forecast counts on, or the month's GMV of its
    business case.
    ``step`` is the dimension it belongs to, ``parent`` its place in the tree.
    """

    id: str
    code: str
    title: Text
    formula: Text
    denominator: Text
    period: Period
    family: Literal[
        "acquisition", "activation", "conversion", "retention", "input-output", "management"
    ]
    owner: str
    unit: Text
    better: Literal["higher", "lower", "range"]
    grade: SourceGrade
    baseline: str | None = None
    green: Number | None = None
    red: Number | None = None
    benchmark: str | None = None
    step: str | None = None
    parent: str | None = None
    note: Text = ""
    baseline_period: Period | None = None
    plan_line: Literal["adds", "gmv"] | None = None


@record
class CardLine:
    """One line of a post's card: a KPI, or a named audit that has none, and its weight in %."""

    weight: int
    kpi: str | None = None
    title: Text = ""
    process: bool = True


@record
class PostCard:
    """The appraisal card of one post; weights sum to 100."""

    id: str
    post: str
    title: Text
    pays: Text
    lines: tuple[CardLine, ...]
