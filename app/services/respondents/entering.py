"""An invitation's link: whether it opens anything, and its exchange for a device's own token.

Looking at a link changes nothing; programs that preview messages look at links too. A link is not
used up by its exchange: people go on from another phone.
"""

from datetime import datetime, timedelta
from typing import Final

from app.services.acting import Acting
from app.services.callers import Caller
from app.services.errors import NotFoundError
from app.services.record.recording import record
from app.services.tokens import random_token, token_hash
from app.store.doors import invitation_by_token, respondent_by_token
from app.store.respondents import close_device, held_invitation, open_devices
from app.store.rows import Engagement, Invitation, RespondentSession
from app.store.scope import INSTALLATION, ScopedSession

LASTS: Final = timedelta(days=30)
"""How long a device may go on without the link."""
MOST_DEVICES: Final = 20
"""Devices one invitation is open on; the longest unused ones make room."""


def opens(caller: Caller, token: str) -> bool:
    """Tell whether a link leads to a questionnaire now; nothing is changed."""
    with caller.database.reading(INSTALLATION) as session:
        found = invitation_by_token(session, token_hash(token))
    return found is not None and is_good(*found, caller.now)


def is_good(invitation: Invitation, engagement: Engagement, now: datetime) -> bool:
    """Tell whether an invitation may be answered: not withdrawn, not over, not put away."""
    return (
        invitation.revoked_at is None
        and invitation.expires_at > now
        and engagement.archived_at is None
    )


def enter(caller: Caller, token: str, brought: str = "") -> str:
    """Exchange a link for the token of a new device, for its cookie alone.

    ``brought`` is the token the browser already had: its owner has changed, or comes again; either
    way it is void from now on. Raises ``NotFoundError`` for every link that opens nothing.
    """
    told = token_hash(token)
    with caller.database.reading(INSTALLATION) as session:
        found = invitation_by_token(session, told)
    if found is None:
        raise NotFoundError
    tenant, invitation = found[0].tenant_id, found[0].id
    with caller.database.writing(tenant) as session:
        row = held_invitation(session, invitation)
        engagement = session.find(Engagement, row.engagement_id) if row is not None else None
        if (
            row is None
            or engagement is None
            or row.token_hash != told
            or not is_good(row, engagement, caller.now)
        ):
            raise NotFoundError
        _make_room(session, row, caller.now)
        device = random_token()
        session.add(
            RespondentSession(
                invitation_id=row.id,
                issue=row.issue,
                token_hash=token_hash(device),
                created_at=caller.now,
                expires_at=caller.now + LASTS,
            )
        )
        if row.opened_at is None:
            row.opened_at = caller.now
            record(
                _respondent(caller, row),
                session,
                "invitation.opened",
                "invitation",
                row.id,
                row.engagement_id,
                issue=row.issue,
            )
    leave(caller, brought)
    return device


def leave(caller: Caller, device: str) -> None:
    """Make a device's token void; the answers stay, and the link opens them again."""
    told = token_hash(device)
    with caller.database.reading(INSTALLATION) as session:
        found = respondent_by_token(session, told)
    if found is not None:
        with caller.database.writing(found[0].tenant_id) as session:
            close_device(session, told)


def _make_room(session: ScopedSession, row: Invitation, now: datetime) -> None:
    """Forget devices that are shut out anyway, and the oldest beyond the most there may be."""
    kept = 0
    for device in open_devices(session, row.id):
        kept += device.issue == row.issue and device.expires_at > now
        if device.issue != row.issue or device.expires_at <= now or kept >= MOST_DEVICES:
            session.delete(device)


def _respondent(caller: Caller, row: Invitation) -> Acting:
    return Acting(
        database=caller.database,
        settings=caller.settings,
        tenant=row.tenant_id,
        person=row.id,
        name=row.label or row.role,
        role="respondent",
        now=caller.now,
        address=caller.address,
    )
