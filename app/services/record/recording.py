"""Writing into the record, and proving that nobody changed it."""

from typing import Any

from app.services.acting import Acting
from app.store.record import append_event
from app.store.scope import ScopedSession


def record(
    acting: Acting,
    session: ScopedSession,
    action: str,
    subject: str = "",
    subject_id: str = "",
    engagement: str = "",
    **detail: Any,
) -> None:
    """Write down that ``acting`` did ``action`` (``client.created``), in the same transaction.

    ``detail`` holds names, counts and digests; never answers, tokens or passwords.
    """
    append_event(
        session,
        at=acting.now,
        actor_id=acting.person,
        actor=acting.name,
        address=acting.address,
        action=action,
        subject=subject,
        subject_id=subject_id,
        engagement_id=engagement,
        detail=detail,
    )
