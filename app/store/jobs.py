"""The job table: the truth about work that runs outside a request.

A worker claims a job by a conditional update, keeps the lease alive while it works, and may
finish only while the lease is still its own. A job whose lease ran out is taken by another.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CursorResult, Subquery, case, func, or_, select, update
from sqlalchemy.orm import aliased

from app.store.rows import Job
from app.store.scope import ScopedSession

MAX_ATTEMPTS: Final = 3
OPEN: Final = ("queued", "running")
STRANGERS: Final = "self-check"
"""The kind of job that people ask for who are nobody's member. In their consultancy's line it waits
behind everything its own people asked for."""


def next_jobs(session: ScopedSession, now: datetime, limit: int = 20) -> Sequence[tuple[str, str]]:
    """Return tenant and id of jobs that wait or whose lease ran out, one tenant after the other.

    Needs the scope of the installation. See ``_turns`` for whose turn it is.
    """
    turns = _turns(now)
    rows = session.execute(
        select(turns.c.tenant_id, turns.c.id).order_by(turns.c.turn).limit(limit)
    )
    return [(tenant, job) for tenant, job in rows]


def _turns(now: datetime) -> Subquery:
    """Number the jobs that wait: every tenant's first, then every tenant's second, and so on.

    Among the same places the tenant comes first whose last job was taken longest ago (or never):
    what a tenant has at work or has just had counts, so that a flood of one consultancy never keeps
    another waiting for more than one job.
    """
    waiting = or_(Job.state == "queued", (Job.state == "running") & (Job.lease_until < now))
    other = aliased(Job)
    served = (
        select(func.max(other.started_at))
        .where(other.tenant_id == Job.tenant_id)
        .correlate(Job)
        .scalar_subquery()
    )
    order = (case((Job.kind == STRANGERS, 1), else_=0), Job.created_at, Job.id)
    place = func.row_number().over(partition_by=Job.tenant_id, order_by=order)
    lines = (
        select(Job.tenant_id, Job.id, Job.created_at, place.label("place"), served.label("served"))
        .where(waiting)
        .subquery()
    )
    turns = (lines.c.place, lines.c.served.asc().nulls_first(), lines.c.created_at, lines.c.id)
    turn = func.row_number().over(order_by=turns)
    return select(lines.c.tenant_id, lines.c.id, turn.label("turn")).subquery()


def claim(
    session: ScopedSession, job: str, worker: str, now: datetime, lease: timedelta
) -> Job | None:
    """Take a job for ``worker`` until the lease ends; None where somebody else has it.

    A job that was tried ``MAX_ATTEMPTS`` times is not taken again: it is marked failed.
    """
    row = session.scalars(select(Job).where(Job.id == job).with_for_update()).first()
    if row is None or row.state not in OPEN:
        return None
    if row.state == "running" and row.lease_until is not None and row.lease_until >= now:
        return None
    if row.cancelled_at is not None:
        row.state, row.finished_at = "cancelled", now
        return None
    if row.attempts >= MAX_ATTEMPTS:
        row.state, row.finished_at = "failed", now
        row.message = row.message or "任务多次中断，已停止重试。"
        return None
    row.state, row.worker, row.lease_until = "running", worker, now + lease
    row.attempts += 1
    row.started_at, row.step, row.page, row.message = now, "", None, ""
    return row


def keep(
    session: ScopedSession,
    job: str,
    worker: str,
    now: datetime,
    lease: timedelta,
    step: str,
    page: int | None,
) -> bool:
    """Prolong the lease and tell how far the work is; False where it must stop."""
    result = session.execute(
        update(Job)
        .where(
            Job.id == job,
            Job.worker == worker,
            Job.state == "running",
            Job.cancelled_at.is_(None),
        )
        .values(lease_until=now + lease, step=step, page=page)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def held(session: ScopedSession, job: str, worker: str) -> Job | None:
    """Return a job for finishing it, or None where the lease is no longer the worker's."""
    row = session.scalars(select(Job).where(Job.id == job).with_for_update()).first()
    if row is None or row.state != "running" or row.worker != worker:
        return None
    return row


def queue_positions(
    session: ScopedSession, jobs: Collection[str], now: datetime
) -> Mapping[str, int]:
    """Return how many jobs are before each of these, those at work included.

    Those that wait for nothing are left out. Needs the scope of the installation.
    """
    turns = _turns(now)
    found = session.execute(
        select(turns.c.id, turns.c.turn).where(turns.c.id.in_(list(jobs)))
    ).all()
    if not found:
        return {}
    working = session.scalar(
        select(func.count()).select_from(Job).where(Job.state == "running", Job.lease_until >= now)
    )
    return {job: int(turn) - 1 + (working or 0) for job, turn in found}


def jobs_about(session: ScopedSession, kind: str, subjects: Collection[str]) -> Sequence[Job]:
    """Return the jobs of a kind on some subjects, the newest first."""
    return session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.subject.in_(list(subjects)))
        .order_by(Job.created_at.desc(), Job.id)
    ).all()


def count_jobs(session: ScopedSession, kinds: Collection[str], since: datetime) -> int:
    """Return how many jobs of these kinds the tenant asked for since a moment."""
    found = session.scalar(
        select(func.count())
        .select_from(Job)
        .where(Job.kind.in_(list(kinds)), Job.created_at >= since)
    )
    return found or 0


def put_back(job: Job) -> None:
    """Have a job that ended begin anew, with as many tries as at first."""
    job.state, job.worker, job.attempts = "queued", "", 0
    job.lease_until = job.cancelled_at = job.started_at = job.finished_at = None
    job.step, job.page, job.message = "", None, ""
