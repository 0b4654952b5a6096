"""The merged week of every role, and the one-off tasks of the first days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.definitions.sop import Sop, SopStep
from app.domain.planning import Task
from app.domain.roadmap import Roadmap
from app.reporting.context.source import Source

WEEKDAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
DAY_NAMES: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MONTHLY: Final = "每月"
HANDS_OFF: Final = frozenset({"automation", "customer"})
"""Owners of steps that nobody's calendar holds."""

SHORT: Final = 12
"""A clause shorter than this is told together with the next one."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a week: the day (empty when it repeats the line above), the time, the work."""

    day: str
    time: str
    work: str
    codes: str


@dataclass(frozen=True, slots=True)
class RoleWeek:
    """The recurring steps of one role, in the order of a day, a week, a month."""

    role: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class DayTask:
    """One dated one-off task; ``day`` is empty when it repeats the line above."""

    day: str
    owner: str
    work: str
    metric: str
    code: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A recurring step as one role meets it."""

    place: tuple[int, int, str]
    step: SopStep
    joins: bool


def brief(action: str) -> str:
    """Return the first clause of an action, with the next one where it alone says too little."""
    clauses = re.split("([，；。：])", action)
    text = clauses[0]
    for mark, clause in zip(clauses[1::2], clauses[2::2], strict=False):
        if len(text) >= SHORT or not clause:
            break
        text += mark + clause
    return text


def weeks(source: Source, sops: Sequence[Sop]) -> tuple[RoleWeek, ...]:
    """Return the recurring work per role; what falls on the same time stands in one line."""
    by_role: dict[str, list[_Entry]] = {}
    for sop in sops:
        for step in sop.steps:
            for role, entry in _entries(step):
                by_role.setdefault(role, []).append(entry)
    return tuple(
        RoleWeek(role.title, tuple(_slots(source, by_role[role.id])))
        for role in source.model.content.roles
        if role.id in by_role
    )


def _entries(step: SopStep) -> Iterator[tuple[str, _Entry]]:
    """Yield a recurring step for its owner, and a meeting for whoever takes part in it."""
    if step.timing.every is None:
        return
    place = _place(step)
    if step.owner not in HANDS_OFF:
        yield step.owner, _Entry(place, step, joins=False)
    if step.channel == "meeting":
        for role in step.with_roles:
            yield role, _Entry(place, step, joins=True)


def _place(step: SopStep) -> tuple[int, int, str]:
    """Return (daily, weekly or monthly; which day; which time) for sorting and merging."""
    timing = step.timing
    if timing.every == "day":
        return 0, 0, timing.at or ""
    if timing.every == "week":
        return 1, WEEKDAYS[timing.on] if timing.on else 0, timing.at or ""
    return 2, timing.month_day or 0, timing.at or ""


def _slots(source: Source, entries: Sequence[_Entry]) -> Iterator[Slot]:
    merged: dict[tuple[int, int, str, str], list[_Entry]] = {}
    for entry in sorted(entries, key=lambda item: (item.place, item.step.code)):
        # Steps without a clock time are told apart by their own words for when.
        key = (*entry.place, "" if entry.place[2] else entry.step.timing.shown)
        merged.setdefault(key, []).append(entry)
    before = ""
    for (kind, number, time, shown), together in merged.items():
        day = _monthly(together[0].step) or _day(source, kind, number)
        yield Slot(
            day="" if day == before else day,
            time=time or _bare(shown, day),
            work=source.wording.translate("；").join(
                dict.fromkeys(_work(source, entry) for entry in together)
            ),
            codes=" ".join(dict.fromkeys(entry.step.code for entry in together)),
        )
        before = day


def _day(source: Source, kind: int, number: int) -> str:
    t = source.wording.translate
    if kind == 0:
        return t("每天")
    if kind == 1:
        return t(DAY_NAMES[number])
    return t("每月{}日").format(number) if number else t("每月")


def _monthly(step: SopStep) -> str:
    """Return a monthly step's own words for its day: 「每月末」, 「每月3–7日」."""
    shown = step.timing.shown
    own = step.timing.every == "month" and shown.startswith(MONTHLY)
    return re.sub(r"\d?\d:\d\d", "", shown) if own else ""


def _bare(shown: str, day: str) -> str:
    """Return a step's words for when, without the day that already stands beside them."""
    text = shown.removeprefix(day)
    for word in ("每周" + day.removeprefix("周"), day, "每天", "每周", "每月"):
        text = text.removeprefix(word)
    return text.strip("，（）")


def _work(source: Source, entry: _Entry) -> str:
    text = brief(entry.step.action)
    return source.wording.translate("参加：{}").format(text) if entry.joins else text


def first_tasks(source: Source, roadmap: Roadmap, last: date) -> tuple[DayTask, ...]:
    """Return the one-off tasks from the plan's first day to ``last``, by date.

    What starts anew with every customer is no task of a day and stays with its card.
    """
    found: list[DayTask] = []
    before: date | None = None
    for task in roadmap.tasks:
        if not _dated(task, last):
            continue
        found.append(_task(source, task, repeats=task.start == before))
        before = task.start
    return tuple(found)


def _dated(task: Task, last: date) -> bool:
    return (
        task.recurs is None
        and task.start <= last
        and task.step.driver != "new-friend"
        and task.step.owner not in HANDS_OFF
    )


def _task(source: Source, task: Task, *, repeats: bool) -> DayTask:
    wording, t = source.wording, source.wording.translate
    day = f"{wording.short_day(task.start)} {t(DAY_NAMES[task.start.weekday()])}"
    work = brief(task.step.action)
    if task.end > task.start:
        work += t("（到{}）").format(wording.short_day(task.end))
    return DayTask(
        day="" if repeats else day,
        owner=wording.role(task.step.owner),
        work=work,
        metric=f"{task.step.metric.title} {task.step.metric.target}",
        code=task.step.code,
    )
