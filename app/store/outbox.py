"""The outbox: messages that wait to be sent, and what their links open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.store.rows import ContactLink, Invitation, Joining, Member, OutgoingMail, PasswordReset
from app.store.scope import ScopedSession


def due_mail(session: ScopedSession, now: datetime, limit: int = 20) -> Sequence[tuple[str, str]]:
    """Return tenant and id of messages whose time has come, the longest waiting first.

    Needs the scope of the installation.
    """
    rows = session.execute(
        select(OutgoingMail.tenant_id, OutgoingMail.id)
        .where(
            OutgoingMail.sent_at.is_(None),
            OutgoingMail.gave_up_at.is_(None),
            OutgoingMail.due_at <= now,
        )
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(limit)
    )
    return [(tenant, mail) for tenant, mail in rows]


def unsent(session: ScopedSession, mail: str) -> OutgoingMail | None:
    """Return a message that is neither sent nor given up, for this transaction alone."""
    return session.scalars(
        select(OutgoingMail)
        .where(
            OutgoingMail.id == mail,
            OutgoingMail.sent_at.is_(None),
            OutgoingMail.gave_up_at.is_(None),
        )
        .with_for_update()
    ).first()


def open_joining(session: ScopedSession, joining: str, now: datetime) -> Joining | None:
    """Return an invitation to become a member that can still be accepted."""
    row = session.find(Joining, joining)
    if row is None or row.accepted_at or row.revoked_at or row.expires_at <= now:
        return None
    return row


def open_reset(session: ScopedSession, reset: str, now: datetime) -> PasswordReset | None:
    """Return a password reset that can still be used."""
    row = session.find(PasswordReset, reset)
    if row is None or row.used_at or row.expires_at <= now:
        return None
    member = session.find(Member, row.member_id)
    return row if member is not None and member.disabled_at is None else None


def open_invitation(session: ScopedSession, invitation: str, now: datetime) -> Invitation | None:
    """Return a respondent's invitation that can still be opened."""
    row = session.find(Invitation, invitation)
    if row is None or row.revoked_at or row.expires_at <= now:
        return None
    return row


def open_contact_link(session: ScopedSession, link: str, now: datetime) -> ContactLink | None:
    """Return a link to the portal that can still be used."""
    row = session.find(ContactLink, link)
    if row is None or row.used_at or row.expires_at <= now:
        return None
    return row
