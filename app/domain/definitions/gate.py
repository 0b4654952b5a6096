"""How the actuals of coaching decide a line of a gate, and what ends a phase at once."""

from typing import Literal

from app.domain.definitions.record import Number, Text, record

GateReading = Literal[
    "stated",  # a number or a yes somebody states at the review
    "latest",  # the KPI's newest actual in the phase
    "variation",  # standard deviation ÷ mean of the KPI's last weeks, in %
    "change",  # the KPI against its value when the phase began, in %
    "rising",  # the KPI's quarterly values, the last ones each above the one before
    "weeks",  # weeks in a row, up to the review, in which the KPI was reported
    "on-time",  # tasks done on time among those due in the last days before the review, in %
    "units-at-target",  # units whose newest actual reaches the phase's target, in %
]


@record
class KpiSign:
    """A KPI that has been bad for ``periods`` in a row: below or above a bound, or falling."""

    kpi: str
    turns: Literal["below", "above", "falling"]
    bound: Number | None = None
    period: Literal["week", "month", "quarter"] = "month"
    periods: int = 1


@record
class GateMetric:
    """How a line is read from the actuals and from where on it passes.

    ``at_least`` and ``at_most`` are the bounds of passing; ``at_good`` takes the KPI's own good
    bound instead (the archetype's benchmark). Without a bound somebody says yes or no. Beyond
    ``stop_below`` or ``stop_above`` the line is past repair: the phase stops at the first review.
    ``span`` counts the weeks, quarters or days a reading looks at.

    A line that ``waits`` and falls short is not failed, only not there yet; ``enough_days`` lets it
    pass once the phase has run that long. Of the lines of one group ``one_of`` a single one has to
    pass. A line does not pass while one of the signs ``unless`` holds.

    ``kpi`` and ``areas`` name what the line rests on; the SOPs concerned follow from them, or are
    given as ``sops``.
    """

    reading: GateReading = "stated"
    kpi: str | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    at_good: bool = False
    stop_below: Number | None = None
    stop_above: Number | None = None
    span: int = 0
    waits: bool = False
    enough_days: int | None = None
    one_of: str | None = None
    unless: tuple[KpiSign, ...] = ()
    areas: tuple[str, ...] = ()
    sops: tuple[str, ...] = ()


@record
class StopSign:
    """A sign that ends a phase at once: all of its ``checks`` hold."""

    id: str
    title: Text
    checks: tuple[KpiSign, ...]
