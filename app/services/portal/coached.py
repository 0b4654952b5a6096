"""Coaching as a client takes part in it: open once a version of the report is shared.

Before that the plan is the consultant's own matter, and its tasks, figures and dates are too. Who
may see and say what of a store is decided by the coaching services themselves.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from app.forms.messages import Translate
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.coaching.actuals import WeekSheet, enter_actuals, week_of
from app.services.coaching.coached_plan import Coached, NotCoachedError, find_coached
from app.services.coaching.sheets import read_sheet, sheet_for
from app.services.coaching.tasks import Settled, TaskBoard, settle_tasks, tasks_of
from app.store.sharing import shares_of


def shared_coaching(acting: Acting, engagement: str) -> Coached | None:
    """Return the plan a client is coached by; None before one is shared. ``NotFoundError``."""
    return find_coached(acting, engagement) if _is_shared(acting, engagement) else None


def client_tasks(
    acting: Acting, engagement: str, week: date | None, store: str, role: str
) -> TaskBoard:
    """Return the tasks of a week as ``tasks_of`` does; ``NotCoachedError`` before it is shared."""
    _must_be_shared(acting, engagement)
    return tasks_of(acting, engagement, week=week, store=store, role=role)


def settle_as_client(
    acting: Acting, engagement: str, tasks: Iterable[str], state: Settled, reason: str
) -> None:
    """Say what became of tasks, as ``settle_tasks`` does."""
    _must_be_shared(acting, engagement)
    settle_tasks(acting, engagement, tasks, state, reason=reason)


def client_week(acting: Acting, engagement: str, week: date | None) -> WeekSheet:
    """Return the KPIs of a week as ``week_of`` does."""
    _must_be_shared(acting, engagement)
    return week_of(acting, engagement, week)


def enter_as_client(
    acting: Acting,
    engagement: str,
    week: date,
    values: Mapping[str, str],
    notes: Mapping[str, str],
) -> None:
    """Take the figures typed for a week, as ``enter_actuals`` does."""
    _must_be_shared(acting, engagement)
    enter_actuals(acting, engagement, week, values, notes)


def client_sheet(acting: Acting, engagement: str, week: date, translate: Translate) -> bytes:
    """Return the sheet of a week to fill in, as ``sheet_for`` does."""
    _must_be_shared(acting, engagement)
    return sheet_for(acting, engagement, week, translate)


def take_client_sheet(
    acting: Acting, engagement: str, week: date, upload: bytes, translate: Translate
) -> None:
    """Take the figures of a sheet, as ``read_sheet`` does."""
    _must_be_shared(acting, engagement)
    read_sheet(acting, engagement, week, upload, translate)


def _must_be_shared(acting: Acting, engagement: str) -> None:
    if not _is_shared(acting, engagement):
        raise NotCoachedError


def _is_shared(acting: Acting, engagement: str) -> bool:
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return bool(shares_of(session, engagement))
