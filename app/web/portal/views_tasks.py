"""The SOP tasks of a week: by role and store, settled one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response, flash, make_response, redirect, request, url_for

from app.extensions import limiter
from app.services.coaching.coached_plan import NotCoachedError
from app.services.coaching.tasks import SETTLED, TaskBoard, TaskLine
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.portal.coached import client_tasks, settle_as_client
from app.services.portal.shared import portal_frame
from app.web.policies import Right, policy
from app.web.portal import blueprint
from app.web.portal.showing import page
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect

_PER_PERSON: Final = "120/minute"
SAID: Final = {
    "done": "记下了：按时做了。",
    "late": "记下了：晚做了。",
    "skipped": "记下了：跳过，原因顾问看得到。",
    "open": "已撤回，这项任务又是未做。",
}


def _person() -> str:
    return f"contact:{acting().person}"


@blueprint.get("/portal/<engagement>/tasks")
@policy(Right.CLIENT)
def tasks(engagement: str) -> Response:
    """Show the tasks of a week."""
    asked = {name: request.args.get(name, "") for name in ("store", "role")}
    portal_frame(acting(), engagement)
    try:
        board: TaskBoard | None = client_tasks(
            acting(), engagement, asked_week(), asked["store"], asked["role"]
        )
    except NotCoachedError:
        board = None
    except NotFoundError:
        if not acting().store or asked["store"]:
            raise
        return page(engagement, "no_store")
    if board is None:
        return page(engagement, "tasks", board=None)
    stores = () if acting().store or board.store else tuple(_stores(board))
    # Stores have their own lists: beside each other they are the same steps many times over.
    listed = [line for line in board.lines if not stores or not line.store]
    return page(
        engagement,
        "tasks",
        board=board,
        days=_days(listed, acting().today, request.args.get("day", "")),
        stores=stores,
        today=acting().today,
    )


@blueprint.post("/portal/<engagement>/tasks")
@policy(Right.CLIENT)
@limiter.limit(_PER_PERSON, key_func=_person)
def settle(engagement: str) -> Response:
    """Say what became of a task, or of all that were open on a day."""
    expect("task", "state", "reason", "week", "store", "role", "due")
    state = request.form.get("state", "")
    if state not in SETTLED:
        raise NotFoundError
    named, reason = request.form.getlist("task"), request.form.get("reason", "")
    try:
        settle_as_client(acting(), engagement, named, state, reason)
    except RefusedError as error:
        flash(" ".join(say(words, **error.values) for words in error.fields.values()), "error")
    except ConflictError as error:
        flash(say(error.message, **error.values), "error")
    else:
        flash(say(SAID[state]), "success")
    week, store, role = (request.form.get(name) or None for name in ("week", "store", "role"))
    due = request.form.get("due") or None
    # Back to the day one was at, even where nothing is left open on it.
    target = url_for(
        "portal.tasks",
        engagement=engagement,
        week=week,
        store=store,
        role=role,
        day=due,
        _anchor=f"due-{due}" if due else None,
    )
    return make_response(redirect(target, 303))


@dataclass(frozen=True, slots=True)
class Day:
    """The tasks due on a day; ``open`` are those nobody settled, ``first``: to be looked at."""

    due: date
    lines: tuple[TaskLine, ...]
    open: tuple[TaskLine, ...]
    first: bool

    @property
    def done(self) -> int:
        """How many were done, in time or late."""
        return sum(line.state in ("done", "late") for line in self.lines)


@dataclass(frozen=True, slots=True)
class StoreLine:
    """How far a store is with the tasks of a week."""

    id: str
    name: str
    done: int
    total: int
    overdue: int


def _stores(board: TaskBoard) -> Iterator[StoreLine]:
    """Yield the stores that have tasks this week, those with most of them overdue first."""
    found = []
    for store in board.stores:
        lines = [line for line in board.lines if line.store == store.title]
        done = sum(line.state in ("done", "late") for line in lines)
        if lines:
            overdue = sum(line.overdue for line in lines)
            found.append(StoreLine(store.id, store.title, done, len(lines), overdue))
    yield from sorted(found, key=lambda one: (-one.overdue, one.done))


def _days(lines: Iterable[TaskLine], today: date, asked: str) -> tuple[Day, ...]:
    """Return the days of a week: the one asked for is open, else today, else the first undone."""
    by_day: dict[date, list[TaskLine]] = {}
    for line in lines:
        by_day.setdefault(line.due, []).append(line)
    left = [due for due, lines in by_day.items() if any(one.state == "open" for one in lines)]
    wanted = [due for due in by_day if due.isoformat() == asked]
    rest = [today] if today in by_day else [*left, *by_day]
    first = next(iter([*wanted, *rest]), None)
    return tuple(
        Day(due, tuple(lines), tuple(one for one in lines if one.state == "open"), due == first)
        for due, lines in by_day.items()
    )


def asked_week() -> date | None:
    """Return the day asked for in the address; None where there is none, or it is no day."""
    try:
        return date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return None
