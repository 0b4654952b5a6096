"""What a worker does: takes the next job by its lease, runs it as its creator, tells how far it is.

A job runs with the rights its creator has now, not when it was asked for. Whatever breaks, the row
tells the end of it; a worker that dies leaves a lease that runs out, and another begins anew.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, cast

from app.services.acting import Acting, ActingRole
from app.services.errors import ServiceError
from app.settings import Settings
from app.store.database import Database
from app.store.errors import StoreError
from app.store.jobs import STRANGERS, claim, held, keep, next_jobs
from app.store.rows import Job, Member
from app.store.scope import INSTALLATION, ScopedSession

LEASE: Final = timedelta(seconds=45)
_KEEP_EVERY: Final = timedelta(seconds=1)

_log: Final = logging.getLogger(__name__)


class JobRefusedError(Exception):
    """The job cannot be done, now or later; the message is a Chinese key for its creator."""


class JobStoppedError(Exception):
    """The job was cancelled, or the lease is another's: what was done must not be kept."""


class Progress(Protocol):
    """Tells how far a job is, and learns whether it must stop."""

    def tell(self, step: str, page: int | None = None) -> None:
        """Name the step (and page) the work is at."""

    def stopped(self) -> bool:
        """Tell whether the work must end now."""

    def now(self) -> datetime:
        """Return the moment by the worker's clock; work takes long."""


class Handler(Protocol):
    """Does the work of one kind of job; stores its results itself, through ``finish``."""

    def __call__(self, acting: Acting, job: "Task", progress: Progress) -> None:
        """Do it; raises ``JobRefusedError`` or ``JobStoppedError``."""


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed job as its handler sees it."""

    id: str
    kind: str
    subject: str
    input_hash: str
    worker: str


@dataclass(frozen=True, slots=True)
class Works:
    """A worker: handlers by kind of job, and a clock."""

    database: Database
    settings: Settings
    name: str
    handlers: Mapping[str, Handler]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def work(self, must_stop: Callable[[], bool]) -> None:
        """Do what waits, one job after the other, until nothing does."""
        while not must_stop() and self._one(must_stop):
            pass

    def waiting(self) -> Sequence[str]:
        """Return the ids of jobs that somebody should be woken for."""
        with self.database.reading(INSTALLATION) as session:
            return [job for _tenant, job in next_jobs(session, self.clock())]

    def _one(self, must_stop: Callable[[], bool]) -> bool:
        with self.database.reading(INSTALLATION) as session:
            found = next_jobs(session, self.clock())
        for tenant, job in found:
            claimed = self._claimed(tenant, job)
            if claimed is not None:
                acting, task = claimed
                self._run(acting, task, must_stop)
                return True
        return False

    def _claimed(self, tenant: str, job: str) -> tuple[Acting, Task] | None:
        now = self.clock()
        with self.database.writing(tenant) as session:
            row = claim(session, job, self.name, now, LEASE)
            if row is None:
                return None
            acting = self._as(session, row, now)
            if acting is None:
                row.state, row.finished_at = "cancelled", now
                row.message = "发起人已没有权限，任务已取消。"
                return None
            return acting, Task(row.id, row.kind, row.subject, row.input_hash, self.name)

    def _as(self, session: ScopedSession, row: Job, now: datetime) -> Acting | None:
        """Return who asked for a job, at work; None where they may not ask for it any more."""
        if row.kind == STRANGERS:
            # What they asked about is theirs alone; whether it is still there, its handler sees.
            return Acting(
                database=self.database,
                settings=self.settings,
                tenant=row.tenant_id,
                person=row.created_by,
                name="",
                role="visitor",
                now=now,
            )
        creator = session.find(Member, row.created_by)
        if creator is None or creator.disabled_at is not None or creator.role == "viewer":
            return None
        return Acting(
            database=self.database,
            settings=self.settings,
            tenant=creator.tenant_id,
            person=creator.id,
            name=creator.name,
            role=cast(ActingRole, creator.role),
            now=now,
            zone=creator.zone,
            locale=creator.locale,
        )

    def _run(self, acting: Acting, task: Task, must_stop: Callable[[], bool]) -> None:
        progress = _Lease(self, acting.tenant, task.id, must_stop)
        try:
            handler = self.handlers.get(task.kind)
            if handler is None:
                raise JobRefusedError("程序不认识这种任务。")
            handler(acting, task, progress)
        except JobStoppedError:
            self._let_go(acting.tenant, task.id, must_stop())
        except JobRefusedError as error:
            self._end(acting.tenant, task.id, "failed", str(error))
        except (ServiceError, StoreError, OSError) as error:
            _log.warning("job %s of kind %s failed: %r", task.id, task.kind, error)
            self._again(acting.tenant, task.id)
        except Exception:
            _log.exception("job %s of kind %s broke", task.id, task.kind)
            self._again(acting.tenant, task.id)

    def _end(self, tenant: str, job: str, state: str, message: str) -> None:
        with self.database.writing(tenant) as session:
            row = held(session, job, self.name)
            if row is not None:
                row.state, row.message, row.finished_at = state, message, self.clock()
                row.lease_until = None

    def _again(self, tenant: str, job: str) -> None:
        """Have the job tried again later; the third failure is the last."""
        with self.database.writing(tenant) as session:
            row = held(session, job, self.name)
            if row is None:
                return
            row.message = "任务中断，请重试。"
            # Left running with a short lease: the next try comes after a pause, not at once.
            row.lease_until = self.clock() + timedelta(seconds=5)

    def _let_go(self, tenant: str, job: str, stopping: bool) -> None:
        with self.database.writing(tenant) as session:
            row = held(session, job, self.name)
            if row is None:
                return
            row.lease_until = None
            if row.cancelled_at is not None:
                row.state, row.finished_at = "cancelled", self.clock()
            elif stopping:
                # The worker goes; the try does not count against the job.
                row.state, row.worker, row.attempts = "queued", "", row.attempts - 1


def finish(session: ScopedSession, task: Task, now: datetime) -> Job:
    """Mark a job done in the transaction that stores its result.

    Raises ``JobStoppedError`` where the lease is no longer the worker's or it was cancelled: the
    transaction must then change nothing.
    """
    row = held(session, task.id, task.worker)
    if row is None or row.cancelled_at is not None:
        raise JobStoppedError
    row.state, row.finished_at, row.lease_until, row.message = "done", now, None, ""
    return row


class _Lease:
    """Keeps a job's lease alive and its row telling the truth, at most once a second."""

    def __init__(self, works: Works, tenant: str, job: str, must_stop: Callable[[], bool]) -> None:
        self._works = works
        self._tenant = tenant
        self._job = job
        self._must_stop = must_stop
        self._step, self._page = "", cast(int | None, None)
        self._kept_at = works.clock()
        self._lost = False

    def tell(self, step: str, page: int | None = None) -> None:
        """Name the step; a new step is written down at once."""
        news = step != self._step
        self._step, self._page = step, page
        if news:
            self._keep()

    def stopped(self) -> bool:
        """Tell whether to end; keeps the lease while it is asked."""
        if self._works.clock() - self._kept_at >= _KEEP_EVERY:
            self._keep()
        return self._lost or self._must_stop()

    def now(self) -> datetime:
        """Return the moment by the worker's clock."""
        return self._works.clock()

    def _keep(self) -> None:
        now = self._works.clock()
        try:
            with self._works.database.writing(self._tenant) as session:
                alive = keep(
                    session, self._job, self._works.name, now, LEASE, self._step, self._page
                )
        except StoreError:
            # A busy database is no reason to throw the work away; the lease lasts a while.
            return
        self._kept_at = now
        self._lost = not alive
