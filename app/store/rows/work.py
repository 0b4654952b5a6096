"""Work that outlives a request: jobs, mail, the workers, and the record of what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy
from app.store.scope import TenantScoped
from app.store.types import Id


class Job(TenantRow):
    """One piece of work. The row is the truth; the queue only wakes a worker.

    ``state``: queued, running, done, failed, cancelled. A running job belongs to ``worker`` until
    ``lease_until``; only its holder may finish it.
    """

    __tablename__ = "job"
    __table_args__ = (
        of_consultancy(),
        UniqueConstraint("tenant_id", "kind", "subject", "input_hash"),
        Index(None, "state", "created_at"),
        Index(None, "tenant_id", "started_at"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Id())
    input_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None]
    step: Mapped[str] = mapped_column(String(40), default="")
    page: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(1000), default="")
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class OutgoingMail(TenantRow):
    """A message to send. It names its template; tokens are put in at sending and never stored."""

    __tablename__ = "outbox"
    __table_args__ = (of_consultancy(), Index(None, "sent_at", "due_at"))

    recipient: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(20))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500), default="")


class Worker(Base):
    """A worker process and when it was last alive."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime]


class AuditEvent(TenantScoped, Base):
    """One line of the record; each carries the hash of the one before it.

    ``detail`` holds names and counts, never answers or tokens.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        of_consultancy(),
        Index(None, "tenant_id", "at"),
        Index(None, "tenant_id", "engagement_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Id(), default="")
    actor: Mapped[str]
    address: Mapped[str] = mapped_column(String(60), default="")
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[str] = mapped_column(String(80), default="")
    engagement_id: Mapped[str] = mapped_column(Id(), default="")
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
