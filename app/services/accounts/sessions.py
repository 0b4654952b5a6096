"""Signed-in devices: opened at the door, resumed with every request, revocable at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.services.acting import Acting, ActingRole
from app.services.tokens import is_token, random_token, token_hash
from app.settings import Settings
from app.store.database import Database
from app.store.doors import Resumed, device_by_token, respondent_by_token
from app.store.rows import DeviceSession
from app.store.scope import INSTALLATION, ScopedSession

IDLE: Final = timedelta(hours=3)
LONGEST: Final = timedelta(hours=12)
SEEN_EVERY: Final = timedelta(minutes=5)
"""How often a device's last sign of life is written down."""

_ROLES: Final[dict[str, ActingRole]] = {
    "owner": "owner",
    "consultant": "consultant",
    "viewer": "viewer",
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member on a device. ``verified``: every factor asked for was shown."""

    acting: Acting
    device: str
    email: str
    consultancy: str
    verified: bool
    second_factor_missing: bool
    """The consultancy insists on a second factor and this member has none yet."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A respondent on a device, by the link of one invitation."""

    acting: Acting
    invitation: str


def open_device(
    session: ScopedSession, member: str, now: datetime, address: str, user_agent: str
) -> str:
    """Store a new signed-in device and return its token, for the cookie alone."""
    token = random_token()
    session.add(
        DeviceSession(
            member_id=member,
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            address=address[:60],
            user_agent=user_agent[:300],
        )
    )
    return token


def resume(
    database: Database, settings: Settings, token: str, now: datetime, address: str
) -> SignedIn | None:
    """Return who holds this token, or None where it is unknown, revoked, idle or too old."""
    if not is_token(token):
        return None
    with database.reading(INSTALLATION) as session:
        found = device_by_token(session, token_hash(token))
    if found is None:
        return None
    if (
        found.revoked_at is not None
        or found.disabled_at is not None
        or now - found.seen_at > IDLE
        or now - found.created_at > LONGEST
    ):
        return None
    if now - found.seen_at > SEEN_EVERY:
        with database.writing(found.tenant) as session:
            row = session.find(DeviceSession, found.device)
            if row is not None:
                row.seen_at = now
    return _signed_in(database, settings, found, now, address)


def _signed_in(
    database: Database,
    settings: Settings,
    found: Resumed,
    now: datetime,
    address: str,
) -> SignedIn:
    has_factor = found.totp_confirmed_at is not None
    missing = found.second_factor_required and not has_factor
    return SignedIn(
        acting=Acting(
            database=database,
            settings=settings,
            tenant=found.tenant,
            person=found.member,
            name=found.name,
            role=_ROLES[found.role],
            now=now,
            address=address,
            zone=found.zone,
            locale=found.locale,
        ),
        device=found.device,
        email=found.email,
        consultancy=found.consultancy,
        verified=not missing and (not has_factor or found.verified_at is not None),
        second_factor_missing=missing,
    )


def resume_respondent(
    database: Database, settings: Settings, token: str, now: datetime, address: str, locale: str
) -> Answering | None:
    """Return the respondent who holds this token while the invitation stands."""
    if not is_token(token):
        return None
    with database.reading(INSTALLATION) as session:
        found = respondent_by_token(session, token_hash(token))
    if found is None:
        return None
    device, invitation = found
    if (
        device.expires_at < now
        or device.issue != invitation.issue
        or invitation.revoked_at is not None
        or invitation.expires_at < now
    ):
        return None
    acting = Acting(
        database=database,
        settings=settings,
        tenant=invitation.tenant_id,
        person=invitation.id,
        name=invitation.label or invitation.role,
        role="respondent",
        now=now,
        address=address,
        locale=locale,
    )
    return Answering(acting, invitation.id)
