"""Self-checks are not kept: what nobody handed over goes after 30 days, or when its owner says so.

What was handed over goes 30 days after it was declined, or a year after nobody answered it. An
accepted one has become part of an engagement and is kept as long as that.
"""

from datetime import datetime, timedelta
from typing import Final

from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError
from app.services.record.recording import record
from app.settings import Settings
from app.store.database import Database
from app.store.jobs import STRANGERS
from app.store.rows import Lead, SelfCheck
from app.store.scope import INSTALLATION
from app.store.selfchecks import due_checks, forget_check, held_check, lead_of

DECLINED: Final = timedelta(days=30)
"""How long a declined request is kept, for whoever declined it by mistake."""
WAITING: Final = timedelta(days=365)
"""How long a request is kept that nobody ever answered."""
ACCEPTED: Final = "accepted"


def erase(acting: Acting) -> None:
    """Delete the stranger's self-check at their word, with the request they made.

    Raises ``NotFoundError``, and ``ConflictError`` ("accepted") where it has become part of an
    engagement: then the consultancy has to be asked.
    """
    with acting.writing() as session:
        check = held_check(session, acting.person) if acting.role == "visitor" else None
        if check is None:
            raise NotFoundError
        lead = lead_of(session, check.id, hold=True)
        if lead is not None and lead.state == "accepted":
            raise ConflictError(
                ACCEPTED, "请求已被接受，答案成了项目资料。要查看、更正或删除，请联系对方。"
            )
        if lead is not None:
            record(acting, session, "lead.withdrawn", "lead", lead.id)
        forget_check(session, STRANGERS, check.id)


def forget_self_checks(database: Database, settings: Settings, now: datetime) -> int:
    """Delete every self-check that may not be kept any longer; return how many."""
    gone = 0
    with database.reading(INSTALLATION) as session:
        due = due_checks(session, now, now - DECLINED, now - WAITING)
    for tenant, check in due:
        gone += _forget(database, settings, tenant, check, now)
    return gone


def _forget(database: Database, settings: Settings, tenant: str, check: str, now: datetime) -> bool:
    acting = Acting(database, settings, tenant, "", "", "system", now)
    with acting.writing() as session:
        row = held_check(session, check)
        lead = lead_of(session, check, hold=True)
        if row is None or not _is_due(row, lead, now):
            # Somebody accepted it, or deleted it, between our look and our turn.
            return False
        if lead is not None:
            record(acting, session, "lead.expired", "lead", lead.id)
        return forget_check(session, STRANGERS, check)


def _is_due(check: SelfCheck, lead: Lead | None, now: datetime) -> bool:
    if lead is None:
        return check.expires_at <= now
    if lead.state == "declined":
        return lead.decided_at is not None and lead.decided_at <= now - DECLINED
    return lead.state == "new" and lead.asked_at <= now - WAITING
