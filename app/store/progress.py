"""How far engagements are: what was computed of one, and which of all need something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.store.engagements import seen_by
from app.store.rows import (
    Client,
    Engagement,
    EngagementProgress,
    Job,
    PlanRevision,
    Report,
    ReportFile,
)
from app.store.scope import ScopedSession, walled
from app.store.types import Id, Moment

Need: TypeAlias = Literal[
    "interview",
    "gate",
    "adjudications",
    "findings",
    "plan",
    "report",
    "interviews",
    "people",
    "begin",
]
NEEDS: Final[tuple[Need, ...]] = (
    "interview",
    "gate",
    "adjudications",
    "findings",
    "plan",
    "report",
    "interviews",
    "people",
    "begin",
)
"""What an engagement can need, the most pressing first; the place is the bit in the row.

An interview that is due, the gate of a phase that is due (of both the bit says only that there is
one to come: the day decides), rulings, decisions on findings, a plan, a report, interviews to
finish, respondents to remind, a beginning.
"""
BY_DAY: Final[tuple[Need, ...]] = ("interview", "gate")
"""What a day decides."""


def find_progress(session: ScopedSession, engagement: str) -> EngagementProgress | None:
    """Return what was last computed of an engagement."""
    return session.find(EngagementProgress, engagement)


@dataclass(frozen=True, slots=True)
class Issued:
    """A report of which there is a file: its version, and the plan revision in it."""

    version: int
    plan: int | None
    as_of: date
    created_at: datetime


def issued_reports(session: ScopedSession, engagement: str) -> Sequence[Issued]:
    """Return the issued reports of an engagement, newest first."""
    has_file = exists().where(
        ReportFile.tenant_id == Report.tenant_id, ReportFile.report_id == Report.id
    )
    rows = session.execute(
        select(Report.version, Report.plan_number, Report.as_of, Report.created_at)
        .where(Report.engagement_id == engagement, has_file)
        .order_by(Report.version.desc())
    )
    return [Issued(*row) for row in rows]


def plan_revision(session: ScopedSession, engagement: str, number: int) -> PlanRevision | None:
    """Return one revision of an engagement's plan."""
    return session.find(PlanRevision, engagement, number)


# -- today -----------------------------------------------------------------------------------

SHOWN: Final = 25
"""Engagements on the day's overview."""


@dataclass(frozen=True, slots=True)
class Day:
    """What "today" is to whoever asks: the edition of the computing, and up to when to look."""

    edition: int
    soon: date
    """An interview until this day is due."""
    week: date
    """A gate until this day is due."""
    lapse: datetime
    """A link that ends before this moment ends soon."""


@dataclass(frozen=True, slots=True)
class Needing:
    """An engagement that needs something. ``stale``: it changed since that was computed."""

    engagement: str
    title: str
    client: str
    client_name: str
    interviewed_on: date | None
    stale: bool
    needs: int | None
    interviews: int | None
    waiting: int | None
    expires_at: datetime | None
    adjudications: int | None
    findings: int | None
    gate_on: date | None
    worked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many engagements a member sees, how many of them need each thing, and any at all."""

    engagements: int
    out_of_date: int
    needing: int
    by_need: Mapping[Need, int]


def is_out_of_date(edition: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition for engagements that changed since they were last computed."""
    return or_(
        EngagementProgress.engagement_id.is_(None),
        EngagementProgress.counted != EngagementProgress.changes,
        EngagementProgress.edition != edition,
    )


def bits(needs: int) -> tuple[Need, ...]:
    """Return what the bits of a row stand for, the most pressing first."""
    return tuple(need for place, need in enumerate(NEEDS) if needs >> place & 1)


def mask(needs: Sequence[Need]) -> int:
    """Return the bits of a row for what is needed."""
    return sum(1 << NEEDS.index(need) for need in needs)


_DUE: Final = mask(["interview"])
_GATE: Final = mask(["gate"])
_SOON: Final[ColumnElement[date]] = bindparam("soon", type_=Date())
_WEEK: Final[ColumnElement[date]] = bindparam("week", type_=Date())
_LAPSE: Final[ColumnElement[datetime]] = bindparam("lapse", type_=Moment())
_STALE: Final = is_out_of_date(bindparam("edition", type_=Integer()))
_IS_DUE: Final = and_(
    func.coalesce(Engagement.interviewed_on <= _SOON, False),
    EngagementProgress.needs.bitwise_and(_DUE) != 0,
)
_GATE_IS_DUE: Final = and_(
    func.coalesce(EngagementProgress.gate_on <= _WEEK, False),
    EngagementProgress.needs.bitwise_and(_GATE) != 0,
)
_COLUMNS: Final = (
    Engagement.id,
    Engagement.title,
    Client.id,
    Client.name,
    Engagement.interviewed_on,
    _STALE,
    EngagementProgress.needs,
    EngagementProgress.interviews,
    EngagementProgress.waiting,
    EngagementProgress.expires_at,
    EngagementProgress.adjudications,
    EngagementProgress.findings,
    EngagementProgress.gate_on,
    EngagementProgress.worked_at,
)


def _seen(everything: bool, *columns: Any) -> Select[Any]:
    """Return the engagements under way, all of them or those of the parameter ``member``."""
    return (
        select(*columns)
        .select_from(Engagement)
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .join(
            EngagementProgress,
            (EngagementProgress.tenant_id == Engagement.tenant_id)
            & (EngagementProgress.engagement_id == Engagement.id),
            isouter=True,
        )
        .where(
            Engagement.archived_at.is_(None),
            Client.archived_at.is_(None),
            seen_by(None if everything else bindparam("member", type_=Id())),
        )
    )


# Statements are put together once: that takes longer than the database takes to answer them.


@cache
def _needing(everything: bool, only: Need | None) -> Select[Any]:
    if only is None:
        lasting = [need for need in NEEDS if need not in BY_DAY]
        wanted = EngagementProgress.needs.bitwise_and(mask(lasting)) != 0
        wanted = or_(wanted, _IS_DUE, _GATE_IS_DUE)
    elif only == "interview":
        wanted = _IS_DUE
    elif only == "gate":
        wanted = _GATE_IS_DUE
    else:
        wanted = EngagementProgress.needs.bitwise_and(mask([only])) != 0
    lapses = and_(EngagementProgress.waiting > 0, EngagementProgress.expires_at < _LAPSE)
    return walled(
        overview(everything)
        .where(or_(_STALE, wanted))
        .order_by(
            case(
                (or_(_IS_DUE, _GATE_IS_DUE), 0),
                (lapses, 1),
                else_=func.coalesce(EngagementProgress.rank, 99),
            ),
            func.coalesce(EngagementProgress.worked_at, Engagement.created_at).desc(),
            Engagement.id,
        )
        .limit(SHOWN)
    )


@cache
def _one(everything: bool) -> Select[Any]:
    found = overview(everything).where(Engagement.id == bindparam("engagement"))
    return walled(found)


@cache
def _counts(everything: bool) -> Select[Any]:
    kinds: tuple[Any, ...] = (_STALE, _IS_DUE, _GATE_IS_DUE, EngagementProgress.needs)
    named = [kind.label(f"kind_{place}") for place, kind in enumerate(kinds)]
    return walled(_seen(everything, *named, func.count()).group_by(*named))


@cache
def _drawn(everything: bool) -> Select[Any]:
    later = aliased(Report)
    is_newest = ~exists().where(
        later.tenant_id == Report.tenant_id,
        later.engagement_id == Report.engagement_id,
        later.version > Report.version,
    )
    ended = or_(
        Job.state == "failed",
        and_(Job.state == "done", Job.finished_at > bindparam("since", type_=Moment())),
    )
    return walled(
        overview(everything, Report.version, Job.state)
        .join(
            Report,
            (Report.tenant_id == Engagement.tenant_id) & (Report.engagement_id == Engagement.id),
        )
        .join(Job, (Job.tenant_id == Report.tenant_id) & (Job.subject == Report.id))
        .where(Job.kind == bindparam("kind"), is_newest, ended)
        .order_by(Job.finished_at.desc(), Job.id)
        .limit(SHOWN)
    )


def overview(everything: bool, *first: Any) -> Select[Any]:
    """Return ``first`` and the columns of ``Needing`` of the engagements under way."""
    return _seen(everything, *first, *_COLUMNS)


def given_of(member: str | None, day: Day, **more: Any) -> dict[str, Any]:
    """Return the parameters of a statement over the engagements under way."""
    days = {"soon": day.soon, "week": day.week, "lapse": day.lapse}
    told = {"edition": day.edition, **days, **more}
    return told if member is None else {**told, "member": member}


def needing(
    session: ScopedSession, member: str | None, day: Day, only: Need | None
) -> Sequence[Needing]:
    """Return the engagements that need something (or one thing), the most pressing first.

    Engagements that changed since they were last computed are among them, whatever they needed
    then: what they need now is not known yet.
    """
    rows = session.execute(_needing(member is None, only), given_of(member, day))
    return [Needing(*row) for row in rows]


def one_needing(
    session: ScopedSession, member: str | None, day: Day, engagement: str
) -> Needing | None:
    """Return one engagement under way with what was computed of it."""
    told = given_of(member, day, engagement=engagement)
    row = session.execute(_one(member is None), told).first()
    return None if row is None else Needing(*row)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report whose drawing failed, or came to an end lately."""

    version: int
    failed: bool
    about: Needing


def drawn_reports(
    session: ScopedSession, member: str | None, day: Day, kind: str, since: datetime
) -> Sequence[Drawn]:
    """Return the newest report of each engagement if drawing it failed, or ended after ``since``.

    ``kind`` is that of the jobs that draw.
    """
    rows = session.execute(_drawn(member is None), given_of(member, day, kind=kind, since=since))
    return [Drawn(version, state == "failed", Needing(*about)) for version, state, *about in rows]


def count_needs(session: ScopedSession, member: str | None, day: Day) -> Counts:
    """Count the engagements under way by what they need."""
    by_need: dict[Need, int] = dict.fromkeys(NEEDS, 0)
    engagements = out_of_date = any_need = 0
    rows = session.execute(_counts(member is None), given_of(member, day))
    for stale, due, gate, needs, number in rows:
        engagements += number
        if stale:
            out_of_date += number
            any_need += number
            continue
        found = needed(needs, {"interview": bool(due), "gate": bool(gate)})
        any_need += number if found else 0
        for need in found:
            by_need[need] += number
    return Counts(engagements, out_of_date, any_need, by_need)


def needed(needs: int, due: Mapping[Need, bool]) -> tuple[Need, ...]:
    """Return what a row's bits ask for on a day on which an interview or a gate is ``due``."""
    return tuple(need for need in bits(needs) if due.get(need, True))
