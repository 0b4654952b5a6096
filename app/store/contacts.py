"""A client's contacts: who may come in, by which link, on which devices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, delete, func, select, update

from app.store.rows import (
    CalendarFeed,
    Contact,
    ContactAccess,
    ContactLink,
    ContactSession,
    Member,
    TeamMember,
)
from app.store.scope import ScopedSession


def contacts_of(session: ScopedSession, engagement: str) -> Sequence[tuple[Contact, ContactAccess]]:
    """Return the contacts who see or saw an engagement, those of today first, by name."""
    rows = session.execute(
        select(Contact, ContactAccess)
        .join(
            ContactAccess,
            (ContactAccess.tenant_id == Contact.tenant_id)
            & (ContactAccess.contact_id == Contact.id),
        )
        .where(ContactAccess.engagement_id == engagement)
        .order_by(ContactAccess.revoked_at.is_not(None), Contact.name, Contact.id)
    )
    return [(contact, access) for contact, access in rows]


def readers_of(session: ScopedSession, engagement: str) -> Sequence[Contact]:
    """Return the contacts who see all of an engagement today: everybody but store managers."""
    return session.scalars(
        select(Contact)
        .join(
            ContactAccess,
            (ContactAccess.tenant_id == Contact.tenant_id)
            & (ContactAccess.contact_id == Contact.id),
        )
        .where(
            ContactAccess.engagement_id == engagement,
            ContactAccess.revoked_at.is_(None),
            Contact.store == "",
        )
        .order_by(Contact.name, Contact.id)
    ).all()


def contact_at(session: ScopedSession, client: str, email: str) -> Contact | None:
    """Return the contact of a client with this address, written in lower case."""
    return session.scalars(
        select(Contact)
        .where(Contact.client_id == client, Contact.email == email)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def held_contact(session: ScopedSession, engagement: str, contact: str) -> Contact | None:
    """Return a contact who sees an engagement today, and keep other writers of it waiting."""
    return session.scalars(
        select(Contact)
        .join(
            ContactAccess,
            (ContactAccess.tenant_id == Contact.tenant_id)
            & (ContactAccess.contact_id == Contact.id),
        )
        .where(
            Contact.id == contact,
            ContactAccess.engagement_id == engagement,
            ContactAccess.revoked_at.is_(None),
        )
        .with_for_update(of=Contact)
        .execution_options(populate_existing=True)
    ).first()


def sees_any(session: ScopedSession, contact: str) -> bool:
    """Tell whether a contact sees any engagement today."""
    query = select(func.count()).where(
        ContactAccess.contact_id == contact, ContactAccess.revoked_at.is_(None)
    )
    return bool(session.scalar(query.select_from(ContactAccess)))


def held_link(session: ScopedSession, link: str) -> ContactLink | None:
    """Return a link as the newest transaction left it, and keep other writers waiting."""
    return session.scalars(
        select(ContactLink)
        .where(ContactLink.id == link)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def void_links(session: ScopedSession, contact: str, now: datetime) -> None:
    """Make every unused link of a contact void."""
    session.execute(
        update(ContactLink)
        .where(ContactLink.contact_id == contact, ContactLink.used_at.is_(None))
        .values(used_at=now)
    )


def close_sessions(session: ScopedSession, contact: str, now: datetime) -> int:
    """Sign a contact out everywhere; return on how many devices."""
    result = session.execute(
        update(ContactSession)
        .where(ContactSession.contact_id == contact, ContactSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0


def forget_past(session: ScopedSession, contact: str, before: datetime) -> None:
    """Remove a contact's devices and links from long ago."""
    session.execute(
        delete(ContactSession).where(
            ContactSession.contact_id == contact, ContactSession.created_at < before
        )
    )
    session.execute(
        delete(ContactLink).where(
            ContactLink.contact_id == contact, ContactLink.created_at < before
        )
    )


def writers_of(session: ScopedSession, engagement: str) -> Sequence[Member]:
    """Return the members of an engagement's team who answer its client, by name."""
    return session.scalars(
        select(Member)
        .join(
            TeamMember,
            (TeamMember.tenant_id == Member.tenant_id) & (TeamMember.member_id == Member.id),
        )
        .where(
            TeamMember.engagement_id == engagement,
            Member.disabled_at.is_(None),
            Member.role.in_(("owner", "consultant")),
        )
        .order_by(Member.name, Member.id)
    ).all()


def address_of(session: ScopedSession, member: str) -> str:
    """Return a member's address, for answers to a letter; empty for nobody."""
    row = session.find(Member, member)
    return row.email if row is not None else ""


def standing_feed(session: ScopedSession, contact: str, engagement: str) -> CalendarFeed | None:
    """Return the calendar feed of a contact for an engagement that stands."""
    return session.scalars(
        select(CalendarFeed)
        .where(
            CalendarFeed.contact_id == contact,
            CalendarFeed.engagement_id == engagement,
            CalendarFeed.revoked_at.is_(None),
        )
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id)
    ).first()


def revoke_feeds(session: ScopedSession, contact: str, engagement: str, now: datetime) -> int:
    """Make every calendar address of a contact for an engagement void; return how many were."""
    result = session.execute(
        update(CalendarFeed)
        .where(
            CalendarFeed.contact_id == contact,
            CalendarFeed.engagement_id == engagement,
            CalendarFeed.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
