"""The client's portal: who of a client may come in, what was shared, what was said of findings."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id


class Contact(TenantRow):
    """Somebody of a client who may sign in by mail. ``role`` is boss, manager or store.

    ``store`` names the one store a store manager sees; empty for the others. What a contact sees
    is decided by ``ContactAccess``: without one, nobody comes in.
    """

    __tablename__ = "contact"
    __table_args__ = (
        of_consultancy(),
        owned_by("client"),
        UniqueConstraint("tenant_id", "client_id", "email"),
        Index(None, "email"),
    )

    client_id: Mapped[str] = mapped_column(Id())
    name: Mapped[str]
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    store: Mapped[str] = mapped_column(String(60), default="")
    locale: Mapped[str] = mapped_column(String(20), default="zh-Hans")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    signed_in_at: Mapped[datetime | None]


class ContactAccess(TenantScoped, Base):
    """An engagement one contact sees, until it is taken back."""

    __tablename__ = "contact_access"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("contact"),
        Index(None, "tenant_id", "contact_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    contact_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    revoked_at: Mapped[datetime | None]


class ContactLink(TenantRow):
    """A mailed link that signs a contact in; usable once. The token itself is nowhere stored."""

    __tablename__ = "contact_link"
    __table_args__ = (
        of_consultancy(),
        owned_by("contact"),
        UniqueConstraint("token_hash"),
        Index(None, "tenant_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(Id())
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ContactSession(TenantRow):
    """A contact signed in on one device."""

    __tablename__ = "contact_session"
    __table_args__ = (
        of_consultancy(),
        owned_by("contact"),
        UniqueConstraint("token_hash"),
        Index(None, "tenant_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(Id())
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    user_agent: Mapped[str] = mapped_column(String(300))


class SharedReport(TenantScoped, Base):
    """A version of a report that the client sees, until it is taken back."""

    __tablename__ = "shared_report"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("report"),
        Index(None, "tenant_id", "engagement_id"),
    )

    report_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    engagement_id: Mapped[str] = mapped_column(Id())
    shared_at: Mapped[datetime]
    shared_by: Mapped[str] = mapped_column(Id())
    withdrawn_at: Mapped[datetime | None]


class FindingComment(TenantRow):
    """What a contact or a member said of a finding; one of the two wrote it. Never changed.

    ``number`` counts within the finding, from 1.
    """

    __tablename__ = "finding_comment"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("member"),
        owned_by("contact"),
        UniqueConstraint("tenant_id", "engagement_id", "rule", "number"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    rule: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    member_id: Mapped[str | None] = mapped_column(Id())
    contact_id: Mapped[str | None] = mapped_column(Id())
    author: Mapped[str]
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class CommentNotice(TenantScoped, Base):
    """When a person's newest letter about comments goes out: the next waits a day from then."""

    __tablename__ = "comment_notice"
    __table_args__ = (of_consultancy(), owned_by("engagement"))

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    person: Mapped[str] = mapped_column(Id(), primary_key=True)
    due_at: Mapped[datetime]


class CalendarFeed(TenantRow):
    """A secret address under which a contact's calendar of an engagement is read by programs.

    The token is derived, only its hash kept; a new address is a new row, the old one revoked.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        of_consultancy(),
        owned_by("contact"),
        owned_by("engagement"),
        UniqueConstraint("token_hash"),
        Index(None, "tenant_id", "contact_id"),
    )

    contact_id: Mapped[str] = mapped_column(Id())
    engagement_id: Mapped[str] = mapped_column(Id())
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
