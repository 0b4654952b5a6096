"""Consultancies, their members, and how members get in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.types import Id, Moment, new_id


class Consultancy(Base):
    """A tenant. The ``brand_*`` columns are what its reports carry.

    ``record_lines`` is how many lines its record has, so that none can go missing at its end.
    ``check_slug`` is the last part of the address of its public self-check, None before it ever had
    one; ``check_open`` tells whether strangers may begin there.
    """

    __tablename__ = "consultancy"
    __table_args__ = (UniqueConstraint("check_slug"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    name: Mapped[str]
    created_at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(20), default="zh-Hans")
    zone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    second_factor_required: Mapped[bool] = mapped_column(default=False)
    brand_name: Mapped[str] = mapped_column(default="")
    brand_consultant: Mapped[str] = mapped_column(default="")
    brand_contact: Mapped[str] = mapped_column(default="")
    brand_confidentiality: Mapped[str] = mapped_column(String(500), default="")
    brand_accent: Mapped[str] = mapped_column(String(7), default="")
    brand_logo: Mapped[str | None] = mapped_column(String(64))
    record_lines: Mapped[int] = mapped_column(default=0)
    check_slug: Mapped[str | None] = mapped_column(String(40))
    check_open: Mapped[bool] = mapped_column(default=False)


class Member(TenantRow):
    """A person of a consultancy. ``role`` is owner, consultant or viewer.

    ``recovery_codes`` are hashes, each usable once; ``totp_last_step`` keeps a code from being
    used twice.
    """

    __tablename__ = "member"
    __table_args__ = (of_consultancy(), UniqueConstraint("email"))

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    recovery_codes: Mapped[list[Any]] = mapped_column(default=list)
    locale: Mapped[str] = mapped_column(String(20), default="zh-Hans")
    zone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]


class Joining(TenantRow):
    """An invitation to become a member. The token itself is nowhere stored."""

    __tablename__ = "joining"
    __table_args__ = (of_consultancy(), UniqueConstraint("token_hash"))

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    issue: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[str] = mapped_column(Id())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PasswordReset(TenantRow):
    """A request for a new password; usable once."""

    __tablename__ = "password_reset"
    __table_args__ = (of_consultancy(), owned_by("member"), UniqueConstraint("token_hash"))

    member_id: Mapped[str] = mapped_column(Id())
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DeviceSession(TenantRow):
    """A member signed in on one device. ``verified_at`` is when the second factor was shown."""

    __tablename__ = "device_session"
    __table_args__ = (
        of_consultancy(),
        owned_by("member"),
        UniqueConstraint("token_hash"),
        Index(None, "tenant_id", "member_id"),
    )

    member_id: Mapped[str] = mapped_column(Id())
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    user_agent: Mapped[str] = mapped_column(String(300))


class Attempt(Base):
    """A failed try at a door: sign-in, second factor, reset; ``key`` is a hash, no address."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "key", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class Installation(Base):
    """One value the installation keeps about itself, such as the hash of its first link."""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]
