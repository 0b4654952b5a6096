"""Invitations of respondents and how far each of them is."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, select

from app.store.rows import Invitation, Response
from app.store.scope import ScopedSession


def invitations_of(session: ScopedSession, engagement: str) -> Sequence[Invitation]:
    """Return the invitations of an engagement in the order they were made."""
    return session.scalars(_of(engagement)).all()


def held_invitations(session: ScopedSession, engagement: str) -> Sequence[Invitation]:
    """Return the same, held for writing: as they are when nobody else writes to them any more."""
    return session.scalars(_of(engagement).with_for_update()).all()


def _of(engagement: str) -> Select[Invitation]:
    return (
        select(Invitation)
        .where(Invitation.engagement_id == engagement)
        .order_by(Invitation.created_at, Invitation.id)
    )


def guests_named(
    session: ScopedSession, invitations: Collection[str]
) -> Mapping[str, tuple[str, str]]:
    """Return role and label of invitations by their ids; what is no invitation is left out."""
    rows = session.execute(
        select(Invitation.id, Invitation.role, Invitation.label).where(
            Invitation.id.in_(list(invitations))
        )
    )
    return {invitation: (role, label) for invitation, role, label in rows}


def find_invitations(
    session: ScopedSession, engagement: str, invitations: Collection[str]
) -> Sequence[Invitation]:
    """Return those of the invitations that belong to the engagement, held for writing."""
    chosen = _of(engagement).where(Invitation.id.in_(list(invitations)))
    return session.scalars(chosen.with_for_update()).all()


def invited_responses(session: ScopedSession, engagement: str) -> Mapping[str, Response]:
    """Return the responses of those who came by a link, by the id of their invitation."""
    rows = session.scalars(
        select(Response).where(
            Response.engagement_id == engagement, Response.invitation_id.is_not(None)
        )
    )
    return {row.invitation_id: row for row in rows if row.invitation_id is not None}
