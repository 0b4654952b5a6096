"""Which steps of a SOP touch a customer or a group, and how often at most.

Counted is the worst case for one customer (or one group): the busiest days of a SOP's own sequence
together with its standing rounds. Answers within minutes of the customer's own step are no message
to a list and are not counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Final

from app.domain.definitions.limits import Limit, LimitMeasure
from app.domain.definitions.sop import Sop, SopStep
from app.domain.definitions.staffing import StaffingModel

DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 31, "quarter": 90}
"""The span in which a limit of a period is counted; a month is its longest."""

WEEK: Final = 7
MONTH: Final = 30
DAYS_BETWEEN: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 30}

COUNTED: Final[frozenset[LimitMeasure]] = frozenset(
    {"messages-per-customer", "messages-per-group", "moments-posts", "transfers"}
)
"""Measures that are counted step by step."""

ROUNDS: Final[frozenset[LimitMeasure]] = frozenset({"messages-per-customer"})
"""Measures in which a standing round goes to other people every time."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A step as one customer or group meets it: ``times`` in the span looked at."""

    sop: Sop
    step: SopStep
    times: int

    @property
    def standing(self) -> bool:
        """Whether it recurs by itself rather than in the course of a sequence."""
        return self.step.timing.every is not None


@dataclass(frozen=True)
class Touches:
    """Counts touches. ``customers`` are the roles outside the enterprise.

    ``cadence`` maps codes of recurring steps to the client's own runs a week; ``events_a_month`` is
    how often a SOP of events runs.
    """

    customers: Collection[str] = ()
    cadence: Mapping[str, Fraction] = field(default_factory=dict)
    events_a_month: Fraction = Fraction(1)

    def concerned(self, limit: Limit, sop: Sop) -> tuple[SopStep, ...]:
        """Return the steps of a SOP that a limit speaks of."""
        return tuple(
            step
            for step in sop.steps
            # The channel is asked first: most steps fail there.
            if (step.channel in limit.channels or step.code in limit.steps)
            and self._concerns(limit, step)
        )

    def _concerns(self, limit: Limit, step: SopStep) -> bool:
        if step.code in limit.exempt or step.owner in self.customers:
            return False
        if step.code in limit.steps:
            return True
        if step.timing.after is not None and limit.measure in COUNTED:
            return False
        return (not limit.owners or step.owner in limit.owners) and (
            not limit.drivers or step.driver in limit.drivers
        )

    def busiest(self, limit: Limit, sop: Sop, replacing: Collection[str] = ()) -> tuple[Touch, ...]:
        """Return the touches of a SOP in the span of a limit that has the most of them.

        ``replacing`` are codes of steps that take the place of others in the plan: days that only
        bring such steps add nothing to it, so others are busier.
        """
        span = DAYS.get(limit.period or "", 1)
        steps = self.concerned(limit, sop)
        if not steps:
            return ()
        standing = [step for step in steps if step.timing.every is not None]
        sequence = [step for step in steps if step.timing.every is None]
        windows = [self._window(limit, sop, sequence, day, span) for day in _days(sequence)]
        best = max(windows, key=lambda found: _weight(found, replacing), default={})
        times = {step.code: self._standing(limit, step, span) for step in standing} | best
        found = [Touch(sop, s, times[s.code]) for s in steps if times.get(s.code)]
        return one_of_each(limit, found)

    def _window(
        self, limit: Limit, sop: Sop, steps: Sequence[SopStep], first: int, span: int
    ) -> dict[str, int]:
        runs = self._runs(sop, span)
        return {step.code: self._times(limit, step, first, span) * runs for step in steps}

    def _times(self, limit: Limit, step: SopStep, first: int, span: int) -> int:
        """Return how often one run of a SOP brings a step within ``span`` days from ``first``."""
        begin, end = step.timing.day, max(step.timing.until or 0, step.timing.day)
        if limit.measure in ROUNDS or limit.measure == "transfers":
            return int(first <= begin < first + span)  # a span of days reaches each customer once
        return max(0, min(end, first + span - 1) - max(begin, first) + 1)

    def _runs(self, sop: Sop, span: int) -> int:
        """Return how often a SOP runs in a span: events come again, all others once."""
        if not any(step.driver == "event" for step in sop.steps):
            return 1
        return max(1, floor(self.events_a_month * span / MONTH))

    def _standing(self, limit: Limit, step: SopStep, span: int) -> int:
        own = Fraction(WEEK, DAYS_BETWEEN[step.timing.every or "day"])
        runs = self.cadence.get(step.code, own)
        if runs == 0:
            return 0
        if limit.measure in ROUNDS:
            # Within its own rhythm a round goes to others each time; what is more comes back.
            return 1 + max(0, floor((runs - own) * span / WEEK))
        return ceil(runs * span / WEEK)


def touches_of(
    customers: Collection[str],
    staffing: StaffingModel | None,
    cadence: Mapping[str, Fraction] | None = None,
) -> Touches:
    """Return the counting for a model's roles and staffing, with the client's own cadences."""
    drivers = staffing.drivers if staffing else ()
    events = next((Fraction(d.times) for d in drivers if d.id == "event"), Fraction(1))
    return Touches(frozenset(customers), dict(cadence or {}), events)


def one_of_each(limit: Limit, touches: Sequence[Touch]) -> tuple[Touch, ...]:
    """Return touches with one of each set that stand instead of each other.

    What is dated goes before what recurs anyway, then the more frequent, then the earlier named.
    """
    left = {touch.step.code: touch for touch in touches}
    for codes in limit.instead:
        present = [left[code] for code in codes if code in left]
        for touch in sorted(present, key=lambda t: (t.standing, -t.times))[1:]:
            del left[touch.step.code]
    return tuple(touch for touch in touches if touch.step.code in left)


def _weight(times: Mapping[str, int], replacing: Collection[str]) -> tuple[int, int]:
    added = sum(count for code, count in times.items() if code not in replacing)
    return added, sum(times.values())


def _days(steps: Sequence[SopStep]) -> list[int]:
    days = {step.timing.day for step in steps}
    return sorted(days | {step.timing.until for step in steps if step.timing.until is not None})
