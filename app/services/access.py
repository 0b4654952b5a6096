"""Who may see which engagement: one place, used by every use case."""

from dataclasses import dataclass

from app.services.acting import Acting
from app.services.errors import NotFoundError
from app.store.engagements import find_engagement
from app.store.rows import Client, Engagement
from app.store.scope import ScopedSession


@dataclass(frozen=True, slots=True)
class Opened:
    """An engagement the person may see, with its client."""

    engagement: Engagement
    client: Client


def sees_as(acting: Acting) -> str | None:
    """Return whose engagements the person sees: None is all of the consultancy."""
    return None if acting.role in ("owner", "system") else acting.person


def open_engagement(acting: Acting, session: ScopedSession, engagement: str) -> Opened:
    """Return an engagement; raises ``NotFoundError`` where the person is not on its team."""
    found = find_engagement(session, engagement, sees_as(acting))
    if found is None:
        raise NotFoundError
    return Opened(*found)
