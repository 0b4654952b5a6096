"""What the client sees of an engagement: versions of its report, and the talk about findings."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.store.rows import CommentNotice, FindingComment, Report, ReportFile, SharedReport
from app.store.scope import ScopedSession


def shares_of(session: ScopedSession, engagement: str) -> Mapping[str, SharedReport]:
    """Return the standing shares of an engagement, by report."""
    rows = session.scalars(
        select(SharedReport).where(
            SharedReport.engagement_id == engagement, SharedReport.withdrawn_at.is_(None)
        )
    )
    return {row.report_id: row for row in rows}


def shared_reports(
    session: ScopedSession, engagement: str
) -> Sequence[tuple[Report, SharedReport]]:
    """Return the reports the client of an engagement sees, the newest version first."""
    rows = session.execute(
        select(Report, SharedReport)
        .join(
            SharedReport,
            (SharedReport.tenant_id == Report.tenant_id) & (SharedReport.report_id == Report.id),
        )
        .where(Report.engagement_id == engagement, SharedReport.withdrawn_at.is_(None))
        .order_by(Report.version.desc())
    )
    return [(report, share) for report, share in rows]


def has_file(session: ScopedSession, report: str) -> bool:
    """Tell whether a report was drawn."""
    query = select(ReportFile.report_id).where(ReportFile.report_id == report).limit(1)
    return session.scalar(query) is not None


def comments_of(session: ScopedSession, engagement: str) -> Sequence[FindingComment]:
    """Return everything said of the findings of an engagement, by finding, the oldest first."""
    return session.scalars(
        select(FindingComment)
        .where(FindingComment.engagement_id == engagement)
        .order_by(FindingComment.rule, FindingComment.number)
    ).all()


def comments_on(session: ScopedSession, engagement: str, rule: str) -> Sequence[FindingComment]:
    """Return everything said of one finding, the oldest first."""
    return session.scalars(
        select(FindingComment)
        .where(FindingComment.engagement_id == engagement, FindingComment.rule == rule)
        .order_by(FindingComment.number)
    ).all()


def held_notice(session: ScopedSession, engagement: str, person: str) -> CommentNotice | None:
    """Return when a person's newest letter goes out, and keep other writers of it waiting."""
    return session.scalars(
        select(CommentNotice)
        .where(CommentNotice.engagement_id == engagement, CommentNotice.person == person)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
