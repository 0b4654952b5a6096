"""Questions asked before anybody's tenant is known; each needs the scope of the installation.

They look for one exact secret or address and return that row alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from app.store.rows import (
    CalendarFeed,
    Client,
    Consultancy,
    Contact,
    ContactAccess,
    ContactLink,
    ContactSession,
    DeviceSession,
    Engagement,
    Installation,
    Invitation,
    Joining,
    Member,
    PasswordReset,
    PulsePoster,
    RespondentSession,
    Worker,
)
from app.store.scope import ScopedSession

# Every request asks this one: it is put together once, and asks for what is looked at alone.
_RESUMED: Final = (
    select(
        DeviceSession.tenant_id,
        DeviceSession.id.label("device"),
        DeviceSession.created_at,
        DeviceSession.seen_at,
        DeviceSession.verified_at,
        DeviceSession.revoked_at,
        Member.id.label("member"),
        Member.name,
        Member.role,
        Member.email,
        Member.zone,
        Member.locale,
        Member.disabled_at,
        Member.totp_confirmed_at,
        Consultancy.name.label("consultancy"),
        Consultancy.second_factor_required,
    )
    .join(
        Member,
        (Member.tenant_id == DeviceSession.tenant_id) & (Member.id == DeviceSession.member_id),
    )
    .join(Consultancy, Consultancy.id == DeviceSession.tenant_id)
    .where(DeviceSession.token_hash == bindparam("token"))
)


def member_by_email(session: ScopedSession, email: str) -> Member | None:
    """Return the member with this address, written in lower case."""
    return session.scalars(select(Member).where(Member.email == email)).first()


@dataclass(frozen=True, slots=True)
class Resumed:
    """A signed-in device with what a request has to know of its member and consultancy."""

    tenant: str
    device: str
    created_at: datetime
    seen_at: datetime
    verified_at: datetime | None
    revoked_at: datetime | None
    member: str
    name: str
    role: str
    email: str
    zone: str
    locale: str
    disabled_at: datetime | None
    totp_confirmed_at: datetime | None
    consultancy: str
    second_factor_required: bool


def device_by_token(session: ScopedSession, token_hash: str) -> Resumed | None:
    """Return the signed-in device that holds a token: one query for every request."""
    # By way of the connection: the rows are plain values, for which a session does too much.
    found = session.connection().execute(_RESUMED, {"token": token_hash}).first()
    return None if found is None else Resumed(*tuple(found))


def joining_by_token(session: ScopedSession, token_hash: str) -> Joining | None:
    """Return the invitation to become a member that a token opens."""
    return session.scalars(select(Joining).where(Joining.token_hash == token_hash)).first()


def reset_by_token(session: ScopedSession, token_hash: str) -> PasswordReset | None:
    """Return the password reset that a token opens."""
    query = select(PasswordReset).where(PasswordReset.token_hash == token_hash)
    return session.scalars(query).first()


def invitation_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[Invitation, Engagement] | None:
    """Return the respondent's invitation that a token opens, with its engagement.

    One query whatever becomes of it, so that nobody learns from the clock which links there were.
    """
    rows = session.execute(
        select(Invitation, Engagement)
        .join(
            Engagement,
            (Engagement.tenant_id == Invitation.tenant_id)
            & (Engagement.id == Invitation.engagement_id),
        )
        .where(Invitation.token_hash == token_hash)
    )
    for invitation, engagement in rows:
        return invitation, engagement
    return None


def respondent_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[RespondentSession, Invitation] | None:
    """Return a respondent's device with its invitation."""
    rows = session.execute(
        select(RespondentSession, Invitation)
        .join(
            Invitation,
            (Invitation.tenant_id == RespondentSession.tenant_id)
            & (Invitation.id == RespondentSession.invitation_id),
        )
        .where(RespondentSession.token_hash == token_hash)
    )
    for device, invitation in rows:
        return device, invitation
    return None


def poster_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[PulsePoster, Engagement, Client, Consultancy] | None:
    """Return the poster that a token opens, with what its page says of who asks; one query."""
    rows = session.execute(
        select(PulsePoster, Engagement, Client, Consultancy)
        .join(
            Engagement,
            (Engagement.tenant_id == PulsePoster.tenant_id)
            & (Engagement.id == PulsePoster.engagement_id),
        )
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .join(Consultancy, Consultancy.id == PulsePoster.tenant_id)
        .where(PulsePoster.token_hash == token_hash)
    )
    for poster, engagement, client, consultancy in rows:
        return poster, engagement, client, consultancy
    return None


def may_come_in() -> ColumnElement[bool]:
    """Return the condition for contacts who see an engagement of their own client."""
    return exists().where(
        ContactAccess.tenant_id == Contact.tenant_id,
        ContactAccess.contact_id == Contact.id,
        ContactAccess.revoked_at.is_(None),
        Engagement.tenant_id == ContactAccess.tenant_id,
        Engagement.id == ContactAccess.engagement_id,
        Engagement.client_id == Contact.client_id,
    )


def contacts_at(session: ScopedSession, email: str) -> Sequence[Contact]:
    """Return the contacts with this address, in lower case, who may come in: of any consultancy."""
    query = select(Contact).where(Contact.email == email, may_come_in())
    return session.scalars(query.order_by(Contact.tenant_id, Contact.id)).all()


def contact_link_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[ContactLink, Contact] | None:
    """Return a link that signs a contact in, while that contact may come in at all."""
    rows = session.execute(
        select(ContactLink, Contact)
        .join(
            Contact,
            (Contact.tenant_id == ContactLink.tenant_id) & (Contact.id == ContactLink.contact_id),
        )
        .where(ContactLink.token_hash == token_hash, may_come_in())
    )
    for link, contact in rows:
        return link, contact
    return None


def contact_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[ContactSession, Contact, Client, Consultancy] | None:
    """Return a contact's device with whose it is, while they may come in at all."""
    rows = session.execute(
        select(ContactSession, Contact, Client, Consultancy)
        .join(
            Contact,
            (Contact.tenant_id == ContactSession.tenant_id)
            & (Contact.id == ContactSession.contact_id),
        )
        .join(Client, (Client.tenant_id == Contact.tenant_id) & (Client.id == Contact.client_id))
        .join(Consultancy, Consultancy.id == ContactSession.tenant_id)
        .where(ContactSession.token_hash == token_hash, may_come_in())
    )
    for device, contact, client, consultancy in rows:
        return device, contact, client, consultancy
    return None


def feed_by_token(
    session: ScopedSession, token_hash: str
) -> tuple[CalendarFeed, Contact, Consultancy] | None:
    """Return a calendar's feed with whose it is, while they may see its engagement."""
    rows = session.execute(
        select(CalendarFeed, Contact, Consultancy)
        .join(
            Contact,
            (Contact.tenant_id == CalendarFeed.tenant_id) & (Contact.id == CalendarFeed.contact_id),
        )
        .join(Consultancy, Consultancy.id == CalendarFeed.tenant_id)
        .where(CalendarFeed.token_hash == token_hash, CalendarFeed.revoked_at.is_(None))
    )
    for feed, contact, consultancy in rows:
        return feed, contact, consultancy
    return None


def installation_value(session: ScopedSession, key: str) -> Installation | None:
    """Return one value the installation keeps about itself."""
    return session.get(Installation, key)


def any_consultancy(session: ScopedSession) -> bool:
    """Tell whether the installation has an owner already."""
    return session.scalar(select(func.count()).select_from(Consultancy)) != 0


def newest_worker(session: ScopedSession) -> datetime | None:
    """Return when the last worker was alive."""
    found: datetime | None = session.scalar(select(func.max(Worker.seen_at)))
    return found
