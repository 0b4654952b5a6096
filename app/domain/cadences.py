"""Cadences and capacities a client may not set, because a limit of platform, law or house stands.

A SOP is looked at alone: where only several together would break a limit, the plan gives way by
itself (``app.domain.plan_limits``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from app.domain.definitions.limits import Limit
from app.domain.definitions.sop import Sop
from app.domain.model import MaturityModel
from app.domain.plan_limits import outside_roles
from app.domain.response import PlanControls
from app.domain.touches import COUNTED, DAYS, Touches, touches_of


@dataclass(frozen=True, slots=True)
class Excess:
    """A control beyond a limit: what it would come to, and the most it may be itself.

    ``most`` is in the unit of the limit, ``allowed`` in that of the control (runs a week, users).
    """

    field: tuple[str, ...]
    limit: Limit
    most: Fraction
    allowed: Fraction


def excessive_controls(model: MaturityModel, controls: PlanControls) -> tuple[Excess, ...]:
    """Return every cadence and the tested capacity where they break a limit, each once."""
    return (*_cadences(model, controls), *_capacity(model, controls))


def _capacity(model: MaturityModel, controls: PlanControls) -> Iterator[Excess]:
    capacity = controls.tested_capacity
    for limit in model.content.limits:
        if limit.measure != "customers-per-member" or limit.value is None or capacity is None:
            continue
        if capacity > limit.value:
            bound = Fraction(limit.value)
            yield Excess(("tested_capacity",), limit, Fraction(capacity), bound)


def _cadences(model: MaturityModel, controls: PlanControls) -> Iterator[Excess]:
    if not controls.cadence:
        return
    counting = touches_of(outside_roles(model), model.content.staffing, controls.cadence)
    limits = sorted(
        (limit for limit in model.content.limits if limit.measure in COUNTED and limit.value),
        key=lambda limit: DAYS.get(limit.period or "", 1),
    )
    for sop in model.sops.values():
        for step in sop.steps:
            if step.code not in controls.cadence:
                continue
            broken = next((one for one in limits if _breaks(counting, one, sop, step.code)), None)
            if broken is not None:
                most = Fraction(_count(counting, broken, sop))
                allowed = _most_allowed(counting, limits, sop, step.code)
                yield Excess(("cadence", step.code), broken, most, allowed)


def _count(counting: Touches, limit: Limit, sop: Sop) -> int:
    return sum(touch.times for touch in counting.busiest(limit, sop))


def _breaks(counting: Touches, limit: Limit, sop: Sop, code: str) -> bool:
    """Return whether a SOP breaks a limit with the client's cadences, this one among the causes."""
    count, authors = _count(counting, limit, sop), replace(counting, cadence={})
    if limit.value is None or count <= max(limit.value, _count(authors, limit, sop)):
        return False
    alone = replace(counting, cadence={code: counting.cadence[code]})
    return _times(alone, limit, sop, code) > _times(authors, limit, sop, code)


def _times(counting: Touches, limit: Limit, sop: Sop, code: str) -> int:
    """Return how often a step alone comes in the span of a limit."""
    steps = tuple(step for step in sop.steps if step.code == code)
    return _count(counting, limit, replace(sop, steps=steps))


def _most_allowed(counting: Touches, limits: Sequence[Limit], sop: Sop, code: str) -> Fraction:
    """Return the most whole runs a week at which a step alone makes its SOP break no limit."""
    for runs in range(floor(counting.cadence[code]), 0, -1):
        trial = replace(counting, cadence={code: Fraction(runs)})
        if not any(_breaks(trial, limit, sop, code) for limit in limits):
            return Fraction(runs)
    return Fraction(0)
