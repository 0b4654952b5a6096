"""Signing in to the portal: a link by mail, used once; nobody learns which addresses are known."""

from datetime import datetime, timedelta
from typing import Final

from app.services.accounts.throttling import Limit, do_the_same_work, door, knock
from app.services.callers import Caller
from app.services.errors import NotFoundError
from app.services.portal.sessions import acting_contact, drop_contact_device, open_contact_device
from app.services.record.recording import record
from app.services.tokens import derived_token, is_token, token_hash
from app.services.work.mailing import LinkTo, enqueue
from app.settings import Settings
from app.store.contacts import forget_past, held_link, sees_any, void_links
from app.store.doors import contact_link_by_token, contacts_at
from app.store.members import own_consultancy
from app.store.rows import Client, Contact, ContactLink
from app.store.scope import INSTALLATION, ScopedSession
from app.store.types import new_id

LASTS: Final = timedelta(minutes=30)
"""How long a link works that somebody asked for."""
KEPT: Final = timedelta(days=90)
"""How long ended devices and used links stay in the database."""
ASKING: Final = (Limit(5, timedelta(hours=1)), Limit(20, timedelta(days=1)))


def ask_link(caller: Caller, email: str) -> None:
    """Mail a link to each contact with this address, of whichever consultancy.

    Raises ``ThrottledError`` after five requests for an address in an hour, known or not.
    """
    email = email.strip().lower()
    knock(caller.database, caller.now, door(caller.settings, "portal", email, ASKING))
    with caller.database.reading(INSTALLATION) as session:
        found = contacts_at(session, email)
    if not found:
        do_the_same_work(caller.database, caller.now)
    for contact in found:
        with caller.database.writing(contact.tenant_id) as session:
            client = session.find(Client, contact.client_id)
            link = new_link(session, caller.settings, contact.id, caller.now, LASTS)
            values = {"name": contact.name, "client": client.name if client else ""}
            locale = contact.locale
            enqueue(session, caller.now, "portal-link", contact.email, locale, values, link)
            acting = acting_contact(caller, contact, own_consultancy(session))
            record(acting, session, "portal.link_asked", "contact", contact.id)


def new_link(
    session: ScopedSession, settings: Settings, contact: str, now: datetime, lasts: timedelta
) -> LinkTo:
    """Store a link that signs a contact in once."""
    link = new_id()
    token = derived_token(settings.key, "portal", session.tenant, link)
    session.add(
        ContactLink(
            id=link,
            contact_id=contact,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    return LinkTo("portal", link)


def opens_portal(caller: Caller, token: str) -> bool:
    """Tell whether a link signs somebody in now; nothing is changed."""
    found = _found(caller, token)
    return found is not None and _is_good(found[0], caller)


def enter_portal(caller: Caller, token: str, brought: str = "") -> str:
    """Exchange a link for the token of a new device, for its cookie alone; the link is used up.

    ``brought`` is the session token the browser sent, which dies. Raises ``NotFoundError`` for
    every link that opens nothing.
    """
    found = _found(caller, token)
    if found is None:
        raise NotFoundError
    link, contact = found
    with caller.database.writing(link.tenant_id) as session:
        row = held_link(session, link.id)
        person = session.find(Contact, contact.id)
        if row is None or person is None or not _is_good(row, caller):
            raise NotFoundError
        if not sees_any(session, person.id):
            # Shut out since the link was looked for.
            raise NotFoundError
        # Whoever is in needs none of the links that were asked for in the meantime.
        void_links(session, person.id, caller.now)
        row.used_at = person.signed_in_at = caller.now
        forget_past(session, person.id, caller.now - KEPT)
        device = open_contact_device(
            session, person.id, caller.now, caller.address, caller.user_agent
        )
        acting = acting_contact(caller, person, own_consultancy(session))
        record(acting, session, "portal.signed_in", "contact", person.id)
    drop_contact_device(caller.database, brought, caller.now)
    return device


def _found(caller: Caller, token: str) -> tuple[ContactLink, Contact] | None:
    if not is_token(token):
        return None
    with caller.database.reading(INSTALLATION) as session:
        return contact_link_by_token(session, token_hash(token))


def _is_good(link: ContactLink, caller: Caller) -> bool:
    return link.used_at is None and link.expires_at > caller.now
