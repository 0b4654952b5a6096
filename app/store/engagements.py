"""Engagements as people may see them."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, exists, select, true

from app.store.rows import Client, Contact, ContactAccess, Engagement, TeamMember
from app.store.scope import ScopedSession, walled


def seen_by(member: str | ColumnElement[str] | None) -> ColumnElement[bool]:
    """Return the condition for engagements a member works on; None sees all of the tenant."""
    if member is None:
        return true()
    return exists().where(
        TeamMember.tenant_id == Engagement.tenant_id,
        TeamMember.engagement_id == Engagement.id,
        TeamMember.member_id == member,
    )


def find_engagement(
    session: ScopedSession, engagement: str, member: str | None
) -> tuple[Engagement, Client] | None:
    """Return an engagement with its client, or None where the member may not see it."""
    told = {"engagement": engagement, **({} if member is None else {"member": member})}
    found = session.execute(_one(member is None), told).first()
    if found is None:
        return None
    engagement_row, client_row = found
    return engagement_row, client_row


def shared_with(contact: str) -> ColumnElement[bool]:
    """Return the condition for engagements of a contact's own client that the contact sees."""
    return exists().where(
        ContactAccess.tenant_id == Engagement.tenant_id,
        ContactAccess.engagement_id == Engagement.id,
        ContactAccess.contact_id == contact,
        ContactAccess.revoked_at.is_(None),
        Contact.tenant_id == Engagement.tenant_id,
        Contact.id == contact,
        Contact.client_id == Engagement.client_id,
    )


def find_shared_engagement(
    session: ScopedSession, engagement: str, contact: str
) -> tuple[Engagement, Client] | None:
    """Return an engagement with its client, or None where the contact may not see it."""
    query = _with_client().where(Engagement.id == engagement, shared_with(contact))
    for engagement_row, client_row in session.execute(query):
        return engagement_row, client_row
    return None


def list_shared_engagements(
    session: ScopedSession, contact: str
) -> Sequence[tuple[Engagement, Client]]:
    """Return the engagements a contact sees with their client, newest first."""
    query = _with_client().where(shared_with(contact))
    rows = session.execute(query.order_by(Engagement.created_at.desc(), Engagement.id))
    return [(engagement, client) for engagement, client in rows]


def list_engagements(
    session: ScopedSession, member: str | None, client: str | None = None
) -> Sequence[tuple[Engagement, Client]]:
    """Return the engagements a member may see with their clients, newest first."""
    query = _with_client().where(seen_by(member))
    if client is not None:
        query = query.where(Engagement.client_id == client)
    rows = session.execute(query.order_by(Engagement.created_at.desc(), Engagement.id))
    return [(engagement, client) for engagement, client in rows]


@cache
def _one(everything: bool) -> Select[Engagement, Client]:
    """Return the query behind every page of an engagement, which is put together once."""
    seen = seen_by(None if everything else bindparam("member"))
    return walled(_with_client().where(Engagement.id == bindparam("engagement"), seen))


def _with_client() -> Select[Engagement, Client]:
    return select(Engagement, Client).join(
        Client,
        (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
    )


def engagement_titles(session: ScopedSession, member: str | None) -> Mapping[str, str]:
    """Return client and title of every engagement a member may see, by id, by client's name."""
    rows = session.execute(
        select(Engagement.id, Client.name, Engagement.title)
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .where(seen_by(member))
        .order_by(Client.name, Engagement.created_at, Engagement.id)
    )
    return {engagement: f"{client} · {title}" for engagement, client, title in rows}


def release_digests(session: ScopedSession, engagements: Collection[str]) -> Mapping[str, str]:
    """Return the release each of some engagements is bound to, by the engagement's id."""
    query = select(Engagement.id, Engagement.release_digest)
    return dict(session.execute(query.where(Engagement.id.in_(list(engagements)))).all())


def team_of(session: ScopedSession, engagement: str) -> Sequence[str]:
    """Return the ids of the members who work on an engagement."""
    return session.scalars(
        select(TeamMember.member_id)
        .where(TeamMember.engagement_id == engagement)
        .order_by(TeamMember.member_id)
    ).all()
