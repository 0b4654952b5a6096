"""What the consultant decided, and what was issued from it. Nothing here is ever overwritten."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id


class DecidedFinding(TenantScoped, Base):
    """A decision on one finding; the highest ``number`` counts."""

    __tablename__ = "finding_decision"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    rule: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    finding: Mapped[str] = mapped_column(Text, default="")
    recommend: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class PlanRevision(TenantScoped, Base):
    """The controls of a plan as they were decided; the highest ``number`` counts."""

    __tablename__ = "plan_revision"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    controls: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Id())


class Report(TenantRow):
    """An issued document: everything it was made from, frozen.

    ``answers`` is the digest of the frozen answers file among the blobs, ``brand`` what the cover
    and footers carry, ``headline`` the figures lists show, ``changes`` what differs from the
    version before. ``inputs`` is the digest of what a report of the engagement is made from,
    whichever version it is, so that the same is not issued twice in a row; ``digest`` adds version,
    number and day of issue and names the document. ``note`` is what its issuer says of it.
    """

    __tablename__ = "report"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        UniqueConstraint("tenant_id", "engagement_id", "version"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    version: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[date]
    issued_on: Mapped[date]
    release_digest: Mapped[str] = mapped_column(String(64))
    answers: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    brand: Mapped[dict[str, Any]]
    headline: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(String(500), default="")
    plan_number: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())


class ReportFile(TenantScoped, Base):
    """One finished file of a report; the bytes lie in the blob store.

    ``checked_at`` is when it was last made anew from the frozen inputs, ``identical`` whether that
    gave the same bytes.
    """

    __tablename__ = "report_file"
    __table_args__ = (of_consultancy(), owned_by("report"), Index(None, "digest"))

    report_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    format: Mapped[str] = mapped_column(String(10), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int | None]
    produced_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    identical: Mapped[bool | None]
