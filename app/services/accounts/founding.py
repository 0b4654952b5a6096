"""The first owner of a new installation, who founds its consultancy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from app.services.accounts import passwords
from app.services.accounts.sessions import open_device
from app.services.callers import Caller
from app.services.errors import NotFoundError
from app.services.invitations.links import link_to
from app.services.record.recording import record
from app.services.tokens import derived_token, is_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.doors import any_consultancy, installation_value
from app.store.founding import take_value
from app.store.rows import Consultancy, Installation, Member
from app.store.scope import INSTALLATION, ScopedSession
from app.store.types import new_id

OWNER_LINK: Final = "owner-link"
OWNER_LINK_LASTS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Founding:
    """What the first owner says; ``locale`` and ``zone`` are the consultancy's too."""

    consultancy: str
    name: str
    email: str
    password: str
    locale: str
    zone: str


def first_owner_link(database: Database, settings: Settings, now: datetime) -> str | None:
    """Return a new link for the first owner, or None where there is a consultancy already.

    It works for a day, once; a link made earlier works no longer.
    """
    with database.writing(INSTALLATION) as session:
        if any_consultancy(session):
            return None
        token = derived_token(settings.key, "owner", "", now.isoformat())
        row = installation_value(session, OWNER_LINK)
        if row is None:
            row = Installation(key=OWNER_LINK)
            session.add(row)
        row.value, row.at = token_hash(token), now + OWNER_LINK_LASTS
    return link_to(settings, "owner", token)


def is_founded(database: Database) -> bool:
    """Tell whether the installation has a consultancy."""
    with database.reading(INSTALLATION) as session:
        return any_consultancy(session)


def may_found(caller: Caller, token: str) -> bool:
    """Tell whether a token is that of the link for the first owner, still good."""
    with caller.database.reading(INSTALLATION) as session:
        return _is_open(session, token, caller.now)


def found_consultancy(caller: Caller, token: str, founding: Founding) -> str:
    """Store the consultancy and its owner; return the token of the owner's signed-in device.

    Raises ``NotFoundError`` where the link is not good any more, ``RefusedError`` for a password
    that is guessed early.
    """
    if not may_found(caller, token):
        raise NotFoundError
    email = founding.email.strip().lower()
    passwords.check_new(founding.password, email, founding.name, founding.consultancy)
    kept = passwords.hashed(founding.password)
    tenant = new_id()
    with caller.database.writing(tenant) as session:
        if not take_value(session, OWNER_LINK, token_hash(token)) or any_consultancy(session):
            raise NotFoundError
        session.add(
            Consultancy(
                id=tenant,
                name=founding.consultancy,
                created_at=caller.now,
                locale=founding.locale,
                zone=founding.zone,
            )
        )
        session.flush()
        owner = Member(
            tenant_id=tenant,
            id=new_id(),
            email=email,
            name=founding.name,
            role="owner",
            password_hash=kept,
            locale=founding.locale,
            zone=founding.zone,
            created_at=caller.now,
            signed_in_at=caller.now,
        )
        session.add(owner)
        session.flush()
        opened = open_device(session, owner.id, caller.now, caller.address, caller.user_agent)
        record(caller.acting_as(owner), session, "consultancy.founded", name=founding.consultancy)
    return opened


def _is_open(session: ScopedSession, token: str, now: datetime) -> bool:
    if not is_token(token):
        return False
    row = installation_value(session, OWNER_LINK)
    if row is None or row.at <= now or any_consultancy(session):
        return False
    return compare_digest(row.value, token_hash(token))
