"""Were the tasks done: on time, late, skipped for a reason, or still open; and the on-time share.

The share is tasks done on time ÷ tasks scheduled (K38 in the private-domain model, whose terms
these are): what was called off before it was due, with a reason, was not scheduled after all; what
was skipped afterwards was not done. A task not yet due counts for nothing, whatever its state, so
that a week looked at on Wednesday is not flattered by what was done early.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.actuals import ENTERPRISE, LAST_DAY, KpiActual
from app.domain.due_tasks import DueTask, TaskKey
from app.domain.model import MaturityModel

TaskState: TypeAlias = Literal["done", "late", "skipped", "open"]


@dataclass(frozen=True, slots=True)
class TaskMark:
    """What somebody said of a task: done, or skipped for a reason, on a day.

    Raises ``ValueError`` for a task skipped without a reason.
    """

    key: TaskKey
    said: Literal["done", "skipped"]
    on: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.said == "skipped" and not self.reason.strip():
            raise ValueError("a task is skipped for a reason")


@dataclass(frozen=True, slots=True)
class TrackedTask:
    """A task with what became of it. ``mark`` is None while nobody said anything.

    ``overdue`` is open after its due day; ``called_off`` was skipped no later than on it.
    """

    task: DueTask
    state: TaskState
    mark: TaskMark | None
    overdue: bool = False
    called_off: bool = False

    @property
    def on_time(self) -> bool:
        """Whether it was done no later than on its due day."""
        return self.state == "done"


@dataclass(frozen=True, slots=True)
class OnTime:
    """Tasks done on time among those scheduled."""

    on_time: int
    scheduled: int

    @property
    def percent(self) -> Fraction | None:
        """The share in per cent; None where nothing was scheduled."""
        return Fraction(100 * self.on_time, self.scheduled) if self.scheduled else None

    def __add__(self, other: "OnTime") -> "OnTime":
        return OnTime(self.on_time + other.on_time, self.scheduled + other.scheduled)


NOTHING_SCHEDULED = OnTime(0, 0)


def track(
    tasks: Iterable[DueTask], marks: Iterable[TaskMark], today: date
) -> tuple[TrackedTask, ...]:
    """Return the tasks with what became of each, in the same order.

    Of several marks on one task the last one stands; marks on other tasks are left alone.
    """
    last = {mark.key: mark for mark in marks}
    return tuple(_tracked(task, last.get(task.key), today) for task in tasks)


def _tracked(task: DueTask, mark: TaskMark | None, today: date) -> TrackedTask:
    if mark is None:
        return TrackedTask(task, "open", None, overdue=today > task.due)
    in_time = mark.on <= task.due
    if mark.said == "skipped":
        return TrackedTask(task, "skipped", mark, called_off=in_time)
    return TrackedTask(task, "done" if in_time else "late", mark)


def on_time(tracked: Iterable[TrackedTask], first: date, last: date, today: date) -> OnTime:
    """Return the on-time share of the tasks due from ``first`` to ``last``.

    Tasks due today count once somebody said something of them, later ones do not.
    """
    done = scheduled = 0
    for item in tracked:
        if first <= item.task.due <= last and _counts(item, today):
            scheduled += 1
            done += item.on_time
    return OnTime(done, scheduled)


def _counts(item: TrackedTask, today: date) -> bool:
    if item.called_off:
        return False
    return item.task.due < today or (item.task.due == today and item.mark is not None)


def on_time_by_unit(
    tracked: Iterable[TrackedTask], first: date, last: date, today: date
) -> Mapping[str, OnTime]:
    """Return the share per store or group; head office is ``ENTERPRISE``."""
    return _by(lambda item: item.task.unit, tracked, first, last, today)


def on_time_by_sop(
    tracked: Iterable[TrackedTask], first: date, last: date, today: date
) -> Mapping[str, OnTime]:
    """Return the share per SOP id."""
    return _by(lambda item: item.task.sop, tracked, first, last, today)


def on_time_by_role(
    tracked: Iterable[TrackedTask], first: date, last: date, today: date
) -> Mapping[str, OnTime]:
    """Return the share per role id."""
    return _by(lambda item: item.task.role, tracked, first, last, today)


def _by(
    name: Callable[[TrackedTask], str],
    tracked: Iterable[TrackedTask],
    first: date,
    last: date,
    today: date,
) -> Mapping[str, OnTime]:
    groups: dict[str, list[TrackedTask]] = {}
    for item in tracked:
        groups.setdefault(name(item), []).append(item)
    return {name: on_time(items, first, last, today) for name, items in sorted(groups.items())}


def on_time_actuals(
    model: MaturityModel, tracked: Iterable[TrackedTask], week: date, today: date
) -> tuple[KpiActual, ...]:
    """Return the on-time share of a week (its Monday) as actuals of the model's KPI for it.

    One for the whole enterprise and one per unit that had anything scheduled; none where the model
    names no such KPI.
    """
    kpi = model.content.coaching.on_time_kpi
    if kpi is None:
        return ()
    items = tuple(tracked)
    shares = dict(on_time_by_unit(items, week, week + LAST_DAY, today))
    shares.pop(ENTERPRISE, None)
    shares[ENTERPRISE] = on_time(items, week, week + LAST_DAY, today)
    return tuple(
        KpiActual(kpi, week, share.percent, unit)
        for unit, share in sorted(shares.items())
        if share.percent is not None
    )
