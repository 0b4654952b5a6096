"""Clients as people may see them, with what goes on for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, true

from app.store.engagements import seen_by
from app.store.progress import is_out_of_date
from app.store.rows import Client, Engagement, EngagementProgress, Member, TeamMember
from app.store.scope import ScopedSession

PAGE: Final = 25
"""Clients on one page of the list."""


def clients_seen_by(member: str | None) -> ColumnElement[bool]:
    """Return the condition for clients a member may see; None sees all of the tenant.

    Those the member created, and those with an engagement the member works on.
    """
    if member is None:
        return true()
    works_for = exists().where(
        Engagement.tenant_id == Client.tenant_id,
        Engagement.client_id == Client.id,
        TeamMember.tenant_id == Engagement.tenant_id,
        TeamMember.engagement_id == Engagement.id,
        TeamMember.member_id == member,
    )
    return or_(Client.created_by == member, works_for)


def find_client(session: ScopedSession, client: str, member: str | None) -> Client | None:
    """Return a client, or None where the member may not see it."""
    query = select(Client).where(Client.id == client, clients_seen_by(member))
    return session.scalars(query).first()


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of clients in the order of their names, and how many there are in all."""

    clients: Sequence[Client]
    total: int


def list_clients(
    session: ScopedSession, member: str | None, words: str, *, archived: bool, page: int
) -> Listed:
    """Return page ``page`` (from 1) of the clients whose name or industry holds ``words``."""
    query = select(Client).where(clients_seen_by(member))
    is_archived = Client.archived_at.is_not(None)
    query = query.where(is_archived if archived else ~is_archived)
    if words:
        wanted = words.lower()
        query = query.where(
            or_(
                func.lower(Client.name).contains(wanted, autoescape=True),
                func.lower(Client.industry).contains(wanted, autoescape=True),
            )
        )
    total = session.scalar(query.with_only_columns(func.count(Client.id))) or 0
    rows = session.scalars(
        query.order_by(Client.name, Client.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return Listed(rows.all(), total)


@dataclass(frozen=True, slots=True)
class EngagementInList:
    """An engagement with what was computed of it; ``stale``: it changed since."""

    id: str
    client: str
    title: str
    interviewed_on: date | None
    archived_at: datetime | None
    stale: bool
    begun: bool | None
    step: str | None
    index: str | None
    asked: int | None
    answered: int | None
    worked_at: datetime | None


def engagements_of(
    session: ScopedSession, clients: Collection[str], member: str | None, edition: int
) -> Sequence[EngagementInList]:
    """Return the engagements of some clients that a member may see, newest first."""
    progress = EngagementProgress
    columns: tuple[Any, ...] = (
        Engagement.id,
        Engagement.client_id,
        Engagement.title,
        Engagement.interviewed_on,
        Engagement.archived_at,
        is_out_of_date(edition),
        progress.begun,
        progress.step,
        progress.index,
        progress.asked,
        progress.answered,
        progress.worked_at,
    )
    rows = session.execute(
        select(*columns)
        .select_from(Engagement)
        .join(
            progress,
            (progress.tenant_id == Engagement.tenant_id)
            & (progress.engagement_id == Engagement.id),
            isouter=True,
        )
        .where(Engagement.client_id.in_(clients), seen_by(member))
        .order_by(Engagement.created_at.desc(), Engagement.id)
    )
    return [EngagementInList(*row) for row in rows]


def count_clients(session: ScopedSession, member: str | None) -> int:
    """Return how many clients a member sees, archived ones included."""
    query = select(func.count(Client.id)).where(clients_seen_by(member))
    return session.scalar(query) or 0


def team_members(session: ScopedSession, engagement: str) -> Sequence[Member]:
    """Return the members who work on an engagement, by name."""
    return session.scalars(_TEAM, {"engagement": engagement}).all()


# Every page of an engagement asks this one, so it is put together once.
_TEAM: Final = (
    select(Member)
    .join(
        TeamMember,
        (TeamMember.tenant_id == Member.tenant_id) & (TeamMember.member_id == Member.id),
    )
    .where(TeamMember.engagement_id == bindparam("engagement"))
    .order_by(Member.name, Member.id)
)


def active_members(session: ScopedSession) -> Sequence[Member]:
    """Return the members of the consultancy who may sign in, by name."""
    return session.scalars(
        select(Member).where(Member.disabled_at.is_(None)).order_by(Member.name, Member.id)
    ).all()


def held_engagement(session: ScopedSession, engagement: str) -> Engagement | None:
    """Return an engagement held for writing: what is added to it comes one after the other."""
    query = select(Engagement).where(Engagement.id == engagement).with_for_update()
    return session.scalars(query).first()
