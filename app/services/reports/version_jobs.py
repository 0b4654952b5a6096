"""The jobs about a version of a report: begun anew, called off, drawn again to compare."""

from datetime import timedelta
from typing import Final

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, ThrottledError
from app.services.record.recording import record
from app.services.work.waking import wake
from app.store.jobs import OPEN, count_jobs, jobs_about, put_back
from app.store.reports import files_of, find_report
from app.store.rows import Job, Report
from app.store.scope import ScopedSession
from app.store.types import new_id

REPORT: Final = "report"
"""The kind of job that draws an issued report; its subject is the report."""
CHECK: Final = "report-check"
"""The kind of job that draws it again and compares."""
A_DAY: Final = 200
"""Drawings that one consultancy may ask for in 24 hours."""
WAIT: Final = 3600
"""Seconds after which to ask again."""


def must_not_flood(acting: Acting, session: ScopedSession) -> None:
    """Raise ``ThrottledError`` where the consultancy had all the drawings of a day."""
    since = acting.now - timedelta(days=1)
    if count_jobs(session, (REPORT, CHECK), since) >= A_DAY:
        raise ThrottledError(WAIT)


def new_job(acting: Acting, session: ScopedSession, kind: str, row: Report) -> Job:
    """Store a job about a report; a report has one of each kind. Raises ``ThrottledError``."""
    must_not_flood(acting, session)
    job = Job(
        id=new_id(),
        kind=kind,
        subject=row.id,
        input_hash=row.digest,
        created_at=acting.now,
        created_by=acting.person,
    )
    session.add(job)
    return job


def begin_again(acting: Acting, session: ScopedSession, row: Report, job: Job) -> None:
    """Put the drawing of a version back into the queue, on behalf of whoever asks now.

    Raises ``ThrottledError``.
    """
    must_not_flood(acting, session)
    put_back(job)
    # It waits from now on, and with the rights of whoever asks now.
    job.created_at, job.created_by = acting.now, acting.person
    record(
        acting, session, "report.retried", "report", row.id, row.engagement_id, version=row.version
    )


def job_of(session: ScopedSession, kind: str, report: str) -> Job:
    """Return the job of a kind about a report; raises ``NotFoundError``."""
    found = jobs_about(session, kind, [report])
    if not found:
        raise NotFoundError
    return found[0]


def open_report(acting: Acting, session: ScopedSession, engagement: str, report: str) -> Report:
    """Return a report of an engagement the person may see; raises ``NotFoundError``."""
    open_engagement(acting, session, engagement)
    row = find_report(session, engagement, report)
    if row is None:
        raise NotFoundError
    return row


def retry_report(acting: Acting, engagement: str, report: str) -> None:
    """Have a version drawn after all; does nothing to one that is at work or finished."""
    acting.must_write()
    with acting.writing() as session:
        row = open_report(acting, session, engagement, report)
        job = job_of(session, REPORT, report)
        if job.state not in ("failed", "cancelled"):
            return
        begin_again(acting, session, row, job)
        name = job.id
    wake(acting.settings, name)


def cancel_report(acting: Acting, engagement: str, report: str) -> None:
    """Call a drawing off; at work, it stops within a second or two.

    Raises ``ConflictError`` ("ended") where there is nothing to call off any more.
    """
    acting.must_write()
    with acting.writing() as session:
        row = open_report(acting, session, engagement, report)
        job = job_of(session, REPORT, report)
        if job.state not in OPEN:
            raise ConflictError("ended", "这一版已经结束，没有可取消的任务。")
        if job.cancelled_at is not None:
            return
        job.cancelled_at = acting.now
        if job.state == "queued":
            job.state, job.finished_at = "cancelled", acting.now
        record(
            acting,
            session,
            "report.cancelled",
            "report",
            report,
            engagement,
            version=row.version,
        )


def check_report(acting: Acting, engagement: str, report: str) -> None:
    """Have a finished version made anew from what was frozen, to compare the bytes.

    Raises ``ConflictError`` ("no-file") for one that has no files.
    """
    acting.must_write()
    with acting.writing() as session:
        row = open_report(acting, session, engagement, report)
        if not files_of(session, [report])[report]:
            raise ConflictError("no-file", "这一版还没有文件，不能重新生成核对。")
        jobs = jobs_about(session, CHECK, [report])
        if jobs and jobs[0].state in OPEN:
            return
        if jobs:
            must_not_flood(acting, session)
            job = jobs[0]
            put_back(job)
            job.created_at, job.created_by = acting.now, acting.person
        else:
            job = new_job(acting, session, CHECK, row)
        name = job.id
    wake(acting.settings, name)
