"""What has to be done from one day to another: the SOP steps of a plan as tasks on real dates.

A task comes about in one of four ways:

- **once**: a one-off step of the roadmap, on the dates the roadmap gives it;
- **recurring**: a run of a step with a rhythm of its own, as often as the client's cadence says,
  and the monthly round of a SOP that starts anew with every month;
- **every-customer**: what begins anew with every new friend has no date of its own. Per SOP and
  role it is one task a week: was it carried out for everyone as written?
- **triggered**: a SOP set going on a day (a group opens, somebody joins, a repair loop begins).

What a system or a customer does is nobody's task, so the on-time share is not flattered by it. An
action two SOPs share is one task. Steps of unit roles (a store's) are one task per unit at work.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Final, Literal, TypeAlias

from app.domain.actuals import A_WEEK, ENTERPRISE, LAST_DAY, week_of, weeks_between
from app.domain.calendar import WEEKENDS_ONLY, WorkingCalendar, months_after
from app.domain.definitions.sop import SopStep
from app.domain.model import MaturityModel
from app.domain.plan import Plan
from app.domain.planning import ALWAYS_OPEN, Task, date_tasks, opening_day
from app.domain.roadmap import Roadmap
from app.domain.sop_load import STORE_ROLE, runs_a_week
from app.domain.task_times import one_off
from app.domain.working_week import HANDS_OFF, runs_by_day

TaskKind: TypeAlias = Literal["once", "recurring", "every-customer", "triggered"]

EVERY_CUSTOMER: Final = "new-friend"
MONTHLY_ROUND: Final = "month"


@dataclass(frozen=True, slots=True)
class Unit:
    """A store or group that takes part, from its first day to its last (None: still does).

    ``role`` is whose steps it carries out.
    """

    id: str
    first: date
    last: date | None = None
    role: str = STORE_ROLE

    def works(self, begin: date, end: date) -> bool:
        """Return whether the unit takes part on any of the days from ``begin`` to ``end``."""
        return self.first <= end and (self.last is None or self.last >= begin)


@dataclass(frozen=True, slots=True)
class SopRun:
    """A SOP set going: ``on`` is its D0, ``id`` names the occasion and is never used twice.

    ``whole`` takes in the steps that are done once only when a SOP is introduced; ``unit`` is where
    it runs, ``ENTERPRISE`` for head office. With ``until`` (a repair loop) preparation begins on
    ``on`` as well, and what would begin later is left out.
    """

    id: str
    sop: str
    on: date
    unit: str = ENTERPRISE
    whole: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class TaskKey:
    """What a task is known by, however often the roadmap is dated anew.

    ``task`` is SOP code and step code (SOP code and role for every customer), ``run`` which time
    it is: a number for what the roadmap does, the nominal day of a rhythm, the id of a trigger.
    """

    task: str
    run: str
    unit: str = ENTERPRISE


@dataclass(frozen=True, slots=True)
class DueTask:
    """One task: done in time from ``first`` to ``due``. ``steps`` are several for every customer.

    ``phase`` is the roadmap's, empty for a triggered one.
    """

    key: TaskKey
    kind: TaskKind
    sop: str
    steps: tuple[SopStep, ...]
    role: str
    phase: str
    first: date
    due: date

    @property
    def unit(self) -> str:
        """Where it is done; ``ENTERPRISE`` for head office."""
        return self.key.unit


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides besides the plan which tasks there are.

    ``runs`` are SOPs set going; ``rounds`` maps phases to how often they were begun, so that a
    phase begun again has tasks of its own.
    """

    units: tuple[Unit, ...] = ()
    runs: tuple[SopRun, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    calendar: WorkingCalendar = WEEKENDS_ONLY


NOTHING_ELSE: Final = Surroundings()


def due_tasks(
    model: MaturityModel,
    plan: Plan,
    roadmap: Roadmap,
    first: date,
    last: date,
    around: Surroundings = NOTHING_ELSE,
) -> tuple[DueTask, ...]:
    """Return the tasks that fall on any day from ``first`` to ``last``, by due day.

    ``roadmap`` is the plan's own, or a re-dated one. Filter by ``role`` and ``unit`` for a person.
    """
    listing = _Listing(model, plan, roadmap, first, last, around)
    found = [task for task in listing.all() if task.first <= last and task.due >= first]
    return tuple(sorted(found, key=lambda task: (task.due, task.first, task.key)))


def tasks_of_week(
    model: MaturityModel,
    plan: Plan,
    roadmap: Roadmap,
    week: date,
    around: Surroundings = NOTHING_ELSE,
) -> tuple[DueTask, ...]:
    """Return the tasks of the week of a day, Monday to Sunday."""
    monday = week_of(week)
    return due_tasks(model, plan, roadmap, monday, monday + LAST_DAY, around)


@dataclass(frozen=True, slots=True)
class _Listing:
    model: MaturityModel
    plan: Plan
    roadmap: Roadmap
    first: date
    last: date
    around: Surroundings

    def all(self) -> Iterator[DueTask]:
        """Yield every task, also some outside the days asked for."""
        planned = [task for task in self.roadmap.tasks if self._is_done(task)]
        once = {task.id for task in one_off(planned)}
        every_customer: dict[tuple[str, str], list[Task]] = {}
        for task in planned:
            if task.id in once:
                yield from self._once(task)
            elif task.recurs is not None:
                yield from self._recurring(task)
            else:
                every_customer.setdefault((task.sop, task.step.owner), []).append(task)
        for tasks in every_customer.values():
            yield from self._weekly(tasks)
        for run in self.around.runs:
            yield from self._triggered(run)

    def _is_done(self, task: Task) -> bool:
        """Return whether somebody does a step at all, and not as part of another SOP."""
        step = task.step
        thinned = step.optional and task.sop in self.plan.thinned
        doubled = step.same_as is not None and step.same_as in self._codes()
        return step.owner not in HANDS_OFF and not thinned and not doubled

    def _codes(self) -> frozenset[str]:
        return frozenset(task.step.code for task in self.roadmap.tasks)

    def _task(self, kind: TaskKind, task: Task, run: str, days: tuple[date, date]) -> DueTask:
        return DueTask(
            key=TaskKey(task.id, run),
            kind=kind,
            sop=task.sop,
            steps=(task.step,),
            role=task.step.owner,
            phase=task.phase,
            first=days[0],
            due=days[1],
        )

    def _per_unit(self, made: DueTask) -> Iterator[DueTask]:
        """Yield a task, once per unit at work where its role is that of units."""
        units = [unit for unit in self.around.units if unit.role == made.role]
        if not units:
            yield made
        for unit in units:
            if unit.works(made.first, made.due):
                yield replace(made, key=replace(made.key, unit=unit.id))

    def _run_name(self, task: Task, run: str) -> str:
        """Return the name of a run, told apart where its phase was begun before."""
        begun = self.around.rounds.get(task.phase, 1)
        return run if begun <= 1 else f"{begun}/{run}"

    def _once(self, task: Task) -> Iterator[DueTask]:
        """Yield a one-off task; one driven by the month comes again every month."""
        rounds = self._months(task) if task.step.driver == MONTHLY_ROUND else [0]
        for number in rounds:
            begin, end = self._open_days(
                task.step, months_after(task.start, number), months_after(task.end, number)
            )
            kind: TaskKind = "recurring" if number else "once"
            run = self._run_name(task, str(number + 1))
            yield from self._per_unit(self._task(kind, task, run, (begin, end)))

    def _months(self, task: Task) -> Iterable[int]:
        between = (self.last.year - task.start.year) * 12 + self.last.month - task.start.month
        return range(max(0, between) + 2)

    def _open_days(self, step: SopStep, begin: date, end: date) -> tuple[date, date]:
        if step.owner in ALWAYS_OPEN:
            return begin, end
        calendar = self.around.calendar
        begin = calendar.next_working(begin)
        return begin, max(begin, calendar.next_working(end))

    def _recurring(self, task: Task) -> Iterator[DueTask]:
        """Yield the runs of a rhythm; of office roles only what comes daily stays on days off."""
        step = task.step
        cadence = self.plan.controls.cadence.get(step.code)
        monthly = task.recurs == "month" and cadence is None
        days = self._every_month(task) if monthly else self._in_weeks(task, cadence)
        length = max(0, (step.timing.until or 0) - step.timing.day) if monthly else 0
        for day, run in days:
            begin, end = day, day + timedelta(days=length)
            if task.recurs != "day":
                begin, end = self._open_days(step, begin, end)
            yield from self._per_unit(self._task("recurring", task, run, (begin, end)))

    def _every_month(self, task: Task) -> Iterator[tuple[date, str]]:
        """Yield the day of each month; in the first one, not before the task begins."""
        on = task.step.timing.month_day
        for number in self._months(task):
            month = months_after(task.start.replace(day=1), number)
            day = months_after(task.start, number) if on is None else _day_of(month, on)
            if day >= task.start:
                yield day, day.isoformat()

    def _in_weeks(self, task: Task, cadence: Fraction | None) -> Iterator[tuple[date, str]]:
        """Yield the runs of each week since the task began, a part of one adding up to one."""
        a_week = runs_a_week(task.step) if cadence is None else cadence
        if not a_week:
            return
        origin = week_of(task.start)
        # A run may have been put off from the week before to a working day of this one.
        for monday in weeks_between(max(origin, self.first - 2 * A_WEEK), self.last):
            number = (monday - origin).days // A_WEEK.days
            runs = ceil((number + 1) * a_week) - ceil(number * a_week)
            yield from self._in_week(task, monday, runs)

    def _in_week(self, task: Task, monday: date, runs: int) -> Iterator[tuple[date, str]]:
        for place, count in enumerate(runs_by_day(task.step, runs)):
            day = monday + timedelta(days=place)
            if day < task.start:
                continue
            for number in range(count):
                again = f"#{number + 1}" if number else ""
                yield day, f"{day.isoformat()}{again}"

    def _weekly(self, tasks: Sequence[Task]) -> Iterator[DueTask]:
        """Yield one task a week for what begins anew with every customer."""
        begun = min(tasks, key=lambda task: task.start)
        steps = tuple(task.step for task in tasks)
        sop = self.model.sops[begun.sop]
        for monday in weeks_between(max(begun.start, self.first), self.last):
            days = max(monday, begun.start), self._last_open(begun.step, monday)
            if days[0] <= days[1]:
                made = self._task("every-customer", begun, monday.isoformat(), days)
                key = replace(made.key, task=f"{sop.code}/{begun.step.owner}")
                yield from self._per_unit(replace(made, key=key, steps=steps))

    def _last_open(self, step: SopStep, monday: date) -> date:
        """Return the last day of a week on which a step's owner works."""
        days = [monday + timedelta(days=number) for number in reversed(range(7))]
        if step.owner in ALWAYS_OPEN:
            return days[0]
        return next((day for day in days if self.around.calendar.is_working(day)), days[0])

    def _triggered(self, run: SopRun) -> Iterator[DueTask]:
        """Yield the steps of a SOP set going: all in its unit, or each where its role works."""
        sop = self.model.sops[run.sop]
        opening = run.on + timedelta(days=opening_day(sop))
        not_before = run.on if run.until is not None else None
        for task in date_tasks(sop, "", opening, not_before, self.around.calendar):
            if not self._runs(run, task):
                continue
            days = task.start, min(task.end, run.until or task.end)
            made = self._task("triggered", task, run.id, days)
            if run.unit:
                yield replace(made, key=replace(made.key, unit=run.unit))
            else:
                yield from self._per_unit(made)

    def _runs(self, run: SopRun, task: Task) -> bool:
        """Return whether a step is done once more when its SOP is set going."""
        step = task.step
        if task.recurs is not None or step.owner in HANDS_OFF or step.driver == EVERY_CUSTOMER:
            return False
        if step.driver == "once" and not run.whole:
            return False
        thinned = step.optional and task.sop in self.plan.thinned
        return not thinned and (run.until is None or task.start <= run.until)


def _day_of(month: date, day: int) -> date:
    """Return a day of a month, or its last one where the month is shorter."""
    return months_after(date(2000, 1, day), (month.year - 2000) * 12 + month.month - 1)
