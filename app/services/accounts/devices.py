"""The devices a member is signed in on: seen, and signed out, by the member alone."""

from dataclasses import dataclass
from datetime import datetime

from app.services.accounts.sessions import IDLE, LONGEST
from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.services.record.recording import record
from app.services.tokens import is_token, random_token, token_hash
from app.store.database import Database
from app.store.doors import device_by_token
from app.store.members import list_devices, revoke_devices
from app.store.rows import DeviceSession
from app.store.scope import INSTALLATION, ScopedSession


@dataclass(frozen=True, slots=True)
class Device:
    """A device somebody is signed in on. ``user_agent`` is what its browser calls itself."""

    id: str
    user_agent: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool
    is_verified: bool


def devices(acting: Acting, current: str) -> tuple[Device, ...]:
    """Return the member's devices, the one at hand first."""
    with acting.reading() as session:
        rows = list_devices(session, acting.person, acting.now - IDLE, acting.now - LONGEST)
        found = [
            Device(
                id=row.id,
                user_agent=row.user_agent,
                address=row.address,
                since=row.created_at,
                seen=acting.now if row.id == current else row.seen_at,
                is_this=row.id == current,
                is_verified=row.verified_at is not None,
            )
            for row in rows
        ]
    return tuple(sorted(found, key=lambda device: not device.is_this))


def close_device(acting: Acting, device: str) -> None:
    """Sign the member out on one device; raises ``NotFoundError`` for another member's."""
    with acting.writing() as session:
        row = session.find(DeviceSession, device)
        if row is None or row.member_id != acting.person:
            raise NotFoundError
        if row.revoked_at is None:
            row.revoked_at = acting.now
            record(acting, session, "account.device_closed", "device", device)


def close_devices(acting: Acting, but: str = "") -> int:
    """Sign the member out everywhere, except on the device ``but``; return on how many."""
    with acting.writing() as session:
        count = revoke_devices(session, acting.person, acting.now, but=but)
        record(acting, session, "account.devices_closed", count=count)
    return count


def sign_out(acting: Acting, device: str) -> None:
    """Sign the member out on the device at hand."""
    with acting.writing() as session:
        row = session.find(DeviceSession, device)
        if row is not None and row.revoked_at is None:
            row.revoked_at = acting.now
            record(acting, session, "account.signed_out")


def drop_device(database: Database, token: str, now: datetime) -> None:
    """Make the session a browser brought along void: somebody signs in anew on it."""
    if not is_token(token):
        return
    with database.reading(INSTALLATION) as session:
        found = device_by_token(session, token_hash(token))
    if found is None or found.revoked_at is not None:
        return
    with database.writing(found.tenant) as session:
        row = session.find(DeviceSession, found.device)
        if row is not None:
            row.revoked_at = now


def renewed(session: ScopedSession, device: str, verified_at: datetime | None = None) -> str:
    """Give a device a new token and return it: the old one is dead. For changes of privilege."""
    row = session.find(DeviceSession, device)
    if row is None:
        raise NotFoundError
    token = random_token()
    row.token_hash = token_hash(token)
    if verified_at is not None:
        row.verified_at = verified_at
    return token
