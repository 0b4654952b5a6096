"""Where all clients stand, who agreed to count in benchmarks, and what was last published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.store.engagements import seen_by
from app.store.progress import is_out_of_date
from app.store.rows import (
    BenchmarkConsent,
    Client,
    Engagement,
    EngagementProgress,
    Member,
    PublishedBenchmarks,
)
from app.store.scope import ScopedSession


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """An engagement under way with what was last computed of it; ``stale`` if that is old."""

    engagement: str
    title: str
    client: str
    client_name: str
    interviewed_on: date | None
    stale: bool
    document: Mapping[str, Any] | None


def portfolio_rows(
    session: ScopedSession, member: str | None, edition: int
) -> Sequence[PortfolioRow]:
    """Return the engagements a member sees (None: all) of clients not put away, newest first."""
    progress = EngagementProgress
    rows = session.execute(
        select(
            Engagement.id,
            Engagement.title,
            Client.id,
            Client.name,
            Engagement.interviewed_on,
            is_out_of_date(edition),
            progress.document,
        )
        .select_from(Engagement)
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .join(
            progress,
            (progress.tenant_id == Engagement.tenant_id)
            & (progress.engagement_id == Engagement.id),
            isouter=True,
        )
        .where(Client.archived_at.is_(None), seen_by(member))
        .order_by(
            func.coalesce(Engagement.interviewed_on, func.date(Engagement.created_at)).desc(),
            Engagement.created_at.desc(),
            Engagement.id,
        )
    )
    return [PortfolioRow(*row) for row in rows]


def consents(session: ScopedSession) -> Mapping[str, BenchmarkConsent]:
    """Return what every client that was asked said last, by client."""
    later = aliased(BenchmarkConsent)
    rows = session.scalars(
        select(BenchmarkConsent).where(
            ~exists().where(
                later.tenant_id == BenchmarkConsent.tenant_id,
                later.client_id == BenchmarkConsent.client_id,
                later.number > BenchmarkConsent.number,
            )
        )
    )
    return {row.client_id: row for row in rows}


def last_consent(session: ScopedSession, client: str) -> tuple[BenchmarkConsent, str] | None:
    """Return what a client said last, and the name of the member who kept it."""
    row = session.execute(
        select(BenchmarkConsent, Member.name)
        .join(
            Member,
            (Member.tenant_id == BenchmarkConsent.tenant_id) & (Member.id == BenchmarkConsent.by),
        )
        .where(BenchmarkConsent.client_id == client)
        .order_by(BenchmarkConsent.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def consent_number(session: ScopedSession, client: str) -> int:
    """Return the number of what a client said last, 0 for nothing."""
    found = session.scalar(
        select(func.max(BenchmarkConsent.number)).where(BenchmarkConsent.client_id == client)
    )
    return found or 0


def published_benchmarks(session: ScopedSession, model: str) -> PublishedBenchmarks | None:
    """Return the benchmarks of a model as last shown."""
    return session.find(PublishedBenchmarks, model)
