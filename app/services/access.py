"""Who may see which engagement: one place, used by every use case."""

from dataclasses import dataclass

from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.store.engagements import find_engagement, find_shared_engagement
from app.store.rows import Client, Engagement
from app.store.scope import ScopedSession


@dataclass(frozen=True, slots=True)
class Opened:
    """An engagement the person may see, with its client."""

    engagement: Engagement
    client: Client


def sees_as(acting: Acting) -> str | None:
    """Return whose engagements the person sees: None is all of the consultancy.

    A client's contact is on no team, so that whatever lists engagements shows them none.
    """
    return None if acting.role in ("owner", "system") else acting.person


def open_engagement(acting: Acting, session: ScopedSession, engagement: str) -> Opened:
    """Return an engagement; raises ``NotFoundError`` where it is not for the person.

    Members are on its team; a client's contact sees the engagements of the client that the
    contact was let into.
    """
    if acting.role == "client":
        found = find_shared_engagement(session, engagement, acting.person)
    else:
        found = find_engagement(session, engagement, sees_as(acting))
    if found is None:
        raise NotFoundError
    return Opened(*found)
