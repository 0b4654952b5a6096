"""Engagements whose client waits for an answer to what it said of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from app.store.progress import SHOWN, Day, Needing, given_of, overview
from app.store.rows import Engagement, FindingComment
from app.store.scope import ScopedSession, walled


@dataclass(frozen=True, slots=True)
class Asking:
    """An engagement in which the client had the last word on ``findings`` findings."""

    findings: int
    about: Needing


def asking(session: ScopedSession, member: str | None, day: Day) -> Sequence[Asking]:
    """Return the engagements a member sees whose client waits for an answer, the longest first."""
    rows = session.execute(_asking(member is None), given_of(member, day))
    return [Asking(number, Needing(*about)) for number, _since, *about in rows]


@cache
def _asking(everything: bool) -> Select[Any]:
    said, later = aliased(FindingComment), aliased(FindingComment)
    has_last_word = ~exists().where(
        later.tenant_id == said.tenant_id,
        later.engagement_id == said.engagement_id,
        later.rule == said.rule,
        later.number > said.number,
    )
    waits = (
        select(
            said.tenant_id,
            said.engagement_id,
            func.count().label("findings"),
            func.min(said.at).label("since"),
        )
        .where(said.contact_id.is_not(None), has_last_word)
        .group_by(said.tenant_id, said.engagement_id)
        .subquery()
    )
    return walled(
        overview(everything, waits.c.findings, waits.c.since)
        .join(
            waits,
            (waits.c.tenant_id == Engagement.tenant_id) & (waits.c.engagement_id == Engagement.id),
        )
        .order_by(waits.c.since, Engagement.id)
        .limit(SHOWN)
    )
