"""Pictures kept beside answers; their bytes lie in the blob store."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from app.store.rows import Attachment
from app.store.scope import ScopedSession


def attachments_of(session: ScopedSession, responses: Iterable[str]) -> Sequence[Attachment]:
    """Return the pictures of some responses that were not removed, oldest first."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.response_id.in_(list(responses)), Attachment.removed_at.is_(None))
        .order_by(Attachment.added_at, Attachment.id)
    ).all()


def count_attachments(session: ScopedSession, response: str) -> int:
    """Return how many pictures a response holds, without removed ones."""
    found = session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.response_id == response, Attachment.removed_at.is_(None))
    )
    return found or 0
