"""What needs something today, over all engagements a person sees.

Five questions to the database, however many engagements there are: what is kept of each
engagement's progress already says what it needs, except where something changed since. Those are
listed as such; the page has them computed one after the other (``refreshed``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias

from app.services.access import sees_as
from app.services.acting import Acting
from app.services.engagements.progress import EDITION
from app.services.engagements.undertaking import engagement_view
from app.services.errors import NotFoundError
from app.services.reports.version_jobs import REPORT
from app.store.clients import count_clients
from app.store.progress import (
    BY_DAY,
    SHOWN,
    Counts,
    Day,
    Drawn,
    Need,
    Needing,
    count_needs,
    drawn_reports,
    needed,
    needing,
    one_needing,
)
from app.store.selfchecks import count_waiting
from app.store.waiting import Asking, asking

AHEAD: Final = timedelta(days=1)
"""An interview tomorrow is prepared today."""
THIS_WEEK: Final = timedelta(days=6)
"""A gate that is due within a week is on the list."""
LAPSING: Final = timedelta(days=3)
LATELY: Final = timedelta(days=1)
"""For how long a finished report is news."""


News: TypeAlias = Literal["failed", "issued", "comments"]
"""A report that could not be drawn, one that has just been, or a client who waits for an answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing an engagement needs: ``number`` of them, ``day`` it is about or ends on.

    Of news about a report the number is its version, of comments that of findings.
    """

    need: Need | News
    number: int = 0
    day: date | datetime | None = None
    overdue: bool = False
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An engagement that needs something. ``stale``: what it needs has to be computed first."""

    engagement: str
    title: str
    client: str
    client_name: str
    tasks: tuple[Task, ...]
    worked_at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Today:
    """The day's overview. ``clients`` tells whether there are any, for who has none yet.

    ``leads`` is how many people who did the self-check wait for an answer; 0 for people who may
    not see them.
    """

    lines: tuple[Line, ...]
    counts: Counts
    leads: int
    clients: bool
    only: Need | None

    @property
    def more(self) -> int:
        """How many engagements need something beyond those listed."""
        total = self.counts.needing
        if self.only is not None:
            total = self.counts.by_need[self.only] + self.counts.out_of_date
        return max(total - SHOWN, 0)


def today(acting: Acting, only: Need | None = None) -> Today:
    """Return what needs something today, or one kind of thing."""
    member, day = sees_as(acting), _day(acting)
    with acting.reading() as session:
        found = needing(session, member, day, only)
        counts = count_needs(session, member, day)
        drawn = drawn_reports(session, member, day, REPORT, acting.now - LATELY)
        waits = asking(session, member, day)
        leads = count_waiting(session) if acting.writes else 0
        clients = counts.engagements or count_clients(session, member)
    lines = {one.engagement: _line(acting, one, day) for one in found}
    if only is None:
        lines = _with_news(acting, drawn, waits, lines, day)
    counts = _with_asking(acting, counts, waits, day)
    return Today(tuple(lines.values()), counts, leads, clients > 0, only)


def day_counts(acting: Acting) -> Counts:
    """Return how many engagements need each thing now."""
    member, day = sees_as(acting), _day(acting)
    with acting.reading() as session:
        counts = count_needs(session, member, day)
        waits = asking(session, member, day)
    return _with_asking(acting, counts, waits, day)


def _with_asking(acting: Acting, counts: Counts, waits: Iterable[Asking], day: Day) -> Counts:
    """Return the counts with the engagements that need nothing but an answer to their client."""
    lines = (_line(acting, one.about, day) for one in waits)
    more = sum(not line.stale and not line.tasks for line in lines)
    return replace(counts, needing=counts.needing + more)


def refreshed(acting: Acting, engagement: str) -> Line:
    """Return the line of one engagement, computed anew where something changed.

    It may need nothing at all: then it has no tasks. Raises ``NotFoundError``.
    """
    engagement_view(acting, engagement)
    member, day = sees_as(acting), _day(acting)
    with acting.reading() as session:
        found = one_needing(session, member, day, engagement)
        drawn = drawn_reports(session, member, day, REPORT, acting.now - LATELY)
        waits = asking(session, member, day)
    if found is None:
        raise NotFoundError
    lines = _with_news(
        acting,
        [one for one in drawn if one.about.engagement == engagement],
        [one for one in waits if one.about.engagement == engagement],
        {engagement: _line(acting, found, day)},
        day,
    )
    return lines[engagement]


def _with_news(
    acting: Acting,
    drawn: Iterable[Drawn],
    waits: Iterable[Asking],
    lines: Mapping[str, Line],
    day: Day,
) -> dict[str, Line]:
    """Return lines with the clients who wait for an answer first, then the news of reports."""
    news: dict[str, list[Task]] = {}
    about: dict[str, Needing] = {}
    for waiting in waits:
        news.setdefault(waiting.about.engagement, []).append(
            Task("comments", waiting.findings, pressing=True)
        )
        about[waiting.about.engagement] = waiting.about
    for one in drawn:
        task = Task("failed" if one.failed else "issued", one.version, pressing=one.failed)
        news.setdefault(one.about.engagement, []).append(task)
        about[one.about.engagement] = one.about
    first = {}
    for name, tasks in news.items():
        line = lines.get(name) or _line(acting, about[name], day)
        first[name] = replace(line, tasks=(*tasks, *line.tasks))
    return {**first, **{name: line for name, line in lines.items() if name not in first}}


def _day(acting: Acting) -> Day:
    today = acting.today
    return Day(EDITION, today + AHEAD, today + THIS_WEEK, acting.now + LAPSING)


def _line(acting: Acting, found: Needing, day: Day) -> Line:
    return Line(
        engagement=found.engagement,
        title=found.title,
        client=found.client,
        client_name=found.client_name,
        tasks=() if found.stale else tuple(_tasks(acting, found, day)),
        worked_at=found.worked_at,
        stale=bool(found.stale),
    )


def _tasks(acting: Acting, found: Needing, day: Day) -> Iterator[Task]:
    """Yield what an engagement needs, the most pressing first: the same order as in the list."""
    held, ends = found.interviewed_on, found.expires_at
    due = held is not None and held <= day.soon
    gate = found.gate_on is not None and found.gate_on <= day.week
    needs = needed(found.needs or 0, {"interview": due, "gate": gate})
    lapsing = ends is not None and ends < day.lapse
    people = Task(
        "people", found.waiting or 0, ends, ends is not None and ends <= acting.now, lapsing
    )
    numbers = {
        "adjudications": found.adjudications,
        "findings": found.findings,
        "interviews": found.interviews,
    }
    if "interview" in needs and held is not None:
        yield Task("interview", day=held, overdue=held < acting.today, pressing=True)
    if "gate" in needs and found.gate_on is not None:
        yield Task("gate", day=found.gate_on, overdue=found.gate_on < acting.today, pressing=True)
    if "people" in needs and lapsing:
        yield people
    for need in needs:
        if need == "people" and not lapsing:
            yield people
        elif need != "people" and need not in BY_DAY:
            yield Task(need, numbers.get(need) or 0)
