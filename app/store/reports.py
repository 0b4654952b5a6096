"""The register of issued reports and their files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.store.engagements import seen_by
from app.store.rows import (
    Attachment,
    Client,
    Consultancy,
    Engagement,
    Job,
    Member,
    Report,
    ReportFile,
    SelfCheckReport,
)
from app.store.scope import ScopedSession


def reports_of(session: ScopedSession, engagement: str) -> Sequence[tuple[Report, str]]:
    """Return an engagement's reports with the name of who issued each, the newest first."""
    rows = session.execute(
        select(Report, Member.name)
        .outerjoin(
            Member, (Member.tenant_id == Report.tenant_id) & (Member.id == Report.created_by)
        )
        .where(Report.engagement_id == engagement)
        .order_by(Report.version.desc())
    )
    return [(report, name or "") for report, name in rows]


def find_report(session: ScopedSession, engagement: str, report: str) -> Report | None:
    """Return a report of an engagement."""
    return session.scalars(
        select(Report).where(Report.engagement_id == engagement, Report.id == report)
    ).first()


def newest_version(session: ScopedSession, engagement: str) -> int:
    """Return the highest version of an engagement's report, 0 where there is none."""
    found = session.scalar(
        select(func.max(Report.version)).where(Report.engagement_id == engagement)
    )
    return found or 0


def hold_engagement(session: ScopedSession, engagement: str) -> None:
    """Keep everybody else from issuing a report of this engagement until the commit."""
    session.execute(select(Engagement.id).where(Engagement.id == engagement).with_for_update())


def hold_consultancy(session: ScopedSession) -> None:
    """Keep everybody else of the tenant from taking a number until the commit."""
    session.execute(
        select(Consultancy.id)
        .where(Consultancy.id == session.tenant)
        .with_for_update(key_share=True)
    )


def highest_number(session: ScopedSession, prefix: str) -> str | None:
    """Return the highest printed number that begins so; the longer of two is the higher."""
    return session.scalars(
        select(Report.number)
        .where(Report.number.startswith(prefix, autoescape=True))
        .order_by(func.length(Report.number).desc(), Report.number.desc())
        .limit(1)
    ).first()


def files_of(
    session: ScopedSession, reports: Collection[str]
) -> Mapping[str, Mapping[str, ReportFile]]:
    """Return the finished files of some reports, by report and format."""
    found: dict[str, dict[str, ReportFile]] = {report: {} for report in reports}
    for row in session.scalars(select(ReportFile).where(ReportFile.report_id.in_(list(reports)))):
        found[row.report_id][row.format] = row
    return found


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report with what a list of all engagements says of it; ``state`` is its job's."""

    report: Report
    engagement: str
    client: str
    state: str


def shelved_reports(
    session: ScopedSession, member: str | None, kind: str, offset: int, limit: int
) -> Sequence[Shelved]:
    """Return the reports of every engagement a member sees, the newest first."""
    rows = session.execute(
        select(Report, Engagement.title, Client.name, Job.state)
        .join(
            Engagement,
            (Engagement.tenant_id == Report.tenant_id) & (Engagement.id == Report.engagement_id),
        )
        .join(
            Client,
            (Client.tenant_id == Engagement.tenant_id) & (Client.id == Engagement.client_id),
        )
        .outerjoin(
            Job,
            (Job.tenant_id == Report.tenant_id) & (Job.kind == kind) & (Job.subject == Report.id),
        )
        .where(seen_by(member))
        .order_by(Report.created_at.desc(), Report.id)
        .offset(offset)
        .limit(limit)
    )
    return [Shelved(report, title, client, state or "") for report, title, client, state in rows]


def count_reports(session: ScopedSession, member: str | None) -> int:
    """Return how many reports there are in the engagements a member sees."""
    found = session.scalar(
        select(func.count())
        .select_from(Report)
        .join(
            Engagement,
            (Engagement.tenant_id == Report.tenant_id) & (Engagement.id == Report.engagement_id),
        )
        .where(seen_by(member))
    )
    return found or 0


def named_files(session: ScopedSession) -> frozenset[str]:
    """Return the digest of every file that any row names; needs the scope of the installation."""
    digests = {
        *session.scalars(select(Report.answers)),
        *session.scalars(select(ReportFile.digest)),
        *session.scalars(select(SelfCheckReport.digest)),
        *session.scalars(select(Attachment.digest)),
        *session.scalars(select(Consultancy.brand_logo)),
        *(brand.get("logo") for brand in session.scalars(select(Report.brand))),
    }
    return frozenset(digest for digest in digests if digest)
