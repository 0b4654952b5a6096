"""Figures, tasks, stores and gate reviews of a plan under way; the highest number counts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.store.rows import (
    CoachedUnit,
    Contact,
    HeldReview,
    KpiEntry,
    Member,
    Report,
    Round,
    TaskSettlement,
)
from app.store.scope import ScopedSession


def coached_report(session: ScopedSession, engagement: str) -> Report | None:
    """Return the newest issued report that holds a decided plan: the one that is coached."""
    return session.scalars(
        select(Report)
        .where(Report.engagement_id == engagement, Report.plan_number.is_not(None))
        .order_by(Report.version.desc())
        .limit(1)
    ).first()


# -- stores --------------------------------------------------------------------------------------


def units_of(session: ScopedSession, engagement: str) -> Sequence[CoachedUnit]:
    """Return the stores that take part or did, in the order they were added."""
    return session.scalars(
        select(CoachedUnit)
        .where(CoachedUnit.engagement_id == engagement)
        .order_by(CoachedUnit.created_at, CoachedUnit.name)
    ).all()


def find_unit(session: ScopedSession, engagement: str, unit: str) -> CoachedUnit | None:
    """Return a store of an engagement."""
    return session.scalars(
        select(CoachedUnit).where(CoachedUnit.engagement_id == engagement, CoachedUnit.id == unit)
    ).first()


# -- figures -------------------------------------------------------------------------------------


def standing_entries(
    session: ScopedSession, engagement: str, week: date | None = None
) -> Sequence[KpiEntry]:
    """Return the figure that counts of each KPI, week and store; those taken back are left out."""
    query = _standing_entries().where(
        KpiEntry.engagement_id == engagement, KpiEntry.value.is_not(None)
    )
    if week is not None:
        query = query.where(KpiEntry.week == week)
    return session.scalars(query).all()


def latest_entries(
    session: ScopedSession, engagements: Collection[str], since: date
) -> Sequence[KpiEntry]:
    """Return the figures of whole enterprises that count, of weeks from ``since`` on, by week."""
    query = _standing_entries().where(
        KpiEntry.engagement_id.in_(list(engagements)),
        KpiEntry.unit == "",
        KpiEntry.week >= since,
        KpiEntry.value.is_not(None),
    )
    return session.scalars(query.order_by(KpiEntry.week)).all()


def _standing_entries() -> Select[KpiEntry]:
    later = aliased(KpiEntry)
    return select(KpiEntry).where(
        ~exists().where(
            later.tenant_id == KpiEntry.tenant_id,
            later.engagement_id == KpiEntry.engagement_id,
            later.week == KpiEntry.week,
            later.kpi == KpiEntry.kpi,
            later.unit == KpiEntry.unit,
            later.number > KpiEntry.number,
        )
    )


def entry_history(session: ScopedSession, engagement: str, week: date) -> Sequence[KpiEntry]:
    """Return everything ever said of the KPIs of a week, of each the oldest first."""
    return session.scalars(
        select(KpiEntry)
        .where(KpiEntry.engagement_id == engagement, KpiEntry.week == week)
        .order_by(KpiEntry.kpi, KpiEntry.unit, KpiEntry.number)
    ).all()


def reporter_names(session: ScopedSession, people: Collection[str]) -> Mapping[str, str]:
    """Return the names of members and contacts by id."""
    names: dict[str, str] = {}
    if people:
        for row in (Member, Contact):
            rows = session.execute(select(row.id, row.name).where(row.id.in_(sorted(people))))
            names.update((person, name) for person, name in rows)
    return names


def entry_numbers(
    session: ScopedSession, engagement: str, week: date
) -> Mapping[tuple[str, str], int]:
    """Return the highest number of each KPI and store in a week."""
    rows = session.execute(
        select(KpiEntry.kpi, KpiEntry.unit, func.max(KpiEntry.number))
        .where(KpiEntry.engagement_id == engagement, KpiEntry.week == week)
        .group_by(KpiEntry.kpi, KpiEntry.unit)
    )
    return {(kpi, unit): number for kpi, unit, number in rows}


# -- tasks ---------------------------------------------------------------------------------------


def settlements(session: ScopedSession, engagement: str) -> Sequence[TaskSettlement]:
    """Return what counts of every task somebody said something of, also "open"."""
    later = aliased(TaskSettlement)
    return session.scalars(
        select(TaskSettlement)
        .where(TaskSettlement.engagement_id == engagement)
        .where(
            ~exists().where(
                later.tenant_id == TaskSettlement.tenant_id,
                later.engagement_id == TaskSettlement.engagement_id,
                later.task == TaskSettlement.task,
                later.run == TaskSettlement.run,
                later.unit == TaskSettlement.unit,
                later.number > TaskSettlement.number,
            )
        )
    ).all()


def settlement_numbers(
    session: ScopedSession, engagement: str, tasks: Collection[str]
) -> Mapping[tuple[str, str, str], int]:
    """Return the number of what was last said of tasks, by task, run and store."""
    rows = session.execute(
        select(
            TaskSettlement.task,
            TaskSettlement.run,
            TaskSettlement.unit,
            func.max(TaskSettlement.number),
        )
        .where(TaskSettlement.engagement_id == engagement, TaskSettlement.task.in_(list(tasks)))
        .group_by(TaskSettlement.task, TaskSettlement.run, TaskSettlement.unit)
    )
    return {(task, run, unit): number for task, run, unit, number in rows}


# -- gates ---------------------------------------------------------------------------------------


def reviews_of(session: ScopedSession, engagement: str) -> Sequence[HeldReview]:
    """Return every gate review of an engagement, oldest first."""
    return session.scalars(
        select(HeldReview).where(HeldReview.engagement_id == engagement).order_by(HeldReview.number)
    ).all()


def last_review(session: ScopedSession, engagement: str) -> HeldReview | None:
    """Return the newest gate review of an engagement."""
    return session.scalars(
        select(HeldReview)
        .where(HeldReview.engagement_id == engagement)
        .order_by(HeldReview.number.desc())
        .limit(1)
    ).first()


def last_worked(session: ScopedSession, engagement: str) -> datetime | None:
    """Return when a figure, a task or a gate was last spoken of."""
    moments = [
        session.scalar(select(func.max(row.at)).where(row.engagement_id == engagement))
        for row in (KpiEntry, TaskSettlement, HeldReview)
    ]
    return max((at for at in moments if at is not None), default=None)


# -- rounds --------------------------------------------------------------------------------------


def round_of(session: ScopedSession, engagement: str) -> Round | None:
    """Return which round an engagement follows; None for a first one."""
    return session.find(Round, engagement)


def later_round(session: ScopedSession, engagement: str) -> Round | None:
    """Return the round that follows an engagement."""
    return session.scalars(select(Round).where(Round.earlier_id == engagement)).first()
