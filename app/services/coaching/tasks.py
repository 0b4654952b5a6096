"""The SOP tasks of a week: what is due, what became of it, and the on-time share (K38).

Whoever settles a task says what became of it: done by its due day, done late, skipped for a
reason, or open again. Each saying is a revision; nothing is overwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from app.domain.actuals import A_WEEK, LAST_DAY, week_of
from app.domain.bounds import NOTE_LIMIT
from app.domain.due_tasks import DueTask, TaskKey
from app.domain.execution import OnTime, TaskState, TrackedTask, on_time
from app.services.acting import Acting
from app.services.coaching.coached_plan import Coached, open_coached
from app.services.coaching.reporters import must_report, own_store
from app.services.errors import NotFoundError, RefusedError
from app.services.record.recording import record
from app.store.coaching import settlement_numbers
from app.store.rows import TaskSettlement

Settled: TypeAlias = Literal["done", "late", "skipped", "open"]
SETTLED: Final[tuple[Settled, ...]] = ("done", "late", "skipped", "open")

_JOINT: Final = "~"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by: a store or a role."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of a task as its SOP has it."""

    code: str
    action: str
    script: str
    metric: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a week. ``key`` names it for ``settle_task``.

    ``store`` is a store's name, empty for head office. ``on`` is the day it was done or called
    off, ``reason`` why it was skipped. ``repair`` says that a repair loop asked for it.
    """

    key: str
    sop: str
    sop_title: str
    steps: tuple[StepWords, ...]
    role: str
    store: str
    kind: str
    first: date
    due: date
    state: TaskState
    overdue: bool
    on: date | None
    reason: str
    repair: bool


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """The tasks of a week that a person sees.

    ``week`` is its Monday, ``earlier`` and ``later`` the weeks beside it, None outside the plan.
    ``share`` is that of the tasks listed; ``left_open`` counts those of the week before that
    nobody settled. ``stores`` and ``roles`` are what the board can be narrowed to.
    """

    week: date
    earlier: date | None
    later: date | None
    lines: tuple[TaskLine, ...]
    share: OnTime
    counts: Mapping[TaskState, int]
    overdue: int
    left_open: int
    stores: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    store: str
    role: str


def tasks_of(
    acting: Acting,
    engagement_id: str,
    *,
    week: date | None = None,
    store: str = "",
    role: str = "",
) -> TaskBoard:
    """Return the tasks due in a week (of any of its days), by default in this one.

    ``store`` (id or name) and ``role`` narrow it; a client's store manager sees one store whatever
    is asked. Raises ``NotFoundError`` and ``NotCoachedError``.
    """
    coached = open_coached(acting, engagement_id)
    unit = own_store(acting, coached, store)
    monday = week_of(week or acting.today)
    tracked = [one for one in _week(coached, monday) if not unit or one.task.unit == unit]
    before = [one for one in _week(coached, monday - A_WEEK) if not unit or one.task.unit == unit]
    roles = dict.fromkeys(one.task.role for one in tracked)
    listed = [one for one in tracked if role in ("", one.task.role)]
    lines = tuple(_line(coached, one) for one in listed)
    states: tuple[TaskState, ...] = ("done", "late", "skipped", "open")
    titles = coached.model.roles
    return TaskBoard(
        week=monday,
        earlier=monday - A_WEEK if monday > week_of(coached.begins) else None,
        later=monday + A_WEEK,
        lines=lines,
        share=on_time(listed, monday, monday + LAST_DAY, coached.today),
        counts={state: sum(one.state == state for one in lines) for state in states},
        overdue=sum(one.overdue for one in lines),
        left_open=sum(one.state == "open" and one.overdue for one in before),
        stores=tuple(Choice(one.id, one.name) for one in coached.units),
        roles=tuple(Choice(name, titles[name].title) for name in roles),
        store=unit,
        role=role,
    )


def _week(coached: Coached, monday: date) -> tuple[TrackedTask, ...]:
    return coached.tracked(monday, monday + LAST_DAY)


def _line(coached: Coached, tracked: TrackedTask) -> TaskLine:
    task, model, mark = tracked.task, coached.model, tracked.mark
    sop = model.sops[task.sop]
    names = {unit.id: unit.name for unit in coached.units}
    return TaskLine(
        key=key_text(task.key),
        sop=sop.code,
        sop_title=sop.title,
        steps=tuple(
            StepWords(step.code, step.action, step.script, step.metric.title) for step in task.steps
        ),
        role=model.roles[task.role].title,
        store=names.get(task.unit, ""),
        kind=task.kind,
        first=task.first,
        due=task.due,
        state=tracked.state,
        overdue=tracked.overdue,
        on=mark.on if mark is not None else None,
        reason=mark.reason if mark is not None else "",
        repair=task.key.run.startswith("repair-"),
    )


def key_text(key: TaskKey) -> str:
    """Return a task's key as pages and forms carry it."""
    return _JOINT.join((key.task, key.run, key.unit))


def settle_task(
    acting: Acting,
    engagement_id: str,
    task_key: str,
    state: Settled,
    *,
    reason: str = "",
) -> None:
    """Say what became of a task.

    ``done`` is "by its due day", ``late`` "after it"; ``skipped`` wants a reason. Raises
    ``NotFoundError`` (no such task for this person), ``NotAllowedError``, ``NotCoachedError``,
    ``ConflictError`` and ``RefusedError``.
    """
    settle_tasks(acting, engagement_id, [task_key], state, reason=reason)


def settle_tasks(
    acting: Acting,
    engagement_id: str,
    task_keys: Iterable[str],
    state: Settled,
    *,
    reason: str = "",
) -> int:
    """Say the same of several tasks, of all or of none; return how many. Raises as above."""
    coached = open_coached(acting, engagement_id)
    tasks = _named(coached, tuple(dict.fromkeys(task_keys)))
    for task in tasks:
        must_report(acting, coached, task.unit)
    days = [_settled_on(task, state, reason.strip(), coached.today) for task in tasks]
    with acting.writing() as session:
        numbers = settlement_numbers(session, engagement_id, {task.key.task for task in tasks})
        for task, day in zip(tasks, days, strict=True):
            key = task.key
            session.add(
                TaskSettlement(
                    engagement_id=engagement_id,
                    task=key.task,
                    run=key.run,
                    unit=key.unit,
                    number=numbers.get((key.task, key.run, key.unit), 0) + 1,
                    said="done" if state == "late" else state,
                    day=day,
                    reason=reason.strip() if state == "skipped" else "",
                    at=acting.now,
                    by=acting.person,
                )
            )
        record(
            acting, session, "coaching.settled", "engagement", engagement_id, engagement_id,
            state=state, tasks=len(tasks),
        )  # fmt: skip
    return len(tasks)


def _named(coached: Coached, keys: tuple[str, ...]) -> tuple[DueTask, ...]:
    """Return the tasks with these keys; raises ``NotFoundError`` for a key of none."""
    first, last = next(iter(coached.weeks), coached.begins), week_of(coached.today) + 2 * A_WEEK
    known = {key_text(task.key): task for task in coached.tasks(first, last)}
    if not keys or any(key not in known for key in keys):
        raise NotFoundError
    return tuple(known[key] for key in keys)


def _settled_on(task: DueTask, state: Settled, reason: str, today: date) -> date:
    """Return the day that is kept for a task; raises ``RefusedError``."""
    if state == "skipped" and not reason:
        raise RefusedError({"reason": "跳过要写原因，复盘时要看。"})
    if len(reason) > NOTE_LIMIT:
        raise RefusedError({"reason": "原因最多{limit}个字。"}, limit=NOTE_LIMIT)
    if state == "late" and today <= task.due:
        raise RefusedError({"state": "还没过期限，不能记成晚做；做完了请记「按时做了」。"})
    return min(today, task.due) if state == "done" else today
