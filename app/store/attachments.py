"""Pictures kept beside answers; their bytes lie in the blob store."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from app.store.rows import Attachment, Response
from app.store.scope import ScopedSession


def attachments_of(session: ScopedSession, responses: Iterable[str]) -> Sequence[Attachment]:
    """Return the pictures of some responses that were not removed, oldest first."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.response_id.in_(list(responses)), Attachment.removed_at.is_(None))
        .order_by(Attachment.added_at, Attachment.id)
    ).all()


def attachments_beside(
    session: ScopedSession, engagement: str, item: str
) -> Sequence[tuple[Attachment, Response]]:
    """Return the pictures beside every answer to an item in an engagement, oldest first."""
    rows = session.execute(
        select(Attachment, Response)
        .join(
            Response,
            (Response.tenant_id == Attachment.tenant_id) & (Response.id == Attachment.response_id),
        )
        .where(
            Response.engagement_id == engagement,
            Attachment.item == item,
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.added_at, Attachment.id)
    )
    return [(attachment, response) for attachment, response in rows]


def count_attachments(session: ScopedSession, response: str) -> int:
    """Return how many pictures a response holds, without removed ones."""
    found = session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.response_id == response, Attachment.removed_at.is_(None))
    )
    return found or 0
