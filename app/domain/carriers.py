"""Which SOPs carry a KPI: those a step of which is judged by it, else those it leads back to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.model import MaturityModel
from app.domain.planning import Task

Carriage: TypeAlias = Literal["measured", "cited", "below"]
"""A step of the SOP is judged by the KPI; a rule names both; a KPI below it in the tree is."""

_ORDER: Final[tuple[Carriage, ...]] = ("measured", "cited", "below")


@dataclass(frozen=True, slots=True)
class Carrier:
    """A SOP that carries a KPI: ``steps`` are the codes of those judged by it (or by one below).

    ``since`` is the day the plan opens it; None where it is not in the plan.
    """

    sop: str
    how: Carriage
    steps: tuple[str, ...]
    since: date | None


def carriers(model: MaturityModel, kpi: str, tasks: Iterable[Task]) -> tuple[Carrier, ...]:
    """Return the SOPs that carry a KPI, those of the plan first.

    The nearest kind of tie counts alone: SOPs that rules name are looked at only where no step is
    judged by the KPI, the KPIs below it only where no rule names it either.
    """
    opening = opening_days(tasks)
    for how in _ORDER:
        found = _found(model, kpi, how)
        if found:
            listed = [Carrier(sop, how, steps, opening.get(sop)) for sop, steps in found.items()]
            return tuple(
                sorted(listed, key=lambda one: (one.since is None, model.sops[one.sop].code))
            )
    return ()


def opening_days(tasks: Iterable[Task]) -> Mapping[str, date]:
    """Return the day each SOP opens: the first day of its own work, preparation aside."""
    opening: dict[str, date] = {}
    for task in tasks:
        if task.step.timing.day >= 0 or task.recurs is not None:
            opening[task.sop] = min(opening.get(task.sop, task.start), task.start)
    return opening


def _found(model: MaturityModel, kpi: str, how: Carriage) -> Mapping[str, tuple[str, ...]]:
    if how == "cited":
        rules = (rule for rule in model.rules.values() if kpi in rule.kpis)
        return {sop: () for rule in rules for sop in rule.sops}
    names = {kpi} if how == "measured" else _below(model, kpi)
    steps = {
        sop.id: tuple(step.code for step in sop.steps if step.metric.kpi in names)
        for sop in model.sops.values()
    }
    return {sop: codes for sop, codes in steps.items() if codes}


def _below(model: MaturityModel, kpi: str) -> set[str]:
    """Return the KPIs below one in the tree."""
    below, waiting = set[str](), [kpi]
    while waiting:
        parent = waiting.pop()
        children = {one.id for one in model.kpis.values() if one.parent == parent} - below
        below |= children
        waiting += children
    return below
