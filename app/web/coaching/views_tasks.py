"""The SOP tasks of a week: what is due, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.exceptions import UnprocessableEntity

from app.domain.due_tasks import TaskKind
from app.services.coaching.coached_plan import NotCoachedError, open_coached
from app.services.coaching.tasks import SETTLED, TaskLine, settle_tasks, tasks_of
from app.services.errors import ConflictError, RefusedError
from app.web.coaching import blueprint
from app.web.coaching.figures import percent_words
from app.web.coaching.showing import day_of, not_coached, shown
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.workspace.posting import expect

STATES: Final = {"done": "done", "late": "part", "skipped": "stopped", "open": "todo"}
WORDS: Final = {"done": "按时做了", "late": "晚做了", "skipped": "跳过", "open": "未做"}
KINDS: Final[dict[TaskKind, str]] = {
    "once": "一次",
    "recurring": "例行",
    "every-customer": "每位新客都做",
    "triggered": "整改",
}
_SETTLED: Final = {
    "done": "{n}项任务记为按时做了。",
    "late": "{n}项任务记为晚做了。",
    "skipped": "{n}项任务记为跳过，原因已留下。",
    "open": "{n}项任务改回未做。",
}


@blueprint.get("/engagements/<engagement>/coaching/tasks")
@policy(Right.MEMBER)
def tasks(engagement: str) -> Response:
    """Show the tasks of a week."""
    return _page(engagement)


@blueprint.post("/engagements/<engagement>/coaching/tasks")
@policy(Right.WRITE)
def settle(engagement: str) -> Response:
    """Say what became of the tasks that are ticked."""
    expect("task", "state", "reason", "week", "store", "role")
    state = request.form.get("state", "")
    if state not in SETTLED:
        raise UnprocessableEntity
    keys, reason = request.form.getlist("task"), request.form.get("reason", "")
    if not keys:
        return _page(engagement, say("还没有选任务。请先在列表里勾选。"), reason=reason)
    try:
        number = settle_tasks(acting(), engagement, keys, state, reason=reason)
    except RefusedError as error:
        told = " ".join(say(words, **error.values) for words in error.fields.values())
        return _page(engagement, told, keys, reason)
    except ConflictError as error:
        flash(say(error.message, **error.values), "warning")
    else:
        flash(say(_SETTLED[state], n=number), "success")
    kept = ("week", "store", "role")
    asked: dict[str, Any] = {name: request.form.get(name) or None for name in kept}
    return make_response(redirect(url_for("coaching.tasks", engagement=engagement, **asked), 303))


def _page(
    engagement: str, refusal: str = "", ticked: list[str] | None = None, reason: str = ""
) -> Response:
    who, asked = acting(), request.values
    try:
        coached = open_coached(who, engagement)
    except NotCoachedError:
        return not_coached(engagement, "tasks")
    board = tasks_of(
        who,
        engagement,
        week=day_of(asked.get("week")),
        store=asked.get("store", ""),
        role=asked.get("role", ""),
    )
    return shown(
        engagement,
        "tasks",
        coached,
        422 if refusal else 200,
        board=board,
        groups=_grouped(board.lines, ticked or ()),
        share=percent_words(board.share),
        states=STATES,
        words=WORDS,
        kinds=KINDS,
        refusal=refusal,
        ticked=ticked or [],
        reason=reason,
    )


@dataclass(slots=True)
class TaskRow:
    """One task with its runs of the week, by day; ``line`` is the first of them."""

    line: TaskLine
    runs: list[TaskLine]


@dataclass(slots=True)
class TaskGroup:
    """The tasks of head office or of one store; ``words`` says how much of them is done."""

    title: str
    rows: list[TaskRow]
    words: str = ""
    ticked: bool = False


def _place(row: TaskRow) -> tuple[bool, str]:
    return not row.line.repair, row.line.steps[0].code


def _grouped(lines: Sequence[TaskLine], ticked: Collection[str]) -> list[TaskGroup]:
    """Return the tasks store by store, each listed once with all its days; head office first."""
    groups: dict[str, dict[str, TaskRow]] = {}
    for line in sorted(lines, key=lambda line: (line.store != "", line.store)):
        task = line.key.partition("~")[0]
        rows = groups.setdefault(line.store, {})
        rows.setdefault(f"{task}{line.repair}", TaskRow(line, [])).runs.append(line)
    found = []
    for store, rows in groups.items():
        ordered = sorted(rows.values(), key=_place)
        every = [line for row in ordered for line in row.runs]
        settled = sum(line.state != "open" for line in every)
        words = say("{n}项，已说明{done}项", n=len(every), done=settled)
        own = any(line.key in ticked for line in every)
        found.append(TaskGroup(store or say("总部"), ordered, words, own))
    return found
