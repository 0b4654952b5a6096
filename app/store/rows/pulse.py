"""The customer pulse: the poster that customers scan, and what they said without a name."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import TenantRow, of_consultancy, owned_by
from app.store.types import Id


class PulsePoster(TenantRow):
    """The one poster of an engagement; the token of its code is derived, only its hash kept.

    ``issue`` counts replacements: a new one makes every older poster void.
    """

    __tablename__ = "pulse_poster"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("tenant_id", "engagement_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    issue: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    closed_at: Mapped[datetime | None]


class PulseAnswer(TenantRow):
    """What one customer said: pulse item → answer in JSON. Nothing tells who it was.

    No address, no device, and of the time the day alone. ``key`` names the page it was sent from,
    so that sending it twice stores it once.
    """

    __tablename__ = "pulse_answer"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        UniqueConstraint("tenant_id", "engagement_id", "key"),
        Index(None, "tenant_id", "engagement_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    key: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]]
    given_on: Mapped[date]
