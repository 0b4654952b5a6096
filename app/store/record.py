"""The record of what was done: append-only, each line sealed with the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select

from app.store.rows import AuditEvent, Consultancy, TeamMember
from app.store.scope import ScopedSession

FIRST: Final = "0" * 64


def append_event(
    session: ScopedSession,
    *,
    at: datetime,
    actor_id: str,
    actor: str,
    address: str,
    action: str,
    subject: str = "",
    subject_id: str = "",
    engagement_id: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add a line to the tenant's record, in the transaction of what it tells about."""
    # Two writers must not take the same number; SQLite has one writer anyway. The weaker lock does
    # not wait for the references that every new row of the tenant makes to its consultancy.
    house = session.scalars(
        select(Consultancy)
        .where(Consultancy.id == session.tenant)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).first()
    event = AuditEvent(
        tenant_id=session.tenant,
        # Counted from what there was, so that lines missing at the end leave a gap.
        number=max(last.number if last else 0, house.record_lines) + 1,
        at=at,
        actor_id=actor_id,
        actor=actor,
        address=address,
        action=action,
        subject=subject,
        subject_id=subject_id,
        engagement_id=engagement_id,
        detail=dict(detail or {}),
        previous=last.digest if last else FIRST,
        digest="",
        note="",
    )
    event.digest = seal(event)
    house.record_lines = event.number
    session.add(event)
    session.flush()
    return event


def seal(event: AuditEvent) -> str:
    """Return the hash of a line: everything it says, and the hash of the line before."""
    said = [
        event.tenant_id,
        event.number,
        event.at.isoformat(),
        event.actor_id,
        event.actor,
        event.address,
        event.action,
        event.subject,
        event.subject_id,
        event.engagement_id,
        event.detail,
        event.note,
        event.previous,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the record: each part narrows, None leaves it open.

    ``seen_by`` is a member who sees what they did themselves and what happened in engagements
    they work on; ``before`` is a line's number, for paging; ``since`` and ``until`` are instants.
    """

    seen_by: str | None = None
    engagement: str | None = None
    actor: str | None = None
    area: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def events(session: ScopedSession, wanted: Wanted, limit: int) -> Sequence[AuditEvent]:
    """Return the newest lines of the tenant's record that are wanted."""
    query = select(AuditEvent)
    if wanted.seen_by is not None:
        mine = select(TeamMember.engagement_id).where(TeamMember.member_id == wanted.seen_by)
        query = query.where(
            or_(AuditEvent.actor_id == wanted.seen_by, AuditEvent.engagement_id.in_(mine))
        )
    if wanted.engagement is not None:
        query = query.where(AuditEvent.engagement_id == wanted.engagement)
    if wanted.actor is not None:
        query = query.where(AuditEvent.actor_id == wanted.actor)
    if wanted.area is not None:
        query = query.where(AuditEvent.action.startswith(f"{wanted.area}.", autoescape=True))
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.at < wanted.until)
    if wanted.before is not None:
        query = query.where(AuditEvent.number < wanted.before)
    return session.scalars(query.order_by(AuditEvent.number.desc()).limit(limit)).all()


def subjects_since(
    session: ScopedSession, actor: str, area: str, since: datetime, limit: int
) -> Sequence[str]:
    """Return what a member's lines of one area were about since a moment, newest first."""
    query = (
        select(AuditEvent.subject_id)
        .where(AuditEvent.at >= since, AuditEvent.actor_id == actor)
        .where(AuditEvent.action.startswith(f"{area}.", autoescape=True))
    )
    return session.scalars(query.order_by(AuditEvent.number.desc()).limit(limit)).all()


def first_broken_line(session: ScopedSession) -> int | None:
    """Return the number of the first line that was changed, removed or put in; None if none was."""
    house = session.get(Consultancy, session.tenant)
    previous, expected = FIRST, 1
    lines = session.scalars(select(AuditEvent).order_by(AuditEvent.number))
    for line in lines.yield_per(1000):
        if (line.number, line.previous, line.digest) != (expected, previous, seal(line)):
            return expected
        previous, expected = line.digest, expected + 1
    counted = house.record_lines if house is not None else 0
    return None if counted == expected - 1 else min(counted + 1, expected)
