"""What the interview pages ask of the database: sheets, progress, presence, times, names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.store.answers import of_engagement
from app.store.rows import CurrentAnswer, LoggedAnswer, Member, Presence, Response
from app.store.scope import ScopedSession


def find_response(session: ScopedSession, engagement: str, response: str) -> Response | None:
    """Return a response of an engagement."""
    found = session.find(Response, response)
    return found if found is not None and found.engagement_id == engagement else None


def sheet_of(session: ScopedSession, engagement: str, kind: str) -> Response | None:
    """Return the one sheet of a kind that an engagement has: of its facts, of its rulings."""
    return session.scalars(
        select(Response)
        .where(Response.engagement_id == engagement, Response.kind == kind)
        .order_by(Response.created_at)
        .limit(1)
    ).first()


def interview_of(
    session: ScopedSession, engagement: str, kind: str, role: str, label: str
) -> Response | None:
    """Return the response of a role with this label."""
    return session.scalars(
        select(Response).where(
            Response.engagement_id == engagement,
            Response.kind == kind,
            Response.role == role,
            Response.label == label,
        )
    ).first()


def items_answered(session: ScopedSession, engagement: str) -> Mapping[str, frozenset[str]]:
    """Return the items each response of an engagement has an answer to, "don't know" too."""
    rows = session.execute(
        select(CurrentAnswer.response_id, CurrentAnswer.item).where(
            of_engagement(engagement), CurrentAnswer.kind != "cleared"
        )
    )
    found: dict[str, set[str]] = {}
    for response, item in rows:
        found.setdefault(response, set()).add(item)
    return {response: frozenset(items) for response, items in found.items()}


def answer_counts(session: ScopedSession, engagement: str) -> Mapping[str, int]:
    """Return how many items each response of an engagement has an answer to, "don't know" too."""
    rows = session.execute(
        select(CurrentAnswer.response_id, func.count())
        .where(of_engagement(engagement), CurrentAnswer.kind != "cleared")
        .group_by(CurrentAnswer.response_id)
    )
    return {key: value for key, value in rows}  # noqa: C416  rows are no pairs to mypy


def has_answers(session: ScopedSession, response: str) -> bool:
    """Tell whether anything was ever answered in a response."""
    found = session.scalars(
        select(LoggedAnswer.item).where(LoggedAnswer.response_id == response).limit(1)
    )
    return found.first() is not None


def answered_at(session: ScopedSession, response: str) -> Sequence[tuple[str, datetime]]:
    """Return the item and the moment of every save of a response, oldest first."""
    rows = session.execute(
        select(LoggedAnswer.item, LoggedAnswer.at)
        .where(LoggedAnswer.response_id == response)
        .order_by(LoggedAnswer.at, LoggedAnswer.item, LoggedAnswer.revision)
    )
    return [(item, at) for item, at in rows]


def note_presence(
    session: ScopedSession, response: str, member: str, item: str, now: datetime
) -> None:
    """Write down that a member has a response open, and where in it they are."""
    row = session.find(Presence, response, member)
    if row is None:
        session.add(Presence(response_id=response, member_id=member, item=item, seen_at=now))
    else:
        row.item, row.seen_at = item, now


def present_members(
    session: ScopedSession, responses: Iterable[str], since: datetime
) -> Sequence[tuple[Presence, str]]:
    """Return who had one of the responses open since then, with their names."""
    rows = session.execute(
        select(Presence, Member.name)
        .join(
            Member,
            (Member.tenant_id == Presence.tenant_id) & (Member.id == Presence.member_id),
        )
        .where(Presence.response_id.in_(list(responses)), Presence.seen_at >= since)
        .order_by(Member.name, Presence.member_id)
    )
    return [(presence, name) for presence, name in rows]


def names_of(session: ScopedSession, members: Iterable[str]) -> Mapping[str, str]:
    """Return the names of members by id."""
    wanted = sorted({member for member in members if member})
    if not wanted:
        return {}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return {response: number for response, number in rows}  # noqa: C416  rows are no pairs to mypy
