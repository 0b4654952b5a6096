"""A contact's calendar for other programs: a secret address, revocable, that tells titles alone."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from app.reporting.ical import Event, calendar_text
from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.callers import Caller
from app.services.errors import NotFoundError
from app.services.invitations.links import standing_link
from app.services.portal.agenda import AgendaItem, agenda_of
from app.services.portal.sessions import acting_contact
from app.services.record.recording import record
from app.services.tokens import derived_token, is_token, token_hash
from app.store.contacts import revoke_feeds, standing_feed
from app.store.doors import feed_by_token
from app.store.rows import CalendarFeed
from app.store.scope import INSTALLATION
from app.store.types import new_id

BACK: Final = timedelta(days=14)
AHEAD: Final = timedelta(days=92)
ENDING: Final = ".ics"


def feed_address(acting: Acting, engagement: str) -> str | None:
    """Return the address of a contact's calendar; None where there is none.

    Raises ``NotFoundError``.
    """
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        row = standing_feed(session, acting.person, engagement)
    if row is None:
        return None
    found = standing_link(acting.settings, "calendar", acting.tenant, row.id, 1, row.token_hash)
    return None if found is None else f"{found}{ENDING}"


def make_feed(acting: Acting, engagement: str) -> None:
    """Give a contact a new calendar address; the one before works no longer."""
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        revoke_feeds(session, acting.person, engagement, acting.now)
        feed = new_id()
        token = derived_token(acting.settings.key, "calendar", acting.tenant, feed)
        session.add(
            CalendarFeed(
                id=feed,
                contact_id=acting.person,
                engagement_id=engagement,
                token_hash=token_hash(token),
                created_at=acting.now,
            )
        )
        record(acting, session, "portal.calendar_made", "contact", acting.person, engagement)


def drop_feed(acting: Acting, engagement: str) -> None:
    """Make a contact's calendar address void."""
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        if revoke_feeds(session, acting.person, engagement, acting.now):
            record(acting, session, "portal.calendar_dropped", "contact", acting.person, engagement)


def read_feed(caller: Caller, token: str, title: Callable[[str, AgendaItem | None], str]) -> str:
    """Return the calendar behind an address, as iCalendar text.

    ``title`` says an item in a language (the calendar's own name for None). Raises
    ``NotFoundError`` for every address that opens nothing.
    """
    if not is_token(token):
        raise NotFoundError
    with caller.database.reading(INSTALLATION) as session:
        found = feed_by_token(session, token_hash(token))
    if found is None:
        raise NotFoundError
    feed, contact, consultancy = found
    acting = acting_contact(caller, contact, consultancy)
    today = acting.today
    items = _by_day(agenda_of(acting, feed.engagement_id, today - BACK, today + AHEAD))
    events = [
        Event(f"{feed.id} {item.key}", item.day, title(acting.locale, item)) for item in items
    ]
    return calendar_text(title(acting.locale, None), events, caller.now)


def _by_day(items: tuple[AgendaItem, ...]) -> Iterator[AgendaItem]:
    """Yield the items, all tasks of a day as one: a calendar is for days, not for checklists."""
    tasks: dict[date, list[AgendaItem]] = {}
    for item in items:
        if item.kind == "task":
            tasks.setdefault(item.day, []).append(item)
        else:
            yield item
    for day, due in tasks.items():
        codes = " ".join(item.code for item in due)
        yield AgendaItem(
            day, "task", codes, sum(item.count for item in due), f"{day.isoformat()} tasks"
        )
