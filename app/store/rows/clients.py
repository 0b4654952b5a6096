"""Clients, their engagements, who works on them, and who is asked."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id


class Release(Base):
    """A frozen copy of a maturity model: the files it was read from, by their digest."""

    __tablename__ = "release"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    archive: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class Client(TenantRow):
    """An enterprise under diagnosis. Empty text is "not said"; ids are those of the model."""

    __tablename__ = "client"
    __table_args__ = (of_consultancy(), Index(None, "tenant_id", "name"))

    name: Mapped[str]
    industry: Mapped[str] = mapped_column(default="")
    archetype: Mapped[str] = mapped_column(String(60), default="")
    business_model: Mapped[str] = mapped_column(String(60), default="")
    city_tier: Mapped[str] = mapped_column(String(60), default="")
    stores: Mapped[int | None]
    contact: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    archived_at: Mapped[datetime | None]


class Engagement(TenantRow):
    """One diagnosis of one client under one frozen release of a model.

    ``shows_own_result``: who has sent their answers may see what these alone come to.
    """

    __tablename__ = "engagement"
    __table_args__ = (of_consultancy(), owned_by("client"), Index(None, "tenant_id", "client_id"))

    client_id: Mapped[str] = mapped_column(Id())
    title: Mapped[str]
    release_digest: Mapped[str] = mapped_column(String(64), ForeignKey("release.digest"))
    form: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    interviewed_on: Mapped[date | None]
    shows_own_result: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    archived_at: Mapped[datetime | None]


class TeamMember(TenantScoped, Base):
    """A member who works on an engagement."""

    __tablename__ = "team_member"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("member"),
        Index(None, "tenant_id", "member_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id(), primary_key=True)


class Invitation(TenantRow):
    """A link for one respondent (or one role or store). The token is derived, only its hash kept.

    ``issue`` counts re-issues: a new one makes every older link void. ``mailed_at`` is when the
    present link was first sent by mail, ``reminded_at`` when it was sent again.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        UniqueConstraint("token_hash"),
        Index(None, "tenant_id", "engagement_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    role: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    issue: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Id())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
