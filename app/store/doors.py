"""Questions asked before anybody's tenant is known; each needs the scope of the installation.

They look for one exact secret or address and return that row alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from app.store.rows import (
    Consultancy,
    DeviceSession,
    Engagement,
    Installation,
    Invitation,
    Joining,
    Member,
    PasswordReset,
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
