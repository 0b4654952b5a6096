"""Public self-checks: what strangers answered, their reports, and what became of a request."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import TenantRow, of_consultancy, owned_by
from app.store.types import Id


class SelfCheck(TenantRow):
    """The answers of one stranger; nothing in it says who they are.

    ``answers`` maps question or fact part ids to ``{"kind": "given" | "unknown", "value": …}`` (see
    ``app.services.answers.values``). ``consent_version`` names the ``ConsentText`` agreed to before
    the first question. The row goes when it expires, unless it was handed over (``Lead``).
    """

    __tablename__ = "self_check"
    __table_args__ = (of_consultancy(), UniqueConstraint("token_hash"), Index(None, "expires_at"))

    token_hash: Mapped[str] = mapped_column(String(64))
    release_digest: Mapped[str] = mapped_column(String(64), ForeignKey("release.digest"))
    role: Mapped[str] = mapped_column(String(60))
    consent_version: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class SelfCheckReport(TenantRow):
    """The report of a self-check in one language; ``digest`` is None until it is drawn.

    ``inputs`` is the digest of everything it is made from: other answers, another report.
    """

    __tablename__ = "self_check_report"
    __table_args__ = (
        of_consultancy(),
        owned_by("self_check"),
        UniqueConstraint("tenant_id", "self_check_id", "inputs"),
    )

    self_check_id: Mapped[str] = mapped_column(Id())
    locale: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    produced_at: Mapped[datetime | None]


class Lead(TenantRow):
    """A stranger who asked for a diagnosis and handed their self-check over.

    ``state``: new, accepted, declined. ``consent_version`` names the ``ConsentText`` agreed to at
    ``asked_at``; ``index`` (0–100 as "36/5") and ``level`` are what the answers came to then.
    ``engagement_id`` is what an accepted one became, ``reason`` the consultancy's own note on
    declining.
    """

    __tablename__ = "lead"
    __table_args__ = (
        of_consultancy(),
        owned_by("self_check"),
        owned_by("engagement"),
        UniqueConstraint("tenant_id", "self_check_id"),
        Index(None, "tenant_id", "state", "asked_at"),
        Index(None, "tenant_id", "engagement_id"),
    )

    self_check_id: Mapped[str] = mapped_column(Id())
    company: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    contact: Mapped[str]
    note: Mapped[str] = mapped_column(String(500), default="")
    locale: Mapped[str] = mapped_column(String(20))
    consent_version: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    index: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="new")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Id())
    reason: Mapped[str] = mapped_column(String(500), default="")
    engagement_id: Mapped[str | None] = mapped_column(Id())
