"""The contacts of a client as the consultant keeps them: invited, written to again, shut out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from app.domain.bounds import LABEL_LIMIT, NAME_LIMIT
from app.services.access import Opened, open_engagement
from app.services.accounts.throttling import INVITING, door, knock
from app.services.acting import Acting
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.portal.entering import new_link
from app.services.record.recording import record
from app.services.work.mailing import clock_time, enqueue
from app.store.contacts import (
    address_of,
    close_sessions,
    contact_at,
    contacts_of,
    held_contact,
    revoke_feeds,
    sees_any,
    void_links,
)
from app.store.errors import TakenError
from app.store.rows import Contact, ContactAccess
from app.store.scope import ScopedSession
from app.store.types import new_id

ContactRole: TypeAlias = Literal["boss", "manager", "store"]

INVITED_FOR: Final = timedelta(days=7)
"""How long the link in an invitation works; links asked for later work half an hour."""
MOST: Final = 200
"""Contacts one engagement can have."""


@dataclass(frozen=True, slots=True)
class ContactWords:
    """What is said of a contact. ``store`` only of a store manager."""

    name: str
    email: str
    role: ContactRole
    store: str = ""
    locale: str = "zh-Hans"


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact as the consultant's page shows it; ``revoked_at`` None while it may come in."""

    id: str
    name: str
    email: str
    role: str
    store: str
    locale: str
    invited_at: datetime
    signed_in_at: datetime | None
    revoked_at: datetime | None


def contact_list(acting: Acting, engagement: str) -> tuple[ContactView, ...]:
    """Return the contacts of an engagement, those who may come in first."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        return tuple(_view(*found) for found in contacts_of(session, engagement))


def invite_contact(acting: Acting, engagement: str, words: ContactWords) -> str:
    """Let a contact into an engagement and mail the link; return the contact's id.

    A contact of the same client with that address is changed and let in here as well. Raises
    ``RefusedError``, ``ConflictError`` ("archived", "many", "outrun"), ``ThrottledError``.
    """
    acting.must_write()
    words = _checked(words)
    _knock(acting)
    try:
        return _invited(acting, engagement, words)
    except TakenError:
        raise ConflictError("outrun", "同时有人在邀请这位联系人，请刷新后再看。") from None


def _invited(acting: Acting, engagement: str, words: ContactWords) -> str:
    with acting.writing() as session:
        opened = _unarchived(acting, session, engagement)
        if len(contacts_of(session, engagement)) >= MOST:
            raise ConflictError("many", "一个项目最多{n}位联系人。", n=MOST)
        row = contact_at(session, opened.client.id, words.email)
        if row is None:
            row = Contact(
                id=new_id(),
                client_id=opened.client.id,
                email=words.email,
                created_at=acting.now,
                created_by=acting.person,
            )
            session.add(row)
        elif (row.role, row.store) != (words.role, words.store):
            # What a device may see is another thing from now on.
            close_sessions(session, row.id, acting.now)
        row.name, row.role, row.store = words.name, words.role, words.store
        row.locale = words.locale
        session.flush()
        _let_in(acting, session, engagement, row.id)
        _write(acting, session, opened, row)
        told = {"name": row.name, "email": row.email, "contact_role": row.role}
        record(acting, session, "contact.invited", "contact", row.id, engagement, **told)
        return row.id


def write_again(acting: Acting, engagement: str, contact: str) -> None:
    """Mail a contact a new link.

    Raises ``NotFoundError``, ``ConflictError`` ("archived") and ``ThrottledError``.
    """
    acting.must_write()
    _knock(acting)
    with acting.writing() as session:
        opened = _unarchived(acting, session, engagement)
        row = _held(session, engagement, contact)
        _write(acting, session, opened, row)
        told = {"name": row.name, "email": row.email}
        record(acting, session, "contact.written_again", "contact", row.id, engagement, **told)


def shut_out(acting: Acting, engagement: str, contact: str) -> None:
    """Take an engagement back from a contact, from the next request on.

    Its calendar address works no longer. Who sees no other engagement is signed out everywhere, and
    no link lets them in again. Raises
    ``NotFoundError``.
    """
    acting.must_write()
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        row = _held(session, engagement, contact)
        access = session.find(ContactAccess, engagement, contact)
        if access is None:
            raise NotFoundError
        access.revoked_at = acting.now
        revoke_feeds(session, row.id, engagement, acting.now)
        session.flush()
        if not sees_any(session, row.id):
            void_links(session, row.id, acting.now)
            close_sessions(session, row.id, acting.now)
        told = {"name": row.name, "email": row.email}
        record(acting, session, "contact.shut_out", "contact", row.id, engagement, **told)


def _checked(words: ContactWords) -> ContactWords:
    """Return the words as they are stored; raises ``RefusedError``."""
    store = words.store.strip() if words.role == "store" else ""
    wrong = {}
    if not words.name.strip() or len(words.name) > NAME_LIMIT:
        wrong["name"] = "请填写姓名。"
    if "@" not in words.email:
        wrong["email"] = "请填写邮箱。"
    if words.role not in ("boss", "manager", "store"):
        wrong["role"] = "请选择角色。"
    if words.role == "store" and not store:
        wrong["store"] = "店长只看自己的门店，请写明是哪一家。"
    if len(store) > LABEL_LIMIT:
        wrong["store"] = "写得太长了，请缩短。"
    if wrong:
        raise RefusedError(wrong)
    email = words.email.strip().lower()
    return ContactWords(words.name.strip(), email, words.role, store, words.locale)


def _knock(acting: Acting) -> None:
    name = door(acting.settings, "inviting contacts", acting.tenant, INVITING)
    knock(acting.database, acting.now, name)


def _unarchived(acting: Acting, session: ScopedSession, engagement: str) -> Opened:
    opened = open_engagement(acting, session, engagement)
    if opened.engagement.archived_at is not None:
        raise ConflictError("archived", "这个项目已经归档。请先恢复项目，再邀请联系人。")
    return opened


def _held(session: ScopedSession, engagement: str, contact: str) -> Contact:
    row = held_contact(session, engagement, contact)
    if row is None:
        raise NotFoundError
    return row


def _let_in(acting: Acting, session: ScopedSession, engagement: str, contact: str) -> None:
    access = session.find(ContactAccess, engagement, contact)
    if access is None:
        session.add(
            ContactAccess(
                engagement_id=engagement,
                contact_id=contact,
                created_at=acting.now,
                created_by=acting.person,
            )
        )
    elif access.revoked_at is not None:
        access.revoked_at, access.created_at = None, acting.now
        access.created_by = acting.person


def _write(acting: Acting, session: ScopedSession, opened: Opened, row: Contact) -> None:
    link = new_link(session, acting.settings, row.id, acting.now, INVITED_FOR)
    values = {
        "name": row.name,
        "inviter": acting.name,
        "client": opened.client.name,
        "until": clock_time(acting, row.locale, acting.now + INVITED_FOR),
    }
    answers = address_of(session, acting.person)
    enqueue(session, acting.now, "portal-invitation", row.email, row.locale, values, link, answers)


def _view(row: Contact, access: ContactAccess) -> ContactView:
    return ContactView(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        store=row.store,
        locale=row.locale,
        invited_at=access.created_at,
        signed_in_at=row.signed_in_at,
        revoked_at=access.revoked_at,
    )
