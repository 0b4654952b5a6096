"""What people answered: the log of every answer ever given, and the current ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.rows.base import Base, TenantRow, of_consultancy, owned_by
from app.store.scope import TenantScoped
from app.store.types import Id, Json


class Response(TenantRow):
    """The answers of one person, or of one sheet of the consultant.

    ``kind``: ``interview`` (a consultant asks), ``self`` (the person answers by link), ``facts``
    and ``adjudication`` (one each per engagement). ``label`` tells people of one role apart.
    ``snapshot`` is the digest of what was submitted; a submitted response takes no more answers.
    ``consent_version`` names the ``ConsentText`` a person agreed to; where consent was withdrawn
    the answers stay but count no more and take no others. ``quotable``: the person lets a report
    print what they wrote. ``reopen_reason`` is what they are told when the answers come back.
    """

    __tablename__ = "response"
    __table_args__ = (
        of_consultancy(),
        owned_by("engagement"),
        owned_by("invitation"),
        UniqueConstraint("tenant_id", "engagement_id", "kind", "role", "label"),
        UniqueConstraint("tenant_id", "invitation_id"),
    )

    engagement_id: Mapped[str] = mapped_column(Id())
    kind: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(60), default="")
    label: Mapped[str] = mapped_column(default="")
    invitation_id: Mapped[str | None] = mapped_column(Id())
    release_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(Id())
    consent_version: Mapped[str | None] = mapped_column(String(64))
    consented_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    snapshot: Mapped[str | None] = mapped_column(String(64))
    quotable: Mapped[bool] = mapped_column(default=False)
    reopened_at: Mapped[datetime | None]
    reopen_reason: Mapped[str] = mapped_column(String(500), default="")


class ConsentText(TenantScoped, Base):
    """What people agreed to, word for word, in every language it was offered in; never changed.

    ``digest`` is the hash of ``document``: points, each a title and a text, by language.
    """

    __tablename__ = "consent_text"
    __table_args__ = (of_consultancy(),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class RespondentSession(TenantRow):
    """A respondent's device after the link was exchanged."""

    __tablename__ = "respondent_session"
    __table_args__ = (
        of_consultancy(),
        owned_by("invitation"),
        UniqueConstraint("token_hash"),
    )

    invitation_id: Mapped[str] = mapped_column(Id())
    issue: Mapped[int]
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def _of_response() -> ForeignKeyConstraint:
    return owned_by("response")


class LoggedAnswer(TenantScoped, Base):
    """One answer as it was given; never changed, never deleted but with its engagement.

    ``kind`` is "given", "unknown" (asked, no information) or "cleared" (taken back); ``value`` is
    the answer in JSON (see ``app.services.answers.values``). ``key`` is the sender's idempotency
    key: the same key is stored once. ``standing`` is False for an answer that came on top of a
    revision its sender had not seen: it is on record but never became current.
    """

    __tablename__ = "answer_log"
    __table_args__ = (
        of_consultancy(),
        _of_response(),
        UniqueConstraint("tenant_id", "response_id", "key"),
    )

    response_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[Any | None] = mapped_column(Json)
    evidence: Mapped[str] = mapped_column(String(4), default="")
    note: Mapped[str] = mapped_column(String(4000), default="")
    quote: Mapped[str] = mapped_column(String(4000), default="")
    digest: Mapped[str] = mapped_column(String(64))
    standing: Mapped[bool] = mapped_column(default=True)
    actor: Mapped[str] = mapped_column(Id(), default="")
    at: Mapped[datetime]


class CurrentAnswer(TenantScoped, Base):
    """The newest revision of each answer: a view of the log, written in the same transaction."""

    __tablename__ = "answer_current"
    __table_args__ = (of_consultancy(), _of_response())

    response_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[Any | None] = mapped_column(Json)
    evidence: Mapped[str] = mapped_column(String(4), default="")
    note: Mapped[str] = mapped_column(String(4000), default="")
    quote: Mapped[str] = mapped_column(String(4000), default="")
    actor: Mapped[str] = mapped_column(Id(), default="")
    at: Mapped[datetime]


class Attachment(TenantRow):
    """A photo kept beside an answer as evidence; the bytes lie in the blob store."""

    __tablename__ = "attachment"
    __table_args__ = (
        of_consultancy(),
        _of_response(),
        Index(None, "tenant_id", "response_id"),
    )

    response_id: Mapped[str] = mapped_column(Id())
    item: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(Id(), default="")
    removed_at: Mapped[datetime | None]


class Presence(TenantScoped, Base):
    """Who has an interview open, and where in it."""

    __tablename__ = "presence"
    __table_args__ = (of_consultancy(), _of_response(), owned_by("member"))

    response_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    item: Mapped[str] = mapped_column(String(80), default="")
    seen_at: Mapped[datetime]
