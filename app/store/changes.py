"""Marks engagements in which something changed, so that what was computed from them is out of date.

Whoever writes rows need not think of it: every transaction counts one change for each engagement
it touched. The mark is the last thing a transaction writes, so that two of them never wait for each
other crosswise.
"""

from typing import Any, Final

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session

from app.store.rows import (
    Client,
    DecidedFinding,
    Engagement,
    EngagementProgress,
    HeldReview,
    Invitation,
    PlanRevision,
    PulseAnswer,
    Report,
    ReportFile,
    Response,
)
from app.store.scope import ScopedSession

_INSIDE: Final = (
    *(Invitation, Response, DecidedFinding, PlanRevision, PulseAnswer, Report, HeldReview),
)
"""Rows that say something about their engagement. Answers come with their response's time."""

# Every transaction that writes ends with this one, so it is put together once; it names the tenant
# itself and asks by way of the connection, as a session takes longer than the database.
_COUNT: Final = (
    update(EngagementProgress)
    .where(
        EngagementProgress.tenant_id == bindparam("tenant"),
        EngagementProgress.engagement_id == bindparam("engagement"),
    )
    .values(changes=EngagementProgress.changes + 1)
    .execution_options(synchronize_session=False)
)
_ENGAGEMENTS: Final = "engagements_touched"
_NEW: Final = "engagements_made"
_CLIENTS: Final = "clients_touched"
_REPORTS: Final = "reports_touched"


# After the flush, when new rows have their ids and are still told apart from old ones.
@event.listens_for(ScopedSession, "after_flush")
def _remember(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, _INSIDE):
            _in(session, _ENGAGEMENTS).add((row.tenant_id, row.engagement_id))
        elif isinstance(row, Engagement):
            _in(session, _NEW if row in session.new else _ENGAGEMENTS).add((row.tenant_id, row.id))
        elif isinstance(row, Client) and row not in session.new:
            _in(session, _CLIENTS).add((row.tenant_id, row.id))
        elif isinstance(row, ReportFile):
            _in(session, _REPORTS).add((row.tenant_id, row.report_id))


def touch(session: ScopedSession, engagement: str) -> None:
    """Count a change for an engagement where a statement of its own made it."""
    _in(session, _ENGAGEMENTS).add((session.tenant, engagement))


def _in(session: Session, name: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = session.info.setdefault(name, set())
    return found


def mark_changes(session: ScopedSession) -> None:
    """Count a change for every engagement this transaction touched, just before its commit."""
    session.flush()
    touched = set(session.info.pop(_ENGAGEMENTS, ()))
    made = session.info.pop(_NEW, set())
    for tenant, client in session.info.pop(_CLIENTS, ()):
        found = session.scalars(
            select(Engagement.id).where(
                Engagement.tenant_id == tenant, Engagement.client_id == client
            )
        )
        touched.update((tenant, engagement) for engagement in found)
    for tenant, report in session.info.pop(_REPORTS, ()):
        found = session.scalars(
            select(Report.engagement_id).where(Report.tenant_id == tenant, Report.id == report)
        )
        touched.update((tenant, engagement) for engagement in found)
    for tenant, engagement in sorted(touched - made):
        session.connection().execute(_COUNT, {"tenant": tenant, "engagement": engagement})
    session.add_all(
        EngagementProgress(tenant_id=tenant, engagement_id=engagement)
        for tenant, engagement in sorted(made)
    )
    session.flush()
