"""Sharing a version of the report with the client, in one step, and taking it back."""

from datetime import datetime

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError
from app.services.record.recording import record
from app.services.work.mailing import enqueue
from app.store.contacts import address_of, readers_of
from app.store.reports import find_report, hold_engagement
from app.store.rows import SharedReport
from app.store.sharing import has_file, shares_of


def shared_versions(acting: Acting, engagement: str) -> dict[str, datetime]:
    """Return when which reports of an engagement were shared, by report; standing shares alone."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return {report: row.shared_at for report, row in shares_of(session, engagement).items()}


def share_report(acting: Acting, engagement: str, report: str) -> int | None:
    """Show a version to the client's contacts and write to them; return to how many.

    None for a version shared already: it is left as it is, nobody is written to again. Raises
    ``NotFoundError``, ``NotAllowedError`` and ``ConflictError`` ("undrawn").
    """
    acting.must_write()
    with acting.writing() as session:
        opened = open_engagement(acting, session, engagement)
        hold_engagement(session, engagement)
        row = find_report(session, engagement, report)
        if row is None:
            raise NotFoundError
        if not has_file(session, report):
            raise ConflictError("undrawn", "这一版还没有生成文件，生成好了才能分享。")
        share = session.find(SharedReport, report)
        if share is not None and share.withdrawn_at is None:
            return None
        if share is None:
            share = SharedReport(report_id=report, engagement_id=engagement)
            session.add(share)
        share.shared_at, share.shared_by, share.withdrawn_at = acting.now, acting.person, None
        readers = readers_of(session, engagement)
        answers = address_of(session, acting.person)
        for contact in readers:
            values = {
                "name": contact.name,
                "client": opened.client.name,
                "sharer": acting.name,
                "version": str(row.version),
                "number": row.number,
            }
            enqueue(
                session, acting.now, "report-shared", contact.email, contact.locale, values,
                reply_to=answers,
            )  # fmt: skip
        told = {"number": row.number, "version": row.version, "count": len(readers)}
        record(acting, session, "report.shared", "report", report, engagement, **told)
        return len(readers)


def withdraw_report(acting: Acting, engagement: str, report: str) -> None:
    """Take a version back from the client; raises ``NotFoundError``, ``NotAllowedError``."""
    acting.must_write()
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        row = find_report(session, engagement, report)
        share = session.find(SharedReport, report) if row is not None else None
        if row is None or share is None:
            raise NotFoundError
        if share.withdrawn_at is not None:
            return
        share.withdrawn_at = acting.now
        told = {"number": row.number, "version": row.version}
        record(acting, session, "report.unshared", "report", report, engagement, **told)
