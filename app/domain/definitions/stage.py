"""Stages of an enterprise's private domain: three readings, exit gates, regress."""

from app.domain.definitions.gate import GateMetric
from app.domain.definitions.record import Number, Text, record


@record
class GateItem:
    """One line of an exit gate's check list.

    ``value`` is an expression for today's figure, ``check`` the condition that passes; a line with
    neither known is printed as not measured, with ``needs`` saying how to measure it. ``metric``
    tells how the actuals of coaching decide the line; without it somebody says yes or no.
    """

    id: str
    title: Text
    threshold: Text
    needs: Text
    value: str | None = None
    check: str | None = None
    unit: Text = ""
    metric: GateMetric | None = None


@record
class Stage:
    """One stage. ``scale``, ``economic`` and ``capability`` are conditions of the three readings.

    Scale: the first stage in the model's ``scale_order`` whose condition holds. Economic and
    capability: the highest stage whose condition holds. ``sops`` are mandatory from this stage on.
    """

    id: str
    code: str
    title: Text
    purpose: Text
    duration: Text
    team: Text
    scale: str | None
    economic: str | None
    capability: str | None
    exit_gate: tuple[GateItem, ...]
    sops: tuple[str, ...]
    scale_reads: Text
    economic_reads: Text
    capability_reads: Text


@record
class Regress:
    """A condition under which the verdict falls back to ``to``."""

    id: str
    when: str
    to: str
    text: Text


@record
class StageModel:
    """The ladder of stages with the order in which scale conditions are tried.

    ``data_weeks`` (expression) below ``data_weeks_minimum`` caps the verdict at ``data_cap``.
    ``preparation_share``: share of a gate's items that must pass for the next stage to be shown
    as in preparation. ``overdue_months`` of the stage ``overdue_stage`` mark it overdue.
    """

    stages: tuple[Stage, ...]
    scale_order: tuple[str, ...]
    data_weeks: str
    data_weeks_minimum: int
    data_cap: str
    preparation_share: Number
    overdue_stage: str
    overdue_months: int
    months_since_launch: str
    regress: tuple[Regress, ...]
    proven_level: int
