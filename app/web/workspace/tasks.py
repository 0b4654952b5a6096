"""What needs doing today, in words and with the address where it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import url_for

from app.services.engagements.today import Line, Task
from app.store.progress import Need
from app.web.presenting import moment, say, short_day

_PLACES: Final = {
    "interview": "interview.board",
    "gate": "coaching.gate",
    "people": "workspace.invitations",
    "adjudications": "interview.adjudication",
    "findings": "diagnosis.findings",
    "plan": "plan.desk",
    "report": "reports.board",
    "failed": "reports.board",
    "issued": "reports.board",
    "comments": "sharing.board",
    "interviews": "interview.board",
    "begin": "interview.board",
}
"""Where each thing is done."""
_WORDS: Final = {
    "people": "{n}位受访者还没提交",
    "adjudications": "{n}道题各说各的，等您裁定",
    "findings": "{n}条主要发现等您确认、改写或否决",
    "plan": "诊断和发现都定了，可以定规划",
    "report": "规划已定，可以出报告",
    "failed": "报告第{n}版没有做出来，请看原因后重试",
    "issued": "报告第{n}版做好了，可以下载",
    "comments": "客户对{n}条发现留了言，等您回复",
    "interviews": "{n}场访谈没做完",
    "begin": "还没有任何内容：从访谈或邀请开始",
}
_ANY: Final = "0" * 16


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing to do: where, what, a word beside it, and whether it presses."""

    url: str
    words: str
    aside: str
    presses: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """One engagement of the day's table. ``refresh``: where a stale one is computed anew."""

    url: str
    client_name: str
    title: str
    tasks: tuple[TaskRow, ...]
    worked_at: str
    refresh: str


def line_rows(lines: Iterable[Line], only: Need | None = None) -> tuple[LineRow, ...]:
    """Return the lines as the page shows them; ``only`` is the one kind of thing it lists."""
    address = cache(_pattern)
    asked = f"?need={only}" if only else ""
    return tuple(
        LineRow(
            url=address("workspace.engagement")(line.engagement),
            client_name=line.client_name,
            title=line.title,
            tasks=tuple(_task(line, task, address) for task in line.tasks),
            worked_at=moment(line.worked_at),
            refresh=(
                f"{address('workspace.today_line')(line.engagement)}{asked}" if line.stale else ""
            ),
        )
        for line in lines
    )


Address = Callable[[str], str]


def _pattern(endpoint: str) -> Address:
    """Return what writes the addresses of an endpoint: the router is asked once for all rows."""
    before, _, after = url_for(endpoint, engagement=_ANY).partition(_ANY)
    return lambda engagement: f"{before}{engagement}{after}"


def _task(line: Line, task: Task, address: Callable[[str], Address]) -> TaskRow:
    url = address(_PLACES[task.need])(line.engagement)
    aside = ""
    if task.need == "interview":
        key = "访谈日{day}已过，还没有访谈记录" if task.overdue else "{day}访谈，还没有访谈记录"
        words = say(key, day=short_day(task.day))
    elif task.need == "gate":
        key = "阶段出口{day}到期，还没评审" if task.overdue else "{day}评审阶段出口"
        words = say(key, day=short_day(task.day))
    else:
        words = say(_WORDS[task.need], n=task.number)
    if task.need == "comments":
        url = f"{url}#talks"
    if task.need == "people":
        url = f"{url}?only=open"
        if task.overdue:
            aside = say("有链接已过期，请换新或延长")
        elif task.pressing:
            aside = say("最早的链接{day}到期", day=short_day(task.day))
    return TaskRow(url, words, aside, task.pressing or task.overdue)
