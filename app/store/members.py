"""Members of a consultancy, their devices, and what is still open for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, delete, func, select, update

from app.store.rows import Consultancy, DeviceSession, Joining, Member, PasswordReset
from app.store.scope import ScopedSession


def own_consultancy(session: ScopedSession) -> Consultancy:
    """Return the tenant at work."""
    return session.get_one(Consultancy, session.tenant)


def held_consultancy(session: ScopedSession) -> Consultancy:
    """Return the tenant at work and keep other writers of it waiting until the end."""
    return session.scalars(
        select(Consultancy).where(Consultancy.id == session.tenant).with_for_update(key_share=True)
    ).one()


def list_members(session: ScopedSession) -> Sequence[Member]:
    """Return all members, the oldest first."""
    return session.scalars(select(Member).order_by(Member.created_at, Member.id)).all()


def held_member(session: ScopedSession, member: str) -> Member | None:
    """Return a member as the newest transaction left it, and keep other writers waiting."""
    return session.scalars(
        select(Member)
        .where(Member.id == member)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def member_at(session: ScopedSession, email: str) -> Member | None:
    """Return the member of the tenant with this address, written in lower case."""
    return session.scalars(select(Member).where(Member.email == email)).first()


def count_other_owners(session: ScopedSession, member: str) -> int:
    """Return how many owners can still sign in when ``member`` is left out."""
    found = session.scalar(
        select(func.count())
        .select_from(Member)
        .where(Member.role == "owner", Member.disabled_at.is_(None), Member.id != member)
    )
    return found or 0


def list_joinings(session: ScopedSession) -> Sequence[Joining]:
    """Return the invitations nobody has accepted or revoked, the newest first."""
    return session.scalars(
        select(Joining)
        .where(Joining.accepted_at.is_(None), Joining.revoked_at.is_(None))
        .order_by(Joining.created_at.desc(), Joining.id)
    ).all()


def held_joining(session: ScopedSession, joining: str) -> Joining | None:
    """Return an invitation and keep other writers of it waiting."""
    return session.scalars(
        select(Joining)
        .where(Joining.id == joining)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def list_devices(
    session: ScopedSession, member: str, seen_after: datetime, opened_after: datetime
) -> Sequence[DeviceSession]:
    """Return the devices a member is signed in on, the last used first."""
    return session.scalars(
        select(DeviceSession)
        .where(
            DeviceSession.member_id == member,
            DeviceSession.revoked_at.is_(None),
            DeviceSession.seen_at >= seen_after,
            DeviceSession.created_at >= opened_after,
        )
        .order_by(DeviceSession.seen_at.desc(), DeviceSession.id)
    ).all()


def revoke_devices(
    session: ScopedSession,
    member: str,
    now: datetime,
    *,
    but: str = "",
    unverified_alone: bool = False,
) -> int:
    """Sign a member out everywhere, except on the device ``but``; return on how many."""
    query = (
        update(DeviceSession)
        .where(
            DeviceSession.member_id == member,
            DeviceSession.revoked_at.is_(None),
            DeviceSession.id != but,
        )
        .values(revoked_at=now)
    )
    if unverified_alone:
        query = query.where(DeviceSession.verified_at.is_(None))
    result = session.execute(query)
    return result.rowcount if isinstance(result, CursorResult) else 0


def held_reset(session: ScopedSession, reset: str) -> PasswordReset | None:
    """Return a password reset and keep other writers of it waiting."""
    return session.scalars(
        select(PasswordReset)
        .where(PasswordReset.id == reset)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def void_resets(session: ScopedSession, member: str, now: datetime) -> None:
    """Make every link for a new password of a member void."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.member_id == member, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


def forget_past(session: ScopedSession, member: str, before: datetime) -> None:
    """Remove a member's sessions and links for a new password that ended long ago."""
    session.execute(
        delete(DeviceSession).where(
            DeviceSession.member_id == member, DeviceSession.created_at < before
        )
    )
    session.execute(
        delete(PasswordReset).where(
            PasswordReset.member_id == member, PasswordReset.created_at < before
        )
    )
