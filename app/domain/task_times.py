"""A day and a time for every one-off task, so that nobody's day holds more than its hours.

Tasks with a clock time take it; the others fill what is left of their owner's day, one after the
other from the opening hour on, and go on the next working day when it is full.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Final

from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar
from app.domain.definitions.sop import Driver
from app.domain.planning import ALWAYS_OPEN, Task
from app.domain.sop_load import TOGETHER
from app.domain.working_week import HANDS_OFF, clock

OPENING: Final = 9 * 60
NOON: Final = 12 * 60
AFTER_LUNCH: Final = 13 * 60 + 30
CLOSING: Final = 18 * 60 + 30
SHOP_OPENING: Final = 10 * 60
QUARTER: Final = 15
"""Work begins at quarters of an hour; a shorter gap is not worth beginning in."""

LONGEST_WAIT: Final = 60
"""Days after which a task is put down although the day is full, so that none is lost."""


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of work on a task: the day, the clock time it begins, and its minutes."""

    day: date
    at: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TimedTask:
    """A task with its stretches of work in order, at least one.

    ``late`` where it ends after the day planned, because its owner's days are full.
    """

    task: Task
    blocks: tuple[Block, ...]
    late: bool

    @property
    def minutes(self) -> int:
        """Minutes in all."""
        return sum(block.minutes for block in self.blocks)


def one_off(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return the tasks that somebody does once on a day of the plan.

    What recurs stands in the week; what starts anew with every customer stays with its SOP.
    """
    return tuple(
        task
        for task in tasks
        if task.recurs is None
        and task.step.driver != "new-friend"
        and task.step.owner not in HANDS_OFF
    )


def timed_tasks(
    tasks: Iterable[Task],
    hours_per_day: Fraction,
    *,
    calendar: WorkingCalendar = WEEKENDS_ONLY,
    people: Mapping[str, Fraction] | None = None,
    runs: Mapping[Driver, Fraction] | None = None,
) -> tuple[TimedTask, ...]:
    """Return tasks with their times, by day and time.

    ``hours_per_day`` are what one person works on tasks; ``people`` how many share the work of a
    role, ``runs`` how often a step runs for each of its drivers (once where not given).
    """
    desk = _Desk(calendar, floor(hours_per_day * 60), people or {})
    count = runs or {}
    waiting = sorted(tasks, key=lambda task: (task.start, task.end, task.id))
    fixed = [task for task in waiting if task.step.timing.at]
    found = [desk.fix(task, _minutes(task, count)) for task in fixed]
    found += [desk.fit(task, _minutes(task, count)) for task in waiting if not task.step.timing.at]
    return tuple(sorted(found, key=lambda one: (one.blocks[0].day, one.blocks[0].at, one.task.id)))


def _minutes(task: Task, runs: Mapping[Driver, Fraction]) -> int:
    return ceil(Fraction(task.step.minutes) * runs.get(task.step.driver, Fraction(1)))


@dataclass(slots=True)
class _Desk:
    """Everybody's diary: what each person of each role does when, in minutes after midnight."""

    calendar: WorkingCalendar
    capacity: int
    people: Mapping[str, Fraction]
    busy: dict[tuple[str, int, date], list[tuple[int, int]]] = field(default_factory=dict)

    def fix(self, task: Task, minutes: int) -> TimedTask:
        """Put a task down at its own time, in equal parts on each of its days."""
        days = self._days(task)
        hours, rest = (task.step.timing.at or "00:00").split(":")
        begin = int(hours) * 60 + int(rest)
        parts = _parts(minutes, len(days))
        for day, part in zip(days, parts, strict=True):
            person = self._free_person(task.step.owner, day, begin, begin + part)
            self._take(task, person, day, (begin, begin + part))
        blocks = [Block(day, clock(begin), part) for day, part in zip(days, parts, strict=True)]
        return TimedTask(task, tuple(blocks), late=False)

    def fit(self, task: Task, minutes: int) -> TimedTask:
        """Put a task down where there is room, from its first day on."""
        days, left, blocks = self._days(task), minutes, list[Block]()
        if not minutes:
            return TimedTask(task, (Block(days[0], clock(OPENING), 0),), late=False)
        for day in self._from(task, days[0]):
            share = left if day >= days[-1] else ceil(minutes / len(days))
            person, gaps = self._roomiest(task, day)
            if day >= days[0] + timedelta(days=LONGEST_WAIT):
                gaps = [(OPENING, OPENING + left)]
            taken = list(_fill(gaps, min(share, left)))
            for begin, end in taken:
                self._take(task, person, day, (begin, end))
            done = sum(end - begin for begin, end in taken)
            if taken:
                blocks.append(Block(day, clock(taken[0][0]), done))
            left -= done
            if taken and left <= 0:
                break
        return TimedTask(task, tuple(blocks), late=blocks[-1].day > days[-1])

    def _days(self, task: Task) -> list[date]:
        """Return the days a task is planned for, days off left out for who has them."""
        span = [task.start + timedelta(days=n) for n in range((task.end - task.start).days + 1)]
        if task.step.owner in ALWAYS_OPEN:
            return span
        return [day for day in span if self.calendar.is_working(day)] or [
            self.calendar.next_working(task.start)
        ]

    def _from(self, task: Task, day: date) -> Iterator[date]:
        while True:
            yield day
            day += timedelta(days=1)
            if task.step.owner not in ALWAYS_OPEN:
                day = self.calendar.next_working(day)

    def _lanes(self, role: str) -> range:
        return range(max(1, floor(self.people.get(role, Fraction(1)))))

    def _free_person(self, role: str, day: date, begin: int, end: int) -> int:
        """Return who of a role is free at a time; the first where nobody is."""
        for person in self._lanes(role):
            taken = self.busy.get((role, person, day), ())
            if all(end <= other or begin >= until for other, until in taken):
                return person
        return 0

    def _roomiest(self, task: Task, day: date) -> tuple[int, list[tuple[int, int]]]:
        """Return who has most room on a day, and the gaps; together, the gaps all have."""
        together = self._together(task)
        lanes = [0] if together else list(self._lanes(task.step.owner))
        gaps = {lane: self._gaps(task.step.owner, lane, day, together) for lane in lanes}
        best = max(lanes, key=lambda lane: (sum(end - begin for begin, end in gaps[lane]), -lane))
        return best, gaps[best]

    def _together(self, task: Task) -> tuple[str, ...]:
        roles = task.step.with_roles if task.step.channel in TOGETHER else ()
        return tuple(role for role in roles if role not in HANDS_OFF)

    def _gaps(
        self, role: str, person: int, day: date, others: Sequence[str]
    ) -> list[tuple[int, int]]:
        opening = SHOP_OPENING if role in ALWAYS_OPEN else OPENING
        gaps = [(opening, NOON), (AFTER_LUNCH, CLOSING)]
        diaries = [(role, person), *((other, 0) for other in others)]
        for name, lane in diaries:
            for taken in self.busy.get((name, lane, day), ()):
                gaps = list(_without(gaps, taken))
        own = self.busy.get((role, person, day), ())
        room = self.capacity - sum(end - begin for begin, end in own)
        begun = [(-(-begin // QUARTER) * QUARTER, end) for begin, end in gaps]
        return list(_fill([gap for gap in begun if gap[1] - gap[0] >= QUARTER], max(0, room)))

    def _take(self, task: Task, person: int, day: date, time: tuple[int, int]) -> None:
        self.busy.setdefault((task.step.owner, person, day), []).append(time)
        for role in self._together(task):
            self.busy.setdefault((role, 0, day), []).append(time)


def _parts(minutes: int, count: int) -> list[int]:
    """Return minutes in ``count`` parts that differ by one at most, the larger first."""
    part, rest = divmod(minutes, count)
    return [part + (place < rest) for place in range(count)]


def _without(gaps: Iterable[tuple[int, int]], taken: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for begin, end in gaps:
        if taken[1] <= begin or taken[0] >= end:
            yield begin, end
            continue
        if begin < taken[0]:
            yield begin, taken[0]
        if taken[1] < end:
            yield taken[1], end


def _fill(gaps: Iterable[tuple[int, int]], minutes: int) -> Iterator[tuple[int, int]]:
    """Yield the first ``minutes`` of gaps."""
    for begin, end in gaps:
        if minutes <= 0:
            return
        taken = min(end - begin, minutes)
        yield begin, begin + taken
        minutes -= taken
