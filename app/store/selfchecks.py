"""Self-checks of strangers, their reports, and the leads they became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select

from app.store.rows import Consultancy, Job, Lead, SelfCheck, SelfCheckReport
from app.store.scope import ScopedSession, walled

LEADS: Final = 50
"""Leads on one page of their list."""


# -- before anybody's tenant is known: in the scope of the installation ----------------------------


def house_at(session: ScopedSession, slug: str) -> Consultancy | None:
    """Return the consultancy whose self-check has this address, open or not."""
    return session.scalars(select(Consultancy).where(Consultancy.check_slug == slug)).first()


def check_by_token(
    session: ScopedSession, slug: str, token_hash: str
) -> tuple[SelfCheck, Consultancy] | None:
    """Return the self-check a browser holds at an address, with its consultancy."""
    rows = session.execute(
        select(SelfCheck, Consultancy)
        .join(Consultancy, Consultancy.id == SelfCheck.tenant_id)
        .where(SelfCheck.token_hash == token_hash, Consultancy.check_slug == slug)
    )
    for check, house in rows:
        return check, house
    return None


def due_checks(
    session: ScopedSession, now: datetime, declined: datetime, waiting: datetime
) -> Sequence[tuple[str, str]]:
    """Return tenant and id of self-checks that nobody may keep any longer.

    Those that expired without a request, with one declined before ``declined``, or with one that
    has waited since before ``waiting``. What was accepted stays with its engagement.
    """
    lead = and_(Lead.tenant_id == SelfCheck.tenant_id, Lead.self_check_id == SelfCheck.id)
    over: ColumnElement[bool] = or_(
        and_(SelfCheck.expires_at <= now, ~exists().where(lead)),
        exists().where(lead, Lead.state == "declined", Lead.decided_at <= declined),
        exists().where(lead, Lead.state == "new", Lead.asked_at <= waiting),
    )
    rows = session.execute(
        select(SelfCheck.tenant_id, SelfCheck.id)
        .where(over)
        .order_by(SelfCheck.tenant_id, SelfCheck.id)
    )
    return [(tenant, check) for tenant, check in rows]


# -- one self-check --------------------------------------------------------------------------------


def held_check(session: ScopedSession, check: str) -> SelfCheck | None:
    """Return a self-check held for writing, as the newest transaction left it."""
    query = select(SelfCheck).where(SelfCheck.id == check).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def lead_of(session: ScopedSession, check: str, *, hold: bool = False) -> Lead | None:
    """Return the request a self-check was handed over with, held for writing if asked for."""
    query = select(Lead).where(Lead.self_check_id == check)
    if hold:
        query = query.with_for_update()
    return session.scalars(query, execution_options={"populate_existing": hold}).first()


def report_of(session: ScopedSession, check: str, inputs: str) -> SelfCheckReport | None:
    """Return the report of a self-check that is made from the very same."""
    return session.scalars(
        select(SelfCheckReport).where(
            SelfCheckReport.self_check_id == check, SelfCheckReport.inputs == inputs
        )
    ).first()


def forget_check(session: ScopedSession, kind: str, check: str) -> bool:
    """Delete a self-check with its reports, their jobs and its lead; tell whether it was there."""
    row = held_check(session, check)
    if row is None:
        return False
    reports = select(SelfCheckReport.id).where(SelfCheckReport.self_check_id == check)
    session.execute(
        delete(Job)
        .where(Job.kind == kind, Job.subject.in_(reports))
        .execution_options(synchronize_session=False)
    )
    session.delete(row)
    session.flush()
    return True


# -- leads -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedLeads:
    """One page of leads: those that wait first, then the newest; how many wait, how many in all."""

    leads: Sequence[Lead]
    waiting: int
    total: int
    page: int
    pages: int


def list_leads(session: ScopedSession, page: int) -> ListedLeads:
    """Return page ``page`` (from 1) of the leads; the last where there are fewer."""
    total = session.scalar(select(func.count()).select_from(Lead)) or 0
    pages = max(ceil(total / LEADS), 1)
    page = min(max(page, 1), pages)
    rows = session.scalars(
        select(Lead)
        .order_by((Lead.state == "new").desc(), Lead.asked_at.desc(), Lead.id)
        .limit(LEADS)
        .offset((page - 1) * LEADS)
    )
    return ListedLeads(rows.all(), count_waiting(session), total, page, pages)


def count_waiting(session: ScopedSession) -> int:
    """Return how many leads nobody has answered yet."""
    return session.scalar(_WAITING) or 0


# Every look at the day asks this one, so it is put together once.
_WAITING: Final = walled(select(func.count()).select_from(Lead).where(Lead.state == "new"))


def find_lead(session: ScopedSession, lead: str) -> tuple[Lead, SelfCheck] | None:
    """Return a lead with its self-check."""
    rows = session.execute(_with_check().where(Lead.id == lead))
    for found, check in rows:
        return found, check
    return None


def held_lead(session: ScopedSession, lead: str) -> tuple[Lead, SelfCheck] | None:
    """Return a lead held for writing: two people decide about it one after the other."""
    query = _with_check().where(Lead.id == lead).with_for_update(of=Lead)
    rows = session.execute(query, execution_options={"populate_existing": True})
    for found, check in rows:
        return found, check
    return None


def _with_check() -> Select[Lead, SelfCheck]:
    return select(Lead, SelfCheck).join(
        SelfCheck,
        (SelfCheck.tenant_id == Lead.tenant_id) & (SelfCheck.id == Lead.self_check_id),
    )


def lead_of_engagement(session: ScopedSession, engagement: str) -> tuple[Lead, SelfCheck] | None:
    """Return the lead an engagement came from, with what was answered in the self-check."""
    rows = session.execute(_with_check().where(Lead.engagement_id == engagement))
    for found, check in rows:
        return found, check
    return None
