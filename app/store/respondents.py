"""What one respondent has: the invitation, what it belongs to, the answers, the open devices."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from app.store.rows import (
    Client,
    Consultancy,
    Engagement,
    Invitation,
    RespondentSession,
    Response,
)
from app.store.scope import ScopedSession


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with everything around it; ``response`` is None before consent."""

    invitation: Invitation
    engagement: Engagement
    client: Client
    consultancy: Consultancy
    response: Response | None


def find_invited(session: ScopedSession, invitation: str) -> Invited | None:
    """Return an invitation with everything around it, in one query."""
    row = session.execute(
        select(Invitation, Engagement, Client, Consultancy, Response)
        .join(
            Engagement,
            (Engagement.tenant_id == Invitation.tenant_id)
            & (Engagement.id == Invitation.engagement_id),
        )
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .join(Consultancy, Consultancy.id == Invitation.tenant_id)
        .join(
            Response,
            (Response.tenant_id == Invitation.tenant_id)
            & (Response.invitation_id == Invitation.id),
            isouter=True,
        )
        .where(Invitation.id == invitation)
    ).first()
    return None if row is None else Invited(*row)


def held_invitation(session: ScopedSession, invitation: str) -> Invitation | None:
    """Return an invitation held for writing: its openings come one after the other."""
    query = select(Invitation).where(Invitation.id == invitation).with_for_update()
    return session.scalars(query).first()


def labels_of(session: ScopedSession, engagement: str, kind: str, role: str) -> frozenset[str]:
    """Return the labels that responses of a kind and role go by."""
    return frozenset(
        session.scalars(
            select(Response.label).where(
                Response.engagement_id == engagement,
                Response.kind == kind,
                Response.role == role,
            )
        )
    )


def open_devices(session: ScopedSession, invitation: str) -> Sequence[RespondentSession]:
    """Return the devices an invitation's link was opened on, the newest first."""
    return session.scalars(
        select(RespondentSession)
        .where(RespondentSession.invitation_id == invitation)
        .order_by(RespondentSession.created_at.desc(), RespondentSession.id)
    ).all()


def close_device(session: ScopedSession, token_hash: str) -> None:
    """Forget one device; nothing happens where it is unknown."""
    session.execute(delete(RespondentSession).where(RespondentSession.token_hash == token_hash))
