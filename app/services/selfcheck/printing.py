"""The three pages of a self-check as PDF: drawn by a job, in a child process with limits."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, ThrottledError
from app.services.files import Download, file_store
from app.services.reports.board import JobView, job_view, jobs_ahead
from app.services.reports.drawing import DrawingRefusedError, drawn_in_child
from app.services.reports.files import MEDIA_TYPES
from app.services.selfcheck.answering import own_rows
from app.services.selfcheck.result import frozen_check, own_frozen
from app.services.work.waking import wake
from app.services.work.working import JobRefusedError, Progress, Task, finish
from app.store.jobs import STRANGERS, count_jobs, jobs_about, put_back
from app.store.rows import Job, SelfCheckReport
from app.store.selfchecks import held_check, report_of
from app.store.types import new_id

A_DAY: Final = 400
"""Reports of self-checks that strangers may ask one consultancy for in 24 hours."""
WAIT: Final = 3600
CHANGED: Final = "答案改过了，请重新生成。"

_log: Final = logging.getLogger(__name__)

PrintState: TypeAlias = Literal["none", "at-work", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Printing:
    """How far the report of the answers as they are is; ``job`` None where nobody asked for it."""

    job: JobView | None
    size: int
    pages: int
    is_done: bool

    @property
    def state(self) -> PrintState:
        """What a page about it shows."""
        if self.is_done:
            return "done"
        if self.job is None:
            return "none"
        return "at-work" if self.job.is_open else "failed"


NOT_ASKED: Final = Printing(None, 0, 0, is_done=False)


def printing_of(acting: Acting) -> Printing:
    """Return how far the stranger's report is; raises as ``own_result`` does."""
    frozen = own_frozen(acting, acting.locale)
    with acting.reading() as session:
        row = report_of(session, acting.person, frozen.digest)
        jobs = jobs_about(session, STRANGERS, [row.id]) if row is not None else ()
    if row is None:
        return NOT_ASKED
    view = job_view(jobs[0], jobs_ahead(acting, jobs)) if jobs else None
    return Printing(view, row.size, row.pages, row.digest is not None)


def request_print(acting: Acting) -> None:
    """Have the stranger's report drawn, once; one whose drawing failed is drawn again.

    Raises as ``own_result`` does, and ``ThrottledError``.
    """
    frozen = own_frozen(acting, acting.locale)
    with acting.writing() as session:
        if held_check(session, acting.person) is None:
            raise NotFoundError
        row = report_of(session, acting.person, frozen.digest)
        jobs = jobs_about(session, STRANGERS, [row.id]) if row is not None else ()
        if row is not None and (row.digest is not None or (jobs and jobs[0].state == "queued")):
            return
        if jobs and jobs[0].state == "running":
            return
        if count_jobs(session, (STRANGERS,), acting.now - timedelta(days=1)) >= A_DAY:
            raise ThrottledError(WAIT)
        if row is None:
            row = SelfCheckReport(
                id=new_id(),
                self_check_id=acting.person,
                locale=acting.locale,
                inputs=frozen.digest,
                created_at=acting.now,
            )
            session.add(row)
        if jobs:
            job = jobs[0]
            put_back(job)
            job.created_at = acting.now
        else:
            job = Job(
                id=new_id(),
                kind=STRANGERS,
                subject=row.id,
                input_hash=frozen.digest,
                created_at=acting.now,
                created_by=acting.person,
            )
            session.add(job)
        name = job.id
    wake(acting.settings, name)


def printed_file(acting: Acting) -> Download:
    """Return the stranger's finished report.

    Raises ``NotFoundError`` where it is not drawn yet, ``ConflictError`` ("lost") where the bytes
    are gone from the disk.
    """
    frozen = own_frozen(acting, acting.locale)
    with acting.reading() as session:
        row = report_of(session, acting.person, frozen.digest)
    if row is None or row.digest is None:
        raise NotFoundError
    path = file_store(acting.settings).path(row.digest)
    if not path.is_file():
        raise ConflictError("lost", "这份PDF在服务器上找不到了，请重新生成。")
    return Download(path, MEDIA_TYPES["pdf"], f"{frozen.number}.pdf")


# -- the worker's part -----------------------------------------------------------------------------


def draw_self_check(acting: Acting, job: Task, progress: Progress) -> None:
    """Draw the report of a self-check and store its file."""
    with acting.reading() as session:
        row = session.find(SelfCheckReport, job.subject)
        if row is None or row.self_check_id != acting.person:
            raise JobRefusedError(CHANGED)
        try:
            check, _lead, house = own_rows(acting, session)
        except NotFoundError:
            raise JobRefusedError(CHANGED) from None
    try:
        frozen = frozen_check(acting, check, house, row.locale)
    except ConflictError:
        raise JobRefusedError(CHANGED) from None
    if frozen.digest != job.input_hash:
        raise JobRefusedError(CHANGED)
    try:
        files = drawn_in_child(acting.settings, frozen, progress)
    except DrawingRefusedError as error:
        _log.warning("self-check %s was refused (%s): %s", row.id, error.reason, error.detail)
        raise
    progress.tell("store")
    digest = file_store(acting.settings).put(files.pdf)
    with acting.writing() as session:
        moment = progress.now()
        finish(session, job, moment)
        drawn = session.find(SelfCheckReport, job.subject)
        if drawn is not None:
            drawn.digest, drawn.size, drawn.pages = digest, len(files.pdf), files.pages
            drawn.produced_at = moment
