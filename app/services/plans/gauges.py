"""What each control is when nobody sets it, and the span in which its slider moves.

A slider's span is narrower than what is permitted: it holds today's value, the plan's and some room
beyond; whoever wants more types it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Final, TypeAlias

from app.domain import staffing as formula
from app.domain.assumptions import assumptions_of
from app.domain.controls import is_triggered, steps_by_code
from app.domain.diagnosis import Diagnosis
from app.domain.plan import Plan
from app.domain.response import PlanControls
from app.domain.sop_load import runs_a_week
from app.domain.staffing_plan import StaffingPlan, post_needs
from app.domain.world import World
from app.reporting.context.staffing_view import decisive

ControlPath: TypeAlias = tuple[str, ...]
"""A control's name in ``PlanControls`` and, where it maps, the key inside it."""

STEPS_OF_SLIDER: Final = 100
"""A slider has about so many positions."""

MONEY_STEP: Final = 5_000
CAPACITY_STEP: Final = 100
DAYS_OF_WEEK: Final = 7
NO_END: Final = Fraction(1_000_000)
"""Where the slider of a sum without a plausible range ends, in CNY."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number: what it is by default (None: no limit, or unknown), and its slider's span.

    ``rests`` is where the slider stands while there is no default: at the high end, if None.
    """

    default: Fraction | None
    low: Fraction
    high: Fraction
    step: Fraction
    rests: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where nobody decides: the numbers, and what is no number.

    ``mode`` and ``tier`` are ids; ``growth`` whether people are kept ready for growth. ``wished``
    are the users the client said it wants, ``asked`` the whole people the plan would hire per post.
    """

    gauges: Mapping[ControlPath, Gauge]
    start: date
    mode: str
    tier: str
    growth: bool | None
    wished: int | None
    asked: Mapping[str, int]


def defaults_of(diagnosis: Diagnosis) -> Defaults:
    """Return the defaults beside one plan; made from a plan in which nothing is decided."""
    world, plan = diagnosis.basis.world, diagnosis.plan
    plain = plan if plan.controls == PlanControls() else diagnosis.what_if(PlanControls())
    staffing, asked = world.model.content.staffing, asked_hires(diagnosis)
    gauges = {**dict(_of_scale(world)), **dict(_of_steps(world)), **dict(_of_assumptions(world))}
    if plan.staffing is not None and plain.staffing is not None:
        gauges |= dict(_of_people(world, plan, plan.staffing, plain.staffing))
        gauges |= dict(_of_hires(asked, plan.controls))
    wished = world.figures.number("target-users")
    return Defaults(
        gauges=gauges,
        start=plain.start,
        mode=formula.service_mode(staffing, world.figures.number("aov"), None).id
        if staffing is not None
        else "",
        tier=plain.staffing.city_tier if plain.staffing is not None else "",
        growth=decisive(plain.staffing).work.growth if plain.staffing is not None else None,
        wished=int(wished) if wished is not None else None,
        asked=asked,
    )


def asked_hires(diagnosis: Diagnosis) -> Mapping[str, int]:
    """Return the whole people a plan asks for beyond today's, of every post it can hire for.

    The stores pay their own people.
    """
    staffing, staffed = diagnosis.model.content.staffing, diagnosis.plan.staffing
    if staffing is None or staffed is None:
        return {}
    asked = dict.fromkeys(post_needs(staffing, decisive(staffed).work, 0), Fraction(0))
    for horizon in staffed.horizons:
        for need in horizon.needs:
            beyond = need.fte - staffed.current.get(need.post, Fraction(0))
            asked[need.post] = max(beyond, asked.get(need.post, Fraction(0)))
    return {post: ceil(fte) for post, fte in asked.items()}


# -- gauges ------------------------------------------------------------------------------------


def _of_scale(world: World) -> Iterator[tuple[ControlPath, Gauge]]:
    scale, ladder = world.model.content.scale, world.model.content.stage_model
    level, one = world.scorecard.level, Fraction(1)
    highest = ladder.proven_level if ladder is not None else scale.maximum
    lowest = Fraction(level if level is not None else scale.minimum)
    yield ("target_level",), Gauge(Fraction(highest), lowest, Fraction(scale.maximum), one)
    if world.model.content.staffing is not None:
        tools = world.tool_level()
        yield (
            ("tool_level",),
            Gauge(
                Fraction(tools) if tools is not None else None,
                Fraction(scale.minimum),
                Fraction(scale.maximum),
                one,
            ),
        )


def _of_people(
    world: World, plan: Plan, staffed: StaffingPlan, plain: StaffingPlan
) -> Iterator[tuple[ControlPath, Gauge]]:
    staffing = world.model.content.staffing
    if staffing is None:
        return
    controls, work = plan.controls, decisive(plain).work
    users = Fraction(plain.forecast.base[0])
    wished = world.figures.number("target-users") or Fraction(0)
    most = max(2 * users, wished * Fraction(3, 2), Fraction(controls.target_users or 0))
    expected = Fraction(plain.forecast.base[-1])
    yield ("target_users",), replace(_span(None, users, most), rests=expected)
    yield ("payroll_cap",), _payroll(staffed, controls)
    hours = Fraction(staffing.productive_hours_per_day)
    yield ("productive_hours",), Gauge(hours, Fraction(1), Fraction(8), Fraction(1, 2))
    ceiling = Fraction(staffing.capacity_hard_stop)
    least = min(Fraction(staffing.capacity_floor), plain.capacity)
    yield ("tested_capacity",), Gauge(plain.capacity, least, ceiling, Fraction(CAPACITY_STEP))
    for name, value in (
        ("online_users", work.online_users),
        ("content_units_per_week", work.content_units_per_week),
        ("leads_per_month", work.leads),
        ("sessions_per_day", work.sessions_per_day),
    ):
        chosen = getattr(controls, name) or 0
        span = _span(Fraction(value), Fraction(0), Fraction(max(3 * value, chosen, 50)))
        if name in ("online_users", "content_units_per_week"):
            span = Gauge(span.default, span.step, span.high, span.step)
        yield (name,), span


def _of_hires(
    asked: Mapping[str, int], controls: PlanControls
) -> Iterator[tuple[ControlPath, Gauge]]:
    for post, people in asked.items():
        most = max(people, controls.max_hires.get(post, 0), 1)
        yield ("max_hires", post), Gauge(None, Fraction(0), Fraction(most), Fraction(1))


def _payroll(staffed: StaffingPlan, controls: PlanControls) -> Gauge:
    """Span from half of what today's people cost to somewhat more than everyone asked for costs."""
    asked = [
        staffed.cost_with({need.post: need.fte for need in horizon.needs})
        for horizon in staffed.horizons
    ]
    most = max([*asked, controls.payroll_cap or Fraction(0), Fraction(MONEY_STEP)])
    low = floor(staffed.current_cost() / 2 / MONEY_STEP) * MONEY_STEP
    high = ceil(most * Fraction(11, 10) / MONEY_STEP) * MONEY_STEP
    return Gauge(None, Fraction(low), Fraction(high), Fraction(MONEY_STEP))


def _of_steps(world: World) -> Iterator[tuple[ControlPath, Gauge]]:
    for code, step in steps_by_code(world.model).items():
        usual = runs_a_week(step)
        if usual is not None and not is_triggered(step):
            high = Fraction(max(DAYS_OF_WEEK, ceil(2 * usual)))
            yield ("cadence", code), Gauge(usual, Fraction(0), high, Fraction(1, 2))


def _of_assumptions(world: World) -> Iterator[tuple[ControlPath, Gauge]]:
    """Span what is plausible with half as much again on either side, within what is permitted."""
    for name, found in assumptions_of(world, PlanControls()).items():
        item, span = found.item, found.span
        least, most = Fraction(item.minimum), Fraction(item.maximum)
        if span is not None:
            room = (span[1] - span[0]) / 2
            low, high = max(least, span[0] - room), min(most, span[1] + room)
        else:
            low, high = least, min(most, Fraction(1) if item.share else NO_END)
        step = Fraction(1, 200) if item.share else _stepped(low, high)[1]
        low, high = floor(low / step) * step, ceil(high / step) * step
        yield (
            ("assumptions", name),
            Gauge(found.value, low, high, step),
        )


def _span(default: Fraction | None, low: Fraction, high: Fraction) -> Gauge:
    high, step = _stepped(low, high)
    return Gauge(default, ceil(low / step) * step, high, step)


def _stepped(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return the end of a span rounded up to its step, and the step: 1, 2 or 5 of some power."""
    wanted, step = max(high - low, Fraction(1)) / STEPS_OF_SLIDER, Fraction(1, 10)
    while step < wanted:
        for times in (2, 5, 10):
            if step * times >= wanted:
                step *= times
                break
        else:
            step *= 10
    step = max(step, Fraction(1)) if high - low >= 20 else step
    return ceil(high / step) * step, step
