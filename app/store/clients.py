"""Clients as people may see them, with what goes on for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, true

from app.store.engagements import seen_by
from app.store.progress import is_out_of_date
from app.store.rows import Client, Engagement, EngagementProgress, Member, TeamMember
from app.store.scope import ScopedSession, walled

PAGE: Final = 20
"""Clients on one page of the list."""


def clients_seen_by(member: str | ColumnElement[str] | None) -> ColumnElement[bool]:
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
    query = _listed(member is None, archived)
    if words:
        wanted = words.lower()
        query = query.where(
            or_(
                func.lower(Client.name).contains(wanted, autoescape=True),
                func.lower(Client.industry).contains(wanted, autoescape=True),
            )
        )
    told = {} if member is None else {"member": member}
    rows = session.execute(query, {**told, "first": (page - 1) * PAGE}).all()
    if rows or page == 1:
        return Listed([client for client, _ in rows], rows[0][1] if rows else 0)
    # Beyond the last page: how many there are stands on the first.
    return replace(list_clients(session, member, words, archived=archived, page=1), clients=())


@cache
def _listed(everything: bool, archived: bool) -> Select[Client, int]:
    """Return the query behind the list of clients: each with the number of all."""
    put_away = Client.archived_at.is_not(None)
    return walled(
        select(Client, func.count().over())
        .where(
            clients_seen_by(None if everything else bindparam("member")),
            put_away if archived else ~put_away,
        )
        .order_by(Client.name, Client.id)
        .limit(PAGE)
        .offset(bindparam("first"))
    )


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
    rows = session.execute(_in_list(member, edition).where(Engagement.client_id.in_(clients)))
    return [EngagementInList(*row) for row in rows]


def newest_engagements(
    session: ScopedSession,
    clients: Collection[str],
    member: str | None,
    edition: int,
    *,
    archived: bool,
    most: int,
) -> Sequence[tuple[EngagementInList, int]]:
    """Return the newest engagements of each client and how many the client has in all.

    ``archived`` tells whether those put away count.
    """
    told = {"clients": list(clients), **({} if member is None else {"member": member})}
    rows = session.execute(_newest(member is None, edition, archived, most), told)
    return [(EngagementInList(*row), number) for *row, number in rows]


@cache
def _newest(everything: bool, edition: int, archived: bool, most: int) -> Select[Any]:
    """Return the query behind the engagements in the list, which is long and put together once."""
    client = Engagement.client_id
    newest = (Engagement.created_at.desc(), Engagement.id)
    seen = seen_by(None if everything else bindparam("member"))
    query = select(
        Engagement.id,
        func.row_number().over(partition_by=client, order_by=newest).label("place"),
        func.count().over(partition_by=client).label("number"),
    ).where(client.in_(bindparam("clients", expanding=True)), seen)
    ranked = (query if archived else query.where(Engagement.archived_at.is_(None))).subquery()
    return walled(
        _in_list(None, edition)
        .add_columns(ranked.c.number)
        .join(ranked, ranked.c.id == Engagement.id)
        .where(ranked.c.place <= most)
    )


def _in_list(member: str | None, edition: int) -> Select[Any]:
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
    return (
        select(*columns)
        .select_from(Engagement)
        .join(
            progress,
            (progress.tenant_id == Engagement.tenant_id)
            & (progress.engagement_id == Engagement.id),
            isouter=True,
        )
        .where(seen_by(member))
        .order_by(Engagement.created_at.desc(), Engagement.id)
    )


def count_clients(session: ScopedSession, member: str | None) -> int:
    """Return how many clients a member sees, archived ones included."""
    query = select(func.count(Client.id)).where(clients_seen_by(member))
    return session.scalar(query) or 0


def team_members(session: ScopedSession, engagement: str) -> Sequence[Member]:
    """Return the members who work on an engagement, by name."""
    return session.scalars(_TEAM, {"engagement": engagement}).all()


# Every page of an engagement asks this one, so it is put together once.
_TEAM: Final = walled(
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
