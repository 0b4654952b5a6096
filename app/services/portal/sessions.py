"""A client's contacts on their devices: let in by a mailed link, known with every request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.services.acting import Acting
from app.services.callers import Caller
from app.services.record.recording import record
from app.services.tokens import is_token, random_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.doors import contact_by_token
from app.store.rows import Consultancy, Contact, ContactSession
from app.store.scope import INSTALLATION, ScopedSession

IDLE: Final = timedelta(days=14)
"""A store's week is the measure: who looks in once a week stays signed in."""
LONGEST: Final = timedelta(days=60)
SEEN_EVERY: Final = timedelta(minutes=30)
"""How often a device's last sign of life is written down."""


@dataclass(frozen=True, slots=True)
class ContactIn:
    """A contact on a device. ``whole``: not a store manager, who sees one store alone."""

    acting: Acting
    device: str
    email: str
    role: str
    client: str
    consultancy: str

    @property
    def whole(self) -> bool:
        """Whether the contact sees all of the enterprise."""
        return not self.acting.store


def open_contact_device(
    session: ScopedSession, contact: str, now: datetime, address: str, user_agent: str
) -> str:
    """Store a new signed-in device and return its token, for the cookie alone."""
    token = random_token()
    session.add(
        ContactSession(
            contact_id=contact,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            address=address[:60],
            user_agent=user_agent[:300],
        )
    )
    return token


def resume_contact(
    database: Database, settings: Settings, token: str, now: datetime, address: str, locale: str
) -> ContactIn | None:
    """Return who holds this token; None where it is unknown, revoked, idle, too old or shut out.

    ``locale`` is the language asked for; empty where the contact's own counts.
    """
    if not is_token(token):
        return None
    with database.reading(INSTALLATION) as session:
        found = contact_by_token(session, token_hash(token))
    if found is None:
        return None
    device, contact, client, consultancy = found
    if (
        device.revoked_at is not None
        or now - device.seen_at > IDLE
        or now - device.created_at > LONGEST
    ):
        return None
    if now - device.seen_at > SEEN_EVERY:
        with database.writing(contact.tenant_id) as session:
            row = session.find(ContactSession, device.id)
            if row is not None:
                row.seen_at = now
    caller = Caller(database, settings, now, address)
    acting = acting_contact(caller, contact, consultancy, locale)
    return ContactIn(acting, device.id, contact.email, contact.role, client.name, consultancy.name)


def acting_contact(
    caller: Caller, contact: Contact, consultancy: Consultancy, locale: str = ""
) -> Acting:
    """Return a contact at work; for callers who have just shown that they are it."""
    return Acting(
        database=caller.database,
        settings=caller.settings,
        tenant=contact.tenant_id,
        person=contact.id,
        name=contact.name,
        role="client",
        now=caller.now,
        address=caller.address,
        zone=consultancy.zone,
        locale=locale or contact.locale,
        store=contact.store,
    )


def leave_portal(acting: Acting, device: str) -> None:
    """Sign a contact out on the device at hand."""
    with acting.writing() as session:
        row = session.find(ContactSession, device)
        if row is not None and row.contact_id == acting.person and row.revoked_at is None:
            row.revoked_at = acting.now
            record(acting, session, "portal.signed_out")


def drop_contact_device(database: Database, token: str, now: datetime) -> None:
    """Make the session a browser brought along void: somebody signs in anew on it."""
    if not is_token(token):
        return
    with database.reading(INSTALLATION) as session:
        found = contact_by_token(session, token_hash(token))
    if found is None or found[0].revoked_at is not None:
        return
    device = found[0]
    with database.writing(device.tenant_id) as session:
        row = session.find(ContactSession, device.id)
        if row is not None:
            row.revoked_at = now
